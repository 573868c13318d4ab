import { App } from 'aws-cdk-lib';
import { describe, expect, it, vi } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { everyKind } from '../support/catalogue.ts';
import { ofType, synthesised } from './assembly.ts';

// Loading the CDK takes seconds, and many times that where every core is busy.
vi.setConfig({ testTimeout: 120_000 });

const settings = (context: Record<string, string>) => readSettings(new App({ context }));

describe('what a deployment is told', () => {
  it('a run on one machine needs nothing', () => {
    expect(settings({})).toMatchObject({
      stage: 'local',
      root: '350122',
      issuer: 'https://local.bangfu.invalid/',
      audience: 'bangfu-local',
    });
  });

  it('a real deployment must name who issues its tokens, and for whom', () => {
    const issuer = 'https://id.example.gov.cn/';
    expect(() => settings({ stage: 'prod' })).toThrow(/issuer/);
    expect(() => settings({ stage: 'prod', issuer })).toThrow(/audience/);
    expect(settings({ stage: 'prod', issuer, audience: 'bangfu' })).toMatchObject({
      issuer,
      origins: [],
    });
  });

  it('a root that is no division, an issuer without https and a topic that is none are refused in words', () => {
    expect(() => settings({ root: '35012' })).toThrow(/^root: a division code/);
    expect(() => settings({ issuer: 'http://id.example.cn/' })).toThrow(
      /^issuer: an https address/,
    );
    expect(() => settings({ alarmTopic: 'topic' })).toThrow(/^alarmTopic: /);
    expect(() => settings({ stage: 'Prod!' })).toThrow(/^stage: /);
  });

  it('how much the API bears is a county’s unless the deployment says otherwise', async () => {
    const { requestsPerSecond, requestBurst } = settings({});
    const limitsOf = async (context: Record<string, string>) => {
      const stages = ofType(await synthesised(everyKind, context), 'AWS::ApiGatewayV2::Stage');
      return stages.map(({ properties }) => properties.DefaultRouteSettings);
    };
    expect(await limitsOf({})).toMatchObject([
      { ThrottlingRateLimit: requestsPerSecond, ThrottlingBurstLimit: requestBurst },
    ]);
    expect(await limitsOf({ requestsPerSecond: '1500', requestBurst: '3000' })).toMatchObject([
      { ThrottlingRateLimit: 1500, ThrottlingBurstLimit: 3000 },
    ]);
    for (const wrong of ['0', '-1', '1.5', 'many', '1000000'])
      expect(() => settings({ requestsPerSecond: wrong })).toThrow(/^requestsPerSecond: /);
  });

  it('alarms go to the office’s own topic where it has one, otherwise to a new encrypted one', async () => {
    const alarmTopic = 'arn:aws-cn:sns:cn-north-1:350122350122:office';
    const [own, none] = await Promise.all([
      synthesised(everyKind),
      synthesised(everyKind, { alarmTopic }),
    ]);
    expect(ofType(own, 'AWS::SNS::Topic').map(({ properties }) => properties)).toEqual([
      { KmsMasterKeyId: expect.anything() },
    ]);
    expect(ofType(none, 'AWS::SNS::Topic')).toEqual([]);
    const actions = ofType(none, 'AWS::CloudWatch::Alarm').map(
      ({ properties }) => properties.AlarmActions,
    );
    expect(new Set(actions.map(String))).toEqual(new Set([alarmTopic]));
  });

  it('a function that names a table nobody declares stops the synthesis with its name', async () => {
    const [first] = everyKind;
    const lost = synthesised([{ name: 'lost', functions: first?.functions.slice(0, 1) ?? [] }]);
    await expect(lost).rejects.toThrow(
      'Function serve names household, which no capability declares.',
    );
  });
});
