import * as z from 'zod';
import type { Place } from '../core/access.ts';
import { current, type Household } from '../core/household.ts';
import { maskIdentity } from '../core/identity-number.ts';
import type { MemberName } from '../core/list-view.ts';
import { readRoster } from '../core/roster-item.ts';
import { HouseholdItem, keyOf } from '../household/item.ts';
import { batchGet, queryPage } from '../lib/dynamo.ts';
import type { AreaResolver } from '../lib/scope.ts';
import { loadVillage } from '../snapshot/object.ts';
import { placePorts } from '../snapshot/port.ts';
import type { FrozenSource } from './frozen.ts';
import type { Pointer } from './page.ts';

/** What lists show of a member's item; sealed values are left in it. */
export const Named = z.object({
  id: z.string(),
  name: z.string(),
  identityMasked: z.string().transform(maskIdentity).nullable(),
});

function placeOf(item: unknown): readonly [string, Place] {
  const { id, facts, helperSubs } = HouseholdItem.parse(item);
  const { village = '' } = current<Household['facts'][number]['values']>(facts);
  return [id, { village, helperSubs }];
}

/** Where households are now: most are where they were, the others are looked up in their files. */
async function placesNow(
  table: string,
  pointers: readonly Pointer[],
): Promise<ReadonlyMap<string, Place>> {
  const stayed = await batchGet(
    table,
    pointers.map(({ village, household }) => ({ pk: `V#${village}`, sk: `1#${household}` })),
    true,
  );
  const places = new Map<string, Place>(
    stayed.map(readRoster).map(({ id, village, helperSubs }) => [id, { village, helperSubs }]),
  );
  const left = pointers.filter(({ household }) => !places.has(household));
  const files = await batchGet(
    table,
    left.map(({ household }) => keyOf.household(household)),
    true,
  );
  for (const item of files) places.set(...placeOf(item));
  return places;
}

/** The name of a member who has left the household since. */
async function pastName(table: string, household: string, person: string) {
  const { items } = await queryPage(table, {
    pk: `H#${household}`,
    prefix: `2#${person}#`,
    reverse: true,
    limit: 1,
  });
  return items.map((item) => Named.parse(item));
}

async function namesOf(
  table: string,
  members: readonly { readonly household: string; readonly person: string }[],
): Promise<ReadonlyMap<string, MemberName>> {
  const keys = members.map(({ household, person }) => ({
    pk: `H#${household}`,
    sk: `1#${person}`,
  }));
  const live = (await batchGet(table, keys)).map((item) => Named.parse(item));
  const names = new Map(live.map((one) => [one.id, one]));
  const left = members.filter(({ person }) => !names.has(person));
  const past = await Promise.all(
    left.map(({ household, person }) => pastName(table, household, person)),
  );
  for (const one of past.flat()) names.set(one.id, one);
  return names;
}

/** Lists of a snapshot on the tables and the bucket of a deployment. */
export function frozenSource(
  tables: {
    readonly household: string;
    readonly area: string;
    readonly summary: string;
    readonly job: string;
  },
  bucket: string,
  resolve: AreaResolver,
): FrozenSource {
  return {
    ...placePorts(tables, resolve),
    object: (year, village) => loadVillage(bucket, year, village),
    places: (pointers) => placesNow(tables.household, pointers),
    names: (members) => namesOf(tables.household, members),
  };
}
