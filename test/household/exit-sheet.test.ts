import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, addMonths } from '../../functions/core/day.ts';
import { type ExitSheet, ExitSheetShape } from '../../functions/core/exit-sheet.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { assignHelpers, strikeOff } from '../../functions/core/household-close.ts';
import type { HouseholdChange } from '../../functions/core/household-event.ts';
import type { Decided } from '../../functions/core/refusal.ts';
import { loadFile } from '../../functions/household/table.ts';
import { today } from '../../functions/lib/clock.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { granted, identityOf, VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { householdDesk } from '../support/household-desk.ts';
import { covered } from '../support/passing.ts';
import { doing, keyFile, storeOf, write } from '../support/store.ts';

const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
const neighbour: Caller = { sub: 'next', role: 'office', areas: '350122102' };
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '3501' };
const helper: Caller = { sub: 'helper', role: 'helper', areas: '350122' };
const department: Caller = { sub: 'school', role: 'department', areas: '350122' };

const route = 'GET /households/{id}/exit-sheet';
let tables: Tables;

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const base = { name: '村', validFrom: null, validTo: null, successors: [], change: null };
  const key = { pk: `A#${VILLAGE.slice(0, 9)}`, sk: VILLAGE };
  await putItem(tables.area, { ...key, v: 1, code: VILLAGE, ...base, version: 1 });
});

const { call, registered } = householdDesk(town);

/** A year that ends yesterday; no line is known for years this late, so its income stays open. */
function lastYear() {
  const from = addMonths(today(), -12);
  const parts = { businessFen: 0, propertyFen: 0, transferFen: 0, businessCostFen: 0 };
  return { from, to: addDays(today(), -1), wagesFen: 9_000_000, ...parts };
}

let order = 770;

function proving() {
  order += 2;
  const head = {
    name: '样户主',
    relation: 'head',
    identityNumber: identityOf('1960-01-02', order),
  };
  return {
    members: [{ ...head, facts: covered }],
    facts: {
      ...{ status: 'unexited', mainCause: 'illness' },
      ...{ food: true, clothes: true, waterSafe: true, housingGrade: 'C', housingRenewed: true },
    },
  };
}

async function sheet(id: string, on?: string, by: Caller = town): Promise<ExitSheet> {
  const query = on === undefined ? {} : { query: { on } };
  const answer = await call({ route, params: { id }, by, ...query });
  expect(answer.status).toBe(200);
  return ExitSheetShape.parse(answer.body);
}

const answersOf = ({ items }: ExitSheet) =>
  Object.fromEntries(items.map(({ criterion, answer }) => [criterion, answer]));

async function change(id: string, version: number, body: object): Promise<void> {
  const patch = { route: 'PATCH /households/{id}', params: { id }, ifMatch: version, body };
  expect((await call(patch)).status).toBe(200);
}

/** Writes what the rulebook decides about a stored household. */
async function decide(
  id: string,
  decision: (file: HouseholdFile) => Decided<HouseholdChange | undefined>,
): Promise<void> {
  const store = storeOf(tables);
  const file = await loadFile(store, id);
  if (!file) throw new Error('not stored');
  granted(await write(store, file, granted(decision(file))));
}

describe('GET /households/{id}/exit-sheet', () => {
  it('says of today what is met, what is not and what nobody knows', async () => {
    const id = await registered(proving());
    const found = await sheet(id);
    expect(found).toMatchObject({ kind: 'household', on: today(), passes: false });
    expect(answersOf(found)).toEqual({
      ...{ income: 'unknown', food: 'met', clothes: 'met', education: 'met' },
      ...{ medical: 'met', housing: 'met', water: 'met' },
    });
  });

  it('names who entered what an item rests on, and never a person', async () => {
    const id = await registered(proving());
    await change(id, 1, { reason: '水质不合格', facts: { waterSafe: false, income: lastYear() } });
    const found = await sheet(id);
    const water = found.items.find(({ criterion }) => criterion === 'water');
    expect(water).toMatchObject({
      answer: 'not-met',
      sources: [{ field: 'waterSafe', heldFrom: today(), by: 'town' }],
    });
    const income = found.items.find(({ criterion }) => criterion === 'income');
    expect(income).toMatchObject({
      answer: 'unknown',
      parts: { netFen: 9_000_000, lineFen: null },
    });
    expect(JSON.stringify(found)).not.toMatch(/样户主|350199/);
  });

  it('of an earlier day is that of the facts held then, by what is known now', async () => {
    const id = await registered(proving());
    await change(id, 1, { reason: '水质不合格', facts: { waterSafe: false } });
    await change(id, 2, {
      reason: '补录',
      heldFrom: '2016-03-01',
      heldTo: '2016-04-01',
      facts: { food: false },
    });
    expect(answersOf(await sheet(id))).toMatchObject({ water: 'not-met', food: 'met' });
    expect(answersOf(await sheet(id, '2016-03-15'))).toMatchObject({
      water: 'met',
      food: 'not-met',
    });
    expect(answersOf(await sheet(id, '2016-04-01'))).toMatchObject({ water: 'met', food: 'met' });
  });

  it('is not of a day to come, nor of one before the household was registered', async () => {
    const id = await registered(proving());
    const ask = (on: string) => call({ route, params: { id }, query: { on } });
    const tomorrow = addDays(today(), 1);
    const refused = await ask(tomorrow);
    expect(refused).toMatchObject({ status: 422, body: { code: 'date-future' } });
    expect(refused.body.title).toContain('“日期”不能晚于');
    expect(await ask('2015-12-31')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await ask('2017-02-29')).toMatchObject({ status: 400 });
    expect((await sheet(id, today())).on).toBe(today());
  });

  it('of a household that is struck off says so and does not pass', async () => {
    const id = await registered(proving());
    const order = { heldFrom: today(), reason: 'gone' };
    await decide(id, (file) => strikeOff(file, order, doing({ today: today() })));
    const found = await sheet(id);
    expect(found.items[0]).toMatchObject({ criterion: 'register', answer: 'not-met' });
    expect(answersOf(await sheet(id, '2016-12-31'))).not.toHaveProperty('register');
  });

  it('is shown to who may see the file, and is as if it did not exist to others', async () => {
    const id = await registered(proving());
    const seenBy = async (by: Caller) => (await call({ route, params: { id }, by })).status;
    expect(await seenBy(neighbour)).toBe(404);
    expect(await seenBy(helper)).toBe(404);
    expect(await seenBy(department)).toBe(403);
    const pairing = { subs: ['helper'], heldFrom: today(), reason: '结对' };
    await decide(id, (file) => assignHelpers(file, pairing, doing({ today: today() })));
    expect((await sheet(id, undefined, helper)).kind).toBe('household');
    expect((await sheet(id, undefined, auditor)).kind).toBe('household');
  });

  it('answers with the version it is of', async () => {
    const id = await registered(proving());
    const { headers } = await call({ route, params: { id } });
    expect(headers.etag).toBe('"1"');
  });
});
