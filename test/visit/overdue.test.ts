import { beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import { commit, type Store } from '../../functions/household/table.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { granted, identityOf, VILLAGE, wantedHousehold, wantedMember } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { county, otherTown, seedPlaces, setDay, town, village } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, keyFile, storeOf } from '../support/store.ts';
import { auditor, helpedBy, helper, tellOf, visitBody, visitDesk } from '../support/visit-desk.ts';

const { enter, withdraw, overdue } = visitDesk();
const other = '350122102203';
let tables: Tables;
let store: Store;
let files: readonly HouseholdFile[];
const ids: Record<string, string> = {};

/** A household entered in the register on the first of September. */
async function entered(name: string, status: string, place = VILLAGE): Promise<HouseholdFile> {
  const number = Object.keys(ids).length + 1;
  const birth = '1960-01-01';
  const facts = { status, ...(status === 'exited' && { identifiedYear: 2015, exitYear: 2016 }) };
  const wanted = wantedHousehold({
    number: `88${number}`,
    village: place,
    members: [wantedMember({ name, birth, identity: identityOf(birth, number) })],
    facts,
  });
  const context = doing({ at: '2017-09-01T02:00:00.000Z' });
  const change = granted(registerHousehold(wanted, '2016-01-01', context));
  granted(await commit(store, { before: undefined, ...change }));
  ids[name] = change.next.household.id;
  return change.next;
}

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, BUCKET: 'bucket' });
  await seedPlaces(tables);
  files = [
    await entered('未访', 'unexited'),
    await entered('常访', 'unexited'),
    await entered('已脱', 'exited'),
    await entered('外乡', 'unexited', other),
  ];
  const own = await Promise.all(
    ['未访', '已脱'].map((name) => helpedBy(store, ids[name] ?? '', [helper.sub])),
  );
  await tellOf(tables, [
    ...own,
    ...files.filter(({ household }) => !own.some((one) => one.household.id === household.id)),
  ]);
  setDay('2017-10-05');
  const visitors = [{ helper: 'hp_lin0001' }];
  await putItem(tables.pairing, helperItem());
  await putItem(tables.pairing, pairingItem(ids.未访 ?? ''));
  await putItem(tables.pairing, {
    ...pairingItem(ids.未访 ?? ''),
    pk: `S#${ids.未访}`,
    sk: 'pr_1',
  });
  granted201(
    await enter(ids.常访 ?? '', visitBody({ heldOn: '2017-10-01', visitors }), { by: town }),
  );
});

function granted201(answer: { readonly status: number }): void {
  expect(answer).toMatchObject({ status: 201 });
}

function helperItem() {
  const instants = { createdAt: '2017-09-01T00:00:00.000Z', changedAt: '2017-09-01T00:00:00.000Z' };
  return {
    ...{ pk: 'H#hp_lin0001', sk: '0', v: 1, id: 'hp_lin0001', kind: 'responsible', area: '350122' },
    ...{ name: '林干部', organisation: '县农业局', post: null, contact: null, phoneMasked: null },
    ...{ sub: null, details: {}, endedOn: null, endReason: null, households: 1, villages: 0 },
    ...{ version: 1, ...instants },
  };
}

function pairingItem(household: string) {
  const none = { moneyFen: 0, projects: 0, jobs: 0 };
  return {
    ...{ pk: 'H#hp_lin0001', sk: '1#pr_1', v: 1, id: 'pr_1', helper: 'hp_lin0001' },
    ...{ kind: 'responsible', subject: { type: 'household', id: household }, from: '2017-09-15' },
    ...{ to: null, endReason: null, successor: null, predecessor: null, duty: null },
    ...{ promised: { ...none, goods: null }, delivered: { ...none, count: 0 } },
    ...{ source: null, version: 1 },
  };
}

async function names(by: Caller, query: Record<string, string> = {}) {
  const { body } = await overdue(by, query);
  return body.items.map(({ household }: { household: { headName: string } }) => household.headName);
}

