import { getDivisions, saveDivisions } from '../area/table.ts';
import { ancestorsOf } from '../core/division.ts';
import { type Division, nameFromCode, newDivision } from '../core/division-register.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import type { Kind, Planned } from './work.ts';

/** Names by code: what a divisions file wants of each place was checked against the others when it was read. */
export function divisionsKind(areaTable: string): Kind {
  return {
    inOrder: true,
    match: (_found, entries) => matchDivisions(areaTable, entries),
    apply: (found, items) => applyDivisions(areaTable, found, items),
  };
}

async function matchDivisions(
  table: string,
  entries: readonly StagedEntry[],
): Promise<readonly Decision[]> {
  const known = await getDivisions(
    table,
    entries.map((entry) => entry.key),
  );
  return entries.map((entry): Decision => {
    const before = known.get(entry.key);
    const target = { id: entry.key, version: before?.version ?? 0 };
    if (!before) return { outcome: 'new', target };
    if (before.name === entry.label) return { outcome: 'unchanged', target };
    const change = { field: 'name', person: null, before: before.name, after: entry.label };
    return { outcome: 'changed', target, changes: [change] };
  });
}

/** Places above the file's root that nobody has named yet. */
function ancestors(
  items: readonly Planned[],
  known: ReadonlyMap<string, Division>,
): readonly Division[] {
  const own = new Set(items.map((item) => item.plan.key));
  const above = new Set(items.flatMap((item) => ancestorsOf(item.plan.key)));
  return [...above]
    .filter((code) => !own.has(code) && !known.has(code))
    .sort((left, right) => left.length - right.length)
    .map((code) => newDivision(code, nameFromCode(code), null));
}

async function applyDivisions(
  table: string,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const codes = items.flatMap(({ plan }) => [plan.key, ...ancestorsOf(plan.key)]);
  const known = await getDivisions(table, codes);
  const late: string[] = [];
  const steps = ancestors(items, known).map((after) => ({ before: null, after }));
  const topDown = items.toSorted((left, right) => left.plan.key.length - right.plan.key.length);
  const wanted = topDown.flatMap(({ plan }) => {
    const before = known.get(plan.key) ?? null;
    if (before?.name === plan.label) return [];
    if ((before?.version ?? 0) !== plan.target?.version) {
      late.push(plan.key);
      return [];
    }
    const after = before
      ? { ...before, name: plan.label, version: before.version + 1 }
      : newDivision(plan.key, plan.label, null);
    return [{ before, after }];
  });
  const conflicts = await saveDivisions(table, [...steps, ...wanted], occasionOf(found));
  const ours = new Set(items.map(({ plan }) => plan.key));
  return [...late, ...conflicts.filter((code) => ours.has(code))];
}

/** What events say of an import: who approved it, when, and the day it speaks of. */
export function occasionOf(found: Import) {
  const { decidedBy = found.uploadedBy, decidedAt = found.changedAt, heldOn, id } = found;
  return { actor: decidedBy, at: decidedAt, heldOn, reason: '导入', source: id };
}
