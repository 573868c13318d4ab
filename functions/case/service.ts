import { type Actor, mayReach } from '../core/access.ts';
import type { Case } from '../core/case.ts';
import { followCase, type Happening, refuseBeginning } from '../core/case-household.ts';
import type { CaseStep, NewCase, NewObjection, ObjectionSettlement } from '../core/case-input.ts';
import { raiseObjection, settleObjection, withdraw } from '../core/case-objection.ts';
import { newCase, type Proposal } from '../core/case-open.ts';
import { type CaseContext, needsProof, type StepOrder, takeStep } from '../core/case-step.ts';
import { dayOf } from '../core/day.ts';
import { type AreaCode, ancestorAt, levelOf, liesWithin } from '../core/division.ts';
import { type ExitSheet, exitSheet, refuseSheet } from '../core/exit-sheet.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import type { HouseholdChange, HouseholdEvent } from '../core/household-event.ts';
import { type Procedure, procedureOn } from '../core/procedure.ts';
import type { ProcedureKind } from '../core/procedure-kind.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';

/** What cases of households need of the outside. */
export interface Ports {
  now(): Date;
  newId(kind: string): string;
  file(household: string): Promise<HouseholdFile | undefined>;
  /** Every event of a household. */
  events(household: string): Promise<readonly HouseholdEvent[]>;
  found(id: string): Promise<Case | undefined>;
  /** Versions of a procedure that a county published. */
  published(county: AreaCode, kind: ProcedureKind): Promise<readonly Procedure[]>;
}

/** A step of a case that was decided: both records before and after. */
export interface CaseDecision extends HouseholdChange {
  readonly before: HouseholdFile | undefined;
  readonly was: Case | undefined;
  readonly found: Case;
}

/** Who acts on which case, and the version of it that was read. */
export interface Acting {
  readonly actor: Actor;
  readonly id: string;
  readonly version: number;
}

/** Levels at which the actor's areas hold a village. */
export function contextOf(ports: Pick<Ports, 'now' | 'newId'>, actor: Actor, village: AreaCode) {
  const now = ports.now();
  const levels = actor.areas
    .filter((area) => liesWithin(village, area))
    .flatMap((area) => levelOf(area) ?? []);
  return {
    ...{ actor: actor.sub, role: actor.role, at: now.toISOString(), today: dayOf(now) },
    newId: ports.newId,
    levels,
  } satisfies CaseContext;
}

export function reaches(actor: Actor, { household }: HouseholdFile): boolean {
  return mayReach(actor, { village: villageOf(household), helperSubs: household.helperSubs });
}

/** The proof of a household on a day, with who entered each fact. */
async function proofOn(ports: Ports, { household }: HouseholdFile, on: string): Promise<ExitSheet> {
  return exitSheet(household, await ports.events(household.id), on);
}

/** Why a household is not proven on a day. Nothing of this sheet is kept, so events are read only where facts put away since matter. */
async function unproven(
  ports: Ports,
  file: HouseholdFile,
  on: string,
): Promise<Refusal | undefined> {
  const isPast = on < dayOf(ports.now());
  return refuseSheet(isPast ? await proofOn(ports, file, on) : exitSheet(file.household, [], on));
}

/** The procedure in force for a village's county on a day. */
export async function procedureFor(
  ports: Pick<Ports, 'published'>,
  about: { readonly kind: ProcedureKind; readonly village: AreaCode; readonly day: string },
): Promise<Procedure> {
  const county = ancestorAt(about.village, 'county');
  return procedureOn(about.kind, await ports.published(county, about.kind), about.day);
}

export function proposalOf(body: NewCase, id: string, today: string): Proposal {
  const { kind, heldOn = today, reason } = body;
  return { id, kind, heldOn, reason, strikeOff: 'strikeOff' in body ? body.strikeOff : null };
}

/** What is proposed for a household that is on the register. */
export type HouseholdProposal = Extract<NewCase, { household: string }>;

/** Refusals: not-found, those of `openOn`. */
export async function openHousehold(
  ports: Ports,
  actor: Actor,
  body: HouseholdProposal,
): Promise<Decided<CaseDecision>> {
  const file = await ports.file(body.household);
  if (!file || !reaches(actor, file)) return refuse('not-found');
  return openOn(ports, { actor, file }, body);
}

/** Begins a case on a file. Refusals: household-closed, case-open, case-status, exit-not-proven, step-wrong-level, date-future. */
export async function openOn(
  ports: Ports,
  { actor, file }: { readonly actor: Actor; readonly file: HouseholdFile },
  body: HouseholdProposal,
): Promise<Decided<CaseDecision>> {
  const village = villageOf(file.household);
  const context = contextOf(ports, actor, village);
  const proposal = proposalOf(body, ports.newId('cs'), context.today);
  const { kind, heldOn } = proposal;
  const procedure = await procedureFor(ports, { kind, village, day: heldOn });
  const subject = { type: 'household', id: file.household.id } as const;
  const found = newCase(proposal, { subject, village, procedure }, context);
  if (isRefused(found)) return found;
  const refused = refuseBeginning(file, kind) ?? (await refuseProof(ports, file, proposal));
  if (refused) return refused;
  const happening: Happening = {
    ...{ kind: 'case-opened', step: null, outcome: 'open', heldOn, reason: proposal.reason },
  };
  return follow({ file, was: undefined, found: found.ok }, happening, context);
}

