import { addDays, type Day } from '../core/day.ts';
import { type AreaCode, ancestorAt, ancestorsOf, levelOf } from '../core/division.ts';
import {
  isDrift,
  type Listing,
  listingOf,
  NAMED_AT_MOST,
  NAMED_OF_VILLAGE,
  type Recount,
  type RecountChunk,
  type RecountMessage,
} from '../core/drift.ts';
import { countVillage, type Tally } from '../core/figure.ts';
import { rebandKey } from '../core/list-entry.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import type { Row } from './row.ts';

interface Pointer {
  readonly village: AreaCode;
  readonly household: string;
}

export interface RecountPorts {
  row(area: AreaCode): Promise<Row | undefined>;
  /** Rosters and profile of a village, consistent. */
  village(
    area: AreaCode,
  ): Promise<{ readonly rosters: readonly Roster[]; readonly profile: VillageProfile | undefined }>;
  /** The summaries of an area's parts added up. */
  parts(area: AreaCode): Promise<Tally>;
  /** Codes directly inside an area, whether the register of divisions or a summary knows them; `0` holds the provinces. */
  inside(area: AreaCode): Promise<readonly AreaCode[]>;
  manifests(
    households: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly village: string; readonly keys: readonly string[] }>>;
  /** Households that stand in the list of all in a village, consistent. */
  listed(village: AreaCode): Promise<readonly Pointer[]>;
  /** Households that stand under a key in a county. */
  entries(county: AreaCode, key: string): Promise<readonly Pointer[]>;
  latest(county: AreaCode, area: AreaCode): Promise<Recount | undefined>;
  recount(id: string): Promise<Recount | undefined>;
  create(recount: Recount, chunks: readonly RecountChunk[]): Promise<boolean>;
  save(before: Recount, next: Partial<Recount>): Promise<boolean>;
  chunks(id: string): Promise<readonly RecountChunk[]>;
  chunk(id: string, chunk: number): Promise<RecountChunk | undefined>;
  saveChunk(id: string, chunk: RecountChunk): Promise<void>;
  /** Tells the consumers of figures and lists, and the recount itself. */
  toSummary(messages: readonly Readonly<Record<string, string>>[]): Promise<void>;
  toListing(messages: readonly Pointer[]): Promise<void>;
  toRecount(messages: readonly RecountMessage[]): Promise<void>;
  /** Waits until changes under way have probably arrived. */
  wait(): Promise<void>;
  report(drift: { readonly recount: string; readonly areas: number; readonly area: string }): void;
  now(): Date;
  today(): Day;
}

/** How often a difference is looked at again before it is called drift: a change may be on its way. */
const LOOKS = 4;
/** Days a deployment may have stood still before re-banding relies on the recount alone. */
const DAYS_BACK = 60;

/**
 * Starts the recount of an area. Above counties it is handed on to the parts; a county becomes a job whose chunks are its towns (of a town or
 * village, that one alone). Told twice under one run it is the same job.
 */
export async function start(ports: RecountPorts, run: string, area: AreaCode): Promise<void> {
  const county = ancestorAt(area, 'county');
  if (levelOf(county) !== 'county') {
    const inside = await ports.inside(area);
    await ports.toRecount(inside.map((part) => ({ run, area: part })));
    return;
  }
  const id = `rc_${run}_${county}`;
  if (!(await ports.recount(id))) {
    await reband(ports, county);
    const towns = area === county ? await ports.inside(county) : [area];
    const chunks = towns.map((town, chunk) => blank(chunk, town));
    await ports.create(header(ports, { id, county, area, chunks: chunks.length }), chunks);
  }
  const waiting = (await ports.chunks(id)).filter(({ isDone }) => !isDone);
  await ports.toRecount(waiting.map(({ chunk }) => ({ recount: id, chunk })));
  if (waiting.length === 0) await finish(ports, id);
}

function blank(chunk: number, area: AreaCode): RecountChunk {
  const none = { villages: 0, households: 0, driftedAreas: 0, driftedLists: 0, named: [] };
  return { chunk, area, isDone: false, ...none, parts: [] };
}

function header(
  ports: RecountPorts,
  given: Pick<Recount, 'id' | 'county' | 'area' | 'chunks'>,
): Recount {
  const startedAt = ports.now().toISOString();
  return { ...given, day: ports.today(), startedAt, finishedAt: null, drifted: [], version: 1 };
}

/** Has the villages counted and the households listed anew whose ages have changed since the last recount. */
async function reband(ports: RecountPorts, county: AreaCode): Promise<void> {
  const today = ports.today();
  const latest = await ports.latest(county, county);
  const [, from = today] = [addDays(today, -DAYS_BACK), latest?.day ?? ''].sort();
  for (let day = from; day <= today; day = addDays(day, 1)) {
    const due = await ports.entries(county, rebandKey(day));
    const villages = [...new Set(due.map(({ village }) => village))];
    await ports.toSummary(villages.map((village) => ({ village })));
    await ports.toListing(due);
  }
}

/** Looks until a difference is gone; what stays different after several looks is drift. */
async function persists(ports: RecountPorts, differs: () => Promise<boolean>): Promise<boolean> {
  for (let look = 1; look <= LOOKS; look += 1) {
    if (!(await differs())) return false;
    if (look < LOOKS) await ports.wait();
  }
  return true;
}

/** What one look at a village has shown. */
interface Sight {
  readonly village: AreaCode;
  readonly households: number;
  /** First day on which the ages of its summary are no longer true. */
  readonly until: Day | undefined;
  readonly hasDrift: boolean;
  /** Households that stand in other lists than they should, those that no longer live there among them. */
  readonly wrong: readonly Pointer[];
  /** Households whose ages have changed since they were listed. */
  readonly aged: readonly Pointer[];
}

