import { sameValue } from '../core/fact-history.ts';
import { type HouseholdFile, isClosed, since, villageOf } from '../core/household.ts';
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
  /** The write it belongs to; locks belong to the one that takes or frees them. */
  readonly of?: Write;
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

/** Who holds an identity number in which household. */
interface Hold {
  readonly household: string;
  readonly person: string;
}

/** Persons a household holds live, by identity number. */
function liveIdentities(file: HouseholdFile | undefined): readonly (readonly [string, Hold])[] {
  if (!file || isClosed(file.household)) return [];
  const household = file.household.id;
  return file.household.members.flatMap(({ id }): readonly (readonly [string, Hold])[] => {
    const number = file.secrets.identities[id];
    return number === undefined ? [] : [[number, { household, person: id }]];
  });
}

function lockItem(hash: string, held: Hold & { readonly live: boolean }) {
  return { ...keyOf.lock(hash), v: V.lock, ...held };
}

/** Takes a number for a person; while the lookup key rotates it must be free under the other keys too. */
function take(table: string, hashes: LookupHashes, held: Hold): readonly Step[] {
  const put = lockItem(hashes.current, { ...held, live: true });
  return [
    { action: { table, put, when: free }, meaning: 'person' },
    ...hashes.others.map((hash): Step => {
      return { action: { table, check: keyOf.lock(hash), when: free }, meaning: 'person' };
    }),
  ];
}

/** Gives a number to another of the household's persons, or to another household; while the lookup key rotates it may stand under another key still. */
function pass(
  table: string,
  hashes: LookupHashes,
  hold: { readonly from: Hold; readonly to: Hold },
): readonly Step[] {
  const put = lockItem(hashes.current, { ...hold.to, live: true });
  const when: Condition = {
    expression: `${free.expression} OR household = :own`,
    values: { ...free.values, ':own': hold.from.household },
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
function release(table: string, hashes: LookupHashes, held: Hold): readonly Step[] {
  const put = lockItem(hashes.current, { ...held, live: false });
  return [
    { action: { table, put }, meaning: 'none' },
    ...hashes.others.map((hash): Step => {
      return { action: { table, delete: keyOf.lock(hash) }, meaning: 'none' };
    }),
  ];
}

/**
 * The identity locks of all writes at once: a number that goes from one household to another is passed on by one action, since a transaction
 * touches no item twice.
 */
async function lockSteps(store: Store, writes: readonly Write[]): Promise<readonly Step[]> {
  const were = new Map(writes.flatMap(({ before }) => liveIdentities(before)));
  const are = new Map(writes.flatMap(({ next }) => liveIdentities(next)));
  const steps: Step[] = [];
  for (const of of writes) {
    const held = liveIdentities(of.next).map(([number, to]) => {
      return holdSteps(store, number, { from: were.get(number), to });
    });
    const freed = liveIdentities(of.before)
      .filter(([number]) => !are.has(number))
      .map(async ([number, { household, person }]) => {
        const hold = { household, person: remembered(of.next, person) };
        return release(store.tables.identity, await store.lookup.hashesOf(number), hold);
      });
    const own = await Promise.all([...held, ...freed]);
    steps.push(...own.flat().map((step): Step => ({ ...step, of })));
  }
  return steps;
}

/** Nothing where who holds the number goes on holding it. */
async function holdSteps(
  store: Store,
  number: string,
  { from, to }: { readonly from: Hold | undefined; readonly to: Hold },
): Promise<readonly Step[]> {
  if (from?.household === to.household && from.person === to.person) return [];
  const table = store.tables.identity;
  const hashes = await store.lookup.hashesOf(number);
  return from ? pass(table, hashes, { from, to }) : take(table, hashes, to);
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
 * A household that leaves a village leaves a pointer there, by which those are found who lived there on a past day; so does one of which is
 * entered late that it lived there.
 */
function leftSteps(store: Store, { before, next, event }: Write): readonly Step[] {
  const { household } = next;
  const here = villageOf(household);
  const leftOn = since(household, 'village');
  const left = new Map<string, string>();
  for (const { values, heldTo } of event.putAway)
    if (values.village !== undefined) left.set(values.village, heldTo ?? leftOn);
  if (before) left.set(villageOf(before.household), leftOn);
  left.delete(here);
  return [...left].map(([village, day]): Step => {
    const put = { ...keyOf.left(village, household.id), v: V.left, leftOn: day };
    return { action: { table: store.tables.household, put }, meaning: 'none' };
  });
}

/**
 * The household number: taken on registration and on return, freed on striking off, and taken along to another county. One that was freed
 * goes along as such, so that a ledger still finds whom it stood for.
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
  const wasLive = before !== undefined && !isClosed(before.household);
  if (!before || (isLive && !wasLive))
    return [{ action: { table, put: here, when: free }, meaning: 'number' }];
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

/** What one change writes but for identity locks, the household with its version condition first. */
async function ownSteps(store: Store, write: Write): Promise<readonly Step[]> {
  const { before, next, event } = write;
  const table = store.tables.household;
  const when = before ? atVersion(before.household.version) : absent;
  const [put, happened] = await Promise.all([
    householdItem(next, store.keys),
    eventItem(event, { before, next }, store.keys),
  ]);
  const steps: readonly Step[] = [
    { action: { table, put, when }, meaning: 'version' },
    { action: { table, put: happened, when: absent }, meaning: 'version' },
    ...(await memberSteps(store, write)),
    ...rosterSteps(store, write),
    ...leftSteps(store, write),
    ...numberSteps(store, write),
  ];
  return steps.map((step) => ({ ...step, of: write }));
}

/** Everything that changes of one household, or of several at once, write. */
export async function stepsOf(store: Store, writes: readonly Write[]): Promise<readonly Step[]> {
  const own = await Promise.all(writes.map((write) => ownSteps(store, write)));
  return [...own.flat(), ...(await lockSteps(store, writes))];
}

/** Actions a transaction allows, and how many of them are left free at least for what goes with a change, its answer first of all. */
const MOST_ACTIONS = 100;
const LEFT_FREE = 2;

/** The person a step is about, `?` for an identity lock; undefined for what a change writes once. */
function personIn({ action }: Step): string | undefined {
  const { pk, sk } =
    'put' in action ? action.put : 'delete' in action ? action.delete : action.check;
  if (String(pk).startsWith('P#')) return '?';
  return String(pk).startsWith('H#') ? /^[12]#([^#]+)/.exec(String(sk))?.[1] : undefined;
}

/**
 * How many persons a change of this kind may touch, where it touches more; while the lookup key rotates each takes more actions.
 * @param also actions that go with the change
 */
export function personsAtMost(steps: readonly Step[], also: number): number | undefined {
  const most = MOST_ACTIONS - Math.max(also, LEFT_FREE);
  if (steps.length <= most) return undefined;
  const personal = steps.flatMap((step) => personIn(step) ?? []);
  const touched = new Set(personal.filter((person) => person !== '?')).size;
  const once = steps.length - personal.length;
  return Math.floor((most - once) / (personal.length / Math.max(touched, 1)));
}
