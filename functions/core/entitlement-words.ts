import type { Entitlement } from './entitlement.ts';
import { yuanWords } from './money-words.ts';
import type { Benefit, PolicyItem } from './policy.ts';
import { definitionOf } from './policy-fact.ts';
import { type LineNames, sentenceOf } from './policy-sentence.ts';
import type { Language } from './refusal-text.ts';

type Words = Readonly<Record<Language, string>>;

function both(word: (language: Language) => string): Words {
  return { zh: word('zh'), en: word('en') };
}

const joined = { zh: '；', en: '; ' } as const;

/** What people call a fact; its id where the catalogue does not know it. */
function factWord(fact: string, language: Language): string {
  return definitionOf(fact)?.[language] ?? fact;
}

const periods: Readonly<Record<Benefit['period'], Words>> = {
  once: { zh: '一次性', en: 'once' },
  month: { zh: '每月', en: 'a month' },
  term: { zh: '每学期', en: 'a term' },
  year: { zh: '每年', en: 'a year' },
};
const units: Readonly<Record<Benefit['unit'], Words>> = {
  person: { zh: '每人', en: ' for each person' },
  household: { zh: '每户', en: ' for the household' },
  mu: { zh: '每亩', en: ' for each mu' },
  village: { zh: '每村', en: ' for the village' },
  percent: { zh: '每 100 元', en: ' of every 100 yuan' },
};
const kinds: Readonly<Record<Benefit['kind'], Words>> = {
  cash: { zh: '补助', en: 'a grant' },
  waiver: { zh: '减免', en: 'a waiver' },
  service: { zh: '服务', en: 'a service' },
  loan: { zh: '贷款支持', en: 'help with a loan' },
  job: { zh: '就业岗位', en: 'a job' },
  project: { zh: '项目支持', en: 'a project' },
};

/** What an item gives, in words: “每人每年 2,000 元”. */
export function benefitWords({ kind, amountFen, unit, period, capFen }: Benefit): Words {
  const most = capFen === null ? undefined : yuanWords(capFen);
  if (amountFen === null)
    return {
      zh: `${kinds[kind].zh}${most ? `，至多 ${most.zh}` : ''}`,
      en: `${kinds[kind].en}${most ? `, ${most.en} at most` : ''}`,
    };
  return {
    zh: `${units[unit].zh}${periods[period].zh} ${yuanWords(amountFen).zh}${most ? `，至多 ${most.zh}` : ''}`,
    en: `${yuanWords(amountFen).en}${units[unit].en} ${periods[period].en}${most ? `, ${most.en} at most` : ''}`,
  };
}

function clauseWords({ because }: Entitlement, language: Language, lines: LineNames): string {
  const clauses = (because ?? []).map(({ clause }) => sentenceOf(clause, language, lines));
  return [...new Set(clauses)].join(joined[language]);
}

function missingWords({ because, missing }: Entitlement, language: Language): string {
  const facts = new Set([...(because ?? []).map(({ fact }) => fact), ...missing]);
  return [...facts].map((fact) => factWord(fact, language)).join(language === 'zh' ? '、' : ', ');
}

const served: Words = {
  zh: '但台账记为已享受，请核实。',
  en: ' It was received all the same: check it.',
};

function notEligible(one: Entitlement, other: Words | undefined, lines: LineNames): Words {
  return both((language) => {
    const zh = language === 'zh';
    if (one.excludedBy !== null) {
      const name = other?.[language] ?? one.excludedBy;
      return zh ? `与“${name}”不能同时享受。` : `It cannot be had together with "${name}".`;
    }
    const clauses = clauseWords(one, language, lines);
    return zh ? `不符合条件：${clauses}。` : `Not so: ${clauses}.`;
  });
}

function amountUnknown(one: Entitlement, language: Language): string {
  if (one.missing.length === 0) return '';
  const facts = missingWords({ ...one, because: [] }, language);
  return language === 'zh'
    ? `金额不明，缺少：${facts}。`
    : ` The amount is not known without: ${facts}.`;
}

function entitled(one: Entitlement): Words {
  return both((language) => {
    const amount = amountUnknown(one, language);
    const zh = language === 'zh';
    if (one.result === 'missed')
      return (
        (zh ? '符合条件，本期尚未落实。' : 'Entitled, and not received in this period.') + amount
      );
    const fen = one.receivedFen > 0 ? yuanWords(one.receivedFen)[language] : '';
    const got = zh
      ? `本期已落实${fen && ` ${fen}`}。`
      : `Received in this period${fen && `: ${fen}`}.`;
    return got + amount;
  });
}

/**
 * Why an item stands as it does, in a clerk's words: the clause that fails, the fact that is missing, what it excludes.
 * @param other name of the item had instead
 * @param lines names of the lines that its condition may name
 */
export function reasonOf(
  one: Entitlement,
  other?: PolicyItem['name'],
  lines: LineNames = {},
): Words {
  if (one.result === 'received' || one.result === 'missed') return entitled(one);
  const why =
    one.result === 'not-eligible'
      ? notEligible(one, other, lines)
      : both((language) => {
          const facts = missingWords(one, language);
          return language === 'zh'
            ? `无法判断，缺少：${facts}。请补录。`
            : `It cannot be told without: ${facts}. Enter it.`;
        });
  if (!one.received) return why;
  return { zh: why.zh + served.zh, en: why.en + served.en };
}
