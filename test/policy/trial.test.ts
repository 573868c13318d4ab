import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { getRow, putRow } from '../../functions/board/table.ts';
import { codesOf } from '../../functions/core/code-list.ts';
import { householdCounts, nothing } from '../../functions/core/figure.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { settle as closeDraft } from '../../functions/core/household-draft.ts';
import { openApplication } from '../../functions/core/household-register.ts';
import { commit } from '../../functions/household/table.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { granted, identityOf, wantedHousehold, wantedMember } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { testClient } from '../support/database.ts';
import {
  beside,
  county,
  documentOf,
  office,
  openPolicyDesk,
  type PolicyDesk,
  publish,
  reason,
  town,
} from '../support/policy-desk.ts';
import { benefit } from '../support/policy-item.ts';
import { receipt } from '../support/receipt.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';

let desk: PolicyDesk;
let trial: Parameters<typeof callOf>[0];
const families = new Map<string, HouseholdFile>();

const pupil = (order: number, school: string | undefined) =>
  wantedMember({
    name: `陈学${order}`,
    birth: '2008-03-01',
    identity: identityOf('2008-03-01', order),
    relation: 'son',
    facts: school === undefined ? {} : { school },
  });

/** A family that would be entitled, were it on the register already. */
async function seedApplicant(): Promise<void> {
  const wanted = wantedHousehold({
    number: '3501220009',
    facts: { type: 'low-income' },
    members: [
      wantedMember({ identity: identityOf('1970-01-01', 30), facts: { school: 'none' } }),
      pupil(70, 'primary-2'),
    ],
  });
  const draft = granted(openApplication(wanted, '2016-01-01', doing()));
  const asked = { kind: 'registered', heldOn: '2016-01-01', reason: null } as const;
  const change = granted(closeDraft(draft, asked, doing()));
  granted(await commit(storeOf(desk.tables), { before: undefined, ...change }));
}

/** Two poor families in one town, one of another town, one that is not poor, one that was struck off, one that applies, one beside the county. */
async function seedFamilies(): Promise<void> {
  const store = storeOf(desk.tables);
  const rows = [
    ['poor', '350122101201', 'low-income', 'primary-2'],
    ['other', '350122102201', 'low-income', 'primary-2'],
    ['open', '350122101202', 'low-income', undefined],
    ['rich', '350122101201', 'general', 'primary-2'],
    ['gone', '350122101201', 'low-income', 'primary-2'],
    ['beside', '350121101201', 'low-income', 'primary-2'],
  ] as const;
  for (const [place, [name, village, type, school]] of rows.entries()) {
    const head = wantedMember({
      identity: identityOf('1970-01-01', place + 1),
      birth: '1970-01-01',
      facts: { school: 'none' },
    });
    const file = await settle(store, {
      number: `${village.slice(0, 6)}000${place}`,
      village,
      facts: { type },
      members: [head, pupil(place + 40, school)],
    });
    families.set(name, file);
  }
  const gone = families.get('gone');
  if (!gone) throw new Error('nobody');
  const order = { heldFrom: '2017-01-01', reason: 'gone' };
  await write(store, gone, granted(strikeOff(gone, order, doing())));
  await seedApplicant();
  const summary = summaryStore(desk.tables);
  const codes = ['350122101201', '350122101202', '350122102201', '350121101201'];
  const above = new Set(codes.flatMap((code) => [9, 6, 4, 2].map((end) => code.slice(0, end))));
  for (const area of [...codes, ...[...above].toSorted((a, b) => b.length - a.length)])
    await recompute(summary, area, '2017-10-23');
}

const primary = { fact: 'person.schoolStage', op: 'is', value: 'primary' } as const;
const low = { fact: 'household.type', op: 'is', value: 'low-income' } as const;

beforeAll(async () => {
  desk = await openPolicyDesk();
  await seedFamilies();
  const grant = { id: 'meal-grant', condition: { all: [primary, low] } };
  const bus = {
    id: 'bus-grant',
    condition: primary,
    exclusions: ['meal-grant'],
    benefit: benefit({ amountFen: 50_000 }),
  };
  const done = await publish(desk, documentOf('doc-school', [grant, bus]));
  expect(done.status).toBe(201);
  ({ handler: trial } = await import('../../functions/policy/trial.ts'));
});

function tryOut(
  body: object,
  { by = office, id = 'meal-grant' }: { by?: Caller; id?: string } = {},
) {
  return callOf(trial, {
    route: 'POST /policies/{id}/trial',
    by,
    params: { id },
    body: { area: county, ...body },
  });
}

