import { type Actor, mayReach } from '../core/access.ts';
import { dayOf } from '../core/day.ts';
import {
  type ContractChange,
  type HealthContext,
  type HealthRecord,
  type NewHealthFile,
  setUpFile,
} from '../core/health.ts';
import {
  addFollowUp,
  type FollowUp,
  type FollowUpChange,
  type FollowUpFound,
  type NewFollowUp,
} from '../core/health-follow-up.ts';
import { mayKnowDisease } from '../core/health-view.ts';
import { type HouseholdFile, isClosed, type Member, since, villageOf } from '../core/household.ts';
import { changeHousehold } from '../core/household-change.ts';
import { contextAt, type HouseholdChange } from '../core/household-event.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';

/** What health records need of the outside. */
export interface Ports {
  now(): Date;
  newId(kind: string): string;
  file(household: string): Promise<HouseholdFile | undefined>;
  record(person: string): Promise<HealthRecord | undefined>;
  /** Every follow-up of a person. */
  followUps(person: string): Promise<readonly FollowUp[]>;
}

/** Whose record is changed: a member of a household the actor may reach, at the version that was read. */
export interface Asking {
  readonly actor: Actor;
  readonly household: string;
  readonly person: string;
  /** Undefined where the change adds to the record, whatever it has become. */
  readonly version?: number;
}

/** A change that was decided: the record, and the household where a fact of the person changes with it. */
export interface HealthDecision {
  readonly before: HealthRecord | undefined;
  readonly record: HealthRecord;
  readonly followUp?: FollowUp;
  /** What the follow-up was before; undefined where it is new. */
  readonly was?: FollowUp;
  readonly file: HouseholdFile;
  /** Undefined where the file says already what the record says now. */
  readonly change: HouseholdChange | undefined;
  /** It was done before, so that nothing is to be written. */
  readonly isDone?: true;
}

interface Found {
  readonly file: HouseholdFile;
  readonly member: Member;
  readonly before: HealthRecord | undefined;
  readonly context: HealthContext;
}

/** Refusals: not-found, version-stale, member-unknown. */
async function found(ports: Ports, asking: Asking): Promise<Decided<Found>> {
  const { actor, person } = asking;
  const file = await ports.file(asking.household);
  if (!file) return refuse('not-found');
  const { household } = file;
  const place = { village: villageOf(household), helperSubs: household.helperSubs };
  if (!mayReach(actor, place)) return refuse('not-found');
  const before = await ports.record(person);
  const version = before?.version ?? 0;
  if (asking.version !== undefined && asking.version !== version)
    return refuse('version-stale', { version });
  const member = household.members.find(({ id }) => id === person);
  if (!member) return refuse('member-unknown');
  const now = ports.now();
  const context = {
    ...{ actor: actor.sub, role: actor.role, at: now.toISOString(), today: dayOf(now) },
  };
  return { ok: { file, member, before, context } };
}

const reasons = { true: '家庭医生签约', false: '家庭医生解约' } as const;

/** A change of the contract with the fact of the person that follows from it. Refusals also those of `changeHousehold`. */
export async function changeContract(
  ports: Ports,
  asking: Asking,
  decide: (
    on: { readonly before: HealthRecord | undefined; readonly member: Member },
    context: HealthContext,
  ) => Decided<ContractChange>,
): Promise<Decided<HealthDecision>> {
  const on = await found(ports, asking);
  if (isRefused(on)) return on;
  const { file, member, before, context } = on.ok;
  const decided = decide({ before, member }, context);
  if (isRefused(decided)) return decided;
  const { record, fact } = decided.ok;
  if (!fact) {
    const refused = isClosed(file.household) ? refuse('household-closed') : undefined;
    return refused ?? { ok: { before, record, file, change: undefined } };
  }
  const { familyDoctor, heldFrom, heldTo } = fact;
  const patch = {
    ...{
      heldFrom,
      heldTo,
      reason: reasons[`${familyDoctor}`],
      facts: {},
      cleared: [],
      contact: {},
    },
    members: [{ person: member.id, facts: { familyDoctor }, cleared: [] }],
  };
  const changed = changeHousehold(file, patch, contextAt(asking.actor, ports.now(), ports.newId));
  if (isRefused(changed)) return changed;
  return { ok: { before, record, file, change: changed.ok } };
}

/** Sets the health file of a person up, or replaces it. Refusals also those of `setUpFile`. */
export async function changeFile(
  ports: Ports,
  asking: Asking,
  body: NewHealthFile,
): Promise<Decided<HealthDecision>> {
  const on = await found(ports, asking);
  if (isRefused(on)) return on;
  const { file, before, context } = on.ok;
  if (isClosed(file.household)) return refuse('household-closed');
  const record = setUpFile({ before, person: asking.person }, body, context);
  if (isRefused(record)) return record;
  return { ok: { before, record: record.ok, file, change: undefined } };
}

/**
 * Enters a follow-up, of a household that was struck off one before that day. Sent again when its answer is no longer kept, it is the same one.
 * Refusals also household-closed, idempotency-key-reused and those of `addFollowUp`.
 */
export async function enterFollowUp(
  ports: Ports,
  asking: Asking & { readonly id: string },
  body: NewFollowUp,
): Promise<Decided<HealthDecision>> {
  const on = await found(ports, asking);
  if (isRefused(on)) return on;
  const { file, before, context } = on.ok;
  const known = (await ports.followUps(asking.person)).find(({ id }) => id === asking.id);
  if (known && before) {
    const record = { before, record: before, followUp: known, file, change: undefined };
    return saysSame(known, body)
      ? { ok: { ...record, isDone: true } }
      : refuse('idempotency-key-reused');
  }
  const decided = addFollowUp({ before, id: asking.id }, body, context);
  if (isRefused(decided)) return decided;
  if (isOverOn(file, body.on)) return refuse('household-closed');
  return { ok: { before, ...decided.ok, file, change: undefined } };
}

function saysSame(one: FollowUp, given: NewFollowUp): boolean {
  const { on, by, way, next = null } = given;
  return one.on === on && one.by === by && one.way === way && one.next === next;
}

function isOverOn({ household }: HouseholdFile, on: string): boolean {
  return isClosed(household) && on >= since(household, 'status');
}

/**
 * Puts a follow-up right or withdraws it, at the version that was read of it.
 * Refusals: not-found, member-unknown, version-stale, household-closed, those of `decide`.
 */
export async function changeFollowUp(
  ports: Ports,
  asking: Omit<Asking, 'version'> & { readonly id: string; readonly version: number },
  decide: (found: FollowUpFound, context: HealthContext) => Decided<FollowUpChange>,
): Promise<Decided<HealthDecision>> {
  const { version, actor, id, ...others } = asking;
  const on = await found(ports, { actor, ...others });
  if (isRefused(on)) return on;
  const { file, before, context } = on.ok;
  const all = await ports.followUps(asking.person);
  const was = all.find((one) => one.id === id);
  if (!was) return refuse('not-found');
  if (was.version !== version) return refuse('version-stale', { version: was.version });
  const isOver = mayKnowDisease(actor, villageOf(file.household));
  const decided = decide({ before, was, all, isOver }, context);
  if (isRefused(decided)) return decided;
  const { followUp } = decided.ok;
  const isLate = !followUp.withdrawn && isOverOn(file, followUp.on);
  if (isLate) return refuse('household-closed');
  return { ok: { before, ...decided.ok, file, change: undefined } };
}