async function refuseProof(
  ports: Ports,
  file: HouseholdFile,
  { kind, heldOn }: Pick<Proposal, 'kind' | 'heldOn'>,
): Promise<Refusal | undefined> {
  if (kind !== 'household-exit') return undefined;
  return unproven(ports, file, heldOn);
}

/** The change of the household that goes with a case. */
function follow(
  on: {
    readonly file: HouseholdFile;
    readonly was: Case | undefined;
    readonly found: Case;
  },
  happening: Happening,
  context: CaseContext,
): Decided<CaseDecision> {
  const { file, was, found } = on;
  const followed = followCase(file, found, { happening, context });
  return isRefused(followed) ? followed : { ok: { ...followed.ok, before: file, was, found } };
}

/** A case of a household with its file, at the version the actor has read. Refusals: not-found, version-stale. */
export interface Loaded {
  readonly found: Case;
  readonly file: HouseholdFile;
  readonly context: CaseContext;
}

export async function load(ports: Ports, { actor, id, version }: Acting): Promise<Decided<Loaded>> {
  const found = await ports.found(id);
  if (found?.subject.type !== 'household') return refuse('not-found');
  const file = await ports.file(found.subject.id);
  if (!file || !reaches(actor, file)) return refuse('not-found');
  if (found.version !== version) return refuse('version-stale', { version: found.version });
  return { ok: { found, file, context: contextOf(ports, actor, villageOf(file.household)) } };
}

export function orderOf(body: CaseStep, today: string): StepOrder {
  const { step, outcome, heldOn = today } = body;
  const { note = null, document = null, votes = null, confirmedBy = null } = body;
  return { step, outcome, heldOn, note, document, votes, confirmedBy };
}

/** Takes the next step on a case and file that were read together. Refusals: those of `takeStep`, member-unknown, exit-not-proven. */
export async function stepOn(
  ports: Ports,
  { found, file, context }: Loaded,
  body: CaseStep,
): Promise<Decided<CaseDecision>> {
  const order = orderOf(body, context.today);
  const { confirmedBy } = order;
  const isMember = file.household.members.some(({ id }) => id === confirmedBy);
  if (confirmedBy !== null && !isMember) return refuse('member-unknown');
  // Cheap refusals come first: the proof reads the whole history.
  const tried = takeStep(found, order, { context, sheet: null });
  if (isRefused(tried)) return tried;
  const sheet = needsProof(found, order) ? await proofOn(ports, file, order.heldOn) : null;
  const barrier = sheet && refuseSheet(sheet);
  if (barrier) return barrier;
  const taken = takeStep(found, order, { context, sheet });
  if (isRefused(taken)) return taken;
  const happening: Happening = {
    kind: taken.ok.state === 'open' ? 'case-step' : 'case-ended',
    ...{ step: order.step, outcome: order.outcome, heldOn: order.heldOn, reason: order.note },
  };
  return follow({ file, was: found, found: taken.ok }, happening, context);
}

/** Records an objection. Refusals: those of `raiseObjection`. */
export function objectOn(
  ports: Ports,
  { found, file, context }: Loaded,
  body: NewObjection,
): Decided<CaseDecision> {
  const { raisedOn = context.today, note } = body;
  const raised = raiseObjection(found, { id: ports.newId('ob'), raisedOn, note }, context);
  if (isRefused(raised)) return raised;
  const told = { kind: 'case-step', step: null, outcome: 'objection', reason: note } as const;
  return follow({ file, was: found, found: raised.ok }, { ...told, heldOn: raisedOn }, context);
}

/** Settles an objection. Refusals: those of `settleObjection`. */
export function settleOn(
  { found, file, context }: Loaded,
  id: string,
  body: ObjectionSettlement,
): Decided<CaseDecision> {
  const { resolvedOn = context.today, upheld, resolution } = body;
  const settled = settleObjection(found, { id, resolvedOn, upheld, resolution }, context);
  if (isRefused(settled)) return settled;
  const told = {
    kind: upheld ? 'case-ended' : 'case-step',
    ...{ step: null, outcome: upheld ? 'upheld' : 'dismissed', reason: resolution },
  } as const;
  return follow({ file, was: found, found: settled.ok }, { ...told, heldOn: resolvedOn }, context);
}

/** Takes a proposal back. Refusals: those of `withdraw`. */
export function withdrawOn(
  { found, file, context }: Loaded,
  reason: string,
): Decided<CaseDecision> {
  const gone = withdraw(found, context);
  if (isRefused(gone)) return gone;
  const told = { kind: 'case-ended', step: null, outcome: 'withdrawn', reason } as const;
  const heldOn = context.today;
  return follow({ file, was: found, found: gone.ok }, { ...told, heldOn }, context);
}
