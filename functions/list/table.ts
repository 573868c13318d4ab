import type { AreaCode } from '../core/division.ts';
import { type EntryKey, partitionOf } from '../core/list-entry.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  type Item,
  putItem,
  queryAll,
  queryPage,
  transact,
} from '../lib/dynamo.ts';
import {
  ENTRY_SHAPE,
  MANIFEST_SHAPE,
  type Manifest,
  manifestOf,
  type Place,
  type Pointer,
  placeOf,
  pointerOf,
} from './manifest.ts';

const keyOf = (household: string) => ({ pk: `M#${household}`, sk: '0' });

/** The manifest of a household, consistent. */
export async function getManifest(table: string, household: string): Promise<Manifest | undefined> {
  const item = await getItem(table, keyOf(household));
  return item && manifestOf(item);
}

/** Manifests by household; households that stand nowhere yet are missing. */
export async function getManifests(
  table: string,
  households: readonly string[],
): Promise<ReadonlyMap<string, Manifest>> {
  const items = await batchGet(table, households.map(keyOf), true);
  return new Map(items.map(manifestOf).map((one) => [one.household, one]));
}

function manifestItem({ household, version, village, keys }: Manifest): Item {
  return { ...keyOf(household), v: MANIFEST_SHAPE, version, village, keys };
}

export interface EntryChanges {
  readonly add: readonly Place[];
  readonly remove: readonly Place[];
}

/** Writes entries and the manifest that names them, all or none; false when the manifest is no longer the one that was read. */
export async function writeManifest(
  table: string,
  steps: { readonly before: Manifest | undefined; readonly after: Manifest },
  { add, remove }: EntryChanges,
): Promise<boolean> {
  const { before, after } = steps;
  const when = before ? atVersion(before.version) : absent;
  const put = manifestItem(after);
  if (add.length + remove.length === 0) return putItem(table, put, when);
  const actions: readonly Action[] = [
    { table, put, when },
    ...add.map((place) => ({ table, put: { ...place, v: ENTRY_SHAPE } })),
    ...remove.map((place) => ({ table, delete: place })),
  ];
  const obstacles = await transact(actions);
  if (obstacles.some(({ code }) => code !== 'ConditionalCheckFailed'))
    throw new Error('list entries could not be written');
  return obstacles.length === 0;
}

/** A page of an index: what stands under a key in an area (a county, town or village), in the order of village and household. */
export async function entryPage(
  table: string,
  { area, key, after, limit }: EntryQuery,
): Promise<{ readonly pointers: readonly Pointer[]; readonly isEnd: boolean }> {
  const { items, next } = await queryPage(table, {
    pk: partitionOf(area, key),
    prefix: area,
    limit,
    ...(after && { after: placeOf(after.village, after.household, key).sk }),
  });
  return { pointers: items.map(pointerOf), isEnd: next === undefined };
}

export interface EntryQuery {
  readonly area: AreaCode;
  readonly key: EntryKey;
  readonly after?: Pointer | undefined;
  readonly limit: number;
}

/** Everything under a key in a county, consistent: for the nightly change of age bands. */
export async function allEntries(
  table: string,
  county: AreaCode,
  key: EntryKey,
): Promise<readonly Pointer[]> {
  const pointers: Pointer[] = [];
  for await (const item of queryAll(table, { pk: partitionOf(county, key), consistent: true }))
    pointers.push(pointerOf(item));
  return pointers;
}

/** Everything under a key in a village, consistent. */
export async function standing(
  table: string,
  village: AreaCode,
  key: EntryKey,
): Promise<readonly Pointer[]> {
  const pointers: Pointer[] = [];
  const query = { pk: partitionOf(village, key), prefix: village, consistent: true };
  for await (const item of queryAll(table, query)) pointers.push(pointerOf(item));
  return pointers;
}
