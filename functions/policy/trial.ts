import * as z from 'zod';
import { areaResolver, childrenOf, getDivision } from '../area/table.ts';
import { awaitsRecount, tallyOf } from '../board/row.ts';
import { recounting } from '../board/service.ts';
import { getRow, getRows } from '../board/table.ts';
import { codesOf } from '../core/code-list.ts';
import type { Day } from '../core/day.ts';
import { isRegistered } from '../core/dimension.ts';
import { type AreaCode, ancestorAt, levelOf } from '../core/division.ts';
import { householdCounts, isNothing } from '../core/figure.ts';
import { walk } from '../core/figure-walk.ts';
import { isRefused } from '../core/refusal.ts';
import { inForce } from '../coverage/rules.ts';
import { getHouseholdRows } from '../coverage/table.ts';
import { asOfPorts, type Candidate, candidatesOf, villageProfileOn } from '../household/as-of.ts';
import { homesNow } from '../household/home-now.ts';
import { homeOn } from '../household/home-on.ts';
import { rostersIn } from '../household/walk.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { inLanes } from '../lib/lanes.ts';
import { receiptsWith } from '../receipt/table.ts';
import { getProfiles } from '../village/table.ts';
import * as spec from './spec.ts';
import { policiesNow } from './table.ts';
import { type TrialPorts, tryPolicy } from './trial-service.ts';

const { POLICY_TABLE, HOUSEHOLD_TABLE, SUMMARY_TABLE, AREA_TABLE } = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
});

/** Queries under way at once. */
const LANES = 32;

const past = asOfPorts({ household: HOUSEHOLD_TABLE, area: AREA_TABLE });
const status = { id: 'status', values: codesOf('status') };

/** Whoever was struck off has a file too. */
async function countIn(area: AreaCode): ReturnType<TrialPorts['count']> {
  const row = await getRow(SUMMARY_TABLE, area, false);
  if (!row) return { ok: 0 };
  if (awaitsRecount(row)) return recounting();
  const counts = householdCounts(tallyOf(row).figures, status, false);
  return { ok: counts.reduce((sum, [, one]) => sum + one.households, 0) };
}

/** The counties of an area with anybody in them, or the one it is or lies in. */
async function countiesOf(area: AreaCode): Promise<readonly AreaCode[]> {
  const county = ancestorAt(area, 'county');
  if (levelOf(county) === 'county') return [county];
  const found: AreaCode[] = [];
  const rows = walk(
    { rows: (one) => getRows(SUMMARY_TABLE, one), row: (one) => getRow(SUMMARY_TABLE, one, false) },
    { area, to: 'county', passes: (figures) => !isNothing(figures) },
  );
  for await (const row of rows) found.push(row.area);
  return found;
}

async function villagesIn(area: AreaCode): Promise<readonly AreaCode[]> {
  const counties = await inLanes(await countiesOf(area), LANES, past.villages);
  return counties.flatMap(({ present }) => present).filter((code) => code.startsWith(area));
}

/** Rosters tell who is registered, so that no other file is read. */
async function homesIn(area: AreaCode): ReturnType<TrialPorts['homes']> {
  const tables = { household: HOUSEHOLD_TABLE, summary: SUMMARY_TABLE };
  const rosters = await rostersIn(tables, area);
  return homesNow(HOUSEHOLD_TABLE, rosters.filter(isRegistered));
}

async function homesThen(area: AreaCode, day: Day): ReturnType<TrialPorts['homes']> {
  const villages = await villagesIn(area);
  const found = await inLanes(villages, LANES, (village) => candidatesOf(past, village));
  const once = new Map<string, Candidate>(found.flat().map((one) => [one.household, one]));
  const homes = await inLanes([...once.values()], LANES, (one) => homeOn(past, one, day));
  return homes.filter((one) => one !== undefined);
}

/** Rows of coverage that still hold: by the rules in force now, up to a day after today. */
async function findingsIn(area: AreaCode): ReturnType<TrialPorts['findings']> {
  const day = today();
  const rows = await inLanes(await countiesOf(area), LANES, async (county) => {
    const { mark } = inForce(await policiesNow(POLICY_TABLE, county), county, day);
    const { present } = await past.villages(county);
    const inside = present.filter((code) => code.startsWith(area));
    const found = await inLanes(inside, LANES, (village) =>
      getHouseholdRows(POLICY_TABLE, village),
    );
    const all = found.flatMap((one) => [...one.values()]);
    return all.filter(({ kept, nextOn }) => kept.rules === mark && nextOn > day);
  });
  return new Map(rows.flat().map(({ household, findings }) => [household, findings]));
}

const ports: TrialPorts = {
  known: (area) => policiesNow(POLICY_TABLE, area),
  division: (code) => getDivision(AREA_TABLE, code),
  children: (code) => childrenOf(AREA_TABLE, code),
  count: countIn,
  homes: (area, day) => (day === undefined ? homesIn(area) : homesThen(area, day)),
  profiles: async (villages, day) => {
    if (day === undefined) return getProfiles(HOUSEHOLD_TABLE, villages);
    const found = await inLanes(villages, LANES, (village) => villageProfileOn(past, village, day));
    return new Map(villages.map((village, at) => [village, found[at]]));
  },
  findings: findingsIn,
  receipts: ({ household: { id }, on }) => {
    const members = on.members.map(({ member }) => member);
    return receiptsWith(POLICY_TABLE, { id, members }, false);
  },
  each: (items, work) => inLanes(items, LANES, work),
};

export const handler = api(
  [
    endpoint(spec.trial, async ({ params, actor, body }) => {
      const found = await tryPolicy(ports, { id: params.id, actor, today: today(), body });
      return isRefused(found) ? found : { body: found.ok };
    }),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
