import { type Actor, mayReach } from '../core/access.ts';
import { type HouseholdFile, isClosed, villageOf } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import { type Decided, type Refusal, refuse } from '../core/refusal.ts';
import { readRoster } from '../core/roster-item.ts';
import { batchGet, getItem, type Item, queryAll, queryPage } from '../lib/dynamo.ts';
import { keyOf } from './item.ts';
import { eventOf, openFile, type StoredFile, storedFileOf } from './seal.ts';
import type { Store } from './write.ts';

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

/** A household as it stands and may be read without a key, without its events, which are most of a file. */
export async function readStanding(store: ReadStore, id: string): Promise<StoredFile | undefined> {
  const items: Item[] = [];
  const query = { pk: keyOf.file(id), between: ['0', '2~'], consistent: true } as const;
  for await (const item of queryAll(store.tables.household, query)) items.push(item);
  return storedFileOf(items);
}

/** The same with its sealed values opened: what a change starts from. */
export async function loadFile(store: Store, id: string): Promise<HouseholdFile | undefined> {
  const stored = await readStanding(store, id);
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
  return version === asked.version ? { ok: file } : staleVersion(version, true);
}

/**
 * Somebody was faster.
 * @param isFirst the household the request is about, whose version If-Match names; that of another stands in the body
 */
export function staleVersion(version: number, isFirst: boolean): Refusal {
  const refusal = refuse('version-stale', { version });
  const fault = { field: 'version', code: 'version-stale', values: { version } } as const;
  return isFirst ? refusal : { ...refusal, faults: [fault] };
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

/** Whether that event made that version: how a writer recognises its own write after a lost reply. */
export async function wroteEvent(
  store: ReadStore,
  event: Pick<HouseholdEvent, 'household' | 'version' | 'id'>,
): Promise<boolean> {
  const item = await getItem(store.tables.household, keyOf.event(event.household, event.version));
  return item !== undefined && eventOf(item).id === event.id;
}

/** Events of one page where only the latest are looked at. */
const FEW = 10;

/** An event of a household by its id, among those since an instant: how a writer finds its own write when others have written since. */
export async function eventSince(
  store: ReadStore,
  household: string,
  { id, since }: { readonly id: string; readonly since: string },
): Promise<HouseholdEvent | undefined> {
  const query = { pk: keyOf.file(household), prefix: '3#', consistent: true, limit: FEW };
  for await (const item of queryAll(store.tables.household, query)) {
    const event = eventOf(item);
    if (event.id === id) return event;
    if (event.at < since) return undefined;
  }
  return undefined;
}

/** Where a household stands now, who is paired with it, and at which version. */
export interface Home {
  /** 户编号. */
  readonly number: string;
  readonly isStruckOff: boolean;
  readonly village: string;
  readonly helperSubs: readonly string[];
  readonly version: number;
  /** Instant at which it was entered, ISO 8601 UTC. */
  readonly createdAt: string;
}

/** Names of the heads of households, by id, as the rosters of their villages have them. */
export async function rosterHeads(
  store: ReadStore,
  homes: ReadonlyMap<string, Pick<Home, 'village'>>,
): Promise<ReadonlyMap<string, string>> {
  const keys = [...homes].map(([id, { village }]) => keyOf.roster(village, id));
  const items = await batchGet(store.tables.household, keys, true);
  return new Map(items.map(readRoster).map(({ id, headName }) => [id, headName]));
}

/** Where households stand now, by id; unknown ones are missing. One read each, whatever the size of the file. */
export async function homesOf(
  store: ReadStore,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Home>> {
  const keys = [...new Set(ids)].map((id) => keyOf.household(id));
  const items = await batchGet(store.tables.household, keys, true);
  const files = items.flatMap((item) => storedFileOf([item]) ?? []);
  return new Map(
    files.map(({ household }) => {
      const { id, number, version, helperSubs, createdAt } = household;
      const isStruckOff = isClosed(household);
      const home = { number, isStruckOff, village: villageOf(household), helperSubs };
      return [id, { ...home, version, createdAt }];
    }),
  );
}
