import { type CountyVillages, countyVillages } from '../area/around.ts';
import { areaResolver } from '../area/table.ts';
import type { Place } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type Household, villageOf } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import type { MemberName } from '../core/list-view.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import { rosterOn } from '../core/roster-on.ts';
import { profileOn } from '../core/village-on.ts';
import { placedAfter, presentVillage, profileFrom } from '../core/village-present.ts';
import { type Item, queryAll } from '../lib/dynamo.ts';
import type { AreaResolver } from '../lib/scope.ts';
import { getProfile, profileHistory } from '../village/table.ts';
import { keyOf } from './item.ts';
import { eventOf, storedFileOf } from './seal.ts';

/** A household's file with every event. */
export interface WholeFile {
  readonly household: Household;
  readonly events: readonly HouseholdEvent[];
}

/** What reading villages on a past day needs. */
export interface AsOfPorts {
  villages(area: AreaCode): Promise<CountyVillages>;
  /** Households that stand under a village's code, and those that did once. */
  candidates(code: AreaCode): Promise<readonly string[]>;
  file(household: string): Promise<WholeFile | undefined>;
  /** The profile kept under a code, as it was on a day. */
  profile(code: AreaCode, day: Day): Promise<VillageProfile | undefined>;
  readonly resolve: AreaResolver;
}

/** A household that was on the register on a day. */
export interface Resident {
  /** As it was that day; its village is the one that stands for its own today. */
  readonly roster: Roster;
  /** What decides who may see it: where it is now. */
  readonly now: Place;
  /** Names of all its members, those who left included. */
  readonly names: ReadonlyMap<string, MemberName>;
}

/** A village on a day. */
export interface VillageOn {
  readonly rosters: readonly Roster[];
  readonly residents: readonly Resident[];
  readonly profile: VillageProfile | undefined;
}

/** Queries under way at once. */
const LANES = 32;

/** Does the same with each of many, a bounded number at a time; answers in their order. */
export async function eachOf<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers = new Map<number, R>();
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of waiting) answers.set(at, await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(LANES, items.length) }, lane));
  return [...answers].toSorted(([one], [other]) => one - other).map(([, answer]) => answer);
}

/** Reading on the tables of a deployment; eventually consistent, as lists are. */
export function asOfPorts(tables: {
  readonly household: string;
  readonly area: string;
}): AsOfPorts {
  return {
    villages: countyVillages(tables.area),
    candidates: (code) => candidatesIn(tables.household, code),
    file: (id) => wholeFile(tables.household, id),
    profile: (code, day) => profileThen(tables.household, code, day),
    resolve: areaResolver(tables.area),
  };
}

async function candidatesIn(table: string, village: AreaCode): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = { pk: keyOf.village(village), between: ['1#', '2~'] } as const;
  for await (const item of queryAll(table, query)) ids.push(String(item.sk).slice(2));
  return ids;
}

async function wholeFile(table: string, id: string): Promise<WholeFile | undefined> {
  const items: Item[] = [];
  for await (const item of queryAll(table, { pk: keyOf.file(id) })) items.push(item);
  const stored = storedFileOf(items);
  if (!stored) return undefined;
  const events = items.filter((item) => String(item.sk) > '3#').map(eventOf);
  return { household: stored.household, events };
}

async function profileThen(
  table: string,
  village: AreaCode,
  day: Day,
): Promise<VillageProfile | undefined> {
  const [profile, events] = await Promise.all([
    getProfile(table, village),
    profileHistory(table, village),
  ]);
  return profileOn(profile, events, day);
}

/** Ids of all households that may have lived in a village of today on some day, in their order. */
export async function candidatesOf(
  ports: AsOfPorts,
  village: AreaCode,
): Promise<readonly string[]> {
  const origins = (await ports.villages(village)).origins(village);
  const found = await Promise.all(origins.map(({ code }) => ports.candidates(code)));
  return [...new Set(found.flat())].sort();
}

async function residentOn(ports: AsOfPorts, id: string, day: Day): Promise<Resident | undefined> {
  const file = await ports.file(id);
  const roster = file && rosterOn(file.household, file.events, day);
  if (!file || !roster) return undefined;
  const { household, events } = file;
  const successors = await ports.resolve([roster.village]);
  const village = presentVillage(roster.village, successors, placedAfter(household, events, day));
  return {
    roster: { ...roster, village },
    now: { village: villageOf(household), helperSubs: household.helperSubs },
    names: new Map([...household.past, ...household.members].map((one) => [one.id, one])),
  };
}

/** Those of the households that were on the register on a day, by id; each file is read once. */
export async function residentsOn(
  ports: AsOfPorts,
  ids: readonly string[],
  day: Day,
): Promise<ReadonlyMap<string, Resident>> {
  const found = await eachOf([...new Set(ids)], (id) => residentOn(ports, id, day));
  return new Map(found.flatMap((one) => (one ? [[one.roster.id, one]] : [])));
}

/** The profile of a village of today on a day, from those of the villages in whose place it stands. */
export async function villageProfileOn(
  ports: AsOfPorts,
  village: AreaCode,
  day: Day,
): Promise<VillageProfile | undefined> {
  const origins = (await ports.villages(village)).origins(village);
  const sources = await Promise.all(
    origins.map(async ({ code, isDivided }) => {
      return { profile: await ports.profile(code, day), isDivided };
    }),
  );
  return profileFrom(village, sources);
}

/**
 * Villages of today on a day, by what is known now: who lived there, or in a village whose place it has taken, and what was known of it.
 * Costs a Query for each village and one for each household that is there or was once.
 */
export async function villagesOn(
  ports: AsOfPorts,
  villages: readonly AreaCode[],
  day: Day,
): Promise<ReadonlyMap<AreaCode, VillageOn>> {
  const candidates = await eachOf(villages, (village) => candidatesOf(ports, village));
  const residents = await residentsOn(ports, candidates.flat(), day);
  const profiles = await eachOf(villages, (village) => villageProfileOn(ports, village, day));
  return new Map(
    villages.map((village, at) => {
      const here = (candidates[at] ?? []).flatMap((id) => {
        const one = residents.get(id);
        return one?.roster.village === village ? [one] : [];
      });
      const rosters = here.map(({ roster }) => roster);
      return [village, { rosters, residents: here, profile: profiles[at] }];
    }),
  );
}

/** One village of today on a day, by what is known now about that day. */
export async function villageOn(ports: AsOfPorts, village: AreaCode, day: Day): Promise<VillageOn> {
  const found = await villagesOn(ports, [village], day);
  return found.get(village) ?? { rosters: [], residents: [], profile: undefined };
}
