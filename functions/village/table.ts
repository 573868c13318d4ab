import type { VillageProfile } from '../core/roster.ts';
import { factsOf, factsThatDiffer, VillageProfileShape } from '../core/village.ts';
import { type ProfileOccasion, VillageEvent } from '../core/village-event.ts';
import type { ProfileStep } from '../core/village-move.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  queryAll,
  queryPage,
  transact,
} from '../lib/dynamo.ts';

/** Version of the shapes stored here. */
const V = 1;
const LAST_VERSION = 999_999_999;

const keyOf = (village: string) => ({ pk: `V#${village}`, sk: '0' });

/** Current facts of a village, undefined where nobody described it. */
export async function getProfile(
  table: string,
  village: string,
): Promise<VillageProfile | undefined> {
  const item = await getItem(table, keyOf(village));
  return item && VillageProfileShape.parse(item);
}

/** Profiles by village; villages nobody described are missing. */
export async function getProfiles(
  table: string,
  villages: readonly string[],
): Promise<ReadonlyMap<string, VillageProfile>> {
  const items = await batchGet(table, [...new Set(villages)].map(keyOf), true);
  const profiles = items.map((item) => VillageProfileShape.parse(item));
  return new Map(profiles.map((profile) => [profile.village, profile]));
}

function actionsOf(table: string, step: ProfileStep, occasion: ProfileOccasion): readonly Action[] {
  const { before, after } = step;
  const village = after?.village ?? before?.village;
  if (village === undefined) return [];
  const when = before ? atVersion(before.version) : absent;
  const version = after?.version ?? (before?.version ?? 0) + 1;
  const kind = after ? (before ? 'changed' : 'described') : 'left';
  const fields = before && after ? factsThatDiffer(factsOf(before), factsOf(after)) : [];
  const event = { village, version, kind, fields, ...occasion, before };
  return [
    after
      ? { table, put: { ...keyOf(village), v: V, ...after }, when }
      : { table, delete: keyOf(village), when },
    { table, put: { pk: `V#${village}`, sk: `3#${LAST_VERSION - version}`, v: V, ...event } },
  ];
}

/**
 * Writes steps of profiles with their events, all or none.
 * @returns false when one of them stood at another version
 */
export async function saveProfiles(
  table: string,
  steps: readonly ProfileStep[],
  occasion: ProfileOccasion,
): Promise<boolean> {
  const actions = steps.flatMap((step) => actionsOf(table, step, occasion));
  if (actions.length === 0) return true;
  const obstacles = await transact(actions);
  if (obstacles.some((one) => one.code !== 'ConditionalCheckFailed'))
    throw new Error('village profiles could not be written');
  return obstacles.length === 0;
}

/** The latest events of a village's profile, newest first. */
export async function profileEvents(
  table: string,
  village: string,
): Promise<readonly VillageEvent[]> {
  const { items } = await queryPage(table, { pk: `V#${village}`, prefix: '3#', limit: 20 });
  return items.map((item) => VillageEvent.parse(item));
}

/** Every event of a village's profile, newest first: what a past day reads. */
export async function profileHistory(
  table: string,
  village: string,
): Promise<readonly VillageEvent[]> {
  const events: VillageEvent[] = [];
  for await (const item of queryAll(table, { pk: `V#${village}`, prefix: '3#' }))
    events.push(VillageEvent.parse(item));
  return events;
}
