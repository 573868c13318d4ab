import { type Actor, mayReach } from '../core/access.ts';
import { commonArea } from '../core/access-log.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import { type Decided, refuse } from '../core/refusal.ts';
import { writeAccess } from '../lib/access-log.ts';
import {
  type Action,
  batchGet,
  getItem,
  type Item,
  type Obstacle,
  queryAll,
  queryPage,
  TOO_LARGE,
  transact,
} from '../lib/dynamo.ts';
import { newId } from '../lib/id.ts';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { lookupKeys } from '../lib/keys-lookup.ts';
import { keyOf, LockItem, NumberItem } from './item.ts';
import { eventOf, openFile, type StoredFile, storedFileOf } from './seal.ts';
import { personsAtMost, type Step, type Store, stepsOf, type Write } from './write.ts';

export type { Store, Write } from './write.ts';

/** The store of this deployment: data keys and lookup key as the environment says. */
export function openStore(tables: Store['tables']): Store {
  const wrapper = houseWrapper();
  const { identity } = tables;
  return { tables, keys: dataKeys(identity, wrapper), lookup: lookupKeys(identity, wrapper) };
}

/** Members and events that one page of a file is expected to hold. */
const PAGE = 60;

/** What reading needs of a store: no keys. */
export interface ReadStore {
  readonly tables: Pick<Store['tables'], 'household'>;
}

/** A household as it may be read without a key, with its latest events, newest first. */
export interface ReadFile extends StoredFile {
  readonly events: readonly HouseholdEvent[];
}

/** The whole file by one Query: household, live members, past members, latest events. */
export async function readStored(store: ReadStore, id: string): Promise<ReadFile | undefined> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = await queryPage(store.tables.household, {
      pk: keyOf.file(id),
      consistent: true,
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    items.push(...page.items);
    // Whoever is in the file comes before the events; once those begin, all members have been read.
    after = page.next !== undefined && page.next < '3#' ? page.next : undefined;
  } while (after !== undefined);
  const stored = storedFileOf(items);
  if (!stored) return undefined;
  return { ...stored, events: items.filter((item) => String(item.sk) > '3#').map(eventOf) };
}

/** A file the actor may see; others are as if they did not exist. */
export async function readFile(
  store: ReadStore,
  actor: Actor,
  id: string,
): Promise<Decided<ReadFile>> {
  const file = await readStored(store, id);
  return file && reaches(actor, file) ? { ok: file } : refuse('not-found');
}

function reaches(actor: Actor, { household }: Pick<StoredFile, 'household'>): boolean {
  return mayReach(actor, { village: villageOf(household), helperSubs: household.helperSubs });
}

/** A household with its sealed values opened, without events: what a change starts from. */
export async function loadFile(store: Store, id: string): Promise<HouseholdFile | undefined> {
  const items: Item[] = [];
  const query = { pk: keyOf.file(id), between: ['0', '2~'], consistent: true } as const;
  for await (const item of queryAll(store.tables.household, query)) items.push(item);
  const stored = storedFileOf(items);
  return stored && openFile(stored, store.keys);
}

/**
 * The file a change starts from, if the actor may see it and has read its present version.
 * Refusals: not-found, version-stale.
 */
export async function loadForChange(
  store: Store,
  actor: Actor,
  asked: { readonly id: string; readonly version: number },
): Promise<Decided<HouseholdFile>> {
  const file = await loadFile(store, asked.id);
  if (!file || !reaches(actor, file)) return refuse('not-found');
  const { version } = file.household;
  return version === asked.version ? { ok: file } : refuse('version-stale', { version });
}

/** A page of events, newest first, after the version given. */
export async function readEvents(
  store: ReadStore,
  id: string,
  page: { readonly before?: number; readonly limit: number },
): Promise<{ readonly events: readonly HouseholdEvent[]; readonly next?: number }> {
  const after = page.before === undefined ? '3#' : keyOf.event(id, page.before).sk;
  const { items, next } = await queryPage(store.tables.household, {
    pk: keyOf.file(id),
    after,
    limit: page.limit,
  });
  const events = items.map(eventOf);
  const last = events.at(-1);
  return next === undefined || !last ? { events } : { events, next: last.version };
}

/** Every event of a household: what `asOf` reads. */
export async function allEvents(store: ReadStore, id: string): Promise<readonly HouseholdEvent[]> {
  const events: HouseholdEvent[] = [];
  const query = { pk: keyOf.file(id), prefix: '3#', consistent: true };
  for await (const item of queryAll(store.tables.household, query)) events.push(eventOf(item));
  return events;
}

/** Who holds an identity number; `live` is false when the person has left every household. */
export type Holder = Pick<LockItem, 'household' | 'person' | 'live'>;

/**
 * Holders of identity numbers, unknown ones missing: one Get by keyed hash each, two while the lookup key rotates; one more read for the
 * household of each that was given up.
 */
export async function findPersons(
  store: Store,
  identities: readonly string[],
): Promise<ReadonlyMap<string, Holder>> {
  const numberOf = new Map<string, string>();
  for (const identity of new Set(identities)) {
    const { current, others } = await store.lookup.hashesOf(identity);
    for (const hash of [current, ...others]) numberOf.set(keyOf.lock(hash).pk, identity);
  }
  const keys = [...numberOf.keys()].map((pk) => ({ pk }));
  const locks = (await batchGet(store.tables.identity, keys, true)).map((item) =>
    LockItem.parse(item),
  );
  const held = locks.map((lock) => ({ lock, identity: numberOf.get(lock.pk) ?? '' }));
  const former = await formerHolds(
    store,
    held.filter(({ lock }) => !lock.live),
  );
  // A live hold outweighs one that was given up, under whichever key it stands.
  const found = [...former, ...held.filter(({ lock }) => lock.live)];
  return new Map(found.map(({ lock, identity }) => [identity, lock]));
}

