import type { Day } from './day.ts';
import { ancestorAt } from './division.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import { enterFacts, newsIn } from './fact-history.ts';
import { type Household, type HouseholdFile, headOf, type Member, villageOf } from './household.ts';
import { refuseFile } from './household-check.ts';
import { differences } from './household-difference.ts';
import type {
  DecisionContext,
  EventCase,
  EventKind,
  FieldChange,
  HouseholdChange,
} from './household-event.ts';
import type { Decided } from './refusal.ts';

/** A household on its way from one version to the next, with the facts that were put away so far. */
export interface Draft extends HouseholdFile {
  readonly before: HouseholdFile | undefined;
  readonly putAway: readonly FactSheet<HouseholdFacts>[];
  readonly putAwayOf: Readonly<Record<string, readonly FactSheet<PersonFacts>[]>>;
}

/** What kind of change it is, from which day it holds and why. */
export interface Occasion {
  readonly kind: EventKind;
  readonly heldOn: Day;
  readonly reason: string | null;
  readonly case?: EventCase;
  /** What no two states of the household tell: a note, the other household it concerns. */
  readonly more?: readonly FieldChange[];
}

export function draftOf(file: HouseholdFile): Draft {
  return { ...file, before: file, putAway: [], putAwayOf: {} };
}

/** Enters household facts; what repeats the known is left out. */
export function putFacts(draft: Draft, entry: FactSheet<HouseholdFacts>): Draft {
  const news = newsIn(draft.household.facts, entry);
  if (!news) return draft;
  const entered = enterFacts(draft.household.facts, news);
  return {
    ...draft,
    household: { ...draft.household, facts: entered.current },
    putAway: [...draft.putAway, ...entered.putAway],
  };
}

/** Enters facts of one live member; what repeats the known is left out. */
export function putMemberFacts(draft: Draft, person: string, entry: FactSheet<PersonFacts>): Draft {
  const member = draft.household.members.find((one) => one.id === person);
  const news = member && newsIn(member.facts, entry);
  if (!news) return draft;
  const entered = enterFacts(member.facts, news);
  const away = [...(draft.putAwayOf[person] ?? []), ...entered.putAway];
  return {
    ...putMember(draft, { ...member, facts: entered.current }),
    putAwayOf: away.length > 0 ? { ...draft.putAwayOf, [person]: away } : draft.putAwayOf,
  };
}

/** Puts a live member in its place, or at the end when new. */
export function putMember(draft: Draft, member: Member): Draft {
  const { members } = draft.household;
  const known = members.some((one) => one.id === member.id);
  return {
    ...draft,
    household: {
      ...draft.household,
      members: known
        ? members.map((one) => (one.id === member.id ? member : one))
        : [...members, member],
    },
  };
}

/** Ends memberships; who has left stays among the past. */
export function putPast(
  draft: Draft,
  persons: ReadonlySet<string>,
  end: { readonly endReason: string; readonly heldTo: (member: Member) => Day },
): Draft {
  const { members, past } = draft.household;
  const left = members
    .filter(({ id }) => persons.has(id))
    .map((one) => ({ ...one, heldTo: end.heldTo(one), endReason: end.endReason }));
  const staying = members.filter(({ id }) => !persons.has(id));
  return {
    ...draft,
    household: { ...draft.household, members: staying, past: [...past, ...left] },
  };
}

/** Keeps an identity number for a person. */
export function putIdentity(draft: Draft, person: string, number: string): Draft {
  const identities = { ...draft.secrets.identities, [person]: number };
  return { ...draft, secrets: { ...draft.secrets, identities } };
}

/** A household that comes to another county, or whose county gets a new code, takes its number along. */
function numberCounty({ before, household }: Draft): string {
  const county = ancestorAt(villageOf(household), 'county');
  const stays = before && ancestorAt(villageOf(before.household), 'county') === county;
  return stays ? household.county : county;
}

/** Head first, the others in the order they came. */
function headFirst(household: Household): Household {
  const head = headOf(household);
  if (!head) return household;
  return {
    ...household,
    members: [head, ...household.members.filter((member) => member !== head)],
  };
}

/**
 * Closes a draft: checks what must hold of every household and writes the event.
 * @returns undefined when the draft says nothing new
 */
export function finish(
  draft: Draft,
  occasion: Occasion,
  context: DecisionContext,
): Decided<HouseholdChange | undefined> {
  const away = draft.putAway.length + Object.keys(draft.putAwayOf).length;
  const isNews = !draft.before || away > 0 || differences(draft.before, draft).length > 0;
  return isNews ? settle(draft, occasion, context) : { ok: undefined };
}

/** Like `finish`, for changes that always say something. */
export function settle(
  draft: Draft,
  occasion: Occasion,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { before, secrets } = draft;
  const refused = refuseFile(draft, context.today);
  if (refused) return refused;
  const household = {
    ...headFirst(draft.household),
    county: numberCounty(draft),
    version: draft.household.version + 1,
    changedAt: context.at,
  };
  const next = { household, secrets };
  const event = {
    id: context.newId('ev'),
    household: household.id,
    version: household.version,
    kind: occasion.kind,
    actor: context.actor,
    role: context.role,
    at: context.at,
    heldOn: occasion.heldOn,
    reason: occasion.reason,
    source: context.source ?? null,
    ...(context.requestedBy !== undefined && { requestedBy: context.requestedBy }),
    ...(occasion.case && { case: occasion.case }),
    changes: [...(before ? differences(before, next) : []), ...(occasion.more ?? [])],
    putAway: draft.putAway,
    putAwayOf: Object.entries(draft.putAwayOf).map(([person, sheets]) => ({ person, sheets })),
  };
  return { ok: { next, event } };
}
