import type { Actor, Place } from '../core/access.ts';
import { mayReach } from '../core/access.ts';
import type { AreaCode } from '../core/division.ts';
import { type Figures, isNothing } from '../core/figure.ts';
import { isCounted } from '../core/figure-name.ts';
import { walk } from '../core/figure-walk.ts';
import { type Filter, filtersOf, type ListKind } from '../core/list-filter.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import { dayOfYear } from '../core/snapshot.ts';
import type { FrozenVillage } from '../core/snapshot-object.ts';
import { type FrozenPlace, findFrozen, type PlacePorts, partsOf } from '../snapshot/place.ts';
import { type FrozenStep, ownRows, scopeOf, walkPorts } from '../snapshot/walk.ts';
import type { Pointer } from './page.ts';
import { countOf, type ListInput, type PagesAsked, text } from './service.ts';

/** What lists of a snapshot are read from. */
export interface FrozenSource extends PlacePorts {
  /** The object of a village and year, as it was written. */
  object(year: number, village: AreaCode): Promise<FrozenVillage | undefined>;
  /** Where households are now and who is paired with them; those that are nowhere are missing. */
  places(pointers: readonly Pointer[]): Promise<ReadonlyMap<string, Place>>;
  /** Names of members by person id, those who left included. */
  names: PagesAsked['names'];
}

/** What a list of a snapshot is asked. */
interface Asked {
  readonly source: FrozenSource;
  readonly place: FrozenPlace;
  readonly year: number;
  readonly actor: Actor;
  /** Whether any household of an area can be in the list, by its figures. */
  readonly passes: (figures: Figures) => boolean;
}

/**
 * The households of a snapshot as a list pages through them: the frozen figures lead to the villages that have any, whose objects are read.
 * Who may be shown is decided by where a household is now. One per page: it remembers what it has read.
 */
export class FrozenPages implements PagesAsked {
  readonly #asked: Asked;
  readonly #villages = new Map<AreaCode, FrozenVillage>();
  readonly #reached = new Set<string>();

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  readonly reaches = ({ id }: Roster): boolean => this.#reached.has(id);

  readonly names: PagesAsked['names'] = (members) => this.#asked.source.names(members);

  async #village(step: Pick<FrozenStep, 'area' | 'row'>): Promise<FrozenVillage> {
    const known = this.#villages.get(step.area);
    if (known) return known;
    const { source, year } = this.#asked;
    const object = await source.object(year, step.area);
    // Shown must be what was frozen, or nothing; the check says what became of it.
    if (!object?.isWhole || object.hash !== step.row.hash)
      throw new Error('an object of a snapshot is not what was frozen');
    this.#villages.set(step.area, object);
    return object;
  }

  /** The village a page goes on in, and those after it. */
  async *#steps(area: AreaCode, after: Pointer | undefined): AsyncGenerator<FrozenStep> {
    const { source, year, place, passes } = this.#asked;
    const ports = walkPorts(source, year, place);
    const first = after && (await ports.row(after.village));
    if (first) yield first;
    yield* walk(ports, { area, to: 'village', passes, after: after?.village });
  }

  async entries({
    area,
    after,
    limit,
  }: {
    readonly area: AreaCode;
    readonly after?: Pointer | undefined;
    readonly limit: number;
  }): Promise<{ readonly pointers: readonly Pointer[]; readonly isEnd: boolean }> {
    const pointers: Pointer[] = [];
    for await (const step of this.#steps(area, after)) {
      const { rosters } = await this.#village(step);
      const isAfter = ({ id }: Roster) => step.area !== after?.village || id > after.household;
      for (const one of rosters)
        if (isAfter(one)) pointers.push({ village: step.area, household: one.id });
      if (pointers.length > limit) break;
    }
    return { pointers: pointers.slice(0, limit), isEnd: pointers.length <= limit };
  }

  async rosters(pointers: readonly Pointer[]): Promise<ReadonlyMap<string, Roster>> {
    const { source, actor } = this.#asked;
    const villages = pointers.map(({ village }) => village);
    const [places] = await Promise.all([source.places(pointers), this.#load(villages)]);
    const rosters = new Map<string, Roster>();
    for (const { village, household } of pointers) {
      const roster = this.#villages.get(village)?.rosters.find(({ id }) => id === household);
      if (!roster) continue;
      const now = places.get(household);
      if (now && mayReach(actor, now)) this.#reached.add(household);
      // A helper's own households are those paired with the helper now.
      rosters.set(
        household,
        actor.role === 'helper' ? { ...roster, helperSubs: now?.helperSubs ?? [] } : roster,
      );
    }
    return rosters;
  }

  /** The household a page was broken off in is asked for before its village was. */
  async #load(villages: readonly AreaCode[]): Promise<void> {
    const { source, year } = this.#asked;
    for (const village of new Set(villages)) {
      const row = this.#villages.has(village) ? undefined : await source.row(year, village);
      if (row) await this.#village({ area: village, row });
    }
  }

  async profiles(villages: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, VillageProfile>> {
    await this.#load(villages);
    const known = villages.flatMap((village) => {
      const profile = this.#villages.get(village)?.profile;
      return profile ? [[village, profile] as const] : [];
    });
    return new Map(known);
  }

  /** The figures lead from one county to the next by themselves. */
  async *counties(area: AreaCode): AsyncGenerator<AreaCode> {
    yield area;
  }
}

type List<Page> = (ports: FrozenPages, input: ListInput) => Promise<Page | Refusal>;

/** The filters by which areas are passed over: those that were counted in all of what is walked through. */
async function passing(
  asked: Pick<Asked, 'source' | 'place' | 'year'>,
  filters: readonly Filter[],
) {
  const { source, place, year } = asked;
  const own = await ownRows(source, year, place);
  const parts = place.areas.map((area) => partsOf(source, year, area));
  const rows = own.length > 0 ? own : (await Promise.all(parts)).flat();
  const telling = filters.filter(({ id }) => rows.every(({ figures }) => isCounted(figures, id)));
  const passes = (figures: Figures) =>
    !isNothing(figures) && telling.every((filter) => countOf(figures, filter) > 0);
  return { rows, passes };
}

/**
 * A page of a list in the snapshot of a year: rows as they were frozen, of households the reader may reach today; `outOfReach` counts what
 * is left out of this page. Refusals: snapshot-none, snapshot-running, request-invalid, cursor-invalid.
 */
export async function listFrozen<Page extends object>(
  list: List<Page>,
  kind: ListKind,
  input: {
    readonly source: FrozenSource;
    readonly query: ListInput['query'];
    readonly actor: Actor;
    readonly year: number;
  },
) {
  const { source, query, actor, year } = input;
  const { area } = query;
  const place = await findFrozen(source, year, area);
  if ('refused' in place) return place;
  const filters = filtersOf(kind, text(query));
  if (isRefused(filters)) return filters;
  const { rows, passes } = await passing({ source, place, year }, filters.ok);
  const pages = new FrozenPages({ source, place, year, actor, passes });
  const found = await list(pages, {
    ...{ actor, day: dayOfYear(year), snapshot: year },
    query: { ...query, area: scopeOf(place) },
  });
  if ('refused' in found) return found;
  const known = place.snapshots.length > 0 ? place.snapshots : rows;
  const [knownAt] = known.map((one) => one.knownAt).sort();
  return { ...found, area, ...(knownAt !== undefined && { knownAt }) };
}
