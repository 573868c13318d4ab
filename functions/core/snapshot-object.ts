import * as z from 'zod';
import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import type { Roster, VillageProfile } from './roster.ts';
import { decodeRoster, encodeRoster, ROSTER_SHAPE } from './roster-codec.ts';
import { StoredProfile } from './village.ts';

/** Version of the shape of an object. */
export const OBJECT_SHAPE = 1;

/** What an object of a snapshot is about. */
export const ObjectAbout = z.object({
  village: z.string(),
  name: z.string(),
  county: z.string(),
  year: z.int(),
  day: z.string(),
  /** Just before the village was read. */
  knownAt: z.string(),
  /** Shape of the rosters below. */
  rosterShape: z.int().positive(),
  households: z.int().nonnegative(),
});
export type ObjectAbout = z.infer<typeof ObjectAbout>;

export const ObjectHeader = z.object({ v: z.literal(OBJECT_SHAPE), hash: z.string() });
export const RosterLine = z.tuple([z.string(), z.string()]);

/** A village as it was frozen. */
export interface FrozenVillage {
  readonly about: ObjectAbout;
  readonly profile: VillageProfile | undefined;
  /** By household id. */
  readonly rosters: readonly Roster[];
  /** Digest the object says it has. */
  readonly hash: string;
  /** Whether its content has that digest. */
  readonly isWhole: boolean;
}

export interface VillageInput {
  readonly village: AreaCode;
  readonly name: string;
  readonly year: number;
  readonly day: Day;
  readonly knownAt: string;
  readonly rosters: readonly Roster[];
  readonly profile: VillageProfile | undefined;
}

/** Digest of a text; core has none of its own. */
export type Digest = (text: string) => string;

/**
 * The text of a village's object, JSON lines: header with the digest of all that follows, what it is about, the profile (or null), then one
 * line per household with its id and its roster as the register stores it. No identity number is in a roster; the head's name is.
 */
export function writeVillage(input: VillageInput, digest: Digest): string {
  const { village, name, year, day, knownAt, profile } = input;
  const rosters = input.rosters.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const about: ObjectAbout = {
    village,
    name,
    county: village.slice(0, 6),
    year,
    day,
    knownAt,
    rosterShape: ROSTER_SHAPE,
    households: rosters.length,
  };
  const lines = [about, profile ?? null, ...rosters.map((one) => [one.id, encodeRoster(one)])];
  const rest = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return `${JSON.stringify({ v: OBJECT_SHAPE, hash: digest(rest) })}\n${rest}`;
}

/** The village of an object's text; one of another shape is a fault, one whose content is not that of its digest is told by `isWhole`. */
export function readVillage(text: string, digest: Digest): FrozenVillage {
  const end = text.indexOf('\n') + 1;
  const { hash } = ObjectHeader.parse(JSON.parse(text.slice(0, end)));
  const rest = text.slice(end);
  const [first, second, ...lines] = rest
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  const about = ObjectAbout.parse(first);
  const { village } = about;
  const rosters = lines.map((line) => {
    const [id, roster] = RosterLine.parse(line);
    return decodeRoster({ village, id }, roster);
  });
  const profile = second === null ? undefined : StoredProfile.parse(second);
  return { about, profile, rosters, hash, isWhole: hash === digest(rest) };
}
