import { type Actor, mayEnter } from '../core/access.ts';
import type { Case } from '../core/case.ts';
import type { CaseStep, NewCase, NewObjection, ObjectionSettlement } from '../core/case-input.ts';
import { raiseObjection, settleObjection, withdraw } from '../core/case-objection.ts';
import { newCase } from '../core/case-open.ts';
import { type CaseContext, decidedOn, needsProof, takeStep } from '../core/case-step.ts';
import type { AreaCode } from '../core/division.ts';
import { type ExitSheet, refuseSheet } from '../core/exit-item.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { VillageProfile } from '../core/roster.ts';
import { exitVillage, refuseCandidate } from '../core/village-leave.ts';
import type { ProfileStep } from '../core/village-move.ts';
import {
  type Acting,
  contextOf,
  orderOf,
  type Ports,
  procedureFor,
  proposalOf,
} from './service.ts';

/** What cases of villages need of the outside. */
export interface VillagePorts extends Pick<Ports, 'now' | 'newId' | 'found' | 'published'> {
  profile(village: AreaCode): Promise<VillageProfile | undefined>;
  proof(
    village: AreaCode,
    about: { readonly on: string; readonly today: string },
  ): Promise<ExitSheet | undefined>;
  /** Whether a village is in a case already, under this code or one it had. */
  isBusy(village: AreaCode): Promise<boolean>;
  /** Codes of closed divisions replaced by their successors. */
  present(code: AreaCode): Promise<readonly AreaCode[]>;
}

/** A step of a village's case that was decided, and what it does to the profile. */
export interface VillageDecision {
  readonly was: Case | undefined;
  readonly found: Case;
  readonly profile: ProfileStep | undefined;
  readonly context: CaseContext;
}

type VillageProposal = Extract<NewCase, { kind: 'village-exit' }>;

/** Refusals: not-found, area-closed, village-undescribed, village-not-poor, village-exited, village-case-open, exit-not-proven, those of a new case. */
export async function openVillage(
  ports: VillagePorts,
  actor: Actor,
  body: VillageProposal,
): Promise<Decided<VillageDecision>> {
  const { village } = body;
  if (!mayEnter(actor, village)) return refuse('not-found');
  const context = contextOf(ports, actor, village);
  const proposal = proposalOf(body, ports.newId('cs'), context.today);
  const { kind, heldOn } = proposal;
  const procedure = await procedureFor(ports, { kind, village, day: heldOn });
  const subject = { type: 'village', code: village } as const;
  const found = newCase(proposal, { subject, village, procedure }, context);
  if (isRefused(found)) return found;
  const profile = await ports.profile(village);
  const barrier = profile ? refuseCandidate(profile) : refuse('village-undescribed');
  if (barrier) return barrier;
  if (await ports.isBusy(village)) return refuse('village-case-open', { area: village });
  const sheet = await ports.proof(village, { on: heldOn, today: context.today });
  const unproven = sheet ? refuseSheet(sheet) : refuse('village-undescribed');
  return unproven ?? { ok: { was: undefined, found: found.ok, profile: undefined, context } };
}

/** A village's case at the version the actor has read, and the village as it is called today. */
export interface LoadedVillage {
  readonly found: Case;
  readonly village: AreaCode;
  readonly context: CaseContext;
  /** Why the case cannot go on, and can only be taken back: the village was divided. */
  readonly barrier: Refusal | undefined;
}

/** Refusals: not-found (outside too), version-stale. */
export async function loadVillage(
  ports: VillagePorts,
  { actor, id, version }: Acting,
): Promise<Decided<LoadedVillage>> {
  const found = await ports.found(id);
  if (found?.subject.type !== 'village') return refuse('not-found');
  const successors = await ports.present(found.subject.code);
  const [village] = successors;
  if (village === undefined || !successors.every((one) => mayEnter(actor, one)))
    return refuse('not-found');
  if (found.version !== version) return refuse('version-stale', { version: found.version });
  const closed = { area: found.subject.code, successors: successors.join('、') };
  const barrier = successors.length > 1 ? refuse('area-closed', closed) : undefined;
  return { ok: { found, village, barrier, context: contextOf(ports, actor, village) } };
}

