import { describe, expect, it } from 'vitest';
import type { Entitlement } from '../../functions/core/entitlement.ts';
import { cardPage } from '../../functions/core/entitlement-page.ts';
import { entitlementList } from '../../functions/core/entitlement-view.ts';
import { benefitWords, reasonOf } from '../../functions/core/entitlement-words.ts';
import { yuanWords } from '../../functions/core/money-words.ts';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { registered, wantedMember } from '../support/build.ts';
import { benefit, policyDocument, policyItem } from '../support/policy-item.ts';
import { receipt } from '../support/receipt.ts';

const { household: poor } = registered({ facts: { type: 'low-income' } });
const home = { subject: 'household', benefit: benefit({ unit: 'household' }) } as const;

function listOf(
  items: readonly PolicyItem[],
  receipts: readonly ReturnType<typeof receipt>[] = [],
  { relation = 'head', household = poor } = {},
) {
  const members = household.members.map((member) => ({ member, facts: { relation } }));
  const on = { village: '350122101201', facts: { type: 'low-income' }, members };
  const policies = { documents: [policyDocument()], items, lines: [] };
  const list = entitlementList({
    ...{ household, on, policies, receipts, profile: undefined },
    ...{ day: '2017-10-23', isToday: false },
  });
  return { list, page: cardPage(list, policies) };
}

describe('the card', () => {
  it('of a household that has nothing and misses nothing says so', () => {
    const { page, list } = listOf([], [], { relation: 'son' });
    expect(list).toMatchObject({ headName: '', basis: 'known-now' });
    expect(page).toContain('目前没有记录');
    expect(page).toContain('目前没有遗漏的政策');
    expect(page).not.toContain('暂时不能判断');
  });

  it('says how each item is claimed: by itself, all year, now, or in its days', () => {
    const window = (fromMonthDay: string, toMonthDay: string) => ({ fromMonthDay, toMonthDay });
    const { page } = listOf([
      policyItem({ ...home, id: 'a', claim: 'automatic', illustrative: true }),
      policyItem({ ...home, id: 'b', evidence: [] }),
      policyItem({ ...home, id: 'c', claimWindow: window('09-01', '10-31') }),
      policyItem({
        ...home,
        id: 'd',
        claimWindow: window('03-01', '04-30'),
        evidence: ['一', '二', '三', '四', '五', '六'],
      }),
    ]);
    for (const words of [
      '不用申请，由教育局直接办理',
      '示例标准',
      '现在可以申请，10月31日截止',
      '申请时间：3月1日至4月30日',
      '带上：一、二、三、四、五等。',
    ])
      expect(page).toContain(words);
  });

  it('stays one page: the most of the year first, as many as have room, the rest counted and named', () => {
    const numbered = (count: number, papers: readonly string[]) =>
      Array.from({ length: count }, (_, at) =>
        policyItem({
          ...home,
          id: `i${at}`,
          name: { zh: `项目${at}号`, en: `item ${at}` },
          benefit: benefit({ unit: 'household', amountFen: (at + 1) * 100 }),
          evidence: [...papers],
        }),
      );
    const none = policyItem({
      ...home,
      id: 'none',
      benefit: benefit({ kind: 'service', amountFen: null }),
    });
    const rows = (page: string) => page.split('<li>').length - 1;
    const { page } = listOf([...numbered(20, ['户口簿']), none]);
    expect(page).toContain('您家还可以享受的政策（21 项）');
    expect(page).toContain('<span class="what">项目19号');
    expect(rows(page)).toBe(9);
    expect(page).toContain('另有 12 项：项目10号、项目9号、项目8号、项目7号、项目6号、项目5号等。');
    // Longer lines leave room for fewer; a household with little left is told all of it.
    const long = listOf(
      numbered(20, ['一二三四五六七八九十'.repeat(3), '一二三四五六七八九十'.repeat(3)]),
    );
    expect(rows(long.page)).toBe(7);
    const few = listOf(numbered(9, ['户口簿']));
    expect([rows(few.page), few.page.includes('另有')]).toEqual([9, false]);
    const had = {
      receivedWhen: { fact: 'household.type', op: 'is', value: 'low-income' },
    } as const;
    const both = listOf(numbered(20, []).map((item, at) => ({ ...item, ...(at > 9 && had) })));
    expect(rows(both.page)).toBe(11);
    expect(both.page).toContain('（10 项）');
    // One with more to say than a page holds stands there all the same.
    const whole = listOf(
      numbered(
        2,
        Array.from({ length: 5 }, () => '一二三四五六七八九十'.repeat(40)),
      ),
    );
    expect(rows(whole.page)).toBe(1);
  });

  it('says what was received, for whom, and lets no mark-up through', () => {
    const [head] = poor.members;
    const item = policyItem({ name: { zh: '<b>"助"&\'学\'', en: 'x' } });
    const free = policyItem({
      ...home,
      id: 'free',
      receivedWhen: { fact: 'household.type', op: 'is', value: 'low-income' },
    });
    const had = receipt({
      household: poor.id,
      item: 'edu-grant',
      person: head?.id ?? null,
      amountFen: 150_050,
    });
    const { page } = listOf([item, free], [had]);
    expect(page).toContain('&lt;b&gt;&quot;助&quot;&amp;&#39;学&#39;（陈样本）');
    expect(page).toContain('本期已领 1,500.50 元');
    const many = ['甲', '乙', '丙', '丁'].map((name) => wantedMember({ name, identity: null }));
    const family = registered({
      members: many.map((one, at) => ({ ...one, relation: at === 0 ? 'head' : 'son' })),
    });
    const all = listOf([policyItem()], [], family);
    expect(all.page).toContain('（甲、乙、丙等4人）');
  });
});

