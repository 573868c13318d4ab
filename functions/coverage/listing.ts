import * as z from 'zod';
import { getDivisions } from '../area/table.ts';
import { evaluateVillage } from '../core/coverage-village.ts';
import { villageGround } from '../core/policy-ground.ts';
import { hadByVillage } from '../core/receipt-village.ts';
import type { Refusal } from '../core/refusal.ts';
import { readRoster } from '../core/roster-item.ts';
import { now, today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { policiesFor } from '../policy/table.ts';
import { villageReceipts } from '../receipt/village-table.ts';
import { getProfile } from '../village/table.ts';
import { listNames, type NamesPorts } from './names.ts';
import { inForce, RuleBook } from './rules.ts';
import type { listCoverage } from './spec.ts';
import { getCoverage, getCoverages, householdPage } from './table.ts';

const Named = z.object({ id: z.string(), name: z.string() });

/** Tables that coverage is read from. */
export interface CoverageTables {
  readonly policy: string;
  readonly household: string;
  readonly area: string;
}

async function rostersOf(table: string, village: string, households: readonly string[]) {
  const keys = households.map((id) => ({ pk: `V#${village}`, sk: `1#${id}` }));
  const rosters = (await batchGet(table, keys)).map(readRoster);
  return new Map(rosters.map((roster) => [roster.id, roster]));
}

async function membersOf(
  table: string,
  members: readonly { readonly household: string; readonly person: string }[],
) {
  const keys = members.map(({ household, person }) => ({
    pk: `H#${household}`,
    sk: `1#${person}`,
  }));
  const named = (await batchGet(table, keys)).map((item) => Named.parse(item));
  return new Map(named.map((one) => [one.id, one]));
}

/** Coverage and the names behind it, on the tables of a deployment. */
export function namesPorts({ policy, household, area: divisions }: CoverageTables): NamesPorts {
  const rules = new RuleBook((county) => policiesFor(policy, county), { now, today });
  return {
    inForce: async (area) => inForce(await policiesFor(policy, area), area, today()),
    coverage: (area) => getCoverage(policy, area, false),
    coverages: (area) => getCoverages(policy, area),
    names: (codes) => getDivisions(divisions, codes),
    today,
    page: (village, page) => householdPage(policy, village, page),
    rosters: (village, households) => rostersOf(household, village, households),
    ofVillage: async (village) => {
      const [profile, held] = await Promise.all([
        getProfile(household, village),
        villageReceipts(policy, village, false),
      ]);
      const ground = villageGround(village, profile, today());
      return evaluateVillage(await rules.of(village), ground, hadByVillage(held));
    },
    members: (members) => membersOf(household, members),
  };
}

/** A page of the names behind a figure. */
export async function answerNames(
  ports: NamesPorts,
  { actor, params, query }: Pick<Request<typeof listCoverage>, 'actor' | 'params' | 'query'>,
): Promise<Answer | Refusal> {
  const found = await listNames(ports, { ...query, id: params.id, actor });
  return 'refused' in found ? found : { body: found };
}
