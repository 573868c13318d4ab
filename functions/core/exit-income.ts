import { addDays, addMonths, type Day } from './day.ts';
import { netFenOf } from './dimension.ts';
import type { ExitGround } from './exit-ground.ts';
import type { SheetItem, Words } from './exit-item.ts';
import type { ExitRule } from './exit-rule.ts';
import type { Income } from './fact.ts';
import { type Known, met } from './guarantee.ts';
import { lineOn, type PovertyLine } from './rule-line.ts';

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

/** Why a period proves nothing on a day, in words; undefined when it does. */
function uselessOf({ from, to }: Income, on: Day, rule: ExitRule['income']): Words | undefined {
  const { endsWithinMonths, periodMonths } = rule;
  if (to > on) return { zh: '该收入期尚未结束', en: 'the period is not over' };
  if (to < addMonths(on, -endsWithinMonths))
    return {
      zh: `该收入期结束已超过 ${endsWithinMonths} 个月，须补录新的收入`,
      en: `the period ended more than ${endsWithinMonths} months before, so newer income is needed`,
    };
  if (addDays(to, 1) === addMonths(from, periodMonths)) return undefined;
  return {
    zh: `收入期应为 ${periodMonths} 个月`,
    en: `a period of ${periodMonths} months is needed`,
  };
}

/** What income comes to per head, and how it lies to the line of its period; the line itself is not enough. */
interface Judged {
  readonly netFen: number;
  readonly perHeadFen: number | null;
  readonly line: PovertyLine | null;
  readonly above: Known;
}

function judge(income: Income, persons: number): Judged {
  const netFen = netFenOf(income);
  const line = lineOn(income.to);
  return {
    netFen,
    perHeadFen: persons === 0 ? null : Math.round(netFen / persons),
    line,
    above: line === null || persons === 0 ? null : netFen > line.fen * persons,
  };
}

function standing({ line, above }: Judged): Words {
  if (above === null || line === null)
    return { zh: '无从与贫困线比较', en: 'not comparable to a line' };
  const amount = yuan(line.fen);
  return above
    ? { zh: `高于贫困线 ${amount} 元`, en: `above the line of ${amount} yuan` }
    : { zh: `不高于贫困线 ${amount} 元`, en: `not above the line of ${amount} yuan` };
}

function found(income: Income, judged: Judged, useless: Words | undefined): Words {
  const { perHeadFen } = judged;
  const lies = standing(judged);
  const zh = perHeadFen === null ? '没有成员记录' : `人均 ${yuan(perHeadFen)} 元`;
  const en = perHeadFen === null ? 'no members are recorded' : `${yuan(perHeadFen)} yuan per head`;
  const period = `${income.from} – ${income.to}`;
  return {
    zh: `${period}：${zh}，${lies.zh}${useless ? `；${useless.zh}` : ''}`,
    en: `${period}: ${en}, ${lies.en}${useless ? `; ${useless.en}` : ''}`,
  };
}

function partsOf(income: Income, judged: Judged, persons: number): NonNullable<SheetItem['parts']> {
  const { from, to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen } = income;
  const { netFen, perHeadFen, line } = judged;
  return {
    formula: '(wagesFen + businessFen + propertyFen + transferFen - businessCostFen) / persons',
    ...{ from, to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen },
    // Gives back what was spent: it counts as transfer income, and is shown apart.
    medicalReimbursementFen: income.transferParts?.medicalReimbursement ?? null,
    ...{ netFen, persons, perHeadFen },
    lineFen: line?.fen ?? null,
    lineFrom: line?.validFrom ?? null,
    lineSource: line?.source ?? null,
  };
}

const need: Words = {
  zh: '年人均纯收入高于收入期末当年的贫困线',
  en: 'net income per head above the line of the year in which its period ends',
};

/**
 * Net income per head lies above the line in force on the last day of its period; exactly at the line is not above. A period that is too
 * old, not over or no year proves nothing, but the sheet names it.
 */
export function incomeItem(ground: ExitGround, rule: ExitRule): SheetItem {
  const { income } = ground.facts;
  const item = { criterion: 'income', need, sources: ground.sources('income') };
  if (!income)
    return { ...item, answer: 'unknown', value: { zh: '没有收入记录', en: 'no record' } };
  const persons = ground.members.length;
  const judged = judge(income, persons);
  const useless = uselessOf(income, ground.on, rule.income);
  return {
    ...item,
    answer: met(useless ? null : judged.above),
    value: found(income, judged, useless),
    parts: partsOf(income, judged, persons),
  };
}