describe('words', () => {
  it('amounts are written as people write them', () => {
    expect([0, 5, 100, 123_456_789, 200_000].map((fen) => yuanWords(fen).zh)).toEqual([
      ...['0 元', '0.05 元', '1 元', '1,234,567.89 元', '2,000 元'],
    ]);
    expect(yuanWords(150).en).toBe('1.50 yuan');
  });

  it('a benefit says for what, how often and up to what', () => {
    expect(benefitWords(benefit({ capFen: 500_000 }))).toEqual({
      zh: '每人每年 2,000 元，至多 5,000 元',
      en: '2,000 yuan for each person a year, 5,000 yuan at most',
    });
    expect(benefitWords(benefit({ unit: 'mu', period: 'once' })).en).toBe(
      '2,000 yuan for each mu once',
    );
    expect(benefitWords(benefit({ kind: 'job', amountFen: null })).zh).toBe('就业岗位');
    expect(benefitWords(benefit({ kind: 'loan', amountFen: null, capFen: 5_000_000 }))).toEqual({
      zh: '贷款支持，至多 50,000 元',
      en: 'help with a loan, 50,000 yuan at most',
    });
  });

  it('a reason names the amount that is unknown, the item had instead, and facts as people call them', () => {
    const one: Omit<Entitlement, 'result'> = {
      ...{ item: 'a', version: 1, person: null, eligible: 'yes', received: false, receivedFen: 0 },
      ...{
        dueFen: null,
        yearFen: null,
        period: '2017',
        missing: ['household.farmlandMu', 'x.y'],
        excludedBy: null,
      },
    };
    const missed = reasonOf({ ...one, result: 'missed' });
    expect(missed.zh).toMatch(/尚未落实。金额不明，缺少：.+、x\.y。$/);
    expect(missed.en).toContain('The amount is not known without');
    expect(reasonOf({ ...one, result: 'received', receivedFen: 100 })).toMatchObject({
      zh: expect.stringContaining('本期已落实 1 元。'),
      en: expect.stringContaining('Received in this period: 1 yuan.'),
    });
    expect(reasonOf({ ...one, missing: [], result: 'received' })).toEqual({
      zh: '本期已落实。',
      en: 'Received in this period.',
    });
    const excluded = { ...one, result: 'not-eligible', excludedBy: 'b' } as const;
    expect(reasonOf(excluded).en).toBe('It cannot be had together with "b".');
    expect(reasonOf(excluded, { zh: '乙', en: 'B' }).zh).toContain('“乙”');
    const unknown = reasonOf({ ...one, result: 'unknown', eligible: 'unknown', received: true });
    expect(unknown.en).toContain('It cannot be told without');
    expect(unknown.zh).toContain('但台账记为已享受');
    expect(reasonOf({ ...one, result: 'not-eligible', eligible: 'no' }).zh).toBe('不符合条件：。');
  });
});
