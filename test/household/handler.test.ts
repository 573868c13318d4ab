import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { dayOf } from '../../functions/core/day.ts';
import { assignHelpers } from '../../functions/core/household-close.ts';
import { maskIdentity } from '../../functions/core/identity-number.ts';
import { loadFile } from '../../functions/household/table.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { family, granted, identityOf, VILLAGE } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { householdDesk } from '../support/household-desk.ts';
import { doing, keyFile, storeOf, write } from '../support/store.ts';

const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const neighbour: Caller = { sub: 'next', role: 'office', areas: '350122102' };
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '3501' };
const helper: Caller = { sub: 'helper', role: 'helper', areas: '350122' };

let tables: Tables;
let person: Parameters<typeof callOf>[0];
let access: Parameters<typeof callOf>[0];

async function division(code: string, given: object = {}) {
  const parents = [2, 4, 6, 9].filter((length) => length < code.length);
  const pk = `A#${code.slice(0, parents.at(-1) ?? 0) || '0'}`;
  const base = { code, name: code, validFrom: null, validTo: null, successors: [], change: null };
  await putItem(tables.area, { pk, sk: code, v: 1, ...base, version: 1, ...given });
}

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, LOOKUP_LIMIT: '5' });
  for (const code of ['35', '3501', '350122', '350122101', VILLAGE, '350122102203'])
    await division(code);
  await division('350122101299', { validTo: '2017-01-01', successors: [VILLAGE] });
  person = (await import('../../functions/person/handler.ts')).handler;
  access = (await import('../../functions/access/handler.ts')).handler;
});

const { call, bodyOf, registered, shown } = householdDesk(town);

describe('POST /households', () => {
  it('registers a household and the file shows it masked', async () => {
    const [first, ...others] = family();
    const body = bodyOf({
      contact: { phone: '100 0000 0017', bankAccount: '0000 1234 56' },
      members: [first, ...others].map((one) => ({
        name: one?.name,
        relation: one?.relation,
        identityNumber: one?.identity,
        facts: one?.facts,
      })),
    });
    const { body: made } = await call({ route: 'POST /households', body });
    const file = await shown(made.id);
    expect(file).toMatchObject({
      village: VILLAGE,
      status: 'unexited',
      contact: { phoneMasked: '100******17', bankAccountMasked: '****3456' },
      events: [{ kind: 'registered', actor: 'town' }],
    });
    expect(file.members.map((member) => member.identityMasked)).toEqual(
      family().map(({ identity }) => maskIdentity(identity ?? '')),
    );
    expect(JSON.stringify(file)).not.toContain(first?.identity);
  });

  it('three at once with the same key are one household, and a repetition gets the same answer', async () => {
    const asked = { route: 'POST /households', body: bodyOf(), key: 'k1' };
    const answers = await Promise.all([call(asked), call(asked), call(asked)]);
    const again = await call(asked);
    expect(new Set([...answers, again].map(({ body }) => body.id)).size).toBe(1);
    expect([...answers, again].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await call({ ...asked, body: bodyOf() })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await call({ ...asked, key: null })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-required' },
    });
  });

  it('tells everything that is wrong with the input at once, by field', async () => {
    const member = { name: '样', relation: 'head', identityNumber: '350199197001010010' };
    const newborn = { name: '样', relation: 'son' };
    const body = bodyOf({ contact: { phone: '1', bankAccount: '' }, members: [member, newborn] });
    const { status, body: problem } = await call({ route: 'POST /households', body });
    expect(status).toBe(400);
    expect(
      problem.errors.map(({ field, code }: { field: string; code: string }) => [field, code]),
    ).toEqual([
      ['contact.phone', 'phone-invalid'],
      ['contact.bankAccount', 'bank-account-invalid'],
      ['members.0.identityNumber', 'identity-checksum'],
      ['members.1.sex', 'value-missing'],
      ['members.1.birth', 'value-missing'],
    ]);
  });

  it.each([
    ['outside the clerk’s area', '350121101201', 'village-outside'],
    ['that does not exist', `${VILLAGE.slice(0, 9)}999`, 'area-unknown'],
    ['that is closed', '350122101299', 'area-closed'],
  ])('is refused in a village %s', async (_, village, code) => {
    expect(await call({ route: 'POST /households', body: bodyOf({ village }) })).toMatchObject({
      status: 422,
      body: { code },
    });
  });

  it('a person who lives elsewhere is refused with a reference that the common office finds in its log', async () => {
    const body = bodyOf();
    await call({ route: 'POST /households', body });
    const again = { ...bodyOf(), members: body.members, village: '350122102203' };
    const refused = await call({ route: 'POST /households', body: again, by: county });
    expect(refused).toMatchObject({ status: 409, body: { code: 'person-elsewhere' } });
    const day = dayOf(new Date());
    const log = async (by: Caller, area: string) =>
      callOf(access, { route: 'GET /access-log', by, query: { area, day } });
    const { body: seen } = await log(county, '350122');
    const line = seen.lines.find(({ kind }: { kind: string }) => kind === 'person-elsewhere');
    expect(refused.body.title).toContain(line.reference);
    const { body: inTown } = await log(town, '350122101');
    expect(JSON.stringify(inTown.lines)).not.toContain(line.reference);
    expect(await log(town, '350122')).toMatchObject({ status: 404 });
    expect(await log(helper, '350122')).toMatchObject({ status: 403 });
  });
});

