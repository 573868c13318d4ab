import { type AreaCode, ancestorAt, levelOf, liesWithin, parentOf } from '../core/division.ts';
import {
  Arrival,
  DivisionEvent,
  DivisionShape,
  kindOfStep,
  type Occasion,
} from '../core/division-event.ts';
import type { Division } from '../core/division-register.ts';
import { formerCodes } from '../core/division-scope.ts';
import { now } from '../lib/clock.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  type Key,
  putItem,
  queryAll,
  queryPage,
  transact,
} from '../lib/dynamo.ts';
import { inLanes } from '../lib/lanes.ts';
import { type AreaResolver, cachedScope } from '../lib/scope.ts';

/** Version of the shapes stored here. */
const V = 1;
/** Versions count down in keys, so that the newest event comes first. */
const LAST_VERSION = 999_999_999;
/** Divisions per transaction: two items each, under its limit of 100 actions. */
const PER_TRANSACTION = 45;
/** Queries under way at once when a whole tree is read. */
const LANES = 8;

/** A division lies in the partition of its parent, which its code tells: one item serves both the look-up and the list of children. */
function keyOf(code: AreaCode): Required<Key> {
  return { pk: `A#${parentOf(code) ?? '0'}`, sk: code };
}

/** One division, closed ones included. */
export async function getDivision(table: string, code: AreaCode): Promise<Division | undefined> {
  if (levelOf(code) === undefined) return undefined;
  const item = await getItem(table, keyOf(code));
  return item && DivisionShape.parse(item);
}

/** Divisions by code; unknown ones are missing from the answer. */
export async function getDivisions(
  table: string,
  codes: readonly AreaCode[],
): Promise<ReadonlyMap<AreaCode, Division>> {
  const keys = [...new Set(codes)].filter((code) => levelOf(code) !== undefined).map(keyOf);
  const items = await batchGet(table, keys, true);
  return new Map(
    items.map((item) => DivisionShape.parse(item)).map((division) => [division.code, division]),
  );
}

/** Divisions directly inside, closed ones included, in the order of their codes: one Query. */
export async function childrenOf(table: string, code: AreaCode): Promise<readonly Division[]> {
  const children: Division[] = [];
  for await (const item of queryAll(table, { pk: `A#${code}`, consistent: true }))
    children.push(DivisionShape.parse(item));
  return children;
}

/** A division and everything inside, level by level; one Query per division that is not a village. Empty where the code is unknown. */
export async function divisionsUnder(table: string, code: AreaCode): Promise<readonly Division[]> {
  const root = await getDivision(table, code);
  const found: Division[] = root ? [root] : [];
  let layer: readonly Division[] = found.slice();
  while (layer.length > 0) {
    layer = await layerBelow(table, layer);
    // A country's villages are more than a call takes arguments.
    for (const division of layer) found.push(division);
  }
  return found;
}

