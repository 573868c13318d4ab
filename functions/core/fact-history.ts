import type { Day } from './day.ts';
import type { FactSheet } from './fact.ts';
import { type Refusal, refuse } from './refusal.ts';

type Sheets<Facts> = readonly FactSheet<Facts>[];

/** Whether two fact values say the same; lists are sets of codes, records compare by their fields. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value) => other.includes(value));
  if (isRecord(one) && isRecord(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => sameValue(one[name], other[name]));
  }
  return (one ?? null) === (other ?? null);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values that are stated: fields whose value is undefined are left out. */
export function stated<Values extends object>(
  values: Values,
): { [Field in keyof Values]?: Exclude<Values[Field], undefined> } {
  const kept: { [Field in keyof Values]?: Exclude<Values[Field], undefined> } = {};
  for (const field in values) {
    const value = values[field];
    if (isStated(value)) kept[field] = value;
  }
  return kept;
}

function isStated<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}

/** Splits a sheet in two by a test on its fields; a part without fields is undefined. */
export function splitSheet<Facts extends object>(
  sheet: FactSheet<Facts>,
  test: (field: string) => boolean,
): readonly [FactSheet<Facts> | undefined, FactSheet<Facts> | undefined] {
  return [part(sheet, test), part(sheet, (field) => !test(field))];
}

function part<Facts extends object>(
  sheet: FactSheet<Facts>,
  test: (field: string) => boolean,
): FactSheet<Facts> | undefined {
  const { heldFrom, heldTo, enteredAt } = sheet;
  const values: Partial<Facts> = {};
  for (const field in sheet.values) {
    if (test(field)) values[field] = sheet.values[field];
  }
  const cleared = (sheet.cleared ?? []).filter(test);
  if (Object.keys(values).length + cleared.length === 0) return undefined;
  return { heldFrom, heldTo, enteredAt, values, ...(cleared.length > 0 && { cleared }) };
}

/** Fields a sheet speaks of. */
export function fieldsOf<Facts>(sheet: FactSheet<Facts>): readonly string[] {
  return [...Object.keys(sheet.values), ...(sheet.cleared ?? [])];
}

/** Later held wins; held from the same day, later entered wins. */
function order<Facts>(one: FactSheet<Facts>, other: FactSheet<Facts>): number {
  if (one.heldFrom !== other.heldFrom) return one.heldFrom < other.heldFrom ? -1 : 1;
  if (one.enteredAt === other.enteredAt) return 0;
  return one.enteredAt < other.enteredAt ? -1 : 1;
}

/** Open sheets of the same day and instant become one. */
function join<Facts extends object>(sheets: Sheets<Facts>): Sheets<Facts> {
  const joined: FactSheet<Facts>[] = [];
  for (const sheet of sheets) {
    const place = joined.findIndex((one) => order(one, sheet) === 0);
    const twin = joined[place];
    if (!twin) {
      joined.push(sheet);
      continue;
    }
    const cleared = [...(twin.cleared ?? []), ...(sheet.cleared ?? [])];
    const values = { ...twin.values, ...sheet.values };
    joined[place] = { ...twin, values, ...(cleared.length > 0 && { cleared }) };
  }
  return joined;
}

/**
 * Enters facts. Each field stays current in the open sheet held from the latest day (the latest entry on a tie); what is replaced, and
 * what was entered for past days only, is put away into the event, so that nothing is lost and the order of entry does not matter.
 */
export function enterFacts<Facts extends object>(
  sheets: Sheets<Facts>,
  entry: FactSheet<Facts>,
): { readonly current: Sheets<Facts>; readonly putAway: Sheets<Facts> } {
  if (entry.heldTo !== null) return { current: sheets, putAway: [entry] };
  const entered = new Set(fieldsOf(entry));
  const outdone = new Set(
    sheets.filter((sheet) => order(sheet, entry) > 0).flatMap((sheet) => fieldsOf(sheet)),
  );
  const split = sheets.map((sheet) =>
    splitSheet(sheet, (field) => !entered.has(field) || outdone.has(field)),
  );
  const [late, standing] = splitSheet(entry, (field) => outdone.has(field));
  const present = <T>(value: T | undefined): value is T => value !== undefined;
  return {
    current: join([...split.map(([kept]) => kept), standing].filter(present)),
    putAway: [...split.map(([, replaced]) => replaced), late].filter(present),
  };
}

/**
 * The part of an entry that says something new: fields that repeat what is known to hold by then are left out.
 * @returns undefined when nothing is new
 */
export function newsIn<Facts extends object>(
  sheets: Sheets<Facts>,
  entry: FactSheet<Facts>,
): FactSheet<Facts> | undefined {
  if (entry.heldTo !== null) return entry;
  const known: Partial<Facts> = {};
  for (const sheet of sheets) {
    if (sheet.heldFrom <= entry.heldFrom) Object.assign(known, sheet.values);
  }
  // What is known from a later day says nothing of the days before it: there the field may have been known as well.
  const later = new Set(knownLater(sheets, entry));
  const isNews = (field: string): boolean =>
    later.has(field) || !sameValue(lookUp(known, field), lookUp(entry.values, field));
  return splitSheet(entry, isNews)[0];
}

function lookUp(values: object, field: string): unknown {
  return Object.entries(values).find(([name]) => name === field)?.[1];
}

/** Fields of an entry that are known from a later day than the entry's own. */
export function knownLater<Facts>(
  sheets: Sheets<Facts>,
  entry: FactSheet<Facts>,
): readonly string[] {
  const later = new Set(
    sheets.filter((sheet) => sheet.heldFrom > entry.heldFrom).flatMap((sheet) => fieldsOf(sheet)),
  );
  return fieldsOf(entry).filter((field) => later.has(field));
}

function isHeldOn<Facts>(entry: FactSheet<Facts>, day: Day): boolean {
  return entry.heldFrom <= day && (entry.heldTo === null || day < entry.heldTo);
}

/** All facts as they held on a day, by what is known now; a field that is absent was unknown. */
export function factsOn<Facts extends object>(entries: Sheets<Facts>, day: Day): Partial<Facts> {
  const held = entries.filter((entry) => isHeldOn(entry, day));
  const values: Partial<Facts> = {};
  for (const entry of held.toSorted(order)) {
    Object.assign(values, entry.values);
    for (const field of entry.cleared ?? []) delete values[field];
  }
  return values;
}

/** The sheet that says what a fact was on a day, or that it was unknown; undefined where nobody ever said. */
export function sheetOf<Facts extends object>(
  entries: Sheets<Facts>,
  field: keyof Facts & string,
  day: Day,
): FactSheet<Facts> | undefined {
  return entries
    .filter((entry) => isHeldOn(entry, day) && fieldsOf(entry).includes(field))
    .toSorted(order)
    .at(-1);
}

/** One fact as it held on a day; null where unknown. */
export function valueOn<Facts extends object, Field extends keyof Facts & string>(
  entries: Sheets<Facts>,
  field: Field,
  day: Day,
): Facts[Field] | null {
  return factsOn(entries, day)[field] ?? null;
}

/** Why days cannot be those of a fact: not in the future, and ending after they begin. */
export function refuseDays(
  days: { readonly heldFrom: Day; readonly heldTo: Day | null },
  today: Day,
): Refusal | undefined {
  if (days.heldFrom > today) return refuse('date-future', { field: 'heldFrom' });
  if (days.heldTo === null) return undefined;
  if (days.heldTo > today) return refuse('date-future', { field: 'heldTo' });
  return days.heldTo <= days.heldFrom ? refuse('date-order', { field: 'heldTo' }) : undefined;
}
