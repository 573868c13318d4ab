import { beforeAll, describe, expect, it } from 'vitest';
import { LeftItem } from '../../functions/household/item.ts';
import { findPersons, type Store } from '../../functions/household/table.ts';
import { getItem, putItem } from '../../functions/lib/dynamo.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { householdDesk } from '../support/household-desk.ts';
import { keyFile, storeOf } from '../support/store.ts';

const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
const clerk: Caller = { sub: 'clerk', role: 'office', areas: VILLAGE };
const near = '350122101202';
const far = '350122102203';
const closed = '350122101299';

let tables: Tables;
let store: Store;

async function division(code: string, given: object = {}) {
  const parents = [2, 4, 6, 9].filter((length) => length < code.length);
  const pk = `A#${code.slice(0, parents.at(-1) ?? 0) || '0'}`;
  const base = { code, name: code, validFrom: null, validTo: null, successors: [], change: null };
  await putItem(tables.area, { pk, sk: code, v: 1, ...base, version: 1, ...given });
}

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  for (const code of ['35', '3501', '350122', '350122101', '350122102', VILLAGE, near, far])
    await division(code);
  await division(closed, { validTo: '2017-01-01', successors: [VILLAGE] });
});

const { call, registered, shown } = householdDesk(county);

let count = 0;
/** A couple with a child that nobody else has: names, relations, identity numbers. */
function family() {
  count += 1;
  const born = ['1961-01-01', '1962-02-02', '1990-03-03'];
  const relations = ['head', 'spouse', 'son'];
  return relations.map((relation, place) => ({
    name: `家${count}${place}`,
    relation,
    identityNumber: identityOf(born[place] ?? '', 300 + count),
  }));
}

async function home(given: object = {}) {
  const members = family();
  const id = await registered({ members, ...given });
  const file = await shown(id, county);
  const [head = '', spouse = '', son = ''] = file.members.map((member) => member.id);
  return { id, head, spouse, son, number: file.number, members };
}

function act(what: string, id: string, more: object) {
  return call({ route: `POST /households/{id}/${what}`, params: { id }, ifMatch: 1, ...more });
}

/** Where a person is registered by the number, live or not. */
async function holder(identityNumber: string) {
  return (await findPersons(store, [identityNumber])).get(identityNumber);
}

