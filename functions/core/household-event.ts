import * as z from 'zod';
import type { Actor, Role } from './access.ts';
import { type Day, dayOf } from './day.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import type { HouseholdFile, Secrets } from './household.ts';
import { procedureKinds } from './procedure-kind.ts';

export const eventKinds = [
  'registered',
  'changed',
  'member-added',
  'member-ended',
  'head-changed',
  'moved',
  'struck-off',
  'helpers-changed',
  'case-opened',
  'case-step',
  'case-ended',
  'split',
  'split-off',
  'merged',
  'reinstated',
  'measure-opened',
  'measure-ended',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** The step of a case that an event is. */
export const EventCase = z.object({
  id: z.string(),
  kind: z.enum(procedureKinds),
  /** Id of the step; null for opening, objections and withdrawal. */
  step: z.string().nullable(),
  outcome: z.string(),
});
export type EventCase = z.infer<typeof EventCase>;

/** A value as it may be shown in an event: facts as they are, identity numbers, phones and accounts masked. */
export type Shown =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | Readonly<Record<string, unknown>>;

/** One field that a change touched; `person` names the member it belongs to. */
export interface FieldChange {
  readonly field: string;
  readonly person: string | null;
  readonly before: Shown;
  readonly after: Shown;
}

/** What happened to a household, append-only: one per version. */
export interface HouseholdEvent {
  /** `ev_…`, by which a writer recognises its own write after a lost reply. */
  readonly id: string;
  readonly household: string;
  readonly version: number;
  readonly kind: EventKind;
  /** Subject and role of the token that asked. */
  readonly actor: string;
  readonly role: Role;
  /** Instant of entry, ISO 8601 UTC. */
  readonly at: string;
  /** Day from which the change holds. */
  readonly heldOn: Day;
  readonly reason: string | null;
  /** Import, job or change request that it comes from; null when a person made it directly. */
  readonly source: string | null;
  /** Who asked for it, where somebody else decided. */
  readonly requestedBy?: string;
  readonly case?: EventCase;
  /** Fields touched; empty on registration, where everything is new. */
  readonly changes: readonly FieldChange[];
  /** Facts this change put away: the replaced ones, and those entered for past days only. */
  readonly putAway: readonly FactSheet<HouseholdFacts>[];
  readonly putAwayOf: readonly {
    readonly person: string;
    readonly sheets: readonly FactSheet<PersonFacts>[];
  }[];
}

/** Full values that a change replaced; stored sealed beside the event. */
export interface ReplacedSecrets {
  readonly phone?: string;
  readonly bankAccount?: string;
  readonly identities?: Readonly<Record<string, string>>;
}

/** A change that was decided: the file as it will be, and the event that says so. */
export interface HouseholdChange {
  readonly next: HouseholdFile;
  readonly event: HouseholdEvent;
}

/** Who acts, when, and where ids come from; nothing in the rulebook reads a clock or rolls dice. */
export interface DecisionContext {
  readonly actor: string;
  readonly role: Role;
  /** Instant of entry, ISO 8601 UTC. */
  readonly at: string;
  readonly today: Day;
  readonly newId: (kind: 'hh' | 'per' | 'ev') => string;
  /** Import, job or change request on whose behalf this is done. */
  readonly source?: string;
  /** Who filed the change request. */
  readonly requestedBy?: string;
}

/** The context of what somebody decides at an instant. */
export function contextAt(
  actor: Actor,
  now: Date,
  newId: DecisionContext['newId'],
): DecisionContext {
  const { sub, role } = actor;
  return { actor: sub, role, at: now.toISOString(), today: dayOf(now), newId };
}

/** What a clerk adds to a reason, in free words; it stands among the changes of the event. */
export function noteChange(note: string | null): readonly FieldChange[] {
  return note === null ? [] : [{ field: 'note', person: null, before: null, after: note }];
}

/** Names the other household that a change concerns, by id. */
export function otherHousehold(
  field: 'splitInto' | 'splitFrom' | 'mergedInto' | 'mergedFrom',
  household: string,
): FieldChange {
  return { field, person: null, before: null, after: household };
}

/** The values of `before` that `next` no longer holds. */
export function replacedSecrets(before: Secrets, next: Secrets): ReplacedSecrets {
  const identities = Object.entries(before.identities).filter(
    ([person, number]) => next.identities[person] !== number,
  );
  return {
    ...(before.phone !== null && before.phone !== next.phone && { phone: before.phone }),
    ...(before.bankAccount !== null &&
      before.bankAccount !== next.bankAccount && { bankAccount: before.bankAccount }),
    ...(identities.length > 0 && { identities: Object.fromEntries(identities) }),
  };
}
