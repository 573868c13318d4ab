import texts from './refusal-text.json' with { type: 'json' };
import words from './refusal-word.json' with { type: 'json' };

/** Stable code of a refusal; its HTTP status and its words in Chinese and English stand in refusal-text.json. */
export type RefusalCode = keyof typeof texts;
export type Language = 'zh' | 'en';

export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(texts, text);
}

/** The status with which a refusal leaves the API. */
export function statusOf(code: RefusalCode): number {
  return texts[code].status;
}

/** Placeholders whose values may be names of ours: fields, statuses, states. */
const NAMING = new Set([
  'field',
  'from',
  'to',
  'state',
  'level',
  'levels',
  'procedure',
  'kind',
  'act',
]);
const between: Readonly<Record<Language, string>> = { zh: '、', en: ', ' };
/** Looked at when a refusal is put in words, not before: bundles carry the texts packed. */
const known: Readonly<Record<string, Record<Language, string>>> = words;

/** What people call a field (its last name where it lies inside others, unless it is called otherwise there) or a status; others as they are. */
export function calledBy(name: string, language: Language): string {
  const [last = name, outer = ''] = name.split('.').toReversed();
  const inside = /^\d+$/.test(outer) ? name.split('.').at(-3) : outer;
  const word = [`${inside}.${last}`, last].find((one) => Object.hasOwn(known, one));
  return (word === undefined ? undefined : known[word]?.[language]) ?? name;
}

/** The reason in a clerk's words, with {placeholders} filled in. */
export function wordsOf(
  code: RefusalCode,
  language: Language,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return texts[code][language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = String(values[name] ?? whole);
    if (!NAMING.has(name)) return value;
    return value
      .split(between.zh)
      .map((one) => calledBy(one, language))
      .join(between[language]);
  });
}
