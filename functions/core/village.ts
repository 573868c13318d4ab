import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import { type Decided, refuse } from './refusal.ts';
import type { VillageProfile } from './roster.ts';

const count = z.int().min(0).max(10_000_000).nullable();
const yesNo = z.boolean().nullable();

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
});
export type VillageFacts = z.infer<typeof VillageFacts>;

/** Columns a sheet may lack: what it does not say stays as known. */
export const VillageFactsGiven = VillageFacts.partial();
export type VillageFactsGiven = z.infer<typeof VillageFactsGiven>;

export const VillageProfileShape = VillageFacts.extend({
  village: z.string(),
  version: z.int().positive(),
  heldOn: z.string().refine(isDay),
});

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

/**
 * What a row does to what is known of a village.
 * Refusals: number-out-of-range (more hamlets with power than hamlets), village-facts-older (newer facts that differ are known).
 * @param known the profile as it stands, undefined where there is none
 */
export function decideVillage(
  known: VillageProfile | undefined,
  row: VillageRow,
): Decided<VillageDecision> {
  const given = Object.entries(row.facts).filter(([, value]) => value !== undefined);
  const facts = VillageFacts.parse({ ...(known ?? unknown), ...Object.fromEntries(given) });
  const { hamlets, poweredHamlets } = facts;
  if (hamlets !== null && poweredHamlets !== null && poweredHamlets > hamlets)
    return refuse('number-out-of-range', { field: 'poweredHamlets', min: 0, max: hamlets });
  const profile = { ...facts, village: row.village, heldOn: row.heldOn };
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

/** Facts of two villages that became one: counts add up, what both must have is had by both, poor if either was. */
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
  };
}

/** Facts of a part of a village that was split: counts of the whole say nothing about a part, so they are unknown until reported. */
export function partFacts(whole: VillageFacts): VillageFacts {
  const { poor, planExitYear, industries } = whole;
  return { ...unknown, poor, planExitYear, industries };
}

/** Poor persons per rural registered person (贫困发生率), 0.0197 for 1.97 %; null where the population is unknown or zero. */
export function incidenceOf(poorPersons: number, population: number | null): number | null {
  return population ? poorPersons / population : null;
}
