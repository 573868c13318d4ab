import { putArriving } from './arrival.ts';
import type { Day } from './day.ts';
import type { FactSheet, HouseholdFacts } from './fact.ts';
import { refuseDays, splitSheet } from './fact-history.ts';
import { type HouseholdFile, since, villageOf } from './household.ts';
import { refuseInCase } from './household-check.ts';
import { type Draft, draftOf, putFacts, putPast, settle } from './household-draft.ts';
import {
  type DecisionContext,
  type HouseholdChange,
  noteChange,
  otherHousehold,
} from './household-event.ts';
import { emptyFile } from './household-register.ts';
import { refuseClosed } from './member.ts';
import { type Decided, isRefused, type Refusal, refuse } from './refusal.ts';
import { refuseAbsent, type Succession, succeed } from './succession.ts';

/** What was decided about a household is decided about those who leave it as well; how they live now is not known yet. */
const decided = [
  'status',
  'type',
  'standard',
  'mainCause',
  'otherCauses',
  'measures',
  'identifiedYear',
  'planYear',
  'exitYear',
] as const satisfies readonly (keyof HouseholdFacts)[];
/** Where in the village they live, as long as they stay in it. */
const local = ['hamlet', 'group'] as const satisfies readonly (keyof HouseholdFacts)[];

/** Who leaves for a household of their own (拆户). */
export interface SplitOrder {
  /** How each who leaves stands to the head of the new household; one of them is its head. */
  readonly persons: Readonly<Record<string, string>>;
  readonly number: string;
  readonly village: string;
  readonly heldFrom: Day;
  /** Code list `splitReason`. */
  readonly reason: string;
  readonly note: string | null;
  /** Facts stated of the new household. */
  readonly facts: Partial<HouseholdFacts>;
  /** Who heads those who stay, where the head leaves. */
  readonly succession: Succession;
}

/** Both households after a split. */
export interface Split {
  readonly stays: HouseholdChange;
  readonly parts: HouseholdChange;
}

/**
 * Splits a household: some of its persons go into a new one, under the same ids and with what is known of them; the old file keeps their
 * membership up to that day. Status, causes, measures and years go along, income and housing only as stated.
 * Refusals: household-closed, case-open, member-unknown, member-not-live, split-all, head-cannot-leave, head-stays, date-order and
 * what is refused of any new household.
 */
export function splitHousehold(
  file: HouseholdFile,
  order: SplitOrder,
  context: DecisionContext,
): Decided<Split> {
  const refused =
    refuseClosed(file) ??
    refuseInCase(file.household) ??
    refuseDays({ heldFrom: order.heldFrom, heldTo: null }, context.today) ??
    refuseLeavers(file, order);
  if (refused) return refused;
  const parts = settleParts(file, order, context);
  if (isRefused(parts)) return parts;
  const stays = settleStays(file, order, { context, into: parts.ok.next.household.id });
  return isRefused(stays) ? stays : { ok: { stays: stays.ok, parts: parts.ok } };
}

function refuseLeavers(file: HouseholdFile, order: SplitOrder): Refusal | undefined {
  const { persons, heldFrom } = order;
  const absent = refuseAbsent(file, Object.keys(persons));
  if (absent) return absent;
  const { members } = file.household;
  const leavers = members.filter(({ id }) => persons[id] !== undefined);
  if (leavers.length === members.length) return refuse('split-all');
  // A status that came later was decided about all of them together.
  const isEarly =
    heldFrom < since(file.household, 'status') || leavers.some((one) => heldFrom < one.heldFrom);
  return isEarly ? refuse('date-order', { field: 'heldFrom' }) : undefined;
}

/** The facts that go along, held since they have been held. */
function carriedFacts(
  file: HouseholdFile,
  order: SplitOrder,
): readonly FactSheet<HouseholdFacts>[] {
  const isHere = villageOf(file.household) === order.village;
  const carried: readonly string[] = isHere ? [...decided, ...local] : decided;
  return file.household.facts.flatMap((sheet): readonly FactSheet<HouseholdFacts>[] => {
    const [kept] = splitSheet(sheet, (field) => carried.includes(field));
    return kept ? [kept] : [];
  });
}

function settleParts(
  file: HouseholdFile,
  order: SplitOrder,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { heldFrom, village, reason, note } = order;
  const held = { heldFrom, heldTo: null, enteredAt: context.at };
  const { household, secrets } = emptyFile(order, context);
  const { helperSubs } = file.household;
  let draft: Draft = {
    household: { ...household, facts: carriedFacts(file, order), helperSubs },
    secrets,
    before: undefined,
    putAway: [],
    putAwayOf: {},
  };
  draft = putFacts(draft, { ...held, values: { ...order.facts, village } });
  for (const member of file.household.members) {
    const relation = order.persons[member.id];
    if (relation === undefined) continue;
    const person = { member, identity: file.secrets.identities[member.id] };
    const arrival = { heldFrom, joinReason: 'split', relation, enteredAt: context.at };
    draft = putArriving(draft, person, arrival);
  }
  const more = [otherHousehold('splitFrom', file.household.id), ...noteChange(note)];
  return settle(draft, { kind: 'split-off', heldOn: heldFrom, reason, more }, context);
}

function settleStays(
  file: HouseholdFile,
  order: SplitOrder,
  { context, into }: { readonly context: DecisionContext; readonly into: string },
): Decided<HouseholdChange> {
  const { heldFrom, reason, note } = order;
  const leaving = new Set(Object.keys(order.persons));
  const succession = { ...order.succession, heldFrom: () => heldFrom, enteredAt: context.at };
  const headed = succeed(draftOf(file), leaving, succession);
  if (isRefused(headed)) return headed;
  const draft = putPast(headed.ok, leaving, { endReason: 'split', heldTo: () => heldFrom });
  const more = [otherHousehold('splitInto', into), ...noteChange(note)];
  return settle(draft, { kind: 'split', heldOn: heldFrom, reason, more }, context);
}