describe('POST /households/{id}/split', () => {
  it('makes two households at once; persons keep ids and are found in the new one', async () => {
    const one = await home();
    const body = {
      persons: { [one.son]: 'head' },
      number: `${one.number}-2`,
      heldFrom: '2017-06-01',
      reason: 'own-household',
      note: '婚后单过',
      facts: { housingGrade: 'C' },
    };
    const answer = await act('split', one.id, { body, by: town });
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"2"' },
      body: { id: one.id, version: 2, other: { version: 1 } },
    });
    const parts = await shown(answer.body.other.id, county);
    expect(parts).toMatchObject({
      number: `${one.number}-2`,
      village: VILLAGE,
      status: 'unexited',
      facts: { mainCause: 'illness', housingGrade: 'C' },
      members: [{ id: one.son, heldFrom: '2017-06-01', joinReason: 'split' }],
      events: [{ kind: 'split-off' }],
    });
    const stays = await shown(one.id, county);
    expect(stays.members.map(({ id }) => id)).toEqual([one.head, one.spouse]);
    expect(stays.past).toMatchObject([{ id: one.son, endReason: 'split' }]);
    const son = one.members[2]?.identityNumber ?? '';
    expect(await holder(son)).toMatchObject({ household: parts.id, person: one.son, live: true });
    expect(JSON.stringify([answer.body, stays, parts])).not.toContain(son);
  });

  it('is refused by name before anything is written, and the household is as it was', async () => {
    const one = await home();
    const taken = await home();
    const body = { persons: { [one.son]: 'head' }, number: taken.number, reason: 'divorce' };
    const asked = async (given: object, by = county) =>
      (await act('split', one.id, { body: { ...body, ...given }, by })).body.code;
    expect(await asked({})).toBe('household-number-taken');
    expect(await asked({ number: 'n1', village: far }, town)).toBe('village-outside');
    expect(await asked({ number: 'n1', village: closed })).toBe('area-closed');
    expect(await asked({ number: 'n1', village: `${far.slice(0, 9)}999` })).toBe('area-unknown');
    expect(await asked({ number: 'n1' }, clerk)).toBe('above-right');
    expect(await asked({ number: 'n1', persons: { [one.head]: 'head' } })).toBe(
      'head-cannot-leave',
    );
    expect(await asked({ persons: {} })).toBe('request-invalid');
    expect(await asked({ reason: '分家' })).toBe('request-invalid');
    const later = await act('split', one.id, { body: { ...body, number: 'n1' }, ifMatch: 7 });
    expect(later).toMatchObject({ status: 412 });
    expect(await shown(one.id, county)).toMatchObject({ version: 1 });
  });

  it('tells how many may leave at once where they are too many for one write', async () => {
    const many = Array.from({ length: 40 }, (_, place) => ({
      name: `多${place}`,
      relation: place === 0 ? 'head' : 'other',
      sex: 'male',
      birth: '1980-01-01',
    }));
    const first = many.slice(0, 28);
    const id = await registered({ members: first });
    const file = await shown(id, county);
    const [, next, ...rest] = file.members.map((member) => member.id);
    const others = Object.fromEntries(rest.map((person) => [person, 'other']));
    const asked = { number: 'many', reason: 'other' };
    const persons = { [next ?? '']: 'head', ...others };
    const numbered = await act('split', id, { body: { ...asked, persons } });
    expect(numbered.body.code ?? numbered.status).toBe(201);
    const wide = await registered({
      members: Array.from({ length: 28 }, (_, place) => ({
        name: `众${place}`,
        relation: place === 0 ? 'head' : 'other',
        identityNumber: identityOf('1980-01-01', 100 + place),
      })),
    });
    const [, one, ...more] = (await shown(wide, county)).members.map((member) => member.id);
    const leaving = { [one ?? '']: 'head' };
    for (const person of more) leaving[person] = 'other';
    const refused = await act('split', wide, {
      body: { ...asked, number: 'wide', persons: leaving },
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'household-too-large' } });
    expect(refused.body.title).toContain('22');
    expect(await shown(wide, county)).toMatchObject({ version: 1, past: [] });
    const few = Object.fromEntries(Object.entries(leaving).slice(0, 22));
    const done = await act('split', wide, { body: { ...asked, number: 'wide', persons: few } });
    expect(done.status).toBe(201);
  });
});

describe('POST /households/{id}/merger', () => {
  async function pair(given: object = {}) {
    const [one, other] = [await home(), await home(given)];
    const relations = { [other.head]: 'sibling', [other.spouse]: 'other', [other.son]: 'other' };
    const base = { household: other.id, version: 1, relations, reason: 'shared-living' };
    return { one, other, body: { ...base, heldFrom: '2017-06-01' } };
  }

  it('brings all members over and strikes the other off, its number free again', async () => {
    const { one, other, body } = await pair();
    const answer = await act('merger', one.id, { body, by: town });
    expect(answer).toMatchObject({
      status: 200,
      body: { id: one.id, version: 2, other: { id: other.id, version: 2 } },
    });
    expect((await shown(one.id, county)).members).toHaveLength(6);
    const gone = await shown(other.id, county);
    expect(gone).toMatchObject({
      status: 'struck-off',
      members: [],
      events: [{ reason: 'merged' }, {}],
    });
    for (const [place, person] of [other.head, other.spouse, other.son].entries()) {
      const held = await holder(other.members[place]?.identityNumber ?? '');
      expect(held).toMatchObject({ household: one.id, person, live: true });
    }
    expect(await registered({ number: other.number })).toBeDefined();
  });

  it('says of the other what is wrong with it: out of reach, stale, itself, struck off', async () => {
    const { one, other, body } = await pair({ village: far });
    const refusal = async (given: object, by = county) => {
      const { body: problem } = await act('merger', one.id, { body: { ...body, ...given }, by });
      return [problem.code, problem.errors?.[0]?.field];
    };
    expect(await refusal({}, town)).toEqual(['not-found', 'household']);
    expect(await refusal({ household: 'hh_x' })).toEqual(['not-found', 'household']);
    expect(await refusal({ version: 9 })).toEqual(['version-stale', 'version']);
    expect(await refusal({ household: one.id })).toEqual(['merger-same', 'household']);
    expect(await refusal({ relations: {} })).toEqual([
      'request-invalid',
      `relations.${other.head}`,
    ]);
    const route = 'POST /households/{id}/striking-off';
    const off = { route, params: { id: other.id }, body: { reason: 'error' }, ifMatch: 1 };
    expect(await call(off)).toMatchObject({ status: 200 });
    expect(await refusal({ version: 2 })).toEqual(['household-closed', 'household']);
  });

  it('households of different status are merged by the county alone', async () => {
    const { one, body } = await pair({ facts: { status: 'exited', exitYear: 2016 } });
    const refused = await act('merger', one.id, { body, by: town });
    expect(refused).toMatchObject({ status: 403, body: { code: 'above-right' } });
    expect(refused.body.title).toContain('县');
    expect(await act('merger', one.id, { body })).toMatchObject({ status: 200 });
  });
});

