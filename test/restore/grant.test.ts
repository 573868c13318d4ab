import { expect, it } from 'vitest';
import type { CapabilitySpec, TableName } from '../../functions/core/spec.ts';
import { restore, restoredPrefix } from '../../functions/restore/spec.ts';
import { allowed, ofType, synthesised } from '../infra/assembly.ts';

const names: readonly TableName[] = [
  'household',
  'identity',
  'area',
  'job',
  'access',
  'target',
  'case',
  'pairing',
  'care',
  'summary',
  'policy',
];
const tables: CapabilitySpec = {
  name: 'tables',
  tables: names.map((name) => ({ name, partition: 'pk', patterns: [] })),
  functions: [],
};

it('Scan is allowed on recovered tables of this stage alone, and nobody is given a route to the job', async () => {
  const stacks = await synthesised([tables, restore]);
  const statements = ofType(stacks, 'AWS::IAM::Policy').flatMap(({ properties }) =>
    allowed(properties.PolicyDocument),
  );
  const scans = statements.filter(({ Action }) => [Action].flat().includes('dynamodb:Scan'));
  expect(scans).toHaveLength(1);
  expect(JSON.stringify(scans[0]?.Resource)).toContain(`:table/${restoredPrefix('local')}*`);
  expect(restore.functions.flatMap(({ routes }) => routes ?? [])).toEqual([]);
});
