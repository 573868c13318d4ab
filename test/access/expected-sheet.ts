import type { Expected } from './expected.ts';

/** Lists that come as spreadsheets too. */
export const listsWithSheets = [
  'household.list',
  'person.list',
  'helper.list',
  'helper.read',
  'pairing.gaps',
  'visit.overdue',
  'measure.list',
  'measure.loans',
  'health.persons',
  'coverage.names',
  'policy.entitlements',
] as const;

/** Whoever may look at a list may have it as a spreadsheet, at an address of its own; nobody else. */
export function sheetsLike(
  lists: Readonly<Record<string, Expected>>,
): Readonly<Record<string, Expected>> {
  return Object.fromEntries(
    listsWithSheets.flatMap((id) => {
      const list = lists[id];
      return list ? [[`${id}.sheet`, { ...list, granted: 303 }]] : [];
    }),
  );
}
