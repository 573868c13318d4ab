import { type AreaCode, ancestorAt, levelOf, parentOf } from '../core/division.ts';
import type { Division } from '../core/division-register.ts';
import { formerCodes, successorsOf } from '../core/division-scope.ts';
import { now } from '../lib/clock.ts';
import { childrenOf, divisionsUnder } from './table.ts';

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

async function under(table: string, codes: readonly AreaCode[]): Promise<readonly Division[]> {
  return (await Promise.all(codes.map((code) => divisionsUnder(table, code)))).flat();
}

/** Towns beside the county that have become part of it, with their villages. */
async function joined(
  table: string,
  counties: readonly Division[],
  inside: readonly Division[],
): Promise<readonly Division[]> {
  const own = new Set(inside.map(({ code }) => code));
  const towns = await Promise.all(counties.map(({ code }) => childrenOf(table, code)));
  const came = towns.flat().filter(({ successors }) => successors.some((code) => own.has(code)));
  return under(
    table,
    came.map(({ code }) => code),
  );
}

/**
 * The villages of a county from the register of divisions: a Query for each town, and for each county beside it. A village that came alone
 * from another county, or from another city, is known by the households that came along and no others.
 */
async function villagesOf(table: string, county: AreaCode): Promise<CountyVillages> {
  const beside = await childrenOf(table, parentOf(county) ?? '0');
  const roots = formerCodes(county, beside);
  const inside = await under(table, roots);
  const others = beside.filter(({ code }) => !roots.includes(code));
  const all = [...inside, ...(await joined(table, others, inside))];
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
