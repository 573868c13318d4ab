import { ancestorAt } from '../core/division.ts';
import { isCurrent, Pairing } from '../core/pairing.ts';
import { homesOf, type ReadStore } from '../household/table.ts';
import { queryAll } from '../lib/dynamo.ts';
import type { PagePorts, Pointer } from '../list/page.ts';
import { helpersOf } from '../pairing/table.ts';
import type { Responsible } from './overdue.ts';

/** Where the households are that a helper is paired with now, whether or not the helper has a token. */
async function pointersOf(
  { table, store }: { readonly table: string; readonly store: ReadStore },
  helper: string,
): Promise<readonly Pointer[]> {
  const ids: string[] = [];
  for await (const item of queryAll(table, { pk: `H#${helper}`, prefix: '1#' })) {
    const pairing = Pairing.parse(item);
    const { subject } = pairing;
    if (subject.type === 'household' && isCurrent(pairing)) ids.push(subject.id);
  }
  const homes = await homesOf(store, ids);
  const pointers = [...homes].map(([household, { village }]) => ({ village, household }));
  return pointers.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

function placeOf({ village, household }: Pointer): string {
  return `${village}#${household}`;
}

/** Pages of the households of one helper, in place of the index of a county. */
export async function caseloadPages(
  ports: PagePorts,
  of: { readonly table: string; readonly store: ReadStore },
  helper: string,
): Promise<PagePorts> {
  const all = await pointersOf(of, helper);
  return {
    ...ports,
    entries: ({ area, after, limit }) => {
      const inside = all.filter(
        (one) => one.village.startsWith(area) && (!after || placeOf(one) > placeOf(after)),
      );
      const pointers = inside.slice(0, limit);
      return Promise.resolve({ pointers, isEnd: pointers.length === inside.length });
    },
    counties: (area, from = '') => countiesOf(all, area, from),
  };
}

async function* countiesOf(all: readonly Pointer[], area: string, from: string) {
  const counties = all
    .filter(({ village }) => village.startsWith(area))
    .map(({ village }) => ancestorAt(village, 'county'));
  for (const county of new Set(counties)) if (county >= from) yield county;
}

/** Who answers for a household now, by name, and since when one of them does: those responsible for it, or whoever helps it. */
export async function responsibleFor(table: string, household: string): Promise<Responsible> {
  const paired = (await helpersOf(table, household)).filter(({ pairing }) => isCurrent(pairing));
  const own = paired.filter(({ pairing }) => pairing.kind === 'responsible');
  const chosen = own.length > 0 ? own : paired;
  const [since = null] = chosen.map(({ pairing }) => pairing.from).toSorted();
  return { names: chosen.map(({ helper }) => helper.name), since };
}
