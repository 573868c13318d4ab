import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import { type Decided, refuse } from './refusal.ts';
import type { VillageProfile } from './roster.ts';

const count = z.int().min(0).max(10_000_000).nullable();
const yesNo = z.boolean().nullable();
const day = z.string().refine(isDay).meta({ format: 'date' });

/**
 * What is known of a village on a day (village registration form). Null is unknown, never "no" or zero. Incidence is not among them: it is
 * computed from the rosters and the population.
 */
export const VillageFacts = z.object({
  poor: z.boolean(),
  planExitYear: z.int().min(1949).max(2100).nullable(),
  homes: count,
  population: count,
  hamlets: count,
  poweredHamlets: count,
  road: yesNo,
  network: yesNo,
  dropouts: count,
  collectiveIncomeFen: z.int().min(0).max(1_000_000_000_000).nullable(),
  industries: z.array(z.string().min(1).max(40)).max(20),
  exitedOn: day.nullable(),
});
export type VillageFacts = z.infer<typeof VillageFacts>;

/** Columns a sheet may lack: what it does not say stays as known. */
export const VillageFactsGiven = VillageFacts.partial();
export type VillageFactsGiven = z.infer<typeof VillageFactsGiven>;

/** Who entered a fact of a village: the day it holds from, the instant it was entered, by whom, and the import or change behind it. */
export const VillageOrigin = z.object({
  heldOn: day,
  at: z.string(),
  by: z.string(),
  source: z.string(),
});
export type VillageOrigin = z.infer<typeof VillageOrigin>;

const VillageOrigins = z.partialRecord(VillageFacts.keyof(), VillageOrigin);
export type VillageOrigins = z.infer<typeof VillageOrigins>;

export const VillageProfileShape = VillageFacts.extend({
  village: z.string(),
  version: z.int().positive(),
  heldOn: day,
  origins: VillageOrigins.exactOptional(),
});

/** A profile as stored. The first version of the shape knew of no exit. */
export const StoredProfile = VillageProfileShape.extend({ exitedOn: day.nullable().default(null) });

/** One row of a villages file after its place was found. */
export interface VillageRow {
  readonly village: string;
  /** Day the facts hold for. */
  readonly heldOn: Day;
  readonly facts: VillageFactsGiven;
}

export interface VillageDecision {
  readonly outcome: 'new' | 'changed' | 'unchanged';
  readonly profile: VillageProfile;
}

const unknown: VillageFacts = {
  poor: false,
  planExitYear: null,
  homes: null,
  population: null,
  hamlets: null,
  poweredHamlets: null,
  road: null,
  network: null,
  dropouts: null,
  collectiveIncomeFen: null,
  industries: [],
  exitedOn: null,
};

/** The facts of a profile without its place, version and day. */
export function factsOf(profile: VillageProfile): VillageFacts {
  return VillageFacts.parse(profile);
}

/** Names of the facts in which two profiles differ. */
export function factsThatDiffer(a: VillageFacts, b: VillageFacts): readonly string[] {
  const keys = VillageFacts.keyof().options;
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

/** The year in which a poor village left the list. */
export function exitYearOf({ exitedOn }: Pick<VillageProfile, 'exitedOn'>): number | null {
  return exitedOn === null ? null : Number(exitedOn.slice(0, 4));
}

/** Facts that cannot be true together. */
function refuseTogether({ hamlets, poweredHamlets, poor, exitedOn }: VillageFacts) {
  if (hamlets !== null && poweredHamlets !== null && poweredHamlets > hamlets)
    return refuse('number-out-of-range', { field: 'poweredHamlets', min: 0, max: hamlets });
  return exitedOn !== null && !poor ? refuse('village-exited-stays', { exitedOn }) : undefined;
}

/**
 * What a row does to what is known of a village.
 * Refusals: number-out-of-range (more hamlets with power than hamlets), village-exited-stays (a village that has exited stays named as poor),
 * village-facts-older (newer facts that differ are known).
 * @param known the profile as it stands, undefined where there is none
 */
export function decideVillage(
  known: VillageProfile | undefined,
  row: VillageRow,
): Decided<VillageDecision> {
  const given = Object.entries(row.facts).filter(([, value]) => value !== undefined);
  const facts = VillageFacts.parse({ ...(known ?? unknown), ...Object.fromEntries(given) });
  const barrier = refuseTogether(facts);
  if (barrier) return barrier;
  const profile = {
    ...facts,
    village: row.village,
    heldOn: row.heldOn,
    ...(known?.origins && { origins: known.origins }),
  };
  if (!known) return { ok: { outcome: 'new', profile: { ...profile, version: 1 } } };
  if (factsThatDiffer(factsOf(known), facts).length === 0)
    return { ok: { outcome: 'unchanged', profile: known } };
  if (row.heldOn < known.heldOn)
    return refuse('village-facts-older', { heldOn: known.heldOn, older: row.heldOn });
  return { ok: { outcome: 'changed', profile: { ...profile, version: known.version + 1 } } };
}

/** A sum that is unknown as soon as one part is: a total with a hole in it would read as too low. */
function total(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** Both have it: yes; one lacks it: no; otherwise unknown. */
function both(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** A village made of poor ones has exited when all of them had, with the last; one that was not poor had nothing to leave. */
function exitOf(villages: readonly VillageFacts[]): Day | null {
  const exits = villages.filter(({ poor }) => poor).map(({ exitedOn }) => exitedOn);
  return exits.includes(null) ? null : (exits.toSorted().at(-1) ?? null);
}

/**
 * Facts of two villages that became one: counts add up, what both must have is had by both, poor if either was, exited if no poor one was
 * left on the list.
 */
export function joinFacts(a: VillageFacts, b: VillageFacts): VillageFacts {
  return {
    poor: a.poor || b.poor,
    planExitYear: latest(a.planExitYear, b.planExitYear),
    homes: total(a.homes, b.homes),
    population: total(a.population, b.population),
    hamlets: total(a.hamlets, b.hamlets),
    poweredHamlets: total(a.poweredHamlets, b.poweredHamlets),
    road: both(a.road, b.road),
    network: both(a.network, b.network),
    dropouts: total(a.dropouts, b.dropouts),
    collectiveIncomeFen: total(a.collectiveIncomeFen, b.collectiveIncomeFen),
    industries: [...new Set([...a.industries, ...b.industries])],
    exitedOn: exitOf([a, b]),
  };
}

/**
 * Facts of a part of a village that was split: counts of the whole say nothing about a part, so they are unknown until reported. What was
 * decided about the whole, its exit among it, was decided about the part.
 */
export function partFacts(whole: VillageFacts): VillageFacts {
  const { poor, planExitYear, industries, exitedOn } = whole;
  return { ...unknown, poor, planExitYear, industries, exitedOn };
}

/** Poor persons per rural registered person (贫困发生率), 0.0197 for 1.97 %; null where the population is unknown or zero. */
export function incidenceOf(poorPersons: number, population: number | null): number | null {
  return population ? poorPersons / population : null;
}
