import texts from './refusal-text.json' with { type: 'json' };

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

/** The reason in a clerk's words, with {placeholders} filled in. */
export function wordsOf(
  code: RefusalCode,
  language: Language,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return texts[code][language].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}
