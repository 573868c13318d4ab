import { beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { forgetPolicies } from '../../functions/policy/table.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { identityOf, wantedMember } from '../support/build.ts';
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
import { benefit } from '../support/policy-item.ts';
import { receipt } from '../support/receipt.ts';
import { settle, storeOf } from '../support/store.ts';

let desk: PolicyDesk;
let handler: Parameters<typeof callOf>[0];
let file: HouseholdFile;

const low = { fact: 'household.type', op: 'is', value: 'low-income' } as const;
const ill = { fact: 'person.health', op: 'has', value: 'disabled' } as const;

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
];

beforeAll(async () => {
  desk = await openPolicyDesk();
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
