import * as z from 'zod';
import { areaResolver, childrenOf } from '../area/table.ts';
import { getRow } from '../board/table.ts';
import { pastDay } from '../core/as-of.ts';
import type { Day } from '../core/day.ts';
import type { Division } from '../core/division-register.ts';
import { maskIdentity } from '../core/identity-number.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { asOfPorts, candidatesOf, residentsOn, villageProfileOn } from '../household/as-of.ts';
import { today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import { PastPages, type PastSource } from './past.ts';
import { pagePorts } from './ports.ts';
import { type ListInput, type ListPorts, listHouseholds, listPersons } from './service.ts';
import { listHouseholdsRoute, listPersonsRoute } from './spec.ts';

const settings = env({
  LIST_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { LIST_TABLE, HOUSEHOLD_TABLE, SUMMARY_TABLE, AREA_TABLE } = settings;

/** What lists show of a member's item; sealed values are left in it. */
const Named = z.object({
  id: z.string(),
  name: z.string(),
  identityMasked: z.string().transform(maskIdentity).nullable(),
});

const ports: ListPorts = {
  ...pagePorts({ list: LIST_TABLE, household: HOUSEHOLD_TABLE, summary: SUMMARY_TABLE }),
  figures: async (area) => (await getRow(SUMMARY_TABLE, area, false))?.figures,
  names: async (members) => {
    const keys = members.map(({ household, person }) => ({
      pk: `H#${household}`,
      sk: `1#${person}`,
    }));
    const named = (await batchGet(HOUSEHOLD_TABLE, keys)).map((item) => Named.parse(item));
    return new Map(named.map((one) => [one.id, one]));
  },
};

const past = asOfPorts({ household: HOUSEHOLD_TABLE, area: AREA_TABLE });
const source: PastSource = {
  villages: async (county) => (await past.villages(county)).present,
  inside: async (area) =>
    (await childrenOf(AREA_TABLE, area)).filter(isInUse).map(({ code }) => code),
  candidates: (village) => candidatesOf(past, village),
  residents: (candidates, day) => residentsOn(past, candidates, day),
  profile: (village, day) => villageProfileOn(past, village, day),
};

function isInUse({ validTo }: Pick<Division, 'validTo'>): boolean {
  return validTo === null;
}

/** Answers a list of today by the index, one of a past day by the files of who was there. */
async function answer(
  list: (
    ports: ListPorts,
    input: ListInput,
  ) => Promise<{ readonly items: readonly unknown[] } | Refusal>,
  { query, actor }: Pick<ListInput, 'query' | 'actor'>,
  asOf: Day | undefined,
): Promise<Answer | Refusal> {
  const day = pastDay(asOf, today());
  if (isRefused(day)) return day;
  const found =
    day.ok === undefined
      ? await list(ports, { query, actor, day: today() })
      : await list(new PastPages(source, { actor, day: day.ok }), {
          query,
          actor,
          day: day.ok,
          isPast: true,
        });
  return 'refused' in found ? found : { body: found };
}

export const handler = api(
  [
    endpoint(listHouseholdsRoute, (request) => answer(listHouseholds, request, request.query.asOf)),
    endpoint(listPersonsRoute, (request) => answer(listPersons, request, request.query.asOf)),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