describe('GET /households/{id}', () => {
  it('is as if it did not exist outside the area; auditors see it masked, helpers only when paired', async () => {
    const id = await registered();
    const seenBy = async (by: Caller) =>
      (await call({ route: 'GET /households/{id}', params: { id }, by })).status;
    expect(await seenBy(neighbour)).toBe(404);
    expect(await seenBy(auditor)).toBe(200);
    expect(await seenBy(helper)).toBe(404);
    expect(await seenBy({ ...county, role: 'department' })).toBe(403);
  });

  it('is read by the helper it is paired with, and changed by no helper', async () => {
    const id = await registered();
    const store = storeOf(tables);
    const file = await loadFile(store, id);
    if (!file) throw new Error('no such household');
    const paired = { subs: [helper.sub], heldFrom: '2017-01-01', reason: '结对' };
    const changed = granted(assignHelpers(file, paired, doing()));
    granted(await write(store, file, changed));
    const params = { id };
    expect(await call({ route: 'GET /households/{id}', params, by: helper })).toMatchObject({
      status: 200,
    });
    const other = { ...helper, sub: 'another' };
    expect(await call({ route: 'GET /households/{id}', params, by: other })).toMatchObject({
      status: 404,
    });
    expect(
      await call({ route: 'PATCH /households/{id}', params, by: helper, body: {}, ifMatch: 2 }),
    ).toMatchObject({ status: 403 });
  });

  it('answers as of a day by what is known now, and 404 before registration', async () => {
    const id = await registered();
    const facts = { housingGrade: 'B', status: 'pre-exit' };
    const body = { heldFrom: '2017-05-01', facts, reason: '评议' };
    await call({ route: 'PATCH /households/{id}', params: { id }, body, ifMatch: 1 });
    const on = (asOf: string) =>
      call({ route: 'GET /households/{id}', params: { id }, query: { asOf } });
    expect((await on('2017-04-30')).body).toMatchObject({ asOf: '2017-04-30', status: 'unexited' });
    expect((await on('2017-05-01')).body).toMatchObject({
      status: 'pre-exit',
      facts: { housingGrade: 'B' },
    });
    expect((await on('2015-12-31')).status).toBe(404);
    expect((await on('2017-02-30')).status).toBe(400);
  });
});