async function layerBelow(table: string, layer: readonly Division[]): Promise<readonly Division[]> {
  const above = layer.filter((division) => levelOf(division.code) !== 'village');
  const below = await inLanes(above, LANES, ({ code }) => childrenOf(table, code));
  return below.flat().toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** One step of a division from the version that was read to the next. */
export interface DivisionStep {
  readonly before: Division | null;
  readonly after: Division;
}

/** The actions of one step, for a transaction that does more than that. */
export function saveActions(
  table: string,
  step: DivisionStep,
  occasion: Occasion,
): readonly Action[] {
  const { before, after } = step;
  const kind = kindOfStep(before, after);
  const event = { code: after.code, version: after.version, kind, ...occasion, before };
  const sk = `3#${LAST_VERSION - after.version}`;
  return [
    {
      table,
      put: { ...keyOf(after.code), v: V, ...after },
      when: before ? atVersion(before.version) : absent,
    },
    { table, put: { pk: `E#${after.code}`, sk, v: V, ...event } },
  ];
}

function isSame(a: Division | undefined, b: Division): boolean {
  return (
    a !== undefined &&
    JSON.stringify(DivisionShape.parse(a)) === JSON.stringify(DivisionShape.parse(b))
  );
}

/**
 * Writes steps with their events, each division in one transaction with its event. A step already made is no conflict, so the same call may
 * be repeated after a crash.
 * @returns codes of the divisions that stood at another version
 */
export async function saveDivisions(
  table: string,
  steps: readonly DivisionStep[],
  occasion: Occasion,
): Promise<readonly AreaCode[]> {
  const conflicts: AreaCode[] = [];
  for (let at = 0; at < steps.length; at += PER_TRANSACTION)
    conflicts.push(...(await saveBatch(table, steps.slice(at, at + PER_TRANSACTION), occasion)));
  return conflicts;
}

async function saveBatch(
  table: string,
  steps: readonly DivisionStep[],
  occasion: Occasion,
): Promise<readonly AreaCode[]> {
  const actions = steps.flatMap((step) => saveActions(table, step, occasion));
  const obstacles = await transact(actions);
  if (obstacles.length === 0) return [];
  const refused = obstacles.filter((one) => one.code === 'ConditionalCheckFailed');
  if (refused.length === 0) throw new Error('divisions could not be written');
  const [first] = steps;
  if (first && steps.length === 1) {
    const stored = await getDivision(table, first.after.code);
    return isSame(stored, first.after) ? [] : [first.after.code];
  }
  // One that stands elsewhere must not hold up the others: split until it stands alone.
  const half = Math.ceil(steps.length / 2);
  const left = await saveBatch(table, steps.slice(0, half), occasion);
  return [...left, ...(await saveBatch(table, steps.slice(half), occasion))];
}

/** The latest events of a division, newest first. */
export async function eventsOf(table: string, code: AreaCode): Promise<readonly DivisionEvent[]> {
  const { items } = await queryPage(table, { pk: `E#${code}`, prefix: '3#', limit: 50 });
  return items.map((item) => DivisionEvent.parse(item));
}

/** Notes where villages came from, under the county they came to; within a county their divisions tell. Done twice it is done once. */
export async function noteArrivals(table: string, arrivals: readonly Arrival[]): Promise<void> {
  for (const { to, from } of arrivals) {
    const county = ancestorAt(to, 'county');
    if (county !== ancestorAt(from, 'county'))
      await putItem(table, { pk: `F#${county}`, sk: `${to}#${from}`, v: V, to, from });
  }
}

/** The villages that came to a county from others. */
export async function arrivalsIn(table: string, county: AreaCode): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for await (const item of queryAll(table, { pk: `F#${county}`, consistent: true }))
    arrivals.push(Arrival.parse(item));
  return arrivals;
}

/** Replaces codes of closed divisions in a token by their successors; answers are kept for a minute per function instance. */
export function areaResolver(table: string): AreaResolver {
  return cachedScope((codes) => getDivisions(table, codes), now);
}

/** Where records of an area lie that keep the code of their day, and which of them are its own. */
export interface Records {
  /** The county of the area, or the city or province it is, and those in whose place it stands. */
  readonly counties: readonly AreaCode[];
  /** Whether a record of that area belongs here: it did in its day, or does since the area got its present code. */
  readonly holds: (area: AreaCode) => Promise<boolean>;
}

function isAllOf(codes: readonly AreaCode[], passes: (code: AreaCode) => boolean): boolean {
  return codes.length > 0 && codes.every(passes);
}

/** The records of an area: one Query for the divisions beside its county. What came from another city is found under its old code alone. */
export async function recordsOf(
  table: string,
  area: AreaCode,
  resolve: AreaResolver,
): Promise<Records> {
  const county = ancestorAt(area, 'county');
  const counties = formerCodes(county, await childrenOf(table, parentOf(county) ?? '0'));
  const holds = async (one: AreaCode) =>
    liesWithin(one, area) || isAllOf(await resolve([one]), (code) => liesWithin(code, area));
  return { counties, holds };
}
