import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Call, call } from '../../scripts/take-in.ts';
import { identityOf } from '../support/build.ts';
import { clerkOf } from '../support/clerk.ts';
import { type County, leaksOf, openCounty, SAMPLE_DAY, sample } from '../support/county.ts';
import { policyDocument, policyItem } from '../support/policy-item.ts';
import { workbook } from '../support/sheet.ts';

const COUNTY = '350122';
const VILLAGE = '350122101202';
const ITEM = 'life-aid';
/** The second of them is of a type that the policy is not for. */
const homes = [
  { number: '35012277001', type: 'low-income', identityNumber: identityOf('1960-01-02', 71) },
  { number: '35012277002', type: 'general', identityNumber: identityOf('1961-01-02', 72) },
];
const stranger = identityOf('1970-01-01', 99);

const Helpers = z.looseObject({
  items: z.array(z.looseObject({ helper: z.looseObject({ id: z.string(), version: z.number() }) })),
});
const Made = z.looseObject({ id: z.string() });
const Result = z.looseObject({ item: z.string(), result: z.string(), receivedFen: z.number() });
const List = z.looseObject({ items: z.array(Result) });
const figure = z.looseObject({ households: z.number() });
const Coverage = z.looseObject({
  figures: z.looseObject({
    ...{ entitled: figure, received: figure, missed: figure, notEligible: figure },
    receivedFen: z.number(),
  }),
});
const Items = z.looseObject({ items: z.array(z.looseObject({})) });

let county: County;
let office: string;
let helper: string;
const ids: string[] = [];

const send = (path: string, body: unknown, more: Call & { token?: string } = {}) => {
  const { token = office, ...asked } = more;
  return call(`${county.run.url}${path}`, token, { method: 'POST', body, ...asked });
};
const lengthOf = async (path: string, token?: string) =>
  Items.parse(await county.ask(path, token)).items.length;
const [poor, other] = [() => ids[0] ?? '', () => ids[1] ?? ''];

/** How the one policy stands with a household. */
async function resultOf(id: string) {
  const { items } = List.parse(await county.ask(`/households/${id}/entitlements`));
  return items.find(({ item }) => item === ITEM);
}

/** Households behind each figure of the county's coverage, and how many its list names. */
async function coverage() {
  const { figures } = Coverage.parse(await county.ask(`/policies/${ITEM}/coverage?area=${COUNTY}`));
  const named = async (result: string) =>
    lengthOf(`/policies/${ITEM}/coverage/households?area=${COUNTY}&result=${result}`);
  const { entitled, received, missed, notEligible, receivedFen } = figures;
  return {
    figures: [entitled, received, missed, notEligible].map(({ households }) => households),
    lists: await Promise.all(['entitled', 'received', 'missed', 'not-eligible'].map(named)),
    receivedFen,
  };
}

beforeAll(async () => {
  county = await openCounty(COUNTY, SAMPLE_DAY);
  const [divisions] = sample;
  if (divisions) await county.take(divisions);
  office = await county.token(COUNTY);
  helper = await county.token(COUNTY, 'helper', 'phone-of-chen');
  for (const { number, type, identityNumber } of homes) {
    const body = {
      ...{ number, village: VILLAGE, heldFrom: '2016-01-01' },
      facts: { status: 'unexited', mainCause: 'illness', type },
      members: [{ name: '陈样本', relation: 'head', identityNumber }],
    };
    ids.push(Made.parse(await send('/households', body)).id);
  }
  await county.run.idle(60_000);
}, 240_000);
afterAll(() => county?.close());