describe('PATCH /households/{id}', () => {
  const patch = (id: string, body: object, more: { ifMatch?: number; by?: Caller } = {}) =>
    call({ route: 'PATCH /households/{id}', params: { id }, body, ...more });

  it('needs If-Match, and a stale one is told the present version', async () => {
    const id = await registered();
    const body = { facts: { food: true } };
    expect(await patch(id, body)).toMatchObject({ status: 428 });
    expect(await patch(id, body, { ifMatch: 1 })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
    });
    const stale = await patch(id, { facts: { food: false } }, { ifMatch: 1 });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version-stale' } });
    expect(stale.body.title).toContain('2');
  });

  it('saying the same again keeps the version', async () => {
    const id = await registered({ facts: { status: 'unexited', food: true } });
    expect(await patch(id, { facts: { food: true } }, { ifMatch: 1 })).toMatchObject({
      status: 200,
      body: { version: 1 },
    });
    expect((await shown(id)).version).toBe(1);
  });

  it('unknown fields, wrong numbers, foreign villages and auditors are refused', async () => {
    const id = await registered();
    const at = { ifMatch: 1 };
    expect(await patch(id, { facts: { colour: 'red' } }, at)).toMatchObject({ status: 400 });
    expect(await patch(id, { contact: { phone: '12' } }, at)).toMatchObject({ status: 400 });
    expect(
      await patch(
        id,
        { facts: { village: '350121101201' }, reason: '搬迁' },
        { ...at, by: county },
      ),
    ).toMatchObject({
      body: { code: 'village-outside' },
    });
    expect(await patch(id, {}, { ...at, by: auditor })).toMatchObject({ status: 403 });
    expect(await patch(id, {}, { ...at, by: neighbour })).toMatchObject({ status: 404 });
  });

  it('puts an identity number right from a disability card, with kind and grade', async () => {
    const id = await registered();
    const [member] = (await shown(id)).members;
    const identityNumber = `${identityOf('1949-10-01', 15)}43`;
    const members = [{ id: member?.id, identityNumber, name: '样改' }];
    await patch(id, { members, reason: '录入错误', heldFrom: '2017-01-01' }, { ifMatch: 1 });
    expect((await shown(id)).members[0]).toMatchObject({
      name: '样改',
      birth: '1949-10-01',
      facts: { disabilityKind: 4, disabilityGrade: 3 },
    });
  });
});

describe('members, head and striking off', () => {
  it('a member joins, becomes head, and the old head leaves', async () => {
    const id = await registered();
    const old = (await shown(id)).members[0]?.id ?? '';
    const son = {
      name: '样子',
      relation: 'son',
      sex: 'male',
      birth: '2010-01-01',
      reason: 'moved-in',
      heldFrom: '2017-01-01',
    };
    const joined = await call({
      route: 'POST /households/{id}/members',
      params: { id },
      body: son,
      ifMatch: 1,
    });
    expect(joined).toMatchObject({ status: 201, body: { version: 2 } });
    const personId: string = joined.body.person;
    const end = (ifMatch: number) =>
      call({
        route: 'POST /households/{id}/members/{personId}/end',
        params: { id, personId: old },
        body: { reason: 'death', heldTo: '2017-08-01' },
        ifMatch,
      });
    expect(await end(2)).toMatchObject({ status: 422, body: { code: 'head-cannot-leave' } });
    const body = { personId, reason: '户主去世', heldFrom: '2017-07-01' };
    await call({ route: 'POST /households/{id}/head', params: { id }, body, ifMatch: 2 });
    expect(await end(3)).toMatchObject({ status: 200, body: { version: 4, person: old } });
    const file = await shown(id);
    expect(file.members.map((member) => [member.id, member.facts.relation])).toEqual([
      [personId, 'head'],
    ]);
    expect(file.past).toMatchObject([{ id: old, endReason: 'death' }]);
    const events = await call({
      route: 'GET /households/{id}/events',
      params: { id },
      query: { limit: '3' },
    });
    expect(events.body.events.map(({ kind }: { kind: string }) => kind)).toEqual([
      'member-ended',
      'head-changed',
      'member-added',
    ]);
    const rest = await call({
      route: 'GET /households/{id}/events',
      params: { id },
      query: { cursor: events.body.cursor },
    });
    expect(rest.body).toMatchObject({ events: [{ kind: 'registered' }] });
  });

  it('a struck-off household stays readable and takes no change', async () => {
    const body = bodyOf();
    const { body: made } = await call({ route: 'POST /households', body });
    const params = { id: made.id };
    const order = { reason: 'error', heldFrom: '2017-01-01' };
    expect(
      await call({ route: 'POST /households/{id}/striking-off', params, body: order, ifMatch: 1 }),
    ).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await shown(made.id)).status).toBe('struck-off');
    expect(
      await call({
        route: 'PATCH /households/{id}',
        params,
        body: { facts: { food: true } },
        ifMatch: 2,
      }),
    ).toMatchObject({ status: 409 });
    const again = await call({ route: 'POST /households', body });
    expect(again.status).toBe(201);
    expect((await shown(again.body.id)).members[0]?.id).toBe((await shown(made.id)).members[0]?.id);
  });
});

