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

const Made = z.looseObject({ id: z.string() });
const Result = z.looseObject({ item: z.string(), result: z.string(), receivedFen: z.number() });
const List = z.looseObject({ counts: z.record(z.string(), z.number()), items: z.array(Result) });
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

/** Households behind each figure of the county's coverage, as the figure and as its list say it. */
async function coverage() {
  const shown = z
    .looseObject({ isCurrent: z.boolean(), total: z.record(z.string(), z.unknown()) })
    .parse(await county.ask(`/policies/${ITEM}/coverage?area=${COUNTY}`));
  return shown;
}

beforeAll(async () => {
  county = await openCounty(COUNTY, SAMPLE_DAY);
  const [divisions] = sample;
  if (divisions) await county.take(divisions);
  office = await county.token(COUNTY);
  helper = await county.token(COUNTY, 'helper', 'phone-of-chen');
  for (const { number, type, identityNumber } of homes) {
    const body = {
      ...{ number, village: VILLAGE, heldFrom: '2016-01-01', heldOn: '2016-01-01' },
      facts: { status: 'unexited', mainCause: 'illness', type },
      members: [{ name: '陈样本', relation: 'head', identityNumber }],
    };
    ids.push(Made.parse(await send('/households', body)).id);
  }
  await county.run.idle(60_000);
}, 120_000);
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
});
