import { sameValue } from '../core/fact-history.ts';
import { type HouseholdFile, isClosed, villageOf } from '../core/household.ts';
import type { HouseholdChange } from '../core/household-event.ts';
import { encodeRoster } from '../core/roster-codec.ts';
import { rosterOf } from '../core/roster-of.ts';
import { type Action, absent, atVersion, type Condition } from '../lib/dynamo.ts';
import { newId } from '../lib/id.ts';
import type { Keys } from '../lib/keys.ts';
import type { Lookup, LookupHashes } from '../lib/keys-lookup.ts';
import { keyOf, V } from './item.ts';
import { eventItem, householdItem, memberItem } from './seal.ts';

/** Where households live, and who can open what is sealed. */
export interface Store {
  readonly tables: {
    readonly household: string;
    readonly identity: string;
    readonly access: string;
  };
  readonly keys: Keys;
  readonly lookup: Lookup;
}

/** An action of a write, and what it means when its condition does not hold. */
export interface Step {
  readonly action: Action;
  readonly meaning: 'version' | 'number' | 'person' | 'also' | 'none';
}

/** A household and its next state. */
export interface Write extends HouseholdChange {
  /** The file as it was read; undefined when the household is new. */
  readonly before: HouseholdFile | undefined;
}

/** Free, or freed by whoever held it. */
export const free: Condition = {
  expression: 'attribute_not_exists(pk) OR live = :no',
  values: { ':no': false },
};

/** Persons a household holds live, by identity number. */
function liveIdentities(file: HouseholdFile | undefined): ReadonlyMap<string, string> {
  if (!file || isClosed(file.household)) return new Map();
  const pairs = file.household.members.flatMap(({ id }): readonly (readonly [string, string])[] => {
    const number = file.secrets.identities[id];
    return number === undefined ? [] : [[number, id]];
  });
  return new Map(pairs);
}

function lockItem(hash: string, held: { household: string; person: string; live: boolean }) {
  return { ...keyOf.lock(hash), v: V.lock, ...held };
}

/** Takes a number for a person; while the lookup key rotates it must be free under the other keys too. */
function take(
  table: string,
  hashes: LookupHashes,
  held: { household: string; person: string },
): readonly Step[] {
  const put = lockItem(hashes.current, { ...held, live: true });
  return [
    { action: { table, put, when: free }, meaning: 'person' },
    ...hashes.others.map((hash): Step => {
      return { action: { table, check: keyOf.lock(hash), when: free }, meaning: 'person' };
    }),
  ];
}

/** Gives a number this household holds to another of its persons; while the lookup key rotates it may stand under another key still. */
function pass(
  table: string,
  hashes: LookupHashes,
  held: { household: string; person: string },
): readonly Step[] {
  const put = lockItem(hashes.current, { ...held, live: true });
  const when: Condition = {
    expression: `${free.expression} OR household = :own`,
    values: { ...free.values, ':own': held.household },
  };
  return [
    { action: { table, put, when }, meaning: 'person' },
    ...hashes.others.map((hash): Step => {
      return { action: { table, delete: keyOf.lock(hash) }, meaning: 'none' };
    }),
  ];
}

/**
 * Whom a freed number remembers: one who left or was struck off keeps the id on joining another household. Who stays under another number
 * never was its owner, so it is nobody's: an id that nobody has, since a lock that is gone would be put back in force by `restore`.
 */
function remembered(next: HouseholdFile, person: string): string {
  const stays = next.household.members.some(({ id }) => id === person);
  return stays && !isClosed(next.household) ? newId('per') : person;
}

/** Frees a number. */
function release(
  table: string,
  hashes: LookupHashes,
  held: { household: string; person: string },
): readonly Step[] {
  const put = lockItem(hashes.current, { ...held, live: false });
  return [
    { action: { table, put }, meaning: 'none' },
    ...hashes.others.map((hash): Step => {
      return { action: { table, delete: keyOf.lock(hash) }, meaning: 'none' };
    }),
  ];
}

async function lockSteps(store: Store, write: Write): Promise<readonly Step[]> {
  const { before, next } = write;
  const household = next.household.id;
  const table = store.tables.identity;
  const [were, are] = [liveIdentities(before), liveIdentities(next)];
  const steps: Step[] = [];
  for (const [number, person] of are) {
    if (were.get(number) === person) continue;
    const hold = were.has(number) ? pass : take;
    steps.push(...hold(table, await store.lookup.hashesOf(number), { household, person }));
  }
  for (const [number, person] of were) {
    if (are.has(number)) continue;
    const held = { household, person: remembered(next, person) };
    steps.push(...release(table, await store.lookup.hashesOf(number), held));
  }
  return steps;
}