describe('POST /households/{id}/relocation', () => {
  it('moves the household, and the old village keeps a pointer to it', async () => {
    const one = await home({ facts: { status: 'unexited', hamlet: '东' } });
    const body = { village: near, hamlet: '西', heldFrom: '2017-06-01', reason: 'relocation' };
    const answer = await act('relocation', one.id, { body, by: town });
    expect(answer).toMatchObject({ status: 200, body: { id: one.id, version: 2 } });
    expect(await shown(one.id, county)).toMatchObject({
      village: near,
      facts: { hamlet: '西' },
      events: [{ kind: 'moved', reason: 'relocation', heldOn: '2017-06-01' }, {}],
    });
    const left = await getItem(tables.household, { pk: `V#${VILLAGE}`, sk: `2#${one.id}` });
    expect(LeftItem.parse(left).leftOn).toBe('2017-06-01');
  });

  it('goes to another town only for who answers for both, and to no village that is closed, unknown or its own', async () => {
    const one = await home();
    const asked = async (village: string, by = county) =>
      (await act('relocation', one.id, { body: { village, reason: 'work' }, by })).body.code;
    expect(await asked(far, town)).toBe('village-outside');
    expect(await asked(near, clerk)).toBe('village-outside');
    expect(await asked(closed)).toBe('area-closed');
    expect(await asked(`${near.slice(0, 9)}999`)).toBe('area-unknown');
    expect(await asked(VILLAGE)).toBe('village-same');
    expect(await asked(far)).toBeUndefined();
  });
});

describe('POST /households/{id}/reinstatement', () => {
  const body = { status: 'unexited', reason: 'mistaken' };

  async function struckOff(given: object = {}) {
    const one = await home(given);
    const route = 'POST /households/{id}/striking-off';
    const off = { route, params: { id: one.id }, body: { reason: 'error' }, ifMatch: 1 };
    expect(await call(off)).toMatchObject({ status: 200 });
    return one;
  }
  const back = (id: string, given: object = {}) =>
    act('reinstatement', id, { body: { ...body, ...given }, ifMatch: 2 });

  it('puts the old file back: id, number, persons and history', async () => {
    const one = await struckOff();
    const asOf = { route: 'GET /households/{id}', params: { id: one.id } };
    const then = () => call({ ...asOf, query: { asOf: '2017-01-01' } });
    expect(await then()).toMatchObject({ status: 404 });
    expect(await back(one.id)).toMatchObject({ status: 200, body: { version: 3 } });
    const file = await shown(one.id, county);
    expect(file).toMatchObject({ number: one.number, status: 'unexited' });
    expect(file.members.map(({ id }) => id)).toEqual([one.head, one.spouse, one.son]);
    expect(file.events.map(({ kind }) => kind)).toEqual(['reinstated', 'struck-off', 'registered']);
    expect(await then()).toMatchObject({ status: 200, body: { status: 'unexited' } });
    expect(await holder(one.members[0]?.identityNumber ?? '')).toMatchObject({ live: true });
    expect(await back(one.id, {})).toMatchObject({ status: 412 });
    const again = await act('reinstatement', one.id, { body, ifMatch: 3 });
    expect(again).toMatchObject({ status: 409, body: { code: 'household-live' } });
  });

  it('is refused while somebody is registered elsewhere, naming who; without that person it comes back', async () => {
    const one = await struckOff();
    const [, , son] = one.members;
    await registered({ members: [{ ...son, relation: 'head' }] });
    const refused = await back(one.id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'person-elsewhere' } });
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual([one.son]);
    expect(refused.body.title).toMatch(/ref_/);
    const gone = [{ personId: one.son, reason: 'moved-out' }];
    expect(await back(one.id, { gone })).toMatchObject({ status: 200 });
    const file = await shown(one.id, county);
    expect(file.members.map(({ id }) => id)).toEqual([one.head, one.spouse]);
    expect(file.past).toMatchObject([{ id: one.son, endReason: 'moved-out' }]);
  });

  it('is refused while another household has the number, and takes a new one', async () => {
    const one = await struckOff();
    await registered({ number: one.number });
    expect((await back(one.id)).body.code).toBe('household-number-taken');
    const number = `${one.number}-9`;
    expect(await back(one.id, { number })).toMatchObject({ status: 200 });
    expect(await shown(one.id, county)).toMatchObject({ number });
    expect((await home()).number).not.toBe(number);
    const taken = { number, members: [{ ...family()[0] }], facts: { status: 'unexited' } };
    const route = 'POST /households';
    const again = { village: VILLAGE, ...taken };
    expect((await call({ route, body: again })).body.code).toBe('household-number-taken');
  });

  it('is for the county, and to the status that had been decided', async () => {
    const one = await struckOff();
    const asked = { body, ifMatch: 2, by: town };
    expect((await act('reinstatement', one.id, asked)).body.code).toBe('above-right');
    expect((await back(one.id, { status: 'exited' })).body.code).toBe('status-transition');
    expect((await back(one.id, { status: 'struck-off' })).status).toBe(400);
    const head = { gone: [{ personId: one.head, reason: 'death' }] };
    expect((await back(one.id, head)).body.code).toBe('head-cannot-leave');
    expect(await back(one.id, { ...head, newHead: one.spouse })).toMatchObject({ status: 200 });
  });
});

