import { areaResolver } from '../area/table.ts';
import type { Case } from '../core/case.ts';
import type { AreaCode } from '../core/division.ts';
import { type Decided, refuse } from '../core/refusal.ts';
import { now } from '../lib/clock.ts';
import { type Action, TOO_LARGE, transact } from '../lib/dynamo.ts';
import { newId } from '../lib/id.ts';
import { villageProofs } from '../village/proof.ts';
import { getProfile, profileActions } from '../village/table.ts';
import { codesOfVillages, publishedFor } from './former.ts';
import { busyVillage, caseActions, getCase, getVillageLock, lockAction } from './table.ts';
import type { VillageDecision, VillagePorts } from './village-service.ts';

export interface VillageTables {
  readonly cases: string;
  readonly household: string;
  readonly area: string;
}

/** Cases of villages on the tables of a deployment. */
export function villagePorts({ cases, household, area }: VillageTables): VillagePorts {
  const resolve = areaResolver(area);
  const codesOf = codesOfVillages(area);
  return {
    now,
    newId,
    found: (id) => getCase(cases, id),
    published: (county, kind) => publishedFor({ cases, area }, county, kind),
    profile: (village) => getProfile(household, village),
    proof: villageProofs({ household, area }),
    isBusy: async (village) => (await busyVillage(cases, await codesOf(village))) !== undefined,
    present: (code) => resolve([code]),
  };
}

/** The code a case was begun under: what it stands under, whatever the village is called since. */
function codeOf({ subject, village }: Case): AreaCode {
  return subject.type === 'village' ? subject.code : village;
}

async function lockActions(
  { cases }: VillageTables,
  { was, found }: VillageDecision,
): Promise<readonly Action[] | 'taken'> {
  const isOpen = found.state === 'open';
  // Between its beginning and its end a case holds its village without another word.
  if (was && isOpen) return [];
  const village = codeOf(found);
  const before = await getVillageLock(cases, village);
  // Another case took the village since it was looked at.
  if (!was && before?.isOpen) return 'taken';
  return [lockAction(cases, village, { before, case: found.id, isOpen })];
}

function profileStep({ household }: VillageTables, decision: VillageDecision): readonly Action[] {
  const { profile, found, context } = decision;
  if (!profile) return [];
  const heldOn = profile.after?.exitedOn ?? context.today;
  const occasion = { actor: context.actor, at: context.at, heldOn, reason: found.reason };
  return profileActions(household, profile, { ...occasion, source: found.id });
}

/**
 * Writes a step of a village's case, with the profile where it took the village off the list.
 * Refusals: version-stale (somebody was faster), record-too-large, busy.
 */
export async function commitVillage(
  tables: VillageTables,
  decision: VillageDecision,
  also: readonly Action[],
): Promise<Decided<'written' | 'repeated'>> {
  const { was, found } = decision;
  const lock = await lockActions(tables, decision);
  if (lock === 'taken') return refuse('version-stale', { version: found.version });
  const own = [...caseActions(tables.cases, was, found), ...lock, ...profileStep(tables, decision)];
  const obstacles = await transact([...own, ...also]);
  if (obstacles.length === 0) return { ok: 'written' };
  if (obstacles.some(({ code }) => code === TOO_LARGE)) return refuse('record-too-large');
  const failed = obstacles.filter(({ code }) => code === 'ConditionalCheckFailed');
  if (failed.length === 0) return refuse('busy');
  // The answer stands already: another request with the same key was faster.
  if (failed.some(({ index }) => index >= own.length)) return { ok: 'repeated' };
  return refuse('version-stale', { version: found.version });
}
