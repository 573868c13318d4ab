import { describe, expect, test } from 'vitest';
import { readAssembly } from '../../../infra/local/assembly.ts';
import { matches } from '../../../infra/local/pattern.ts';
import { readQueues } from '../../../infra/local/queues.ts';
import { readResources } from '../../../infra/local/resources.ts';
import { timingOf } from '../../../infra/local/schedule.ts';
import { lambda, type TestStack, writeAssembly } from './fixture/assembly.ts';

const endpoints = { api: 'http://api', sqs: 'http://sqs' };

function read(stacks: Record<string, TestStack>) {
  return readResources(readAssembly(writeAssembly(stacks)), endpoints);
}

/** What a function's environment variable of that value becomes. */
function value(of: unknown, template: object = {}): unknown {
  const Environment = { Variables: { IT: of } };
  const resources = {
    Fn: lambda('x', { Environment }),
    Mail: { Type: 'AWS::SQS::Queue' },
    Book: { Type: 'AWS::DynamoDB::Table' },
    Shelf: { Type: 'AWS::S3::Bucket' },
    Secret: { Type: 'AWS::KMS::Key' },
  };
  const [fn] = read({
    One: { resources, template },
    Two: {
      resources: { Far: { Type: 'AWS::SQS::Queue' } },
      exports: { 'Two:Far': { Ref: 'Far' } },
    },
  });
  const environment = fn?.properties.Environment;
  return JSON.parse(JSON.stringify(environment)).Variables.IT;
}

describe('a template', () => {
  test('names its resources as their services would', () => {
    expect(value({ Ref: 'Mail' })).toBe('http://sqs/000000000000/One-Mail');
    expect(value({ Ref: 'Book' })).toBe('One-Book');
    expect(value({ Ref: 'Shelf' })).toBe('one-shelf');
    expect(value({ 'Fn::GetAtt': ['Mail', 'Arn'] })).toBe(
      'arn:aws:sqs:us-east-1:000000000000:One-Mail',
    );
    expect(value({ 'Fn::GetAtt': 'Book.StreamArn' })).toBe(
      'arn:aws:dynamodb:us-east-1:000000000000:table/One-Book/stream/local',
    );
    expect(value({ 'Fn::GetAtt': ['Shelf', 'Arn'] })).toBe('arn:aws:s3:::one-shelf');
    expect(value({ 'Fn::GetAtt': ['Secret', 'Arn'] })).toContain(':kms:');
    expect(value({ 'Fn::ImportValue': 'Two:Far' })).toBe('http://sqs/000000000000/Two-Far');
  });

  test('may compute its texts', () => {
    const joined = { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] };
    expect(value(joined)).toBe('a-us-east-1');
    const text = ['$', '{AWS::Partition}/$', '{Book}/$', '{own}/$', '{!kept}'].join('');
    expect(value({ 'Fn::Sub': [text, { own: 'mine' }] })).toBe(
      'aws/One-Book/mine/$'.concat('{kept}'),
    );
    expect(value({ 'Fn::Select': [1, { 'Fn::Split': [',', 'x,y'] }] })).toBe('y');
    expect(
      value({ 'Fn::FindInMap': ['M', 'a', 'b'] }, { Mappings: { M: { a: { b: 'c' } } } }),
    ).toBe('c');
  });

  test('may depend on its parameters and conditions', () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'local' } },
      Conditions: {
        Local: { 'Fn::Equals': [{ Ref: 'Stage' }, 'local'] },
        Deployed: { 'Fn::Not': [{ Condition: 'Local' }] },
      },
    };
    expect(value({ 'Fn::If': ['Deployed', 'a', 'b'] }, template)).toBe('b');
    expect(
      value({ 'Fn::If': ['Deployed', 'a', { Ref: 'AWS::NoValue' }] }, template),
    ).toBeUndefined();
    const queue = { Type: 'AWS::SQS::Queue', Condition: 'Deployed' };
    expect(read({ S: { resources: { Queue: queue }, template } })).toEqual([]);
  });

  test('with a resource type nobody knows is refused by its name', () => {
    const Cluster = { Type: 'AWS::ECS::Cluster' };
    expect(() => read({ S: { resources: { Cluster } } })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_TYPE',
        message: 'The local run does not know AWS::ECS::Cluster (S, Cluster).',
      }),
    );
  });

  test('with a reference to nowhere, or what cannot be run here, is refused', () => {
    expect(() => value({ Ref: 'Nobody' })).toThrow('nothing is called Nobody');
    expect(() => value({ 'Fn::ImportValue': 'nobody' })).toThrow('No stack exports nobody');
    expect(() => value({ 'Fn::Cidr': [] })).toThrow('Fn::Cidr');
    const Fifo = { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } };
    expect(() => readQueues(read({ S: { resources: { Fifo } } }), 'us-east-1')).toThrow('FIFO');
    expect(() => readAssembly('/nowhere')).toThrow('synthesise first');
  });
});

