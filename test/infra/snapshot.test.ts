import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { SNAPSHOTS } from '../../functions/snapshot/object.ts';
import { functionsOf } from '../../infra/jobs-stack.ts';
import { allowed, ofType, synthesised } from './assembly.ts';

const stacks = await synthesised(catalogue);
const Rules = z.object({
  Rules: z.array(z.looseObject({ Prefix: z.string().optional(), Id: z.string() })),
});

describe('the objects of snapshots', () => {
  it('are removed by no lifecycle, and outlive the stack', () => {
    const [bucket] = ofType(stacks, 'AWS::S3::Bucket').filter(({ id }) => id.startsWith('Bucket'));
    expect(bucket?.deletionPolicy).toBe('Retain');
    const { Rules: rules } = Rules.parse(bucket?.properties.LifecycleConfiguration);
    const touching = rules.filter(({ Prefix = '' }) => SNAPSHOTS.startsWith(Prefix));
    expect(touching.map(({ Id }) => Id)).toEqual(['old-versions']);
    expect(touching.filter((rule) => 'ExpirationInDays' in rule)).toEqual([]);
  });

  it('are written by the function that freezes, which writes nothing else there, and removed by none', () => {
    const writers = functionsOf(catalogue).filter(({ bucket }) =>
      bucket?.writes.some((prefix) => SNAPSHOTS.startsWith(prefix) || prefix === SNAPSHOTS),
    );
    expect(writers.map(({ id, bucket }) => [id, bucket])).toEqual([
      ['snapshot-work', { writes: [SNAPSHOTS] }],
    ]);
    const actions = ofType(stacks, 'AWS::IAM::Policy').flatMap(({ properties }) =>
      allowed(properties.PolicyDocument).flatMap(({ Action }) => Action),
    );
    expect(actions.filter((action) => action.startsWith('s3:Delete'))).toEqual([]);
  });
});

it('the year that is over is frozen in New Year’s night, Shanghai time', () => {
  const schedules = ofType(stacks, 'AWS::Scheduler::Schedule').map(({ properties }) => properties);
  expect(schedules).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'cron(10 0 1 1 ? *)',
      ScheduleExpressionTimezone: 'Asia/Shanghai',
    }),
  );
});
