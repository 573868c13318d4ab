import * as z from 'zod';
import { roles } from './access.ts';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import { factsOn } from './fact-history.ts';
import { current, type Household, headOf, type Member, villageOf } from './household.ts';
import { householdOn } from './household-as-of.ts';
import { EventCase, eventKinds, type HouseholdEvent } from './household-event.ts';
import { batchSources } from './measure-batch.ts';
import { OpenCase } from './procedure-kind.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const maybe = z.string().nullable();

export const MemberView = z.object({
  id: z.string(),
  number: maybe,
  name: z.string(),
  sex: z.string(),
  birth: day,
  /** Area prefix only: birth and sex stand beside it. */
  identityMasked: maybe,
  heldFrom: day,
  joinReason: maybe,
  heldTo: day.nullable(),
  endReason: maybe,
  facts: PersonFacts.partial(),
});
export type MemberView = z.infer<typeof MemberView>;

const Shown = z.unknown().describe('a fact as it is; phones, accounts and identity numbers masked');

export const EventView = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(eventKinds),
  actor: z.string(),
  role: z.enum(roles),
  at: z.iso.datetime(),
  heldOn: day,
  reason: maybe,
  source: maybe,
  /** Who asked for it by a change request (`source`), where somebody else decided. */
  requestedBy: z.string().optional(),
  /** The case it is a step of. */
  case: EventCase.optional(),
  changes: z.array(z.object({ field: z.string(), person: maybe, before: Shown, after: Shown })),
});
export type EventView = z.infer<typeof EventView>;

export const HouseholdView = z.object({
  id: z.string(),
  number: z.string(),
  county: z.string(),
  village: z.string(),
  status: z.enum(codesOf('status')),
  version: z.int(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** The day the facts and members are those of; absent: now. What is known now about that day. */
  asOf: day.optional(),
  facts: HouseholdFacts.partial(),
  /** The batches by which it is helped, and who says so of each: people and ledgers (`stated`), measures under way (`measure`). */
  batches: z.record(z.string(), z.array(z.enum(['stated', 'measure']))),
  /** The procedure it is in now. */
  openCase: OpenCase.nullable(),
  contact: z.object({ phoneMasked: maybe, bankName: maybe, bankAccountMasked: maybe }),
  members: z.array(MemberView),
  /** Members who have left; with `asOf`, those who had left by that day. */
  past: z.array(MemberView),
  /** Latest events, newest first; `GET /households/{id}/events` has all. */
  events: z.array(EventView),
});
export type HouseholdView = z.infer<typeof HouseholdView>;

/** Events shown with a file. */
const LATEST = 20;

function memberView({ openFrom: _, ...member }: Member, facts: MemberView['facts']): MemberView {
  return { ...member, facts };
}

export function eventView(event: HouseholdEvent): EventView {
  const { id, version, kind, actor, role, at, heldOn, reason, source, changes } = event;
  return {
    ...{ id, version, kind, actor, role, at, heldOn, reason, source },
    ...(event.requestedBy !== undefined && { requestedBy: event.requestedBy }),
    ...(event.case && { case: event.case }),
    changes: [...changes],
  };
}

function shownBatches(facts: HouseholdView['facts']): HouseholdView['batches'] {
  const sources = Object.entries(batchSources(facts));
  return Object.fromEntries(sources.map(([batch, of]) => [batch, [...of]]));
}

/** The whole file as it may be shown. */
export function householdView(
  household: Household,
  events: readonly HouseholdEvent[],
): HouseholdView {
  const { id, number, county, version, createdAt, changedAt } = household;
  const { phoneMasked, bankName, bankAccountMasked } = household;
  const facts = current(household.facts);
  const viewOf = (member: Member) => memberView(member, current(member.facts));
  return {
    ...{ id, number, county, version, createdAt, changedAt, facts },
    village: villageOf(household),
    status: facts.status ?? 'new',
    batches: shownBatches(facts),
    openCase: household.openCase,
    contact: { phoneMasked, bankName, bankAccountMasked },
    members: household.members.map(viewOf),
    past: household.past.map(viewOf),
    events: events.slice(0, LATEST).map(eventView),
  };
}

/** The file with the facts and members of a day; undefined when the household was not on the register then. */
export function householdViewOn(
  household: Household,
  events: readonly HouseholdEvent[],
  on: string,
): HouseholdView | undefined {
  const then = householdOn(household, events, on);
  if (!then) return undefined;
  const gone = household.past.filter(
    ({ heldTo, endReason }) => heldTo !== null && heldTo <= on && endReason !== 'error',
  );
  return {
    ...householdView(household, events),
    asOf: on,
    facts: then.facts,
    batches: shownBatches(then.facts),
    village: then.village,
    status: then.facts.status ?? 'new',
    members: then.members.map(({ member, facts }) => memberView(member, facts)),
    past: gone.map((member) => memberView(member, factsOn(member.facts, on))),
  };
}

/** A person found by identity number, with the household in short. */
export const PersonFound = z.object({
  person: MemberView,
  household: z.object({
    id: z.string(),
    number: z.string(),
    village: z.string(),
    status: z.string(),
    headName: z.string(),
  }),
});

/** The answer to a look-up; undefined when the household does not know the person. */
export function personFound(
  household: Household,
  person: string,
): z.infer<typeof PersonFound> | undefined {
  const member = household.members.find((one) => one.id === person);
  if (!member) return undefined;
  const { id, number } = household;
  const { status, village } = current(household.facts);
  return {
    person: memberView(member, current(member.facts)),
    household: {
      id,
      number,
      village: village ?? '',
      status: status ?? 'new',
      headName: headOf(household)?.name ?? '',
    },
  };
}
