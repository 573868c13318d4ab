import { describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import type { FunctionSpec } from '../../functions/core/spec.ts';
import { functionsOf } from '../../infra/jobs-stack.ts';
import { pascal } from '../../infra/word.ts';
import { everyKind } from '../support/catalogue.ts';
import { allowed, ofType, type Synthesised, synthesised } from './assembly.ts';

const reading = ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query'];
const writing = [...reading, 'BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'].sort();

/** Actions of a service that a function's policy allows on resources whose text holds the word. */
function actionsOn(
  stacks: Synthesised,
  { id }: FunctionSpec,
  [service, word]: readonly [string, string],
): string[] {
  const policy = ofType(stacks, 'AWS::IAM::Policy').find((one) =>
    one.id.startsWith(`${pascal(id)}RoleDefault`),
  );
  return allowed(policy?.properties.PolicyDocument)
    .filter(({ Resource }) => JSON.stringify(Resource).includes(word))
    .flatMap(({ Action }) => Action)
    .filter((action) => action.startsWith(`${service}:`))
    .map((action) => action.slice(service.length + 1))
    .sort();
}

/** Where in the bucket a function's policy allows an action: what follows the bucket's name. */
function placesOf(stacks: Synthesised, { id }: FunctionSpec, action: string): readonly string[] {
  const policy = ofType(stacks, 'AWS::IAM::Policy').find((one) =>
    one.id.startsWith(`${pascal(id)}RoleDefault`),
  );
  return allowed(policy?.properties.PolicyDocument)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => JSON.stringify(Resource).match(/\/[^/"]+\/\*/g) ?? ['?']);
}

/** What a function may do to the items of a table, by what its spec says about the table with that logical id. */
function expected({ tables }: FunctionSpec, tableId: string): readonly string[] {
  const word = tableId.replace(/Table[0-9A-F]+$/, '');
  const [, access] = Object.entries(tables ?? {}).find(([name]) => pascal(name) === word) ?? [];
  if (access === undefined) return [];
  return access === 'write' ? writing : reading;
}

const cases = await Promise.all(
  [catalogue, everyKind].map(async (one) => ({
    stacks: await synthesised(one),
    specs: functionsOf(one),
  })),
);
const functions = cases.flatMap(({ stacks, specs }) =>
  specs.map((spec) => ({ id: spec.id, spec, stacks })),
);

describe('a function may do what its spec says, and no more', () => {
  it.each(functions)('$id: tables', ({ spec, stacks }) => {
    for (const { id, properties } of ofType(stacks, 'AWS::DynamoDB::Table')) {
      const items = actionsOn(stacks, spec, ['dynamodb', `${id}Arn`]).filter(
        (action) => !action.includes('Stream'),
      );
      expect(items).toEqual(expected(spec, id));
      const streams = spec.streams && properties.StreamSpecification ? 1 : 0;
      expect(actionsOn(stacks, spec, ['dynamodb', `${id}StreamArn`])).toHaveLength(streams * 3);
    }
  });

  it.each(functions)('$id: bucket, queues and data keys', ({ spec, stacks }) => {
    const objects = actionsOn(stacks, spec, ['s3', 'Bucket']);
    expect(objects.includes('GetObject')).toBe(spec.bucket !== undefined);
    const writes = (spec.bucket?.writes ?? []).map((prefix) => `/${prefix}*`);
    expect(placesOf(stacks, spec, 's3:PutObject')).toEqual(writes);
    expect(objects).not.toContain('DeleteObject');
    expect(actionsOn(stacks, spec, ['kms', 'GetAttDataKey'])).toEqual(
      spec.dataKeys ? ['Decrypt', 'GenerateDataKey'] : [],
    );
  });

  it.each(functions)(
    '$id: no Scan, but by the job that puts recovered rows back',
    ({ spec, stacks }) => {
      const scanning = actionsOn(stacks, spec, ['dynamodb', '']).filter(
        (action) => action === 'Scan',
      );
      const recovered = actionsOn(stacks, spec, ['dynamodb', 'restored-*']);
      expect(scanning).toEqual(spec.restores ? ['Scan'] : []);
      expect(recovered).toEqual(spec.restores ? ['BatchGetItem', 'Scan'] : []);
    },
  );

  it('the dispatcher writes to no table, so that it cannot feed itself', () => {
    const dispatchers = functions.filter(({ spec }) => spec.streams);
    expect(dispatchers.length).toBeGreaterThan(0);
    for (const { spec, stacks } of dispatchers) {
      const actions = actionsOn(stacks, spec, ['dynamodb', '']);
      expect(actions.filter((action) => /Put|Update|Delete|Write/.test(action))).toEqual([]);
    }
  });
});
