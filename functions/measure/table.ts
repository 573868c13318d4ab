import type { AreaCode } from '../core/division.ts';
import { Measure, type MeasureDigest, MeasureEvent, type Measures } from '../core/measure.ts';
import { type ModeList, shippedModes } from '../core/measure-mode.ts';
import type { MeasureDecision } from '../core/measure-open.ts';
import type { LastPost } from '../core/measure-past.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  queryAll,
  transact,
} from '../lib/dynamo.ts';
import { DigestItem, ModesItem, PostItem, V } from './item.ts';

const fileOf = (household: string) => `H#${household}`;
const keyOf = {
  digest: (household: string) => ({ pk: fileOf(household), sk: '0#measure' }),
  measure: (household: string, id: string) => ({ pk: fileOf(household), sk: `M#${id}` }),
  event: (household: string, id: string, version: number) => ({
    pk: fileOf(household),
    sk: `E#${id}#${String(version).padStart(6, '0')}`,
  }),
  post: (person: string) => ({ pk: `N#${person}`, sk: '0#post' }),
  modes: (county: AreaCode) => ({ pk: `D#${county}#mode`, sk: '0' }),
  modesOf: (county: AreaCode, version: number) => ({
    pk: `D#${county}#mode`,
    sk: `3#${String(version).padStart(6, '0')}`,
  }),
};

/** The measures of a household in short; version 0 before its first. */
export async function getDigest(table: string, household: string): Promise<Measures> {
  const item = await getItem(table, keyOf.digest(household));
  return item ? DigestItem.parse(item) : { version: 0, measures: [] };
}

/** The same of many households; those without measures are missing. Eventually consistent, as lists are. */
export async function getDigests(
  table: string,
  households: readonly string[],
): Promise<ReadonlyMap<string, readonly MeasureDigest[]>> {
  const items = await batchGet(table, households.map(keyOf.digest));
  return new Map(items.map((item) => [String(item.pk).slice(2), DigestItem.parse(item).measures]));
}

export async function getMeasure(
  table: string,
  household: string,
  id: string,
): Promise<Measure | undefined> {
  const item = await getItem(table, keyOf.measure(household, id));
  return item && Measure.parse(item);
}

/** The measures of a household, latest first. */
export async function measuresOf(table: string, household: string): Promise<readonly Measure[]> {
  const found: Measure[] = [];
  const query = { pk: fileOf(household), prefix: 'M#', consistent: true };
  for await (const item of queryAll(table, query)) found.push(Measure.parse(item));
  const key = (one: Measure) => one.startedOn + one.createdAt;
  return found.toSorted((one, other) => (key(one) < key(other) ? 1 : -1));
}

/** What happened to a measure, first to last. */
export async function measureEvents(
  table: string,
  household: string,
  id: string,
): Promise<readonly MeasureEvent[]> {
  const found: MeasureEvent[] = [];
  const query = { pk: fileOf(household), prefix: `E#${id}#`, consistent: true };
  for await (const item of queryAll(table, query)) found.push(MeasureEvent.parse(item));
  return found;
}

/** The post a person has, or had last; undefined before the first. */
export async function getPost(table: string, person: string): Promise<PostItem | undefined> {
  const item = await getItem(table, keyOf.post(person));
  return item && PostItem.parse(item);
}

/** What a decision about a measure is written on: the versions that were read. */
export interface Written {
  readonly decision: MeasureDecision;
  readonly digest: { readonly before: Measures; readonly after: readonly MeasureDigest[] };
  readonly post?: {
    readonly before: Pick<PostItem, 'version'> | undefined;
    readonly after: LastPost;
  };
}

/** The actions that write a measure with its event, the digest of its household, and whose post it is. */
export function measureActions(table: string, written: Written): readonly Action[] {
  const { decision, digest, post } = written;
  const { was, measure, event } = decision;
  const { household, id, version } = measure;
  const next = { version: digest.before.version + 1, measures: digest.after };
  return [
    {
      table,
      put: { ...keyOf.measure(household, id), v: V.measure, ...measure },
      when: was ? atVersion(was.version) : absent,
    },
    {
      table,
      put: { ...keyOf.event(household, id, version), v: V.event, ...event },
      when: absent,
    },
    {
      table,
      put: { ...keyOf.digest(household), v: V.digest, ...next },
      when: digest.before.version > 0 ? atVersion(digest.before.version) : absent,
    },
    ...(post && measure.person !== null ? [postAction(table, measure.person, post)] : []),
  ];
}

function postAction(
  table: string,
  person: string,
  { before, after }: NonNullable<Written['post']>,
): Action {
  const version = (before?.version ?? 0) + 1;
  return {
    table,
    put: { ...keyOf.post(person), v: V.post, version, ...after },
    when: before ? atVersion(before.version) : absent,
  };
}

/** The industry modes of a county under one of its codes; undefined where it has published none. */
export async function getModes(table: string, county: AreaCode): Promise<ModeList | undefined> {
  const item = await getItem(table, keyOf.modes(county));
  return item && ModesItem.parse(item);
}

/** Puts the next list of a county's modes; false where somebody was faster. */
export async function putModes(
  table: string,
  county: AreaCode,
  { before, after }: { readonly before: ModeList | undefined; readonly after: ModesItem },
): Promise<boolean> {
  const own = { ...keyOf.modes(county), v: V.modes, ...after };
  const event = { ...keyOf.modesOf(county, after.version), v: V.modes, ...after };
  const obstacles = await transact([
    { table, put: own, when: before ? atVersion(before.version) : absent },
    { table, put: event, when: absent },
  ]);
  return obstacles.length === 0;
}

export { shippedModes };