async function look(ports: RecountPorts, village: AreaCode): Promise<Sight> {
  const today = ports.today();
  const row = await ports.row(village);
  const { rosters, profile } = await ports.village(village);
  const ids = new Set(rosters.map(({ id }) => id));
  const [held, listed] = await Promise.all([ports.manifests([...ids]), ports.listed(village)]);
  const said = (listing: Listing) =>
    rosters
      .filter((one) => listingOf(one, held.get(one.id), today) === listing)
      .map(({ id }) => ({ village, household: id }));
  const gone = listed.filter(({ household }) => !ids.has(household));
  return {
    village,
    households: rosters.length,
    until: row?.until,
    hasDrift: isDrift(row, countVillage(rosters, profile, row?.day ?? today)),
    wrong: [...said('drift'), ...gone],
    aged: said('aged'),
  };
}

function isSuspect({ hasDrift, wrong }: Sight): boolean {
  return hasDrift || wrong.length > 0;
}

/** What is still wrong at a second look was wrong at the first. */
function narrowed(before: Sight, after: Sight): Sight {
  const ids = new Set(before.wrong.map(({ household }) => household));
  const wrong = after.wrong.filter(({ household }) => ids.has(household));
  return { ...after, hasDrift: before.hasDrift && after.hasDrift, wrong };
}

/** Looks at every village, and again at those where something differs: all of them wait together, however many they are. */
async function lookAtAll(
  ports: RecountPorts,
  villages: readonly AreaCode[],
): Promise<readonly Sight[]> {
  const sights = new Map<AreaCode, Sight>();
  for (const village of villages) sights.set(village, await look(ports, village));
  for (let turn = 1; turn < LOOKS; turn += 1) {
    const suspects = [...sights.values()].filter(isSuspect);
    if (suspects.length === 0) break;
    await ports.wait();
    for (const before of suspects)
      sights.set(before.village, narrowed(before, await look(ports, before.village)));
  }
  return [...sights.values()];
}

/** Has what was seen in a village repaired. Ages that have changed since are no drift, but figures and lists must follow them. */
async function mend(ports: RecountPorts, sight: Sight): Promise<void> {
  const { village, hasDrift, until, wrong, aged } = sight;
  if (hasDrift || (until !== undefined && until <= ports.today()))
    await ports.toSummary([{ village }]);
  await ports.toListing([...wrong, ...aged]);
}

/** Whether the summary of an area differs from those of its parts; if so it is added up again. */
async function checkSum(ports: RecountPorts, area: AreaCode): Promise<boolean> {
  const hasDrift = await persists(ports, async () =>
    isDrift(await ports.row(area), await ports.parts(area)),
  );
  if (hasDrift) await ports.toSummary([{ area }]);
  return hasDrift;
}

function partOf({ village, households, hasDrift, wrong }: Sight): RecountChunk['parts'][number] {
  const lists = wrong.map(({ household }) => household).slice(0, NAMED_OF_VILLAGE);
  return {
    area: village,
    households,
    driftedAreas: hasDrift ? 1 : 0,
    driftedLists: wrong.length,
    named: hasDrift ? [village, ...lists] : lists,
  };
}

async function account(ports: RecountPorts, id: string, chunk: RecountChunk): Promise<void> {
  const { area } = chunk;
  const isTown = levelOf(area) === 'town';
  const sights = await lookAtAll(ports, isTown ? await ports.inside(area) : [area]);
  for (const sight of sights) await mend(ports, sight);
  const areas = sights.filter(({ hasDrift }) => hasDrift).map(({ village }) => village);
  if (isTown && (await checkSum(ports, area))) areas.push(area);
  // Who moved within the town is missed in one village and left over in another.
  const lists = [...new Set(sights.flatMap(({ wrong }) => wrong.map((one) => one.household)))];
  await ports.saveChunk(id, {
    ...chunk,
    isDone: true,
    villages: sights.length,
    households: sights.reduce((sum, { households }) => sum + households, 0),
    driftedAreas: areas.length,
    driftedLists: lists.length,
    named: [...areas, ...lists].slice(0, NAMED_AT_MOST),
    parts: sights.map(partOf),
  });
  const drifted = areas.length + lists.length;
  if (drifted > 0) ports.report({ recount: id, areas: drifted, area });
}

/** Recounts one chunk from the items themselves, has repaired what differs, and records what was found. */
export async function recountChunk(ports: RecountPorts, id: string, place: number): Promise<void> {
  const chunk = await ports.chunk(id, place);
  if (!chunk) throw new Error('a chunk of the recount is missing');
  if (!chunk.isDone) await account(ports, id, chunk);
  await finish(ports, id);
}

/** When every chunk is done: the county and the areas above it, then the end. Several may find it so; the header's version lets one end it. */
async function finish(ports: RecountPorts, id: string): Promise<void> {
  const recount = await ports.recount(id);
  if (!recount || recount.finishedAt !== null) return;
  const chunks = await ports.chunks(id);
  if (chunks.some(({ isDone }) => !isDone)) return;
  const drifted: AreaCode[] = [];
  for (const area of [recount.county, ...ancestorsOf(recount.county)])
    if (await checkSum(ports, area)) drifted.push(area);
  const isOurs = await ports.save(recount, { finishedAt: ports.now().toISOString(), drifted });
  if (isOurs && drifted.length > 0)
    ports.report({ recount: id, areas: drifted.length, area: recount.county });
}
