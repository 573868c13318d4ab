import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamo, type Item, putItem } from '../../functions/lib/dynamo.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import { type Call, type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { MOST_LEFT, numbersLeft } from '../support/rebuild.ts';
import { keyFile } from '../support/store.ts';

const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '350122' };
const birth = '1960-01-02';
const [wrong, right, spouse] = [501, 503, 505].map((order) => identityOf(birth, order));
const numbers = [wrong, right, spouse].map((number) => number ?? '');

let tables: Tables;
let household: Parameters<typeof callOf>[0];
let reader: Parameters<typeof callOf>[0];
let person: Parameters<typeof callOf>[0];
let id: string;

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const base = { name: '村', validFrom: null, validTo: null, successors: [], change: null };
  const key = { pk: `A#${VILLAGE.slice(0, 9)}`, sk: VILLAGE };
  await putItem(tables.area, { ...key, v: 1, code: VILLAGE, ...base, version: 1 });
  household = (await import('../../functions/household/handler.ts')).handler;
  reader = (await import('../../functions/household/reader.ts')).handler;
  person = (await import('../../functions/person/handler.ts')).handler;
  id = await correctedFamily();
});

const call = (asked: Omit<Call, 'by'> & { readonly by?: Caller }) =>
  callOf(asked.route.startsWith('GET') ? reader : household, { by: town, ...asked });

/** A couple, the husband's number put right, the wife gone since. */
async function correctedFamily(): Promise<string> {
  const members = [
    { name: '样甲', relation: 'head', identityNumber: wrong },
    { name: '样乙', relation: 'spouse', identityNumber: spouse },
  ];
  const facts = { status: 'unexited', mainCause: 'illness' };
  const body = { number: 'A1', village: VILLAGE, heldFrom: '2016-01-01', facts, members };
  const made = await call({ route: 'POST /households', body, by: county });
  const params = { id: String(made.body.id) };
  const file = await call({ route: 'GET /households/{id}', params });
  const [head, wife] = file.body.members;
  const fix = { reason: '录错', members: [{ id: head.id, identityNumber: right }] };
  const patched = { route: 'PATCH /households/{id}', params, ifMatch: 1, body: fix };
  expect((await call(patched)).status).toBe(200);
  const left = await call({
    route: 'POST /households/{id}/members/{personId}/end',
    params: { ...params, personId: wife.id },
    body: { reason: 'moved-out', heldTo: '2017-01-01' },
    ifMatch: 2,
  });
  expect(left.status).toBe(200);
  return params.id;
}

async function rowsOf(table: string): Promise<readonly Item[]> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: table }));
  return Items.map((item) => unmarshall(item));
}

const long = (number = '') => `${number.slice(0, 6)}********${number.slice(14)}`;

/** What differs in a row of the household when it was stored while masks showed the last four. */
function asStoredAtFirst(row: Item): Item {
  if (row.identityMasked) {
    const isLive = String(row.sk).startsWith('1#');
    return { identityMasked: long(isLive ? right : spouse) };
  }
  if (row.kind !== 'changed') return {};
  const first = { field: 'identityNumber', person: 'per_1', before: null, after: long(wrong) };
  return { changes: [first, { ...first, before: long(wrong), after: long(right) }] };
}

/** What reading answers to an auditor, who sees birth and sex of everybody in the county. */
async function answers(): Promise<readonly (readonly [string, string])[]> {
  const read = (route: string, query = {}) =>
    callOf(reader, { by: auditor, route, params: { id }, query });
  const found = await callOf(person, {
    by: auditor,
    route: 'POST /persons/lookup',
    body: { identityNumber: right },
  });
  const all = {
    file: await read('GET /households/{id}'),
    'file of a day': await read('GET /households/{id}', { asOf: '2016-06-01' }),
    events: await read('GET /households/{id}/events'),
    'look-up': found,
  };
  return Object.entries(all).map(([name, { status, body }]) => {
    expect([name, status]).toEqual([name, 200]);
    return [name, JSON.stringify(body)];
  });
}

describe('a masked identity number', () => {
  it('with birth and sex beside it still leaves every number of that day and place to guess', async () => {
    for (const [name, text] of await answers()) {
      expect([name, text.includes('350199')]).toEqual([name, true]);
      for (const number of numbers)
        expect([name, numbersLeft(text, number)]).toEqual([name, MOST_LEFT]);
    }
  });

  it('tells no more in what is stored than in what is answered', async () => {
    const stored = [...(await rowsOf(tables.household)), ...(await rowsOf(tables.access))];
    const text = JSON.stringify(stored);
    expect(text).toContain('350199');
    for (const number of numbers) expect(numbersLeft(text, number)).toBe(MOST_LEFT);
  });

  it('of a row stored when masks showed the last four digits is answered without them', async () => {
    for (const row of await rowsOf(tables.household))
      await putItem(tables.household, { ...row, ...asStoredAtFirst(row) });
    const old = JSON.stringify(await rowsOf(tables.household));
    for (const number of numbers) expect(numbersLeft(old, number)).toBe(1);
    for (const [name, text] of await answers())
      for (const number of numbers)
        expect([name, numbersLeft(text, number)]).toEqual([name, MOST_LEFT]);
  });
});
