import { type Actor, mayEnter } from '../core/access.ts';
import { type BoardInput, boardOf, type Place } from '../core/board.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, ancestorsOf, levelOf } from '../core/division.ts';
import type { Division } from '../core/division-register.ts';
import { addTallies, type Figures, isNothing, nothing } from '../core/figure.ts';
import { type Walk, walk } from '../core/figure-walk.ts';
import { cursorOf, positionOf, type Question } from '../core/list-cursor.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { type TargetsOf, targetsOn, yearOfDay } from '../core/target-board.ts';
import { hasAll, placesOf, type VillageQuery, villageRow } from '../core/village-list.ts';
import { awaitsRecount, type Row, tallyOf } from './row.ts';

export interface BoardPorts {
  /** Summaries directly inside an area, by code. */
  rows(area: AreaCode): Promise<readonly Row[]>;
  row(area: AreaCode): Promise<Row | undefined>;
  divisions(codes: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, Division>>;
  children(code: AreaCode): Promise<readonly Division[]>;
  /** Targets of a year: the area's own and those of its parts. */
  targets(code: AreaCode, year: number): Promise<TargetsOf>;
}

/** Seconds after which to ask again for figures that are counted after an upgrade. */
const AGAIN = 300;

export function recounting(): Refusal {
  return refuse('figures-being-recounted', { seconds: AGAIN });
}

function placeOf(code: AreaCode, name: string | undefined): Place {
  return name === undefined ? { code } : { code, name };
}

/** Every open division inside, whether anybody lives there or not; closed ones only while households are still counted there. */
export function partsOf(figures: ReadonlyMap<AreaCode, Figures>, divisions: readonly Division[]) {
  const names = new Map(divisions.map(({ code, name }) => [code, name]));
  const open = divisions.filter(({ validTo }) => validTo === null).map(({ code }) => code);
  const counted = [...figures].filter(([, one]) => !isNothing(one)).map(([area]) => area);
  return [...new Set([...open, ...counted])].sort().map((code) => ({
    area: placeOf(code, names.get(code)),
    figures: figures.get(code) ?? nothing,
  }));
}

/** The place of a board, with those above it that may be entered. */
export function placeFor(
  code: AreaCode,
  above: readonly AreaCode[],
  known: ReadonlyMap<AreaCode, Division>,
): Place {
  const ancestors = above.map((one) => ({ code: one, name: known.get(one)?.name ?? one }));
  return { ...placeOf(code, known.get(code)?.name), ancestors };
}

function figuresBy(rows: readonly Row[]): ReadonlyMap<AreaCode, Figures> {
  return new Map(rows.map((row) => [row.area, tallyOf(row).figures]));
}

/** The places above an area that the actor may enter, highest first. */
export function visibleAbove(actor: Actor, code: AreaCode): readonly AreaCode[] {
  return ancestorsOf(code)
    .filter((one) => mayEnter(actor, one))
    .toReversed();
}

/** A board with the targets of the year of a day put beside its figures. */
export function withTargets(input: BoardInput, day: Day, found: TargetsOf) {
  const { area, tally } = input;
  const children = input.children.map((child) => ({ ...child, code: child.area.code }));
  const told = targetsOn(
    { area: area.code, figures: tally.figures, year: yearOfDay(day), day, children },
    found,
  );
  const board = boardOf(input);
  const beside = board.children.map((child) => ({
    ...child,
    targets: told.parts.get(child.area.code),
  }));
  return { ...board, targets: told.whole, children: beside };
}

/**
 * The board of an area: one query for the summaries inside it, which are added up, so that the parts shown always add up to the whole, one
 * for the targets of its parts in this year, and one look-up of its own.
 * Refused: not-found when neither the register of divisions nor any summary knows the area; figures-being-recounted where a part is still
 * stored as a former release did.
 */
export async function showBoard(
  ports: BoardPorts,
  { code, actor, today }: { readonly code: AreaCode; readonly actor: Actor; readonly today: Day },
): Promise<ReturnType<typeof withTargets> | Refusal> {
  const isVillage = levelOf(code) === 'village';
  const above = visibleAbove(actor, code);
  const [rows, known, inside, targets] = await Promise.all([
    isVillage ? ports.row(code).then((row) => (row ? [row] : [])) : ports.rows(code),
    ports.divisions([code, ...above]),
    isVillage ? [] : ports.children(code),
    ports.targets(code, yearOfDay(today)),
  ]);
  if (!known.has(code) && rows.length === 0) return refuse('not-found');
  if (rows.some(awaitsRecount)) return recounting();
  const input = {
    area: placeFor(code, above, known),
    tally: addTallies(rows.map(tallyOf)),
    today,
    children: partsOf(isVillage ? new Map() : figuresBy(rows), inside),
  };
  return withTargets(input, today, targets);
}

/** A page of the villages of an area for which every condition holds; the summaries lead there. Refusals: cursor-invalid, figures-being-recounted. */
export async function listVillages(
  ports: Pick<BoardPorts, 'rows' | 'row' | 'divisions'>,
  query: VillageQuery,
  today: Day,
) {
  const { area, cursor, limit } = query;
  const places = placesOf(query);
  const filters = places.map(asFilter);
  const { snapshot } = query;
  const question: Question = {
    ...{ kind: 'villages', area, filters },
    ...(snapshot !== undefined && { snapshot }),
  };
  const position = cursor === undefined ? undefined : positionOf(question, cursor);
  if (position && isRefused(position)) return position;
  const found: Row[] = [];
  const asked = {
    area,
    to: 'village',
    passes: (figures) => !isNothing(figures) && hasAll(figures, places),
    after: position?.ok.village,
  } as const satisfies Walk<Row>;
  for await (const row of walk(ports, asked)) {
    found.push(row);
    if (found.length > limit) break;
  }
  if (found.some(awaitsRecount)) return recounting();
  const shown = found.slice(0, limit);
  const names = await ports.divisions(shown.map((row) => row.area));
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    area,
    asOf: today,
    basis: 'current' as const,
    items: shown.map((row) =>
      villageRow({ area: row.area }, names.get(row.area)?.name, tallyOf(row).figures),
    ),
    ...(last && { cursor: cursorOf(question, { village: last.area, household: '-' }) }),
  };
}

export function asFilter(place: number) {
  return { id: 'place', value: String(place) };
}
