import type * as z from 'zod';
import { calledBy, type Language } from './refusal-text.ts';

type Issue = z.core.$ZodIssue;
type Words = Readonly<Record<Language, string>>;

const kinds: Readonly<Record<string, Words>> = {
  string: { zh: '应为文字', en: 'a text is expected' },
  number: { zh: '应为数字', en: 'a number is expected' },
  int: { zh: '应为整数', en: 'a whole number is expected' },
  boolean: { zh: '应为 true 或 false', en: 'true or false is expected' },
  array: { zh: '应为列表', en: 'a list is expected' },
  object: { zh: '应为一组字段', en: 'an object is expected' },
  record: { zh: '应为一组字段', en: 'an object is expected' },
};
const malformed: Words = { zh: '格式不对', en: 'not of the form expected' };
const absent: Words = { zh: '不能缺少', en: 'it is missing' };
const aDay: Words = {
  zh: '应为真实日期，如 2017-10-23',
  en: 'a real day such as 2017-10-23 is expected',
};
const aCode: Words = {
  zh: '应为区划代码：省 2 位、市 4 位、县 6 位、乡镇 9 位、村 12 位',
  en: 'a division code is expected: 2 digits for a province, 4 city, 6 county, 9 town, 12 village',
};

const aFile: Words = {
  zh: '文件名应以 .xlsx 或 .csv 结尾',
  en: 'the name of an .xlsx or .csv file is expected',
};

const noNumber: Words = {
  zh: '请勿填写身份证号、电话或账号等长串数字',
  en: 'leave out identity numbers, phones and accounts: no long numbers',
};

const eitherOr: Words = {
  zh: '筛选条件与户名单只填一项',
  en: 'give either filters or households, and not both',
};

const householdOrVillage: Words = {
  zh: '请填写户编号或行政村代码，二者只填一项',
  en: 'give either a household or a village, and not both',
};

const villageOrTown: Words = {
  zh: '请选择一个乡镇或一个村',
  en: 'choose a town or a village',
};

/** What is wrong with the form of a condition. */
const ofCondition: Readonly<Record<string, Words>> = {
  'condition-form': {
    zh: '应为 {all: […]}、{any: […]}、{not: …} 或 {fact, op, value} 之一',
    en: 'one of {all: […]}, {any: […]}, {not: …} or {fact, op, value} is expected',
  },
  'condition-op': {
    zh: '比较方式可填：is、is-not、in、not-in、has、has-not、below、at-most、above、at-least',
    en: 'it can be is, is-not, in, not-in, has, has-not, below, at-most, above, at-least',
  },
  'condition-value': {
    zh: '应为文字、数字、true 或 false、文字列表，或 {line: 标准线}',
    en: 'a text, a number, true or false, a list of texts or {line: a line} is expected',
  },
  'condition-deep': { zh: '嵌套至多 8 层', en: 'nested 8 levels at most' },
  'condition-many': { zh: '至多 100 项比较', en: '100 comparisons at most' },
};

/** Rules of our own that say by a name what they want. */
const told: Readonly<Record<string, Words>> = {
  'no-long-number': noNumber,
  either: eitherOr,
  'household-or-village': householdOrVillage,
  'village-or-town': villageOrTown,
  ...ofCondition,
};

/** Fields that hold a division code; other fields judged by a rule of their own are days. */
const CODES = new Set(['area', 'village', 'code', 'codes', 'newCode', 'parent', 'members']);

function nameIn(issue: Issue): string {
  return String(issue.path.findLast((part) => typeof part === 'string'));
}

function ruled(issue: Issue): Words {
  if (nameIn(issue) === 'fileName') return aFile;
  const said = told[issue.message];
  if (said) return said;
  const isCode = CODES.has(nameIn(issue)) || issue.path.includes('renumber');
  return isCode ? aCode : issue.code === 'custom' ? aDay : malformed;
}

/** The least or most that a number, a text or a list may be. */
function bounded(origin: string, bound: number | bigint, side: 'least' | 'most'): Words {
  const [zh, en] = side === 'least' ? ['至少', 'at least'] : ['至多', 'at most'];
  if (origin === 'string') return { zh: `${zh} ${bound} 个字`, en: `${en} ${bound} letters` };
  if (origin === 'array') return { zh: `${zh} ${bound} 项`, en: `${en} ${bound} of them` };
  return { zh: `${zh}为 ${bound}`, en: `${en} ${bound}` };
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): Words {
  if (origin === 'string' && minimum === 1) return absent;
  if (inclusive !== false) return bounded(origin, minimum, 'least');
  return { zh: `须大于 ${minimum}`, en: `more than ${minimum}` };
}

function kindWords(expected: string, input: unknown): Words {
  return input === undefined ? absent : (kinds[expected] ?? malformed);
}

/** What a value may be, where that is a list; a body of several kinds is told apart by one such field. */
function oneOf(options: unknown): Words {
  if (!Array.isArray(options)) return malformed;
  return { zh: `可填：${options.join('、')}`, en: `it can be ${options.join(', ')}` };
}

function wordsFor(issue: Issue): Words {
  switch (issue.code) {
    case 'invalid_type':
      return kindWords(issue.expected, issue.input);
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return bounded(issue.origin, issue.maximum, 'most');
    case 'invalid_value':
      return issue.input === undefined ? absent : oneOf(issue.values);
    case 'invalid_union':
      return oneOf('options' in issue ? issue.options : undefined);
    case 'invalid_format':
    case 'custom':
      return ruled(issue);
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
      return malformed;
  }
}

/** Why a value does not fit its field, in words of this house instead of the parser's. */
export function fieldReason(issue: Issue, language: Language): string {
  return wordsFor(issue)[language];
}

/** What the request as a whole is called where a fault names no field. */
export function fieldCalled(field: string, language: Language): string {
  if (field !== '') return calledBy(field, language);
  return language === 'zh' ? '提交的内容' : 'The body';
}
