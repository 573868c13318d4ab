import { overlapsPast, putArriving } from './arrival.ts';
import type { Day } from './day.ts';
import { refuseDays } from './fact-history.ts';
import { type Household, type HouseholdFile, isClosed, type Member } from './household.ts';
import { refuseInCase } from './household-check.ts';
import { closeDraft } from './household-close.ts';
import { type Draft, draftOf, putPast, settle } from './household-draft.ts';
import {
  type DecisionContext,
  type HouseholdChange,
  noteChange,
  otherHousehold,
} from './household-event.ts';
import { later, refuseClosed } from './member.ts';
import { type Decided, type Fault, inField, isRefused, type Refusal, refuse } from './refusal.ts';

/** Everybody of another household comes to live in this one (并户). */
export interface MergerOrder {
  /** How each who comes stands to the head here. */
  readonly relations: Readonly<Record<string, string>>;
  readonly heldFrom: Day;
  /** Code list `mergerReason`. */
  readonly reason: string;
  readonly note: string | null;
}

/** Both households after a merger. */
export interface Merger {
  readonly stays: HouseholdChange;
  readonly gone: HouseholdChange;
}

/**
 * Joins another household to this one: its persons come under their ids, it is struck off. This household's status and facts stand.
 * Refusals: merger-same, household-closed, case-open, member-unknown, request-invalid (a relation is missing), date-order,
 * date-future and what is refused of any household; about the other they name the field `household`.
 */
export function mergeHouseholds(
  file: HouseholdFile,
  other: HouseholdFile,
  { order, context }: { readonly order: MergerOrder; readonly context: DecisionContext },
): Decided<Merger> {
  const refused =
    refusePair(file, other) ??
    refuseDays({ heldFrom: order.heldFrom, heldTo: null }, context.today) ??
    refuseJoining(file, other, order);
  if (refused) return refused;
  const arrivals = arrivalsOf(other, order);
  if (isRefused(arrivals)) return arrivals;
  const stays = receive(file, { other, arrivals: arrivals.ok }, { order, context });
  if (isRefused(stays)) return stays;
  const gone = dissolve(other, file.household.id, { order, context });
  return isRefused(gone) ? gone : { ok: { stays: stays.ok, gone: gone.ok } };
}

function refusePair(file: HouseholdFile, other: HouseholdFile): Refusal | undefined {
  if (file.household.id === other.household.id) return inField(refuse('merger-same'), 'household');
  const its = refuseClosed(other) ?? refuseInCase(other.household);
  return refuseClosed(file) ?? refuseInCase(file.household) ?? (its && inField(its, 'household'));
}

interface Arriving {
  readonly member: Member;
  readonly relation: string;
}

/** Who comes, and how each stands to the head here; every person needs a relation, and nobody else has one. */
function arrivalsOf(
  { household }: HouseholdFile,
  { relations }: MergerOrder,
): Decided<readonly Arriving[]> {
  const isKnown = (person: string) => household.members.some(({ id }) => id === person);
  if (!Object.keys(relations).every(isKnown)) return inField(refuse('member-unknown'), 'relations');
  const faults: Fault[] = [];
  const arrivals = household.members.flatMap((member): readonly Arriving[] => {
    const relation = relations[member.id];
    if (relation !== undefined) return [{ member, relation }];
    const values = { field: 'relation' };
    faults.push({ field: `relations.${member.id}`, code: 'value-missing', values });
    return [];
  });
  return faults.length > 0 ? { refused: 'request-invalid', faults } : { ok: arrivals };
}

/** First day on which anybody was a member. */
function openedOn({ members, past }: Household): Day {
  const earlier = (one: Day, other: Day) => (later(one, other) === one ? other : one);
  return [...members, ...past].map(({ heldFrom }) => heldFrom).reduce(earlier);
}

function refuseJoining(
  file: HouseholdFile,
  other: HouseholdFile,
  { heldFrom }: MergerOrder,
): Refusal | undefined {
  const first = other.household.members.reduce(
    (day, member) => later(day, member.heldFrom),
    openedOn(file.household),
  );
  const isBack = other.household.members.some(({ id }) => overlapsPast(file, { id, heldFrom }));
  return heldFrom < first || isBack ? refuse('date-order', { field: 'heldFrom' }) : undefined;
}

interface Merging {
  readonly order: MergerOrder;
  readonly context: DecisionContext;
}

function receive(
  file: HouseholdFile,
  { other, arrivals }: { readonly other: HouseholdFile; readonly arrivals: readonly Arriving[] },
  { order, context }: Merging,
): Decided<HouseholdChange> {
  const { heldFrom, reason, note } = order;
  let draft: Draft = draftOf(file);
  for (const { member, relation } of arrivals) {
    const person = { member, identity: other.secrets.identities[member.id] };
    const arrival = { heldFrom, joinReason: 'merged', relation, enteredAt: context.at };
    draft = putArriving(draft, person, arrival);
  }
  const more = [otherHousehold('mergedFrom', other.household.id), ...noteChange(note)];
  return settle(draft, { kind: 'merged', heldOn: heldFrom, reason, more }, context);
}

function dissolve(
  other: HouseholdFile,
  into: string,
  { order, context }: Merging,
): Decided<HouseholdChange> {
  const { heldFrom, note } = order;
  const everybody = new Set(other.household.members.map(({ id }) => id));
  const end = { endReason: 'merged', heldTo: () => heldFrom };
  const draft = closeDraft(putPast(draftOf(other), everybody, end), heldFrom, context);
  if (!isClosed(draft.household)) return refuse('date-order', { field: 'heldFrom' });
  const more = [otherHousehold('mergedInto', into), ...noteChange(note)];
  return settle(draft, { kind: 'struck-off', heldOn: heldFrom, reason: 'merged', more }, context);
}
