import { type Actor, mayReach } from '../core/access.ts';
import { boardOf } from '../core/board.ts';
import { codesOf } from '../core/code-list.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, ancestorAt, levelOf, levels } from '../core/division.ts';
import {
  addTallies,
  countVillage,
  type Figures,
  householdCounts,
  isNothing,
  type Tally,
} from '../core/figure.ts';
import { cursorOf, positionOf, type Question } from '../core/list-cursor.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { VillageOn } from '../core/resident.ts';
import { hasAll, placesOf, type VillageQuery, villageRow } from '../core/village-list.ts';
import { awaitsRecount, tallyOf } from './row.ts';
import {
  asFilter,
  type BoardPorts,
  partsOf,
  placeFor,
  recounting,
  visibleAbove,
} from './service.ts';

/** What a board of a past day reads beside what one of today does. */
export interface PastPorts extends BoardPorts {
  /** Villages of a county that are in use, in the order of their codes. */
  villages(county: AreaCode): Promise<readonly AreaCode[]>;
  /** Villages on a day, by what is known now about it. */
  villagesOn(
    villages: readonly AreaCode[],
    day: Day,
  ): Promise<ReadonlyMap<AreaCode, Pick<VillageOn, 'residents' | 'profile'>>>;
}

/** Who asks for what of a past day. */
export interface PastQuestion {
  readonly area: AreaCode;
  readonly actor: Actor;
  readonly day: Day;
}

/**
 * Households whose files are read for one answer at most. Each takes a Query and two milliseconds of a whole processor, of which a function
 * of this size has a half, and an answer must be there within 29 seconds.
 */
export const MOST_FILES = 5000;
/** Villages counted at once for a page of them. */
const AT_ONCE = 50;

const status = { id: 'status', values: codesOf('status') };

/** Figures of each village of an area, of whoever is within reach. */
interface Counted {
  readonly tallies: ReadonlyMap<AreaCode, Tally>;
  readonly outOfReach: number;
}

/** Why a past day cannot be counted: the area has too many households now, whom the summaries count. */
async function refuseWide(ports: PastPorts, area: AreaCode): Promise<Refusal | undefined> {
  const row = await ports.row(area);
  if (!row) return undefined;
  if (awaitsRecount(row)) return recounting();
  // Who was struck off has a file too.
  const counts = householdCounts(tallyOf(row).figures, status, false);
  const households = counts.reduce((sum, [, one]) => sum + one.households, 0);
  return households > MOST_FILES
    ? refuse('as-of-too-wide', { households, limit: MOST_FILES })
    : undefined;
}

/** The counties of an area, or the one it is or lies in. */
async function countiesOf(ports: PastPorts, area: AreaCode): Promise<readonly AreaCode[]> {
  const county = ancestorAt(area, 'county');
  if (levelOf(county) === 'county') return [county];
  const inside = (await ports.children(area)).filter(({ validTo }) => validTo === null);
  return (await Promise.all(inside.map(({ code }) => countiesOf(ports, code)))).flat();
}

async function villagesIn(ports: PastPorts, area: AreaCode): Promise<readonly AreaCode[]> {
  const counties = await countiesOf(ports, area);
  const villages = await Promise.all(counties.map((county) => ports.villages(county)));
  return villages.flat().filter((village) => village.startsWith(area));
}

async function count(
  ports: PastPorts,
  villages: readonly AreaCode[],
  { actor, day }: PastQuestion,
): Promise<Counted> {
  const found = await ports.villagesOn(villages, day);
  const tallies = new Map<AreaCode, Tally>();
  let outOfReach = 0;
  for (const [village, { residents, profile }] of found) {
    const shown = residents.filter((one) => mayReach(actor, one.now));
    outOfReach += residents.length - shown.length;
    const rosters = shown.map(({ roster }) => roster);
    tallies.set(village, countVillage(rosters, profile, day));
  }
  return { tallies, outOfReach };
}

/** Figures of the parts of an area one level down, from those of its villages. */
function byPart(area: AreaCode, { tallies }: Counted): readonly (readonly [AreaCode, Figures])[] {
  const level = levelOf(area);
  const below = level && levels[levels.indexOf(level) + 1];
  if (!below) return [];
  const parts = Map.groupBy(tallies, ([village]) => ancestorAt(village, below));
  return [...parts].map(([part, inside]) => {
    return [part, addTallies(inside.map(([, tally]) => tally)).figures] as const;
  });
}

/**
 * The board of an area on a past day, by what is known now about that day: counted from the files of all who are there now or were once, so
 * it costs in proportion to the area. A household counts where its village of that day lies today. Zeros before the first record.
 * Refused: not-found, as-of-too-wide, figures-being-recounted.
 */
export async function showPastBoard(
  ports: PastPorts,
  question: PastQuestion,
): Promise<ReturnType<typeof boardOf> | Refusal> {
  const { area, actor, day } = question;
  const above = visibleAbove(actor, area);
  const known = await ports.divisions([area, ...above]);
  if (!known.has(area)) return refuse('not-found');
  const wide = await refuseWide(ports, area);
  if (wide) return wide;
  const counted = await count(ports, await villagesIn(ports, area), question);
  const { outOfReach, tallies } = counted;
  return boardOf({
    area: placeFor(area, above, known),
    tally: addTallies([...tallies.values()]),
    today: day,
    past: { outOfReach },
    children: partsOf(new Map(byPart(area, counted)), await ports.children(area)),
  });
}

/** Villages after a place whose figures pass, until there is one more than asked for. */
async function passing(
  ports: PastPorts,
  question: PastQuestion,
  page: { readonly after: AreaCode; readonly limit: number; readonly places: readonly number[] },
) {
  const all = await villagesIn(ports, question.area);
  const waiting = all.filter((village) => village > page.after);
  const found: (readonly [AreaCode, Figures])[] = [];
  let outOfReach = 0;
  while (waiting.length > 0 && found.length <= page.limit) {
    const counted = await count(ports, waiting.splice(0, AT_ONCE), question);
    outOfReach += counted.outOfReach;
    for (const [village, { figures }] of counted.tallies)
      if (!isNothing(figures) && hasAll(figures, page.places)) found.push([village, figures]);
  }
  return { found, outOfReach };
}

/**
 * A page of the villages of an area on a past day for which every condition holds. Refusals: cursor-invalid, as-of-too-wide,
 * figures-being-recounted.
 */
export async function listPastVillages(
  ports: PastPorts,
  query: VillageQuery,
  question: PastQuestion,
) {
  const { area, cursor, limit } = query;
  const { day: asOf } = question;
  const places = placesOf(query);
  const asked: Question = { kind: 'villages', area, filters: places.map(asFilter), asOf };
  const position = cursor === undefined ? undefined : positionOf(asked, cursor);
  if (position && isRefused(position)) return position;
  const wide = await refuseWide(ports, area);
  if (wide) return wide;
  const after = position?.ok.village ?? '';
  const { found, outOfReach } = await passing(ports, question, { after, limit, places });
  const shown = found.slice(0, limit);
  const names = await ports.divisions(shown.map(([village]) => village));
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    ...{ area, asOf, basis: 'known-now' as const, outOfReach },
    items: shown.map(([village, figures]) =>
      villageRow({ area: village, asOf }, names.get(village)?.name, figures),
    ),
    ...(last && { cursor: cursorOf(asked, { village: last[0], household: '-' }) }),
  };
}
