import { type CountyVillages, countyVillages, type Origin } from '../area/around.ts';
import { areaResolver } from '../area/table.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type Household, villageOf } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import type { Resident, VillageOn } from '../core/resident.ts';
import type { VillageProfile } from '../core/roster.ts';
import { rosterOn } from '../core/roster-on.ts';
import { StoredProfile } from '../core/village.ts';
import { VillageEvent } from '../core/village-event.ts';
import { profileOn } from '../core/village-on.ts';
import { placedAfter, presentVillage, profileFrom } from '../core/village-present.ts';
import { type Item, queryAll } from '../lib/dynamo.ts';
import { inLanes } from '../lib/lanes.ts';
import type { AreaResolver } from '../lib/scope.ts';
import { keyOf } from './item.ts';
import { eventOf, storedFileOf } from './seal.ts';

/** A household's file with every event. */
export interface WholeFile {
  readonly household: Household;
  readonly events: readonly HouseholdEvent[];
}

/** What is kept under the code of a village. */
export interface VillageKept {
  /** Households that stand there, and those that did once. */
  readonly households: readonly string[];
  readonly profile: VillageProfile | undefined;
  /** What happened to the profile, newest first. */
  readonly events: readonly VillageEvent[];
}

/** What reading villages on a past day needs. */
export interface AsOfPorts {
  villages(area: AreaCode): Promise<CountyVillages>;
  /** What is kept under a village's code. */
  village(code: AreaCode): Promise<VillageKept>;
  file(household: string): Promise<WholeFile | undefined>;
  readonly resolve: AreaResolver;
  /** What is drawn of a household for a day; what held on that day unless told. */
  readonly roster?: typeof rosterOn;
}

/** Queries under way at once. */
const LANES = 32;

/** Reading on the tables of a deployment; eventually consistent, as lists are, unless told otherwise. */
export function asOfPorts(
  tables: { readonly household: string; readonly area: string },
  consistent = false,
): AsOfPorts {
  // Evidence about a village lies behind its events and is left alone.
  const all = (pk: string) => queryAll(tables.household, { pk, between: ['0', '3~'], consistent });
  return {
    villages: countyVillages(tables.area),
    village: (code) => keptUnder(all(keyOf.village(code))),
    file: (id) => wholeFile(all(keyOf.file(id))),
    resolve: areaResolver(tables.area),
  };
}

/** Everything under a village's code, which one Query finds. */
async function keptUnder(found: AsyncIterable<Item>): Promise<VillageKept> {
  const households: string[] = [];
  const events: VillageEvent[] = [];
  let profile: VillageProfile | undefined;
  for await (const item of found) {
    const sk = String(item.sk);
    if (sk === '0') profile = StoredProfile.parse(item);
    else if (sk.startsWith('3#')) events.push(VillageEvent.parse(item));
    else households.push(sk.slice(2));
  }
  return { households, profile, events };
}

async function wholeFile(found: AsyncIterable<Item>): Promise<WholeFile | undefined> {
  const items: Item[] = [];
  for await (const item of found) items.push(item);
  const stored = storedFileOf(items);
  if (!stored) return undefined;
  const events = items.filter((item) => String(item.sk) > '3#').map(eventOf);
  return { household: stored.household, events };
}

/** A village of today with what is kept under its code, and under those of the villages whose place it has taken. */
interface VillageFound {
  readonly village: AreaCode;
  readonly kept: readonly (VillageKept & Pick<Origin, 'isDivided'>)[];
}

async function findVillage(ports: AsOfPorts, village: AreaCode): Promise<VillageFound> {
  const origins = (await ports.villages(village)).origins(village);
  const kept = origins.map(async ({ code, isDivided }) => {
    return { ...(await ports.village(code)), isDivided };
  });
  return { village, kept: await Promise.all(kept) };
}

function candidatesIn({ village, kept }: VillageFound): readonly Candidate[] {
  const ids = new Set(kept.flatMap(({ households }) => households));
  return [...ids].sort().map((household) => ({ village, household }));
}

function profileIn({ village, kept }: VillageFound, day: Day): VillageProfile | undefined {
  const sources = kept.map(({ profile, events, isDivided }) => {
    return { profile: profileOn(profile, events, day), isDivided };
  });
  return profileFrom(village, sources);
}

/** All households that may have lived in a village of today on some day, in their order. */
export async function candidatesOf(
  ports: AsOfPorts,
  village: AreaCode,
): Promise<readonly Candidate[]> {
  return candidatesIn(await findVillage(ports, village));
}

/** The profile of a village of today on a day, from those of the villages in whose place it stands. */
export async function villageProfileOn(
  ports: AsOfPorts,
  village: AreaCode,
  day: Day,
): Promise<VillageProfile | undefined> {
  return profileIn(await findVillage(ports, village), day);
}

/** A household, and the village of today in which it was found. */
export interface Candidate {
  readonly village: AreaCode;
  readonly household: string;
}

async function residentOn(
  ports: AsOfPorts,
  found: Candidate,
  day: Day,
): Promise<Resident | undefined> {
  const file = await ports.file(found.household);
  const { roster: draw = rosterOn } = ports;
  const roster = file && draw(file.household, file.events, day);
  if (!file || !roster) return undefined;
  const { household, events } = file;
  const around = await ports.villages(found.village);
  const lived = roster.village;
  const successors = around.successors(lived) ?? (await ports.resolve([lived]));
  const village = presentVillage(lived, successors, placedAfter(household, events, day));
  return {
    roster: { ...roster, village },
    now: { village: villageOf(household), helperSubs: household.helperSubs },
    names: new Map([...household.past, ...household.members].map((one) => [one.id, one])),
  };
}

/** Those of the households that were on the register on a day, by id; each file is read once. */
export async function residentsOn(
  ports: AsOfPorts,
  candidates: readonly Candidate[],
  day: Day,
): Promise<ReadonlyMap<string, Resident>> {
  const once = new Map(candidates.map((one) => [one.household, one]));
  const found = await inLanes([...once.values()], LANES, (one) => residentOn(ports, one, day));
  return new Map(found.flatMap((one) => (one ? [[one.roster.id, one]] : [])));
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
  const found = await inLanes(villages, LANES, (village) => findVillage(ports, village));
  const residents = await residentsOn(ports, found.flatMap(candidatesIn), day);
  return new Map(
    found.map((one) => {
      const here = candidatesIn(one).flatMap(({ household }) => {
        const resident = residents.get(household);
        return resident?.roster.village === one.village ? [resident] : [];
      });
      const rosters = here.map(({ roster }) => roster);
      return [one.village, { rosters, residents: here, profile: profileIn(one, day) }];
    }),
  );
}

/** One village of today on a day, by what is known now about that day. */
export async function villageOn(ports: AsOfPorts, village: AreaCode, day: Day): Promise<VillageOn> {
  const found = await villagesOn(ports, [village], day);
  return found.get(village) ?? { rosters: [], residents: [], profile: undefined };
}