interface Hold {
  readonly lock: LockItem;
  readonly identity: string;
}

/**
 * Holds that were given up by who left. A number that was put right since was never the person's: its owner must not be taken for one who
 * lives on under another.
 */
async function formerHolds(store: Store, holds: readonly Hold[]): Promise<readonly Hold[]> {
  const households = [...new Set(holds.map(({ lock }) => lock.household))];
  const files = await Promise.all(households.map((id) => loadFile(store, id)));
  const numbers = new Map(
    households.map((id, place) => [id, files[place]?.secrets.identities ?? {}]),
  );
  return holds.filter(
    ({ lock, identity }) => numbers.get(lock.household)?.[lock.person] === identity,
  );
}

/** Households by number in their county, struck-off ones included; unknown numbers are missing. */
export async function findNumbers(
  store: Store,
  county: string,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const numberOf = new Map(numbers.map((number) => [keyOf.number(county, number).pk, number]));
  const keys = [...numberOf.keys()].map((pk) => ({ pk }));
  const items = await batchGet(store.tables.identity, keys, true);
  return new Map(
    items.map((item) => [numberOf.get(String(item.pk)) ?? '', NumberItem.parse(item).household]),
  );
}

/** Ids of all households placed in a village, struck-off ones included. */
export async function householdsIn(table: string, village: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = { pk: `V#${village}`, prefix: '1#', consistent: true };
  for await (const item of queryAll(table, query)) ids.push(String(item.sk).slice(2));
  return ids;
}

/** Whether that event made that version: how a writer recognises its own write after a lost reply. */
export async function wroteEvent(
  store: ReadStore,
  event: Pick<HouseholdEvent, 'household' | 'version' | 'id'>,
): Promise<boolean> {
  const item = await getItem(store.tables.household, keyOf.event(event.household, event.version));
  return item !== undefined && eventOf(item).id === event.id;
}

/** `repeated`: another request with the same Idempotency-Key was faster, its answer is stored. */
export type Committed = 'written' | 'repeated';

/**
 * Writes a decided change in one transaction: household on condition of the version it started from, changed members, identity locks,
 * number, roster, event, and what goes with it.
 * @param also further actions of the same transaction, the idempotent answer first of all
 * Refusals: version-stale, person-elsewhere, household-number-taken, household-too-large, record-too-large, busy.
 */
export async function commit(
  store: Store,
  write: Write,
  also: readonly Action[] = [],
): Promise<Decided<Committed>> {
  const own = await stepsOf(store, write);
  const limit = personsAtMost(own);
  if (limit !== undefined) return refuse('household-too-large', { limit });
  const steps = [...own, ...also.map((action): Step => ({ action, meaning: 'also' }))];
  const obstacles = await transact(steps.map((step) => step.action));
  if (obstacles.length === 0) return { ok: 'written' };
  if (await wroteEvent(store, write.event)) return { ok: 'written' };
  if (obstacles.some(({ code }) => code === TOO_LARGE)) return refuse('record-too-large');
  const failed = obstacles.filter((one) => one.code === 'ConditionalCheckFailed');
  if (failed.length === 0) return refuse('busy');
  const met = (meaning: Step['meaning']) =>
    failed.find((one) => steps[one.index]?.meaning === meaning);
  if (met('also')) return { ok: 'repeated' };
  const stale = met('version');
  if (stale) return refuseStale(store, write);
  if (met('number')) return withoutNumber(store, write, also);
  return refuseElsewhere(store, write, met('person'));
}

/**
 * A household that comes to a county where its number is taken keeps it under the county it came from: a merger must not stand still for
 * it. One that is new is refused.
 */
async function withoutNumber(
  store: Store,
  write: Write,
  also: readonly Action[],
): Promise<Decided<Committed>> {
  const { before, next } = write;
  const { number } = next.household;
  if (!before || before.household.county === next.household.county)
    return refuse('household-number-taken', { number });
  const household = { ...next.household, county: before.household.county };
  return commit(store, { ...write, next: { ...next, household } }, also);
}

async function refuseStale(store: Store, write: Write): Promise<Decided<Committed>> {
  const present = await getItem(store.tables.household, keyOf.household(write.next.household.id));
  return refuse('version-stale', { version: Number(present?.version ?? 0) });
}

/** Refuses without saying where: the clerk gets a reference, the lowest office above both gets a line that tells both households. */
async function refuseElsewhere(
  store: Store,
  write: Write,
  obstacle: Obstacle | undefined,
): Promise<Decided<Committed>> {
  const held = LockItem.parse(obstacle?.item);
  const holder = await readStored(store, held.household);
  const here = villageOf(write.next.household);
  const there = holder ? villageOf(holder.household) : here;
  const reference = newId('ref');
  await writeAccess(store.tables.access, {
    kind: 'person-elsewhere',
    sub: write.event.actor,
    role: write.event.role,
    area: commonArea(here, there) ?? there.slice(0, 2),
    household: held.household,
    person: held.person,
    reason: null,
    reference,
    fields: [],
  });
  return refuse('person-elsewhere', { reference });
}
