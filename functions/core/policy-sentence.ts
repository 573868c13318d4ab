import { labelOf } from './code-list.ts';
import { type Clause, type Condition, negated, type Op, type Value } from './policy-condition.ts';
import {
  definitionOf,
  type FactDefinition,
  type FactUnit,
  type FactValue,
  isBounds,
} from './policy-fact.ts';
import type { Language } from './refusal-text.ts';

type Words = Readonly<Record<Language, string>>;

const units: Readonly<Record<FactUnit, Words>> = {
  fen: { zh: '元', en: ' yuan' },
  years: { zh: '周岁', en: '' },
  year: { zh: '年', en: '' },
  months: { zh: '个月', en: ' months' },
  mu: { zh: '亩', en: ' mu' },
  persons: { zh: '人', en: '' },
  grade: { zh: '级', en: '' },
  kilometres: { zh: '公里', en: ' km' },
  squareMetres: { zh: '平方米', en: ' m²' },
  households: { zh: '户', en: '' },
  hamlets: { zh: '个', en: '' },
  kinds: { zh: '个', en: '' },
};

const verbs: Readonly<Record<Op, Words>> = {
  is: { zh: '为', en: ' is ' },
  'is-not': { zh: '不为', en: ' is not ' },
  in: { zh: '为', en: ' is ' },
  'not-in': { zh: '不为', en: ' is not ' },
  has: { zh: '包括', en: ' includes ' },
  'has-not': { zh: '不包括', en: ' does not include ' },
  below: { zh: '低于', en: ' is below ' },
  'at-most': { zh: '不超过', en: ' is at most ' },
  above: { zh: '高于', en: ' is above ' },
  'at-least': { zh: '不低于', en: ' is at least ' },
};
const dayVerbs: Readonly<Partial<Record<Op, Words>>> = {
  below: { zh: '早于', en: ' is before ' },
  'at-most': { zh: '不晚于', en: ' is not after ' },
  above: { zh: '晚于', en: ' is after ' },
  'at-least': { zh: '不早于', en: ' is not before ' },
};
const countVerbs: Readonly<Partial<Record<Op, Words>>> = {
  below: { zh: '少于', en: ' are fewer than ' },
  above: { zh: '多于', en: ' are more than ' },
  'at-least': { zh: '不少于', en: ' are at least ' },
  'at-most': { zh: '不超过', en: ' are at most ' },
  is: { zh: '为', en: ' are ' },
  'is-not': { zh: '不为', en: ' are not ' },
};
const counted: ReadonlySet<FactUnit | undefined> = new Set([
  'persons',
  'households',
  'hamlets',
  'kinds',
]);

/** What lines are called, by id. */
export type LineNames = Readonly<Record<string, Words>>;

/** Lines that go by a common name where nobody has named them; others are called by their id. */
const common: LineNames = {
  poverty: { zh: '扶贫标准', en: 'the poverty line' },
  dibao: { zh: '低保标准', en: 'the low-income allowance line' },
  destitute: { zh: '特困供养标准', en: 'the line of destitute support' },
};

const and: Words = { zh: '且', en: ' and ' };
const or: Words = { zh: '，或者', en: ' or ' };

function list(words: readonly string[], language: Language): string {
  const [comma, last] = language === 'zh' ? ['、', '或'] : [', ', ' or '];
  const before = (at: number) => (at === words.length - 1 ? last : comma);
  return words.map((word, at) => (at === 0 ? word : before(at) + word)).join('');
}

function numberWords(value: number, unit: FactUnit | undefined, language: Language): string {
  const amount = unit === 'fen' ? Math.round(value) / 100 : value;
  return amount + (unit ? units[unit][language] : '');
}

/** What a fact is, in words: codes by their labels, money in yuan; an unknown one says so. */
export function valueWords(
  fact: FactDefinition,
  value: FactValue | undefined,
  language: Language,
): string {
  const word = (code: string) => (fact.list ? labelOf(fact.list, code, language) : code);
  if (value === undefined) return language === 'zh' ? '未登记' : 'not recorded';
  if (typeof value === 'boolean') return (value ? fact.yes : fact.no)?.[language] ?? String(value);
  if (typeof value === 'number') return numberWords(value, fact.unit, language);
  if (typeof value === 'string') return word(value);
  if (isBounds(value)) return `${value.least}–${numberWords(value.most, fact.unit, language)}`;
  return value.map(word).join(language === 'zh' ? '、' : ', ');
}

/** How a sentence is told. */
interface Telling {
  readonly language: Language;
  readonly lines: LineNames;
}

/** What a fact is compared with. */
function against(fact: FactDefinition, value: Value, { language, lines }: Telling): string {
  if (typeof value !== 'object') return valueWords(fact, value, language);
  if ('line' in value)
    return (lines[value.line] ?? common[value.line])?.[language] ?? `“${value.line}”`;
  const words = value.map((code) => valueWords(fact, code, language));
  return list(words, language);
}

function verbOf({ type, unit }: FactDefinition, op: Op): Words {
  const special = type === 'day' ? dayVerbs : counted.has(unit) ? countVerbs : {};
  return special[op] ?? verbs[op];
}

function clauseWords({ fact: id, op, value }: Clause, telling: Telling): string {
  const { language } = telling;
  const fact = definitionOf(id);
  if (!fact) return id;
  if (typeof value === 'boolean') return valueWords(fact, value === (op === 'is'), language);
  return fact[language] + verbOf(fact, op)[language] + against(fact, value, telling);
}

function bracket(words: string, language: Language): string {
  return language === 'zh' ? `（${words}）` : `(${words})`;
}

function part(condition: Condition, telling: Telling): string {
  const words = nested(condition, telling);
  return 'all' in condition || 'any' in condition ? bracket(words, telling.language) : words;
}

function nested(condition: Condition, telling: Telling): string {
  const { language } = telling;
  if ('fact' in condition) return clauseWords(condition, telling);
  if ('not' in condition && 'fact' in condition.not)
    return clauseWords(negated(condition.not), telling);
  if ('not' in condition)
    return (
      (language === 'zh' ? '并非' : 'not ') + bracket(nested(condition.not, telling), language)
    );
  const parts = 'all' in condition ? condition.all : condition.any;
  const [only, ...others] = parts;
  if (only && others.length === 0) return nested(only, telling);
  const word = 'all' in condition ? and : or;
  return parts.map((one) => part(one, telling)).join(word[language]);
}

/**
 * A condition as a sentence that a clerk can check against the document:
 * “在校学段为学前教育，并且（贫困户属性为低保贫困户或是军烈属）”.
 * @param lines what the lines it names are called where it is read
 */
export function sentenceOf(
  condition: Condition,
  language: Language,
  lines: LineNames = {},
): string {
  const telling = { language, lines };
  if ('all' in condition && language === 'zh')
    return condition.all.map((one) => part(one, telling)).join('，并且');
  return nested(condition, telling);
}