describe('POST /households/{id}/members/{personId}/end', () => {
  const end = (one: { id: string }, personId: string, body: object) =>
    call({
      route: 'POST /households/{id}/members/{personId}/end',
      params: { id: one.id, personId },
      body,
      ifMatch: 1,
    });

  it('a head who died is followed by who is named in the same request', async () => {
    const one = await home();
    const death = { reason: 'death', heldTo: '2017-06-01', note: '病故' };
    expect((await end(one, one.head, death)).body.code).toBe('head-cannot-leave');
    const named = { ...death, newHead: one.spouse, relations: { [one.son]: 'son' } };
    expect(await end(one, one.head, named)).toMatchObject({
      status: 200,
      body: { person: one.head },
    });
    const file = await shown(one.id, county);
    expect(file.members.map(({ id, facts }) => [id, facts.relation])).toEqual([
      [one.spouse, 'head'],
      [one.son, 'son'],
    ]);
    expect(file.events).toMatchObject([{ kind: 'member-ended', reason: 'death' }, {}]);
  });

  it('what was entered by mistake is shown on no day, and may be entered again from the same day', async () => {
    const one = await home();
    const asOf = async (day: string) => {
      const asked = { route: 'GET /households/{id}', params: { id: one.id }, query: { asOf: day } };
      const { body } = await call(asked);
      return [body.members.length, body.past.length];
    };
    expect((await end(one, one.son, { reason: 'error', heldTo: '2017-06-01' })).body.code).toBe(
      'void-day',
    );
    expect(await end(one, one.son, { reason: 'error' })).toMatchObject({ status: 200 });
    expect(await asOf('2016-01-01')).toEqual([2, 0]);
    const route = 'POST /households/{id}/members';
    for (const [place, ifMatch] of [2, 4].entries()) {
      const body = { ...one.members[2], heldFrom: '2016-01-01', reason: 'other' };
      const added = await call({ route, params: { id: one.id }, body, ifMatch });
      expect(added).toMatchObject({ status: 201, body: { person: one.son } });
      expect(await asOf('2016-01-01')).toEqual([3, 0]);
      const again = { params: { id: one.id, personId: one.son }, body: { reason: 'error' } };
      const ended = 'POST /households/{id}/members/{personId}/end';
      await call({ route: ended, ...again, ifMatch: ifMatch + 1 });
      expect((await shown(one.id, county)).past).toHaveLength(place + 2);
    }
  });

  it.each(['death', 'moved-out'])('the household ends with its last member: %s', async (reason) => {
    const [head] = family();
    const id = await registered({ members: [head] });
    const [only] = (await shown(id, county)).members;
    expect(await end({ id }, only?.id ?? '', { reason })).toMatchObject({ status: 200 });
    expect(await shown(id, county)).toMatchObject({
      status: 'struck-off',
      members: [],
      events: [{ kind: 'struck-off', reason }, {}],
    });
  });
});
