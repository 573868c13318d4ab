import lists from './code-list.json' with { type: 'json' };

/** One entry of a code list: the stable code, what people read, and other labels ledgers use for it. */
export interface Code {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly also?: readonly string[];
}

export type CodeListName = keyof typeof lists;

/**
 * The county's code lists (domain: registration form of poor households; nations by GB/T 3304; relations after GB/T 4761). Served by the
 * API as they stand here. Entries are only ever appended: rosters store an entry's position.
 */
export const codeLists: Readonly<Record<CodeListName, readonly Code[]>> = lists;

/** The codes of a list, in order. */
export function codesOf(name: CodeListName): readonly string[] {
  return codeLists[name].map((entry) => entry.code);
}

/** What people read for a code; the code itself where the list does not know it. */
export function labelOf(name: CodeListName, code: string, language: 'zh' | 'en'): string {
  return codeLists[name].find((entry) => entry.code === code)?.[language] ?? code;
}
