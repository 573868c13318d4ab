import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { person } from '../../functions/person/spec.ts';
import { identityOf } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import { freshTables } from '../support/database.ts';
import { keyFile } from '../support/store.ts';

it('looking somebody up before anybody was registered finds nobody, and writes no key', async () => {
  const { identity } = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const { handler } = await import('../../functions/person/handler.ts');
  const found = await callOf(handler, {
    by: { sub: 'clerk', role: 'office', areas: '350122' },
    route: 'POST /persons/lookup',
    body: { identityNumber: identityOf('1950-01-01', 1) },
  });
  expect(found).toMatchObject({ status: 404, body: { code: 'not-found' } });
  const { Count } = await dynamo().send(new ScanCommand({ TableName: identity }));
  expect(Count).toBe(0);
  expect(person.functions.map(({ tables }) => tables?.identity)).toEqual(['read']);
});