async function memberSteps(store: Store, write: Write): Promise<readonly Step[]> {
  const { before, next } = write;
  const table = store.tables.household;
  const were = new Map((before?.household.members ?? []).map((member) => [member.id, member]));
  const live = new Set(next.household.members.map((member) => member.id));
  const changed = next.household.members.filter(
    (member) =>
      !sameValue(were.get(member.id), member) ||
      before?.secrets.identities[member.id] !== next.secrets.identities[member.id],
  );
  const left = next.household.past.slice(before?.household.past.length ?? 0);
  const puts = await Promise.all(
    [...changed, ...left].map((member) => memberItem(next, member, store.keys)),
  );
  const gone = [...were.keys()].filter((person) => !live.has(person));
  return [
    ...puts.map((put): Step => ({ action: { table, put }, meaning: 'none' })),
    ...gone.map((person): Step => {
      return {
        action: { table, delete: keyOf.member(next.household.id, person) },
        meaning: 'none',
      };
    }),
  ];
}

/** Where a household was placed and no longer is: left with this change, or named by a late entry about the past. */
function leftSteps(store: Store, { before, next, event }: Write): readonly Step[] {
  const table = store.tables.household;
  const left = new Set(event.putAway.flatMap(({ values }) => values.village ?? []));
  if (before) left.add(villageOf(before.household));
  left.delete(villageOf(next.household));
  return [...left].map((village): Step => {
    const put = { ...keyOf.left(village, next.household.id), v: V.left, leftOn: event.heldOn };
    return { action: { table, put }, meaning: 'none' };
  });
}

/** The roster in the village's partition; that of a struck-off household stays there, so that lists, boards and re-homing jobs find it. */
function rosterSteps(store: Store, write: Write): readonly Step[] {
  const { before, next } = write;
  const table = store.tables.household;
  const { id, version } = next.household;
  const stood = before && keyOf.roster(villageOf(before.household), id);
  const stands = keyOf.roster(villageOf(next.household), id);
  const put = { ...stands, v: V.roster, version, b: encodeRoster(rosterOf(next.household)) };
  const isMoved = stood && stood.pk !== stands.pk;
  return [
    { action: { table, put }, meaning: 'none' },
    ...(isMoved ? [{ action: { table, delete: stood }, meaning: 'none' } as const] : []),
  ];
}

/**
 * The household number: taken on registration, freed on striking off, and taken along to another county. One that was freed goes along as
 * such, so that a ledger still finds whom it stood for.
 */
function numberSteps(store: Store, write: Write): readonly Step[] {
  const { before, next } = write;
  const { number, id } = next.household;
  const table = store.tables.identity;
  const isLive = !isClosed(next.household);
  const put = (county: string, live: boolean) => {
    return { ...keyOf.number(county, number), v: V.number, household: id, live };
  };
  const here = put(next.household.county, isLive);
  if (!before) return [{ action: { table, put: here, when: free }, meaning: 'number' }];
  const wasLive = !isClosed(before.household);
  const given: Step[] = wasLive
    ? [{ action: { table, put: put(before.household.county, false) }, meaning: 'none' }]
    : [];
  if (before.household.county === next.household.county) return isLive ? [] : given;
  const own: Condition = {
    expression: 'attribute_not_exists(pk) OR household = :own',
    values: { ':own': id },
  };
  const when = isLive ? free : own;
  return [{ action: { table, put: here, when }, meaning: 'number' }, ...given];
}

/** Everything one change writes, the household with its version condition first. */
export async function stepsOf(store: Store, write: Write): Promise<readonly Step[]> {
  const { before, next, event } = write;
  const table = store.tables.household;
  const when = before ? atVersion(before.household.version) : absent;
  const [put, happened] = await Promise.all([
    householdItem(next, store.keys),
    eventItem(event, { before, next }, store.keys),
  ]);
  return [
    { action: { table, put, when }, meaning: 'version' },
    { action: { table, put: happened, when: absent }, meaning: 'version' },
    ...(await memberSteps(store, write)),
    ...rosterSteps(store, write),
    ...leftSteps(store, write),
    ...numberSteps(store, write),
    ...(await lockSteps(store, write)),
  ];
}

/** Actions one change may take, of the hundred a transaction allows: room is left for the answer that goes with it. */
const MOST_ACTIONS = 98;

/** The person a step is about, `?` for an identity lock; undefined for what a change writes once. */
function personIn({ action }: Step): string | undefined {
  const { pk, sk } =
    'put' in action ? action.put : 'delete' in action ? action.delete : action.check;
  if (String(pk).startsWith('P#')) return '?';
  return String(pk).startsWith('H#') ? /^[12]#([^#]+)/.exec(String(sk))?.[1] : undefined;
}

/** How many persons a change of this kind may touch, where it touches more; while the lookup key rotates each takes more actions. */
export function personsAtMost(steps: readonly Step[]): number | undefined {
  if (steps.length <= MOST_ACTIONS) return undefined;
  const personal = steps.flatMap((step) => personIn(step) ?? []);
  const touched = new Set(personal.filter((person) => person !== '?')).size;
  const once = steps.length - personal.length;
  return Math.floor((MOST_ACTIONS - once) / (personal.length / Math.max(touched, 1)));
}
