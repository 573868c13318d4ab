import type { VillageProfile } from '../core/roster.ts';
import { factsOf, factsThatDiffer, StoredProfile } from '../core/village.ts';
import { type ProfileOccasion, VillageEvent } from '../core/village-event.ts';
import { VillageEvidence } from '../core/village-evidence.ts';
import type { ProfileStep } from '../core/village-move.ts';
import { signed } from '../core/village-origin.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  putItem,
  queryAll,
  queryPage,
  transact,
} from '../lib/dynamo.ts';

/** Versions of the shapes stored here. Before the second, profiles knew of no exit and not who entered their facts. */
export const V = { profile: 2, event: 2, evidence: 1 } as const;
const LAST_VERSION = 999_999_999;

const partition = (village: string) => `V#${village}`;
const keyOf = (village: string) => ({ pk: partition(village), sk: '0' });

/** Current facts of a village, undefined where nobody described it. */
export async function getProfile(
  table: string,
  village: string,
): Promise<VillageProfile | undefined> {
  const item = await getItem(table, keyOf(village));
  return item && StoredProfile.parse(item);
}

/** Profiles by village; villages nobody described are missing. */
export async function getProfiles(
  table: string,
  villages: readonly string[],
): Promise<ReadonlyMap<string, VillageProfile>> {
  const items = await batchGet(table, [...new Set(villages)].map(keyOf), true);
  const profiles = items.map((item) => StoredProfile.parse(item));
  return new Map(profiles.map((profile) => [profile.village, profile]));
}

/** The actions of one step with its event, for a transaction that does more than that. */
export function profileActions(
  table: string,
  step: ProfileStep,
  occasion: ProfileOccasion,
): readonly Action[] {
  const { before, after } = signed(step, occasion);
  const village = after?.village ?? before?.village;
  if (village === undefined) return [];
  const when = before ? atVersion(before.version) : absent;
  const version = after?.version ?? (before?.version ?? 0) + 1;
  const kind = after ? (before ? 'changed' : 'described') : 'left';
  const fields = before && after ? factsThatDiffer(factsOf(before), factsOf(after)) : [];
  const event = { village, version, kind, fields, ...occasion, before };
  return [
    after
      ? { table, put: { ...keyOf(village), v: V.profile, ...after }, when }
      : { table, delete: keyOf(village), when },
    {
      table,
      put: {
        pk: partition(village),
        sk: `3#${LAST_VERSION - version}`,
        v: V.event,
        ...event,
      },
    },
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
  const actions = steps.flatMap((step) => profileActions(table, step, occasion));
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
  const { items } = await queryPage(table, { pk: partition(village), prefix: '3#', limit: 20 });
  return items.map((item) => VillageEvent.parse(item));
}

/** Every event of a village's profile, newest first: what a past day reads. */
export async function profileHistory(
  table: string,
  village: string,
): Promise<readonly VillageEvent[]> {
  const events: VillageEvent[] = [];
  const query = { pk: partition(village), prefix: '3#' };
  for await (const item of queryAll(table, query)) events.push(VillageEvent.parse(item));
  return events;
}

function evidenceItem(village: string, evidence: VillageEvidence) {
  return { pk: partition(village), sk: `4#${evidence.id}`, v: V.evidence, ...evidence };
}

/**
 * The actions that record evidence: it is written once and never changed, and only where the village is described, so that none is left behind
 * under a code whose profile has moved on.
 */
export function evidenceActions(table: string, evidence: VillageEvidence): readonly Action[] {
  const { village } = evidence;
  const described = { expression: 'attribute_exists(pk)' };
  return [
    { table, check: keyOf(village), when: described },
    { table, put: evidenceItem(village, evidence), when: absent },
  ];
}

/** All that was handed in for a village, under whichever codes it had, oldest first. */
export async function evidenceOf(
  table: string,
  village: string,
): Promise<readonly VillageEvidence[]> {
  const found: VillageEvidence[] = [];
  const query = { pk: partition(village), prefix: '4#', consistent: true };
  for await (const item of queryAll(table, query)) found.push(VillageEvidence.parse(item));
  return found;
}

/** Lets the villages that take another's place show its evidence; done twice it is done once. */
export async function copyEvidence(
  table: string,
  from: string,
  to: readonly string[],
): Promise<void> {
  const evidence = await evidenceOf(table, from);
  for (const village of to.filter((one) => one !== from))
    for (const one of evidence) await putItem(table, evidenceItem(village, one), absent);
}