function decided(
  loaded: LoadedVillage,
  found: Case,
  profile?: ProfileStep,
): Decided<VillageDecision> {
  return { ok: { was: loaded.found, found, profile, context: loaded.context } };
}

/** Takes the next step; the last one takes the village off the list from the day of the decision. Refusals: those of `takeStep`. */
export async function stepVillage(
  ports: VillagePorts,
  loaded: LoadedVillage,
  body: CaseStep,
): Promise<Decided<VillageDecision>> {
  const { found, context, barrier } = loaded;
  if (barrier) return barrier;
  const order = orderOf(body, context.today);
  const tried = takeStep(found, order, { context, sheet: null });
  if (isRefused(tried)) return tried;
  const proof = needsProof(found, order) ? await proven(ports, loaded, order.heldOn) : undefined;
  if (proof && isRefused(proof)) return proof;
  const sheet = proof?.ok;
  const taken = takeStep(found, order, { context, sheet: sheet ?? null });
  if (isRefused(taken) || taken.ok.state !== 'done')
    return isRefused(taken) ? taken : decided(loaded, taken.ok);
  const left = await leave(ports, loaded, taken.ok);
  return isRefused(left) ? left : decided(loaded, taken.ok, left.ok);
}

/** The proof of a village that is still on the list, or why it cannot leave it. */
async function proven(
  ports: VillagePorts,
  { village, context: { today } }: LoadedVillage,
  on: string,
): Promise<Decided<ExitSheet>> {
  const profile = await ports.profile(village);
  const sheet = await ports.proof(village, { on, today });
  if (!profile || !sheet) return refuse('village-undescribed');
  return refuseCandidate(profile) ?? refuseSheet(sheet) ?? { ok: sheet };
}

async function leave(
  ports: VillagePorts,
  { village, context: { at } }: LoadedVillage,
  found: Case,
): Promise<Decided<ProfileStep | undefined>> {
  const profile = await ports.profile(village);
  const { sheet } = found;
  const exitedOn = decidedOn(found);
  if (!profile || !sheet || exitedOn === undefined) return refuse('village-undescribed');
  // It became one with another village, whose own case took both off the list.
  if (profile.exitedOn !== null) return { ok: undefined };
  return exitVillage(profile, { exitedOn, sheet }, { at });
}

/** Records an objection. Refusals: those of `raiseObjection`. */
export function objectVillage(
  ports: VillagePorts,
  loaded: LoadedVillage,
  body: NewObjection,
): Decided<VillageDecision> {
  const { found, context, barrier } = loaded;
  if (barrier) return barrier;
  const { raisedOn = context.today, note } = body;
  const raised = raiseObjection(found, { id: ports.newId('ob'), raisedOn, note }, context);
  return isRefused(raised) ? raised : decided(loaded, raised.ok);
}

/** Settles an objection. Refusals: those of `settleObjection`. */
export function settleVillage(
  loaded: LoadedVillage,
  id: string,
  body: ObjectionSettlement,
): Decided<VillageDecision> {
  const { found, context, barrier } = loaded;
  if (barrier) return barrier;
  const { resolvedOn = context.today, upheld, resolution } = body;
  const settled = settleObjection(found, { id, resolvedOn, upheld, resolution }, context);
  return isRefused(settled) ? settled : decided(loaded, settled.ok);
}

/** Takes a proposal back. Refusals: those of `withdraw`. */
export function withdrawVillage(loaded: LoadedVillage): Decided<VillageDecision> {
  const gone = withdraw(loaded.found, loaded.context);
  return isRefused(gone) ? gone : decided(loaded, gone.ok);
}