/** Everything that every table holds. */
async function everything(): Promise<string> {
  const client = await testClient();
  const tables = Object.values(desk.tables).toSorted();
  const found = await Promise.all(
    tables.map((TableName) => client.send(new ScanCommand({ TableName, ConsistentRead: true }))),
  );
  return JSON.stringify(
    found.map(({ Items = [] }) => Items.map((item) => JSON.stringify(item)).toSorted()),
  );
}

const idOf = (name: string) => families.get(name)?.household.id ?? '';
const namesIn = (body: { who: readonly { household: string }[] }) =>
  body.who.map(
    ({ household }) =>
      [...families].find(
        ([
          ,
          {
            household: { id },
          },
        ]) => id === household,
      )?.[0],
  );

describe('a trial', () => {
  it('of another amount says whom it reaches and what it costs', async () => {
    const { status, body } = await tryOut({
      changes: { benefit: benefit({ amountFen: 250_000 }) },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ area: county, asOf: '2017-10-23', basis: 'current', looked: 4, outOfReach: 0 },
      items: ['bus-grant', 'meal-grant'],
      before: { households: 3, persons: 3, fen: 450_000, unknownHouseholds: 1, unknownPersons: 1 },
      after: { households: 3, fen: 550_000 },
      gained: { households: 2, persons: 2, fen: 100_000 },
      lost: { households: 0, persons: 0, fen: 0 },
      unchanged: { households: 2, persons: 4 },
      fen: 100_000,
    });
    expect(namesIn(body).toSorted()).toEqual(['other', 'poor']);
    expect(body.who[0].changes).toMatchObject([
      {
        item: 'meal-grant',
        kind: 'raised',
        beforeFen: 200_000,
        afterFen: 250_000,
        person: { name: expect.stringMatching('陈学') },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/350199|1[3-9]\d{9}/);
  });

  it('of a narrower condition says who loses, and what they get instead', async () => {
    const never = { fact: 'person.age', op: 'above', value: 90 } as const;
    const { body } = await tryOut({ changes: { condition: never } });
    expect(body).toMatchObject({
      lost: { households: 2, persons: 2, fen: 400_000 },
      gained: { households: 2, persons: 2, fen: 100_000 },
      fen: -300_000,
    });
    const changes = body.who.flatMap((one: { changes: object[] }) => one.changes);
    expect(changes).toContainEqual(
      expect.objectContaining({ item: 'bus-grant', kind: 'gained', afterFen: 50_000 }),
    );
  });

  it('of a wider condition says who gains; of whom nothing is known, nothing is said', async () => {
    const { body } = await tryOut({ changes: { condition: primary } });
    expect(namesIn(body)).toEqual(['rich']);
    expect(body.after).toMatchObject({ households: 3, unknownHouseholds: 1 });
    const all = await tryOut({ changes: { condition: low } });
    const settled = all.body.who.find(
      ({ household }: { household: string }) => household === idOf('open'),
    );
    expect(settled.changes.map(({ kind }: { kind: string }) => kind)).toEqual([
      'gained',
      'settled',
    ]);
    const back = await tryOut({
      changes: { condition: { all: [primary, low] }, validTo: '2016-12-31' },
    });
    expect(back.body.lost.households).toBe(2);
  });

  it('of its end, or of days that are not today’s, takes it from all', async () => {
    expect((await tryOut({ ends: true })).body.lost).toMatchObject({ households: 2 });
    expect((await tryOut({ changes: { validFrom: '2018-01-01' } })).body.lost.households).toBe(2);
  });

  it('of a line looks at every item that names it', async () => {
    const line = {
      ...{ name: { zh: '门槛', en: 'threshold' }, fen: 0, validTo: null, source: null },
      ...{ illustrative: true, reason },
    };
    const set = await callOf(desk.writer, {
      ...{ route: 'PUT /policy-lines/{id}/{validFrom}', by: office, ifMatch: 0 },
      ...{ params: { id: 'gate', validFrom: '2016-01-01' }, query: { area: county }, body: line },
    });
    expect(set.status).toBe(200);
    const condition = {
      fact: 'household.selfPaidMedicalFen',
      op: 'at-least',
      value: { line: 'gate' },
    };
    const doc = documentOf('doc-gate', [{ id: 'gate-aid' }]);
    const items = doc.items.map((item) => ({ ...item, condition }));
    expect((await publish(desk, { ...doc, items })).status).toBe(201);
    const { body } = await tryOut({ line: { id: 'gate', fen: 5_000 } });
    expect(body.items).toEqual(['bus-grant', 'gate-aid', 'meal-grant']);
    expect((await tryOut({ line: { id: 'nowhere', fen: 1 } })).body.code).toBe(
      'policy-line-unknown',
    );
  });

  it('of a past day is by what is known now about it', async () => {
    const { body } = await tryOut({ date: '2016-06-01', ends: true });
    expect(body).toMatchObject({ basis: 'known-now', asOf: '2016-06-01', looked: 5 });
    expect(body.lost.households).toBe(3);
    expect((await tryOut({ date: '2017-10-24', ends: true })).body.code).toBe('date-future');
  });

  it('changes no table', async () => {
    const before = await everything();
    const done = await tryOut({
      changes: { benefit: benefit({ amountFen: 1 }) },
      line: { id: 'poverty', fen: 1 },
    });
    expect(done.status).toBe(200);
    await tryOut({ ends: true });
    expect(await everything()).toBe(before);
  });

  it('comes page by page', async () => {
    const first = await tryOut({ ends: true, limit: 1 });
    const next = await tryOut({ ends: true, limit: 1, cursor: first.body.cursor });
    expect([first.body.who, next.body.who].flat()).toHaveLength(2);
    expect(first.body.who).not.toEqual(next.body.who);
    expect(next.body.cursor).toBeUndefined();
    expect(next.body.lost).toEqual(first.body.lost);
    for (const cursor of ['x', '350121101201.hh_1'])
      expect((await tryOut({ ends: true, cursor })).body.code).toBe('cursor-invalid');
  });

  it.each([
    ['nothing changed', {}, 400, 'trial-empty'],
    [
      'a condition nobody understands',
      { changes: { condition: { fact: 'x.y', op: 'is', value: 1 } } },
      422,
      'policy-invalid',
    ],
    ['a field nobody knows', { changes: { subject: 'village' } }, 400, 'request-invalid'],
  ])('with %s is refused', async (...[_what, body, status, code]) => {
    const refused = await tryOut(body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });
});

describe('who may try', () => {
  it('is every office in its own area', async () => {
    const own = await tryOut({ area: '350122101', ends: true }, { by: town });
    expect(own.body).toMatchObject({ looked: 3, lost: { households: 1 } });
    expect(JSON.stringify(own.body)).not.toContain(idOf('other'));
    for (const area of [county, '350122102', '350121'])
      expect((await tryOut({ area, ends: true }, { by: town })).status).toBe(404);
    expect((await tryOut({ ends: true }, { by: beside })).status).toBe(404);
    expect((await tryOut({ area: '350121', ends: true }, { by: beside })).status).toBe(404);
    expect((await tryOut({ ends: true }, { id: 'no-such' })).status).toBe(404);
    const auditor = { ...office, role: 'auditor' } as const;
    expect((await tryOut({ ends: true }, { by: auditor })).status).toBe(403);
  });

  it('an area too wide is refused with its parts to go on with', async () => {
    const figures = nothing.slice();
    const status = { id: 'status', values: codesOf('status') };
    const place = figures.findIndex((_, at) => {
      const one = nothing.slice();
      one[at] = 20_001;
      return householdCounts(one, status, false).some(([, count]) => count.households === 20_001);
    });
    figures[place] = 20_001;
    const before = await getRow(desk.tables.summary, '350122102');
    await putRow(desk.tables.summary, before, {
      ...{ area: '350122102', day: '2017-10-23', until: '2017-12-31', figures },
    });
    const refused = await tryOut({ area: '350122102', ends: true });
    expect([refused.status, refused.body.code]).toEqual([422, 'trial-too-wide']);
    expect(refused.body.title).toContain('20001户');
    expect(refused.body.title).toContain('350122102201');
    // Of a past day every event is read, so fewer are tried at once.
    const past = await tryOut({ area: '350122102', date: '2017-10-01', ends: true });
    expect(past.body.title).toContain('5000户');
  });
});

describe('what was received', () => {
  it('keeps its place: who has it gains nothing by what excludes it', async () => {
    const { household } = families.get('poor') ?? {};
    const after = receipt({
      ...{ id: 'rc_bus', household: household?.id ?? '', item: 'bus-grant', on: '2017-02-01' },
      person: household?.members.at(-1)?.id ?? null,
    });
    await saveReceipts(desk.tables.policy, [{ before: null, after, reason: 'seed' }]);
    const { body } = await tryOut({ changes: { benefit: benefit({ amountFen: 250_000 }) } });
    expect(namesIn(body)).toEqual(['other']);
  });
});