describe('full numbers', () => {
  it('are shown for a reason only, and the log says who saw what', async () => {
    const body = bodyOf({ contact: { phone: '10000000055' } });
    const { body: made } = await call({ route: 'POST /households', body });
    const [member] = (await shown(made.id)).members;
    const ask = (given: object, by = town) =>
      call({
        route: 'POST /households/{id}/identity-disclosures',
        params: { id: made.id },
        body: given,
        by,
      });
    expect(await ask({})).toMatchObject({ status: 400 });
    expect(await ask({ reason: '发放补助' }, auditor)).toMatchObject({ status: 403 });
    expect(await ask({ reason: '发放补助' }, neighbour)).toMatchObject({ status: 404 });
    expect(await ask({ reason: '发放补助', personId: 'per_x' })).toMatchObject({ status: 404 });
    expect((await ask({ reason: '发放补助' })).body).toMatchObject({
      phone: '10000000055',
      identityNumber: null,
    });
    const full = await ask({ reason: '核对社保', personId: member?.id });
    expect(full.body).toMatchObject({
      identityNumber: body.members[0]?.identityNumber,
      phone: null,
    });
    const day = dayOf(new Date());
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { area: VILLAGE, day, limit: '1', ...(cursor && { cursor }) };
      const page = await callOf(access, { route: 'GET /access-log', by: auditor, query });
      seen.push(...page.body.lines.map(({ reason }: { reason: string }) => reason));
      cursor = page.body.cursor;
    } while (cursor);
    expect(seen).toEqual(expect.arrayContaining(['发放补助', '核对社保']));
    const query = { area: VILLAGE, day, cursor: 'x' };
    expect(await callOf(access, { route: 'GET /access-log', by: auditor, query })).toMatchObject({
      body: { code: 'cursor-invalid' },
    });
  });
});

describe('POST /persons/lookup', () => {
  const lookup = (identityNumber: string, by: Caller) =>
    callOf(person, { route: 'POST /persons/lookup', by, body: { identityNumber } });

  it('finds a person of the area by any way of writing the number, masked', async () => {
    const body = bodyOf();
    const { body: made } = await call({ route: 'POST /households', body });
    const number = body.members[0]?.identityNumber ?? '';
    const spaced = ` ${number.slice(0, 6)} ${number.slice(6).toLowerCase()}`;
    const found = await lookup(spaced, { ...town, sub: 'l1' });
    expect(found).toMatchObject({
      status: 200,
      body: { household: { id: made.id, headName: body.members[0]?.name } },
    });
    expect(JSON.stringify(found.body)).not.toContain(number);
    expect(await lookup(number, { ...neighbour, sub: 'l1' })).toMatchObject({ status: 404 });
    expect(await lookup(identityOf('1933-01-01', 9), { ...town, sub: 'l1' })).toMatchObject({
      status: 404,
    });
    expect(await lookup('1', { ...town, sub: 'l1' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'identityNumber', code: 'identity-length' }] },
    });
  });

  it('is limited per subject and logged, whatever it finds', async () => {
    const by = { ...town, sub: 'l2' };
    const statuses: number[] = [];
    for (let turn = 0; turn < 6; turn += 1)
      statuses.push((await lookup(identityOf('1933-01-01', 9), by)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
    const invalid = await lookup('1', { ...by, sub: 'l3' });
    expect(invalid.status).toBe(400);
    const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: tables.access }));
    const lines = Items.map((item) => unmarshall(item)).filter(({ kind }) => kind === 'lookup');
    expect(lines.filter(({ sub }) => sub === 'l2')).toHaveLength(statuses.length);
    expect(lines.filter(({ sub }) => sub === 'l3')).toHaveLength(1);
    const over = await lookup(identityOf('1933-01-01', 9), by);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
  });
});

it('no stored answer, log line or event holds a full number', async () => {
  const all = await Promise.all(
    [tables.household, tables.identity, tables.access].map((TableName) =>
      dynamo().send(new ScanCommand({ TableName })),
    ),
  );
  const text = JSON.stringify(
    all.flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item))),
  );
  expect(text.length).toBeGreaterThan(10_000);
  expect(text.match(/(?<!\d)350199\d{11}[\dX]/g)).toBeNull();
  expect(text.match(/(?<![\d#])100000000\d\d(?!\d)/g)).toBeNull();
});
