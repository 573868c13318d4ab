import { beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { decideVillage } from '../../functions/core/village.ts';
import { forgetPolicies } from '../../functions/policy/table.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { saveProfiles } from '../../functions/village/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { answerOf, type Caller, callOf } from '../support/call.ts';
import {
  addVersion,
  beside,
  documentOf,
  office,
  openPolicyDesk,
  type PolicyDesk,
  publish,
  town,
} from '../support/policy-desk.ts';
import { benefit, policyLine } from '../support/policy-item.ts';
import { receipt, villageReceipt } from '../support/receipt.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';

let desk: PolicyDesk;
let handler: Parameters<typeof callOf>[0];
let file: HouseholdFile;

const low = { fact: 'household.type', op: 'is', value: 'low-income' } as const;
const ill = { fact: 'person.health', op: 'has', value: 'disabled' } as const;

const ofVillages = {
  subject: 'village',
  benefit: benefit({ kind: 'project', unit: 'village', period: 'once' }),
} as const;

const items: readonly Partial<PolicyItem>[] = [
  {
    id: 'study-grant',
    condition: { all: [low, { fact: 'person.schoolStage', op: 'is', value: 'primary' }] },
  },
  { id: 'care-grant', condition: ill, batch: 'safety-net', name: { zh: '护理补贴', en: 'care' } },
  {
    id: 'low-grant',
    subject: 'household',
    condition: low,
    exclusions: ['high-grant'],
    benefit: benefit({ unit: 'household', amountFen: 10_000, period: 'month' }),
  },
  {
    id: 'high-grant',
    subject: 'household',
    condition: low,
    benefit: benefit({ unit: 'household' }),
    illustrative: true,
  },
  {
    id: 'rich-grant',
    subject: 'household',
    condition: { fact: 'household.type', op: 'is', value: 'general' },
  },
  {
    id: 'home-grant',
    subject: 'household',
    condition: { fact: 'household.housingGrade', op: 'is', value: 'D' },
  },
  {
    ...ofVillages,
    id: 'village-road',
    condition: { fact: 'village.poor', op: 'is', value: true },
  },
  {
    ...ofVillages,
    id: 'village-clinic',
    condition: { fact: 'village.collectiveIncomeFen', op: 'below', value: { line: 'thin' } },
  },
  {
    ...ofVillages,
    id: 'village-school',
    condition: { fact: 'village.dropouts', op: 'above', value: 0 },
  },
  {
    ...ofVillages,
    id: 'village-net',
    condition: { fact: 'village.poor', op: 'is', value: true },
    receivedWhen: { fact: 'village.network', op: 'is', value: true },
  },
];

beforeAll(async () => {
  desk = await openPolicyDesk();
  const thin = policyLine({ id: 'thin', name: { zh: '薄弱村标准', en: 'thin' }, fen: 5_000_000 });
  await callOf(desk.writer, {
    route: 'PUT /policy-lines/{id}/{validFrom}',
    by: office,
    params: { id: thin.id, validFrom: thin.validFrom },
    query: { area: thin.area },
    body: {
      ...{ name: thin.name, fen: thin.fen, validTo: null, source: null, illustrative: true },
      reason: '年初发布',
    },
    ifMatch: 0,
  });
  const facts = { poor: true, network: false, collectiveIncomeFen: 10_000_000 };
  const row = { village: '350122101201', heldOn: '2016-01-01', facts };
  const { profile } = granted(decideVillage(undefined, row));
  const occasion = { actor: 'seed', at: '2016-01-01T00:00:00.000Z', heldOn: '2016-01-01' };
  await saveProfiles(desk.tables.household, [{ before: null, after: profile }], {
    ...occasion,
    ...{ reason: 'seed', source: 'seed' },
  });
  file = await settle(storeOf(desk.tables), {
    facts: { type: 'low-income' },
    members: [
      wantedMember({ name: '陈样一', facts: { school: 'none', health: ['disabled'] } }),
      wantedMember({
        name: '陈样二',
        birth: '2008-03-01',
        identity: identityOf('2008-03-01', 40),
        relation: 'son',
        facts: { school: 'primary-3', health: ['healthy'] },
      }),
    ],
  });
  expect((await publish(desk, documentOf('doc-all', items))).body).toMatchObject({
    document: 'doc-all',
  });
  const { id, members } = file.household;
  const given = [
    receipt({
      id: 'rc_a',
      household: id,
      item: 'study-grant',
      person: members[1]?.id ?? null,
      on: '2017-03-01',
      amountFen: 200_000,
    }),
    receipt({ id: 'rc_b', household: id, item: 'rich-grant', on: '2017-05-01', amountFen: 50_000 }),
  ];
  await saveReceipts(
    desk.tables.policy,
    given.map((after) => ({ before: null, after, reason: 'seed' })),
  );
  ({ handler } = await import('../../functions/entitlement/handler.ts'));
});

function read(given: { by?: Caller; id?: string; query?: Readonly<Record<string, string>> } = {}) {
  const { by = office, id = file.household.id, query = {} } = given;
  return callOf(handler, { route: 'GET /households/{id}/entitlements', by, params: { id }, query });
}

const card = (by: Caller = office) =>
  answerOf(handler, {
    route: 'GET /households/{id}/entitlements/card',
    by,
    params: { id: file.household.id },
  });

type Row = {
  item: string;
  result: string;
  person: { name: string } | null;
  reason: { zh: string };
};
const told = (rows: readonly Row[]) =>
  Object.fromEntries(
    rows.map((one) => [`${one.item} ${one.person?.name ?? ''}`.trim(), one.result]),
  );

describe('the list of a household', () => {
  it('says of every item whether it is received, missed, not theirs or unknown, and why', async () => {
    const { status, body } = await read();
    expect(status).toBe(200);
    expect(told(body.items)).toEqual({
      'study-grant 陈样一': 'not-eligible',
      'study-grant 陈样二': 'received',
      'care-grant 陈样一': 'missed',
      'care-grant 陈样二': 'not-eligible',
      'low-grant': 'not-eligible',
      'high-grant': 'missed',
      'rich-grant': 'not-eligible',
      'home-grant': 'unknown',
    });
    expect(body).toMatchObject({
      ...{ asOf: '2017-10-23', basis: 'current', headName: '陈样一' },
      counts: { received: 1, missed: 2, 'not-eligible': 4, unknown: 1, unduly: 1 },
      exclusions: [{ item: 'low-grant', instead: 'high-grant', person: null }],
      total: { year: 2017, dueFen: 600_000, receivedFen: 250_000, unpriced: 0 },
    });
    const why = new Map(
      body.items.map((one: Row) => [`${one.item}${one.person?.name ?? ''}`, one.reason.zh]),
    );
    expect(why.get('study-grant陈样一')).toContain('不符合条件：在校学段为小学');
    expect(why.get('low-grant')).toContain('与“助学金”不能同时享受');
    expect(why.get('rich-grant')).toContain('台账记为已享受');
    expect(why.get('home-grant')).toContain('缺少：');
    const [home] = body.items.filter((one: Row) => one.item === 'home-grant');
    expect(home.because).toMatchObject([{ fact: 'household.housingGrade', answer: 'unknown' }]);
  });

  it('may be narrowed to what is missed', async () => {
    const { body } = await read({ query: { result: 'missed' } });
    expect(told(body.items)).toEqual({ 'care-grant 陈样一': 'missed', 'high-grant': 'missed' });
    expect(body.counts.unknown).toBe(1);
  });

  it('of a past day is by the policies and receipts of that day', async () => {
    const { body } = await read({ query: { date: '2017-02-01' } });
    expect(body).toMatchObject({
      basis: 'known-now',
      asOf: '2017-02-01',
      total: { receivedFen: 0 },
    });
    expect(told(body.items)['study-grant 陈样二']).toBe('missed');
    expect((await read({ query: { date: '2015-12-31' } })).status).toBe(404);
    const later = await read({ query: { date: '2017-10-24' } });
    expect(later.body.code).toBe('date-future');
  });

  it('follows a new version from its day', async () => {
    const changes = { condition: { fact: 'household.type', op: 'is', value: 'destitute' } };
    const body = { validFrom: '2017-10-23', changes };
    await addVersion(desk, { id: 'high-grant', ifMatch: 1, body });
    forgetPolicies();
    expect(told((await read()).body.items)).toMatchObject({
      'low-grant': 'missed',
      'high-grant': 'not-eligible',
    });
    const before = await read({ query: { date: '2017-10-22' } });
    expect(told(before.body.items)).toMatchObject({
      'low-grant': 'not-eligible',
      'high-grant': 'missed',
    });
  });
});

describe('a household that was struck off', () => {
  it('is entitled to nothing any more, on no card either, and was on the days before', async () => {
    const store = storeOf(desk.tables);
    const gone = await settle(store, {
      number: '350122101201009',
      facts: { type: 'low-income' },
      members: [wantedMember({ identity: identityOf('1970-01-01', 9), birth: '1970-01-01' })],
    });
    const order = { heldFrom: '2017-06-01', reason: 'gone' } as const;
    await write(store, gone, granted(strikeOff(gone, order, doing())));
    const { id } = gone.household;
    const { body } = await read({ id });
    expect(body).toMatchObject({ registered: false, counts: { missed: 0, unknown: 0 }, items: [] });
    const before = await read({ id, query: { date: '2017-05-31' } });
    expect(before.body.registered).toBe(true);
    expect(before.body.counts.missed).toBeGreaterThan(0);
  });
});

describe('the list of a village', () => {
  const ofVillage = (given: { by?: Caller; code?: string; query?: Record<string, string> } = {}) =>
    callOf(handler, {
      route: 'GET /villages/{code}/entitlements',
      by: given.by ?? office,
      params: { code: given.code ?? '350122101201' },
      query: given.query ?? {},
    });

  it('says of every item for villages what it means for this one, with the clause that fails', async () => {
    const { status, body } = await ofVillage();
    expect(status).toBe(200);
    expect(told(body.items)).toEqual({
      'village-road': 'missed',
      'village-clinic': 'not-eligible',
      'village-school': 'unknown',
      'village-net': 'missed',
    });
    expect(body.counts).toMatchObject({ missed: 2, 'not-eligible': 1, unknown: 1 });
    const why = (item: string) => body.items.find((one: Row) => one.item === item).reason.zh;
    expect(why('village-road')).toContain('本期尚未落实');
    expect(why('village-net')).toContain('本期尚未落实');
    expect(why('village-clinic')).toContain('村财收入低于薄弱村标准');
    expect(why('village-school')).toContain('缺少：');
  });

  it('says what the village received, of the day that is asked for', async () => {
    const road = villageReceipt({
      ...{ item: 'village-road', on: '2017-09-01', period: 'once', amountFen: 9_000_000 },
    });
    await saveReceipts(desk.tables.policy, [{ before: null, after: road, reason: '录入' }]);
    const { body } = await ofVillage();
    expect(body.counts).toMatchObject({ received: 1, missed: 1 });
    expect(body.items.find((one: Row) => one.item === 'village-road')).toMatchObject({
      ...{ result: 'received', receivedFen: 9_000_000 },
    });
    expect(told((await ofVillage({ query: { date: '2017-08-31' } })).body.items)).toMatchObject({
      'village-road': 'missed',
    });
  });

  it('may be asked for a past day and for one result', async () => {
    const { body } = await ofVillage({ query: { date: '2017-02-01', result: 'unknown' } });
    expect(body).toMatchObject({ asOf: '2017-02-01', basis: 'known-now' });
    expect(new Set(Object.values(told(body.items)))).toEqual(new Set(['unknown']));
    expect((await ofVillage({ query: { date: '2017-10-24' } })).body.code).toBe('date-future');
  });

  it('is read by those in whose area it lies', async () => {
    expect((await ofVillage({ by: town })).status).toBe(200);
    expect((await ofVillage({ by: beside })).status).toBe(404);
    expect((await ofVillage({ code: '350122101999' })).status).toBe(404);
    expect((await ofVillage({ code: '350122101' })).status).toBe(400);
    expect((await ofVillage({ by: { ...town, role: 'helper' } })).status).toBe(403);
  });
});

describe('the card', () => {
  it('says in plain words what they get and may claim, where and with which papers', async () => {
    const { status, headers, text } = await card();
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    for (const words of [
      '帮扶政策明白卡',
      '户主：陈样一',
      '助学金（陈样二）',
      '本期已领 2,000 元',
      '护理补贴',
      '教育局申请',
      '带上：户口簿',
      '还有 1 项',
    ])
      expect(text).toContain(words);
  });

  it('shows no number of anybody, and not for whom what asks about health is', async () => {
    const { text } = await card();
    expect(text).not.toMatch(/350199|1[3-9]\d{9}/);
    expect(text).not.toContain('护理补贴（');
    expect(text).not.toMatch(/残疾|disabled/);
  });
});

describe('who may read it', () => {
  it('is whoever reads the file of the household, where it is now', async () => {
    expect((await read({ by: town })).status).toBe(200);
    const stranger: Caller = { sub: 'x', role: 'helper', areas: '350122' };
    const department: Caller = { ...stranger, role: 'department' };
    for (const by of [beside, stranger, { ...town, areas: '350122102' }]) {
      expect((await read({ by })).status).toBe(404);
      expect((await read({ by, query: { date: '2017-02-01' } })).status).toBe(404);
      expect((await card(by)).status).toBe(404);
    }
    expect((await read({ by: department })).status).toBe(403);
    expect((await read({ id: 'hh_nobody' })).status).toBe(404);
  });
});
