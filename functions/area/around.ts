import { type AreaCode, ancestorAt, levelOf } from '../core/division.ts';
import type { Division } from '../core/division-register.ts';
import { formerCodes, successorsOf } from '../core/division-scope.ts';
import { now } from '../lib/clock.ts';
import { arrivalsIn, divisionsUnder, getDivisions } from './table.ts';

/** A village whose place another has taken, or a village itself. */
export interface Origin {
  readonly code: AreaCode;
  /** Several villages have taken its place. */
  readonly isDivided: boolean;
}

/** The villages of a county as its boards and lists of a past day need them. */
export interface CountyVillages {
  /** Villages in use, in the order of their codes. */
  readonly present: readonly AreaCode[];
  /** A village, and those in whose place it stands. */
  origins(village: AreaCode): readonly Origin[];
  /** The codes that act for a village now; undefined where that has to be looked up elsewhere. */
  successors(village: AreaCode): readonly AreaCode[] | undefined;
}

/** How long the villages of a county are believed, in milliseconds: they change a few times a year. */
const BELIEVED_MS = 60_000;
/** Counties remembered at most. */
const REMEMBERED = 20;

/** Villages that came to villages of a county from other counties, theirs in turn. */
async function cameTo(
  table: string,
  county: AreaCode,
  inside: readonly Division[],
): Promise<readonly Division[]> {
  const known = new Set(inside.map(({ code }) => code));
  const asked = new Set<AreaCode>();
  const found: Division[] = [];
  let counties: readonly AreaCode[] = [county];
  while (counties.length > 0) {
    for (const one of counties) asked.add(one);
    const rows = await Promise.all(counties.map((one) => arrivalsIn(table, one)));
    const came = rows.flat().filter(({ to, from }) => known.has(to) && !known.has(from));
    for (const { from } of came) known.add(from);
    const divisions = await getDivisions(
      table,
      came.map(({ from }) => from),
    );
    found.push(...divisions.values());
    const theirs = came.map(({ from }) => ancestorAt(from, 'county'));
    counties = [...new Set(theirs)].filter((one) => !asked.has(one));
  }
  return found;
}

/** The villages of a county from the register of divisions: a Query for each town, and one for those that came from other counties. */
async function villagesOf(table: string, county: AreaCode): Promise<CountyVillages> {
  const inside = await divisionsUnder(table, county);
  const all = [...inside, ...(await cameTo(table, county, inside))];
  const villages = all.filter(({ code }) => levelOf(code) === 'village');
  const byCode = new Map(villages.map((one) => [one.code, one]));
  const replaced = villages.filter(({ successors }) => successors.length > 0);
  const divided = new Set(
    replaced.filter(({ successors }) => successors.length > 1).map(({ code }) => code),
  );
  return {
    present: villages
      .filter(({ code, validTo }) => validTo === null && code.startsWith(county))
      .map(({ code }) => code)
      .sort(),
    origins: (village) =>
      formerCodes(village, replaced).map((code) => ({
        code,
        isDivided: code !== village && divided.has(code),
      })),
    successors: (village) => {
      const codes = successorsOf(village, (code) => byCode.get(code) ?? null);
      return codes.every((code) => byCode.has(code)) ? codes : undefined;
    },
  };
}

/** Looks up the villages of the county of an area; what was found is believed for a minute per function instance. */
export function countyVillages(table: string): (area: AreaCode) => Promise<CountyVillages> {
  const believed = new Map<
    AreaCode,
    { readonly found: Promise<CountyVillages>; readonly until: number }
  >();
  return async (area) => {
    const county = ancestorAt(area, 'county');
    const at = now().getTime();
    const known = believed.get(county);
    if (known && known.until > at) return known.found;
    if (believed.size >= REMEMBERED) believed.clear();
    const found = villagesOf(table, county);
    believed.set(county, { found, until: at + BELIEVED_MS });
    try {
      return await found;
    } catch (fault) {
      believed.delete(county);
      throw fault;
    }
  };
}
