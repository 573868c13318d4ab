import * as z from 'zod';
import { areaResolver, childrenOf } from '../area/table.ts';
import { getRow } from '../board/table.ts';
import { pastOf, type When } from '../core/as-of.ts';
import type { Division } from '../core/division-register.ts';
import type { ListKind } from '../core/list-filter.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { asOfPorts, candidatesOf, residentsOn, villageProfileOn } from '../household/as-of.ts';
import { today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import { listFrozen } from './frozen.ts';
import { frozenSource, Named } from './frozen-source.ts';
import { PastPages, type PastSource } from './past.ts';
import { pagePorts } from './ports.ts';
import { type ListInput, type ListPorts, listHouseholds, listPersons } from './service.ts';
import { listHouseholdsRoute, listPersonsRoute } from './spec.ts';

const settings = env({
  LIST_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  BUCKET: z.string(),
});
const { LIST_TABLE, HOUSEHOLD_TABLE, SUMMARY_TABLE, AREA_TABLE, JOB_TABLE, BUCKET } = settings;
const resolve = areaResolver(AREA_TABLE);

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

const tables = { household: HOUSEHOLD_TABLE, area: AREA_TABLE, summary: SUMMARY_TABLE };
const frozen = frozenSource({ ...tables, job: JOB_TABLE }, BUCKET, resolve);

type List = (
  ports: ListPorts,
  input: ListInput,
) => Promise<{ readonly items: readonly unknown[] } | Refusal>;

/** Answers a list of today by the index, one of a past day by the files of who was there, one of a frozen year by its objects. */
async function answer(
  list: List,
  kind: ListKind,
  { query, actor }: Pick<ListInput, 'actor'> & { readonly query: ListInput['query'] & When },
): Promise<Answer | Refusal> {
  const when = pastOf(query, today());
  if (isRefused(when)) return when;
  const { asOf: day, snapshot: year } = when.ok;
  if (year !== undefined) {
    const found = await listFrozen(list, kind, { source: frozen, query, actor, year });
    return 'refused' in found ? found : { body: found };
  }
  const found =
    day === undefined
      ? await list(ports, { query, actor, day: today() })
      : await list(new PastPages(source, { actor, day }), { query, actor, day, isPast: true });
  return 'refused' in found ? found : { body: found };
}

export const handler = api(
  [
    endpoint(listHouseholdsRoute, (request) => answer(listHouseholds, 'households', request)),
    endpoint(listPersonsRoute, (request) => answer(listPersons, 'persons', request)),
  ],
  { resolve },
);