describe('households of whom no visit is on record', () => {
  it('are told apart from those overdue, with the day by which the first is due', async () => {
    setDay('2017-09-20');
    expect(await names(county)).toEqual([]);
    const { body } = await overdue(county, { which: 'never' });
    expect(body).toMatchObject({ which: 'never', rule: { neverVisited: 'registration' } });
    const rows = body.items.map(
      (row: { household: { headName: string }; dueOn: string; overdueDays: number }) =>
        [row.household.headName, row.dueOn, row.overdueDays].join(' '),
    );
    expect(rows.toSorted()).toEqual(
      ['外乡 2017-10-01 0', '已脱 2017-12-01 0', '未访 2017-10-01 0'].toSorted(),
    );
    expect(await names(helper, { area: helper.areas, which: 'never' })).toEqual(
      expect.arrayContaining(['未访', '已脱']),
    );
    setDay('2017-10-05');
  });
});

describe('households whose visit is overdue', () => {
  it('are those not visited for longer than their status asks for, by place', async () => {
    setDay('2017-10-23');
    const { body } = await overdue(county);
    expect(body).toMatchObject({ asOf: '2017-10-23', read: 4, rule: { illustrative: true } });
    expect(body.items).toMatchObject([
      {
        household: { id: ids.未访, village: VILLAGE, href: `/households/${ids.未访}` },
        ...{ status: 'unexited', lastOn: null, since: 'registration' },
        ...{ dueOn: '2017-10-01', overdueDays: 22, responsible: ['林干部'] },
      },
      { household: { id: ids.外乡 }, responsible: [] },
    ]);
    expect(await names(town)).toEqual(['未访']);
    expect(await names(village)).toEqual(['未访']);
    expect(await names(otherTown)).toEqual(['外乡']);
    expect(await names(auditor)).toEqual(['未访', '外乡']);
  });

  it('are overdue from the day after the last day in time', async () => {
    setDay('2017-11-01');
    expect(await names(town)).toEqual(['未访']);
    setDay('2017-11-02');
    expect(await names(town)).toEqual(['未访', '常访']);
    setDay('2017-12-01');
    expect(await names(town)).toEqual(['未访', '常访']);
    setDay('2017-12-02');
    expect(await names(town)).toEqual(['未访', '常访', '已脱']);
  });

  it('a helper sees the own ones alone, whoever else is asked for', async () => {
    setDay('2017-12-02');
    expect(await names(helper)).toEqual(['未访', '已脱']);
    expect(await names(helper, { helper: 'somebody' })).toEqual([]);
    expect(await names({ ...helper, sub: 'nobody' })).toEqual([]);
  });

  it('are told of one helper, by token or by id, within the own area', async () => {
    setDay('2017-12-02');
    expect(await names(county, { helper: helper.sub })).toEqual(['未访', '已脱']);
    expect(await names(county, { helper: 'hp_lin0001' })).toEqual(['未访']);
    expect(await names(otherTown, { helper: 'hp_lin0001' })).toEqual([]);
    expect(await names(county, { helper: 'hp_nobody' })).toEqual([]);
  });

  it('come page by page, none twice and none left out', async () => {
    setDay('2017-12-02');
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await overdue(county, {
        limit: '1',
        ...(cursor !== undefined && { cursor }),
      });
      found.push(
        ...body.items.map(
          ({ household }: { household: { headName: string } }) => household.headName,
        ),
      );
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(found).toEqual(['未访', '常访', '已脱', '外乡']);
    const one = await overdue(county, { limit: '1' });
    const elsewhere = await overdue(county, { helper: 'hp_lin0001', cursor: one.body.cursor });
    expect(elsewhere.body.code).toBe('cursor-invalid');
  });

  it('a visit that is withdrawn no longer puts the day off', async () => {
    setDay('2017-12-02');
    const body = visitBody({ heldOn: '2017-12-01' });
    granted201(await enter(ids.未访 ?? '', body));
    expect(await names(helper)).toEqual(['已脱']);
    await withdraw({ household: ids.未访 ?? '', id: body.id, version: 1 });
    expect(await names(helper)).toEqual(['未访', '已脱']);
  });

  it('are no ranking: no counts of a helper, no positions, no check-ins', async () => {
    setDay('2017-12-02');
    const { body } = await overdue(county);
    const [row] = body.items;
    expect(Object.keys(body).toSorted()).toEqual([
      'area',
      'asOf',
      'items',
      'read',
      'rule',
      'which',
    ]);
    expect(Object.keys(row).toSorted()).toEqual([
      'dueOn',
      'household',
      'lastOn',
      'overdueDays',
      'responsible',
      'since',
      'status',
    ]);
  });
});
