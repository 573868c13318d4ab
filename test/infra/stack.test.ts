import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { everyKind } from '../support/catalogue.ts';
import { allowed, concerns, ofType, synthesised, texts } from './assembly.ts';

const operate = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8');

/** What the stacks may consist of: no custom resource, no service that China regions lack. */
const listedTypes = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
]);

const places = {
  partition: /arn:aws/,
  region: /\b(us|cn|eu|ap|sa|ca|me|af|il|mx)(-gov|-iso[a-z]?)?-[a-z]+-\d\b/,
  account: /(?<![0-9a-f])\d{12}(?![0-9a-f])/,
  suffix: /amazonaws\.com/,
};

const both = { county: catalogue, 'every kind': everyKind };
const regions = ['us-east-1', 'cn-north-1'];
const built = await Promise.all(
  Object.entries(both).flatMap(([name, capabilities]) =>
    regions.map(async (region) => ({
      of: `${name}, ${region}`,
      capabilities,
      stacks: await synthesised(capabilities, { region }),
    })),
  ),
);

describe.each(built)('the stacks of $of', ({ stacks, capabilities }) => {
  it('name no partition, region, account or endpoint suffix; service principals excepted', () => {
    const isPrincipal = (path: readonly string[]) => path.some((key) => key === 'Principal');
    const literal = stacks.templates.flatMap(([stack, template]) =>
      texts(template.Resources)
        .filter(({ path }) => !isPrincipal(path))
        .filter(({ text }) => Object.values(places).some((place) => place.test(text)))
        .map(({ path, text }) => `${stack} ${path.join('.')}: ${text}`),
    );
    expect(literal).toEqual([]);
    expect(stacks.resources.length).toBeGreaterThan(20);
  });

  it('consist of listed resource types and one runtime', () => {
    const foreign = stacks.resources.filter(({ type }) => !listedTypes.has(type));
    expect(foreign.map(({ id, type }) => `${id} ${type}`)).toEqual([]);
    const functions = ofType(stacks, 'AWS::Lambda::Function').map(({ properties }) => properties);
    expect(new Set(functions.map(({ Runtime }) => Runtime))).toEqual(new Set(['nodejs24.x']));
    expect(functions.every(({ Architectures }) => String(Architectures) === 'arm64')).toBe(true);
  });

  it('ask for nothing that China regions lack', () => {
    const all = texts(stacks.templates.map(([, { Resources }]) => Resources));
    const missing =
      /^(TracingConfig|TracingEnabled|FunctionUrlAuthType|EDGE|VpcConfig|SnapStart|cognito.*)$/i;
    expect(all.filter(({ text }) => missing.test(text))).toEqual([]);
  });

  it('keep tables restorable, encrypted with our key and safe from deletion', () => {
    const tables = ofType(stacks, 'AWS::DynamoDB::Table');
    for (const { properties, deletionPolicy } of tables) {
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.anything() },
      });
      expect(deletionPolicy).toBe('Retain');
    }
    expect(ofType(stacks, 'AWS::DynamoDB::GlobalTable')).toEqual([]);
  });

  it('let the alarms of this account use a key, and those of no other', () => {
    const statements = ofType(stacks, 'AWS::KMS::Key').flatMap(({ properties }) =>
      z
        .object({ KeyPolicy: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }) })
        .parse(properties)
        .KeyPolicy.Statement.filter((one) => JSON.stringify(one).includes('cloudwatch.')),
    );
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement).toMatchObject({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
    }
  });

  it('read each stream by exactly one mapping, from its oldest record, with a limit and a destination', () => {
    const mappings = ofType(stacks, 'AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => properties)
      .filter(({ StartingPosition }) => StartingPosition !== undefined);
    const streams = ofType(stacks, 'AWS::DynamoDB::Table').filter(
      ({ properties }) => properties.StreamSpecification,
    );
    const sources = mappings.map(({ EventSourceArn }) => JSON.stringify(EventSourceArn));
    for (const { id } of streams) {
      expect(sources.filter((source) => source.includes(id))).toHaveLength(1);
    }
    expect(mappings).toHaveLength(streams.length);
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: expect.any(Number),
        MaximumRecordAgeInSeconds: expect.any(Number),
        FilterCriteria: { Filters: [{ Pattern: expect.stringContaining('prefix') }] },
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
    }
  });

  it('give every queue that work is read from a dead-letter queue, and answer partial batches', () => {
    const queues = ofType(stacks, 'AWS::SQS::Queue');
    const serialised = JSON.stringify(stacks.resources.map(({ properties }) => properties));
    const lastStop = (id: string) =>
      ['deadLetterTargetArn', 'Destination', 'Arn'].some((key) =>
        serialised.includes(`"${key}":{"Fn::GetAtt":["${id}","Arn"]}`),
      );
    const lost = queues.filter(({ id, properties }) => !(properties.RedrivePolicy ?? lastStop(id)));
    expect(
      lost.map(({ id }) => id).filter((id) => !/^(Failed|Undispatched)Queue/.test(id)),
    ).toEqual([]);
    const consumed = ofType(stacks, 'AWS::Lambda::EventSourceMapping');
    for (const { properties } of consumed) {
      expect(properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('give every queue exactly one consumer', () => {
    const sources = ofType(stacks, 'AWS::Lambda::EventSourceMapping').map(({ properties }) =>
      JSON.stringify(properties.EventSourceArn),
    );
    const worked = ofType(stacks, 'AWS::SQS::Queue').filter(
      ({ properties }) => properties.RedrivePolicy,
    );
    for (const { id } of worked) {
      expect(sources.filter((source) => source.includes(`"${id}"`))).toHaveLength(1);
    }
  });

  it('send what fails with nobody waiting to where a person looks', () => {
    const invoked = [
      ...ofType(stacks, 'AWS::Scheduler::Schedule').map(({ properties }) =>
        JSON.stringify(properties.Target),
      ),
      ...ofType(stacks, 'AWS::Events::Rule').map(({ properties }) =>
        JSON.stringify(properties.Targets),
      ),
    ];
    expect(invoked.filter((target) => !/"DeadLetterConfig":\{"Arn"/.test(target))).toEqual([]);
    const destinations = ofType(stacks, 'AWS::Lambda::EventInvokeConfig').map(
      ({ properties }) => properties,
    );
    for (const destination of destinations) {
      expect(destination.DestinationConfig).toMatchObject({
        OnFailure: { Destination: expect.anything() },
      });
    }
    const invokedAsync = new Set(
      invoked.flatMap((target) => target.match(/\w+Function\w+/)?.[0] ?? []),
    );
    const kept = destinations.map(({ FunctionName }) => JSON.stringify(FunctionName));
    for (const id of invokedAsync) expect(kept).toContain(JSON.stringify({ Ref: id }));
  });

  it('allow no action and no resource by wildcard', () => {
    const statements = ofType(stacks, 'AWS::IAM::Policy').flatMap(({ id, properties }) =>
      allowed(properties.PolicyDocument).map((statement) => ({ id, ...statement })),
    );
    expect(statements.length).toBeGreaterThan(0);
    expect(
      statements.filter(({ Action }) => Action.some((action) => action.includes('*'))),
    ).toEqual([]);
    expect(statements.filter(({ Resource }) => [Resource].flat().includes('*'))).toEqual([]);
    const others = stacks.resources.filter(({ type }) =>
      /::(Bucket|Queue|Topic)Policy$/.test(type),
    );
    const open = others.flatMap(({ properties }) => allowed(properties.PolicyDocument));
    expect(open.filter(({ Action }) => Action.some((action) => action.includes('*')))).toEqual([]);
  });

  it('let no function behind the API run longer than the API waits', () => {
    const served = ofType(stacks, 'AWS::Lambda::Function').filter(({ stack }) => stack === 'api');
    expect(served.length).toBeGreaterThan(0);
    for (const { properties } of served) expect(Number(properties.Timeout)).toBeLessThanOrEqual(30);
  });

  it('keep the bucket closed, encrypted, versioned, told to EventBridge and free of what was needed for a time', () => {
    const [bucket] = ofType(stacks, 'AWS::S3::Bucket').filter(({ id }) => id.startsWith('Bucket'));
    expect(bucket?.deletionPolicy).toBe('Retain');
    expect(bucket?.properties).toMatchObject({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: expect.anything() },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    expect(JSON.stringify(bucket?.properties.BucketEncryption)).toContain('aws:kms');
    const rules = JSON.stringify(bucket?.properties.LifecycleConfiguration);
    for (const { prefix, days } of capabilities.flatMap(({ objects }) => objects ?? [])) {
      expect(rules).toContain(
        `"ExpirationInDays":${days},"Id":"passing-${prefix.replaceAll('/', '')}"`,
      );
    }
  });

  it('keep logs encrypted for half a year', () => {
    for (const { properties, deletionPolicy } of ofType(stacks, 'AWS::Logs::LogGroup')) {
      expect(properties).toMatchObject({ RetentionInDays: 180, KmsKeyId: expect.anything() });
      expect(deletionPolicy).toBe('Retain');
    }
  });

  it('keep a client’s address, query and claims out of the access log', () => {
    const [stage] = ofType(stacks, 'AWS::ApiGatewayV2::Stage');
    const line = JSON.stringify(stage?.properties.AccessLogSettings);
    expect(line).toContain('$context.routeKey');
    expect(line).not.toMatch(/sourceIp|userAgent|claims|\.path\b|querystring/i);
  });

  it('say in every alarm what it means for people, in Chinese and English, and where the runbook is', () => {
    const alarms = ofType(stacks, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(0);
    for (const { properties } of alarms) {
      expect(properties.AlarmDescription).toMatch(
        /\p{Script=Han}{4}.*\n[A-Z][^\n]+ [a-z]+ [^\n]+\ndocs\/operate\.md#[a-z-]+$/u,
      );
      expect(properties.AlarmActions).toHaveLength(1);
      const [, heading] = String(properties.AlarmDescription).split('#');
      expect(operate.split('\n')).toContain(`### ${heading}`);
    }
  });
});

describe('one template for every place', () => {
  it.each(Object.keys(both))(
    'the stacks of %s are the same text in Virginia and in Beijing',
    (name) => {
      const [virginia, beijing] = built.filter(({ of }) => of.startsWith(name));
      expect(virginia?.stacks.templates).toHaveLength(concerns.length);
      expect(beijing?.stacks).toEqual(virginia?.stacks);
    },
  );
});
