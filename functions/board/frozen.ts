import type { Actor } from '../core/access.ts';
import type { FrozenBasis } from '../core/as-of.ts';
import { boardOf } from '../core/board.ts';
import { heading } from '../core/board-view.ts';
import { householdDimensions } from '../core/dimension-household.ts';
import { personDimensions } from '../core/dimension-person.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import type { Division } from '../core/division-register.ts';
import { addTallies } from '../core/figure.ts';
import { isCounted } from '../core/figure-name.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { dayOfYear } from '../core/snapshot.ts';
import type { VillageQuery } from '../core/village-list.ts';
import type { FrozenRow } from '../snapshot/item.ts';
import {
  depth,
  type FrozenPlace,
  findFrozen,
  type PlacePorts,
  partsOf,
} from '../snapshot/place.ts';
import { frozenTally } from '../snapshot/row.ts';
import { ownRows, scopeOf, walkPorts } from '../snapshot/walk.ts';
import { listVillages, placeFor, visibleAbove } from './service.ts';

export interface FrozenBoardPorts extends PlacePorts {
  divisions(codes: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, Division>>;
  /** Counties of a city or province that are in use. */
  counties(area: AreaCode): Promise<readonly AreaCode[]>;
  resolve(codes: readonly AreaCode[]): Promise<readonly AreaCode[]>;
}

export interface FrozenQuestion {
  readonly area: AreaCode;
  readonly year: number;
  readonly actor: Actor;
}

/** Counties of an area above them that are frozen, and those in use that are not, not even under a code they had. */
async function coverOf(ports: FrozenBoardPorts, area: AreaCode, rows: readonly FrozenRow[]) {
  const counties = rows.flatMap((row) => (levelOf(row.area) === 'county' ? [row.area] : row.parts));
  const covered = new Set([...counties, ...(await ports.resolve(counties))]);
  const without = (await ports.counties(area)).filter((one) => !covered.has(one));
  return { counties, without };
}

async function basisOf(
  ports: FrozenBoardPorts,
  { area, year }: FrozenQuestion,
  found: { readonly place: FrozenPlace; readonly rows: readonly FrozenRow[] },
): Promise<FrozenBasis> {
  const { place, rows } = found;
  const isAbove = place.snapshots.length === 0;
  const known = isAbove ? rows : place.snapshots;
  const [knownAt = ''] = known.map((one) => one.knownAt).sort();
  const cover = isAbove
    ? await coverOf(ports, area, rows)
    : { counties: place.snapshots.map(({ county }) => county), without: [] };
  return { knownAt, snapshot: { year, ...cover } };
}

/** What the board of an area shows as its parts: those of the areas it was, or smaller areas it was made of. */
async function partsShown(
  ports: PlacePorts,
  { area, year }: FrozenQuestion,
  place: FrozenPlace,
): Promise<readonly FrozenRow[]> {
  const wide = place.areas.filter((one) => depth(one) <= depth(area));
  const narrow = place.areas.filter((one) => depth(one) > depth(area));
  const parts = await Promise.all(wide.map((one) => partsOf(ports, year, one)));
  return [...parts.flat(), ...(await ownRows(ports, year, { areas: narrow, snapshots: [] }))];
}

const dimensions = [...householdDimensions, ...personDimensions];

/** Without the dimensions that were not counted then: of those nobody knows anything, which is not zero. */
function counted<Body extends object>(body: Body, rows: readonly FrozenRow[]): Body {
  const unknown = dimensions
    .filter(({ id }) => !rows.every(({ figures }) => isCounted(figures, id)))
    .map(({ id }) => heading(id));
  if (unknown.length === 0) return body;
  const kept = Object.entries(body).filter(([name]) => !unknown.includes(name));
  return Object.assign(Object.create(null), Object.fromEntries(kept));
}

/** Names as divisions have them; frozen villages and towns know their own. */
function placesOf(rows: readonly FrozenRow[], known: ReadonlyMap<AreaCode, Division>) {
  return rows
    .toSorted((a, b) => (a.area < b.area ? -1 : 1))
    .map((row) => ({
      area: { code: row.area, name: row.name || (known.get(row.area)?.name ?? row.area) },
      figures: frozenTally(row).figures,
      row,
    }));
}

/**
 * The board of an area in a snapshot: the frozen figures of its parts, one Query, and the snapshot itself, one Get. It is the same for
 * everyone who may see the area: households that are out of the reader's reach today are counted in it and left out of its lists.
 * Refusals: snapshot-none, snapshot-running.
 */
export async function showFrozenBoard(
  ports: FrozenBoardPorts,
  question: FrozenQuestion,
): Promise<ReturnType<typeof boardOf> | Refusal> {
  const { area, year, actor } = question;
  const place = await findFrozen(ports, year, area);
  if ('refused' in place) return place;
  const isVillage = levelOf(area) === 'village';
  const parts = isVillage ? [] : await partsShown(ports, question, place);
  const rows = isVillage ? await ownRows(ports, year, place) : parts;
  if (rows.length === 0 && place.snapshots.length === 0) return refuse('snapshot-none', { year });
  const above = visibleAbove(actor, area);
  const unnamed = parts.filter(({ name }) => name === '').map((row) => row.area);
  const known = await ports.divisions([area, ...above, ...unnamed]);
  const board = boardOf({
    area: placeFor(area, above, known),
    tally: addTallies(rows.map(frozenTally)),
    today: dayOfYear(year),
    frozen: await basisOf(ports, question, { place, rows }),
    children: placesOf(parts, known),
  });
  return {
    ...counted(board, rows),
    children: board.children.map((child) => counted(child, rows)),
  };
}

/** A page of the villages of an area in a snapshot for which every condition holds. Refusals: snapshot-none, snapshot-running, cursor-invalid. */
export async function listFrozenVillages(
  ports: FrozenBoardPorts,
  query: VillageQuery,
  question: FrozenQuestion,
) {
  const { area, year } = question;
  const place = await findFrozen(ports, year, area);
  if ('refused' in place) return place;
  const walked = walkPorts(ports, year, place);
  const day = dayOfYear(year);
  const stored = { version: 1, day, until: day };
  const rows = {
    rows: async (one: AreaCode) => (await walked.rows(one)).map((step) => ({ ...stored, ...step })),
    row: async (one: AreaCode) => {
      const step = await walked.row(one);
      return step && { ...stored, ...step };
    },
    divisions: ports.divisions,
  };
  const found = await listVillages(rows, { ...query, area: scopeOf(place) }, day);
  if ('refused' in found) return found;
  const top = await ownRows(ports, year, place);
  const basis = await basisOf(ports, question, {
    place,
    rows: place.snapshots.length > 0 ? top : await partsOf(ports, year, area),
  });
  const items = found.items.map((item) => ({ ...item, board: `${item.board}?snapshot=${year}` }));
  return { ...found, ...basis, area, basis: 'snapshot' as const, items };
}