describe('help, from the workbook of helpers to what was covered', () => {
  it('a workbook pairs a responsible helper with both households, once a second person approves', async () => {
    const sheet = { name: '帮扶责任人', rows: [] as (string | number)[][] };
    sheet.rows.push(['姓名', '单位', '户编号', '帮扶户数']);
    sheet.rows.push(['陈责任', '敖江镇政府', homes.map(({ number }) => number).join('、'), 2]);
    const bytes = workbook({ sheets: [sheet] });
    const second = clerkOf(county, await county.token(COUNTY, 'office', 'second'));
    const planned = await clerkOf(county, office).upload({
      ...{ kind: 'helpers', fileName: '帮扶力量.xlsx', bytes },
    });
    expect(await second.approve(planned)).toMatchObject({ state: 'applied' });
    expect(await county.ask(`/areas/${COUNTY}/helpers`)).toMatchObject({
      kinds: { responsible: { helpers: 1, households: 2 } },
    });
  });

  it('who is paired reads the household by telephone and enters a visit that counts once; before, and elsewhere, there is nothing', async () => {
    const path = `/households/${poor()}`;
    await expect(county.ask(path, helper)).rejects.toThrow('404');
    const { items } = Helpers.parse(await county.ask(`${path}/helpers`));
    const [one] = items;
    await call(`${county.run.url}/helpers/${one?.helper.id}`, office, {
      ...{ method: 'PATCH', body: { sub: 'phone-of-chen' }, ifMatch: one?.helper.version ?? 0 },
    });
    expect(await county.ask(path, helper)).toMatchObject({ number: homes[0]?.number });
    const visit = {
      ...{ id: 'vs_of-the-telephone-1', heldOn: '2017-10-20', purposes: ['routine'] },
      ...{ found: '房屋漏水，需要修缮', promised: '月底前联系修缮队' },
    };
    for (let times = 0; times < 3; times += 1)
      await send(`${path}/visits`, visit, { token: helper });
    await expect(
      send(`${path}/visits`, { ...visit, found: '房屋不漏' }, { token: helper }),
    ).rejects.toThrow('visit-id-taken');
    expect(await lengthOf(`${path}/visits`, helper)).toBe(1);
    const neighbour = await county.token('350123');
    for (const part of ['', '/visits', '/helpers', '/entitlements'])
      await expect(county.ask(path + part, neighbour)).rejects.toThrow('404');
  });

  it('a policy is published, and says of each household whether it is entitled and of the county how many are', async () => {
    const { area, publication, enacted, ...document } = policyDocument();
    const {
      area: _area,
      publication: _publication,
      enacted: _enacted,
      document: _document,
      version,
      ended,
      ...item
    } = policyItem({ id: ITEM, subject: 'household', name: { zh: '生活补助', en: 'living aid' } });
    const benefit = { ...item.benefit, unit: 'household' };
    await send('/policy-documents', {
      ...{ area: COUNTY, reason: '年度政策', document, items: [{ ...item, benefit }] },
    });
    await county.run.idle(60_000);
    expect(await resultOf(poor())).toMatchObject({ result: 'missed', receivedFen: 0 });
    expect(await resultOf(other())).toMatchObject({ result: 'not-eligible' });
    expect(await coverage()).toEqual({
      ...{ figures: [1, 0, 1, 1], lists: [1, 0, 1, 1], receivedFen: 0 },
    });
    const card = await fetch(`${county.run.url}/households/${poor()}/entitlements/card`, {
      headers: { authorization: `Bearer ${office}` },
    });
    expect(await card.text()).toContain('生活补助');
  });

  it('what a department paid is matched by number, strangers are given back, and both results change with it', async () => {
    const department = await county.token(COUNTY, 'department', 'civil-affairs');
    const second = clerkOf(county, await county.token(COUNTY, 'office', 'second'));
    const rows = [
      ['补助编号', '身份证号', '补助项目', '金额(元)', '发放日期'],
      ['M1', homes[0]?.identityNumber ?? '', '生活补助', 2000, '2017-10-10'],
      ['M2', stranger, '生活补助', 2000, '2017-10-10'],
    ];
    const planned = await clerkOf(county, department).upload({
      ...{ kind: 'receipts', fileName: '补助.xlsx', bytes: workbook({ sheets: [{ rows }] }) },
    });
    expect(planned.counts).toMatchObject({ new: 1, refused: 1 });
    const [back] = await clerkOf(county, department).refused(planned.id);
    expect([back?.key, back?.faults.map(({ code }) => code)]).toEqual(['M2', ['receipt-nobody']]);
    await second.approve(planned);
    expect(await resultOf(poor())).toMatchObject({ result: 'received', receivedFen: 200_000 });
    expect(await coverage()).toEqual({
      ...{ figures: [1, 1, 0, 1], lists: [1, 1, 0, 1], receivedFen: 200_000 },
    });
    await expect(
      county.ask(
        `/policies/${ITEM}/coverage/households?area=${COUNTY}&result=received`,
        department,
      ),
    ).rejects.toThrow('role-not-allowed');
  });

  it('nothing of it wrote a number, a telephone or an account into the log', () => {
    expect(leaksOf(county).leaks).toEqual([]);
  });
});