describe('an event pattern', () => {
  const event = {
    source: 'aws.s3',
    detail: { object: { key: 'imports/2017/名单.xlsx', size: 20 }, tags: ['a', 'b'] },
  };
  const fits = (pattern: object): boolean => matches(JSON.parse(JSON.stringify(pattern)), event);

  test('names the values a field may have', () => {
    expect(fits({ source: ['aws.s3', 'aws.sqs'] })).toBe(true);
    expect(fits({ source: ['aws.sqs'] })).toBe(false);
    expect(fits({ source: ['aws.s3'], account: ['1'] })).toBe(false);
    expect(fits({ detail: { tags: ['b'] } })).toBe(true);
  });

  test('tests a beginning, an end, a number, a presence', () => {
    const key = (test: object): boolean => fits({ detail: { object: { key: [test] } } });
    const size = (test: object): boolean => fits({ detail: { object: { size: [test] } } });
    expect(key({ prefix: 'imports/' })).toBe(true);
    expect(key({ prefix: 'exports/' })).toBe(false);
    expect(key({ suffix: '.xlsx' })).toBe(true);
    expect(key({ 'anything-but': { prefix: 'imports/' } })).toBe(false);
    expect(key({ 'anything-but': ['x'] })).toBe(true);
    expect(key({ 'equals-ignore-case': 'IMPORTS/2017/名单.XLSX' })).toBe(true);
    expect(size({ numeric: ['>', 10, '<=', 20] })).toBe(true);
    expect(size({ numeric: ['>', 20] })).toBe(false);
    expect(size({ exists: false })).toBe(false);
    expect(fits({ detail: { none: [{ exists: false }] } })).toBe(true);
    expect(fits({ $or: [{ source: ['x'] }, { detail: { tags: ['a'] } }] })).toBe(true);
    expect(key({ wildcard: 'imports/*/名单.xlsx' })).toBe(true);
    expect(key({ wildcard: '*.csv' })).toBe(false);
    expect(key({ wildcard: 'imports/\\*/名单.xlsx' })).toBe(false);
    expect(() => key({ cidr: '10.0.0.0/8' })).toThrow('cidr');
  });
});

describe('a schedule', () => {
  const first = (expression: string, after: string, zone = 'Asia/Shanghai') =>
    timingOf(expression, zone).next(new Date(after))?.toISOString();

  test('by cron is due in its own time zone', () => {
    expect(first('cron(30 2 * * ? *)', '2017-10-23T00:00:00Z')).toBe('2017-10-23T18:30:00.000Z');
    expect(first('cron(0 0 1 1 ? 2018)', '2017-10-23T00:00:00Z')).toBe('2017-12-31T16:00:00.000Z');
    expect(first('cron(0 0 1 1 ? 2016)', '2017-10-23T00:00:00Z')).toBeUndefined();
    expect(first('cron(0/15 * * * ? *)', '2017-10-23T00:01:00Z', 'UTC')).toBe(
      '2017-10-23T00:15:00.000Z',
    );
  });

  test('counts weekdays from Sunday as one', () => {
    // 2017-10-23 was a Monday.
    expect(first('cron(0 9 ? * 2 *)', '2017-10-22T00:00:00Z')).toBe('2017-10-23T01:00:00.000Z');
    expect(first('cron(0 9 ? * MON-FRI *)', '2017-10-20T02:00:00Z')).toBe(
      '2017-10-23T01:00:00.000Z',
    );
    expect(first('cron(0 9 ? * 6L *)', '2017-10-01T00:00:00Z')).toBe('2017-10-27T01:00:00.000Z');
  });

  test('by rate or moment is due then', () => {
    expect(first('rate(5 minutes)', '2017-10-23T00:01:00Z')).toBe('2017-10-23T00:05:00.000Z');
    expect(first('at(2017-10-23T02:00:00)', '2017-10-01T00:00:00Z')).toBe(
      '2017-10-22T18:00:00.000Z',
    );
    expect(first('at(2017-10-23T02:00:00)', '2017-10-22T18:00:00Z')).toBeUndefined();
    expect(() => timingOf('daily', 'UTC')).toThrow('daily is not a schedule');
    expect(() => timingOf('rate(soon)', 'UTC')).toThrow('not a schedule');
  });
});
