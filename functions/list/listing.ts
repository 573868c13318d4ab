import { areaResolver, childrenOf } from '../area/table.ts';
import { getRow } from '../board/table.ts';
import { pastOf, type When } from '../core/as-of.ts';
import type { Division } from '../core/division-register.ts';
import type { ListKind } from '../core/list-filter.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { asOfPorts, candidatesOf, residentsOn, villageProfileOn } from '../household/as-of.ts';
import { today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import type { Answer } from '../lib/idempotency.ts';
import { type FrozenSource, listFrozen } from './frozen.ts';
import { frozenSource, Named } from './frozen-source.ts';
import { PastPages, type PastSource } from './past.ts';
import { pagePorts } from './ports.ts';
import { type ListInput, type ListPorts, listHouseholds, listPersons } from './service.ts';

/** Tables that lists are read from, of today, of a past day and of a frozen year. */
export interface ListingTables {
  readonly list: string;
  readonly household: string;
  readonly summary: string;
  readonly area: string;
  readonly job: string;
}

function portsOf({ household, list, summary }: ListingTables): ListPorts {
  return {
    ...pagePorts({ list, household, summary }),
    figures: async (area) => (await getRow(summary, area, false))?.figures,
    names: async (members) => {
      const keys = members.map(({ household: id, person }) => ({
        pk: `H#${id}`,
        sk: `1#${person}`,
      }));
      const named = (await batchGet(household, keys)).map((item) => Named.parse(item));
      return new Map(named.map((one) => [one.id, one]));
    },
  };
}

function isInUse({ validTo }: Pick<Division, 'validTo'>): boolean {
  return validTo === null;
}

function pastSource({ household, area: divisions }: ListingTables): PastSource {
  const past = asOfPorts({ household, area: divisions });
  return {
    villages: async (county) => (await past.villages(county)).present,
    inside: async (area) =>
      (await childrenOf(divisions, area)).filter(isInUse).map(({ code }) => code),
    candidates: (village) => candidatesOf(past, village),
    residents: (candidates, day) => residentsOn(past, candidates, day),
    profile: (village, day) => villageProfileOn(past, village, day),
  };
}

type List = (
  ports: ListPorts,
  input: ListInput,
) => Promise<{ readonly items: readonly unknown[] } | Refusal>;

type Asked = Pick<ListInput, 'actor'> & { readonly query: ListInput['query'] & When };

interface Sources {
  readonly ports: ListPorts;
  readonly past: PastSource;
  readonly frozen: FrozenSource;
}

/** Answers a list of today by the index, one of a past day by the files of who was there, one of a frozen year by its objects. */
async function answer(
  { ports, past, frozen }: Sources,
  [list, kind]: readonly [List, ListKind],
  { query, actor }: Asked,
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
      : await list(new PastPages(past, { actor, day }), { query, actor, day, isPast: true });
  return 'refused' in found ? found : { body: found };
}

/** Pages of households and of persons, on the tables and the bucket of a deployment. */
export function listings(tables: ListingTables, bucket: string) {
  const sources = {
    ports: portsOf(tables),
    past: pastSource(tables),
    frozen: frozenSource(tables, bucket, areaResolver(tables.area)),
  };
  return {
    households: (asked: Asked) => answer(sources, [listHouseholds, 'households'], asked),
    persons: (asked: Asked) => answer(sources, [listPersons, 'persons'], asked),
  };
}
