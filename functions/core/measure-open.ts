import { ageOn, type Day } from './day.ts';
import { current, type HouseholdFile, isClosed, type Member, villageOf } from './household.ts';
import type { DecisionContext } from './household-event.ts';
import {
  type Details,
  type Measure,
  type MeasureDigest,
  type MeasureEvent,
  overlap,
  type Responsible,
} from './measure.ts';
import type { DetailsBody, NewMeasure } from './measure-input.ts';
import { refuseLoan } from './measure-loan.ts';
import { type ModeList, refuseMode } from './measure-mode.ts';
import { endingOf, hadPost, type LastPost } from './measure-past.ts';
import { type KindRule, measureRulesOn, type RulesOn } from './measure-rule.ts';
import { type Decided, inField, isRefused, type Refusal, refuse } from './refusal.ts';
import type { RefusalCode } from './refusal-text.ts';

/** What was looked up for a new measure. */
export interface MeasureGround {
  readonly file: HouseholdFile;
  /** All measures of the household. */
  readonly measures: readonly MeasureDigest[];
  readonly modes: ModeList;
  /** Of the person, where it is of one. */
  readonly lastPost: LastPost | undefined;
  /** As named in the body and looked up; undefined where nobody was named. */
  readonly responsible: Responsible | null | undefined;
}

/** A measure that was decided, with what it was before and the event that says so. */
export interface MeasureDecision {
  readonly was: Measure | undefined;
  readonly measure: Measure;
  readonly event: MeasureEvent;
}

/** As many as a household may have, ended ones included: they stand in one record together. */
export const MOST_MEASURES = 100;

/** Kinds that are nothing without their details. */
const detailed: Readonly<Record<string, Details['type']>> = {
  training: 'training',
  'public-post': 'post',
  'micro-credit': 'loan',
};

interface Opening {
  readonly body: NewMeasure;
  readonly ground: MeasureGround;
  readonly rules: RulesOn;
  readonly startedOn: Day;
  readonly today: Day;
}

/**
 * A measure begins, or is entered once it is over. Refusals: household-closed, measure-too-many, date-future, date-order, measure-batch, measure-no-person,
 * measure-no-household, member-unknown, measure-details, mode-unknown, mode-closed, value-missing, post-age, post-cadre, post-twice, those
 * of a loan, those of `endingOf`.
 */
export function openMeasure(
  body: NewMeasure,
  ground: MeasureGround,
  context: DecisionContext & { readonly measureId: string },
): Decided<MeasureDecision> {
  const { today } = context;
  const startedOn = body.startedOn ?? today;
  const rules = measureRulesOn(startedOn, villageOf(ground.file.household));
  const opening = { body, ground, rules, startedOn, today };
  const kind = kindOf(opening);
  if (isRefused(kind)) return kind;
  const refused =
    refuseOpening(opening) ?? refuseSubject(opening, kind.ok) ?? refuseDetails(opening);
  if (refused) return refused;
  const batch = batchOf(body, kind.ok);
  if (isRefused(batch)) return batch;
  const ending = endingOf(body, detailsOf(body.details), opening);
  if (isRefused(ending)) return ending;
  const measure = { ...measureOf(opening, batch.ok, context), ...ending.ok };
  return {
    ok: {
      was: undefined,
      measure,
      event: eventOf(undefined, measure, { kind: 'opened', heldOn: startedOn, context }),
    },
  };
}

function kindOf({ body, rules }: Opening): Decided<KindRule> {
  const kind = rules.kinds?.kinds[body.kind];
  return kind ? { ok: kind } : inField(refuse('measure-no-rule'), 'startedOn');
}

function refuseOpening({ body, ground, startedOn, today }: Opening): Refusal | undefined {
  const { plannedEnd } = body;
  if (startedOn > today) return refuse('date-future', { field: 'startedOn' });
  if (isClosed(ground.file.household)) return refuse('household-closed');
  if (ground.measures.length >= MOST_MEASURES)
    return refuse('measure-too-many', { limit: MOST_MEASURES });
  if (plannedEnd && plannedEnd <= startedOn) return refuse('date-order', { field: 'plannedEnd' });
  if (body.kind !== 'industry')
    return body.mode === undefined ? undefined : inField(refuse('mode-not-industry'), 'mode');
  if (body.mode === undefined) return inField(refuse('value-missing', { field: 'mode' }), 'mode');
  return refuseMode(ground.modes, body.mode);
}

function personOf({ body, ground }: Opening): Member | undefined {
  return ground.file.household.members.find(({ id }) => id === body.person);
}

/** Whose the measure is: a person's who lives in the household, or the household's. */
function refuseSubject(opening: Opening, { of }: KindRule): Refusal | undefined {
  const { person } = opening.body;
  if (person === undefined)
    return of === 'person' ? inField(refuse('measure-no-person'), 'person') : undefined;
  if (of === 'household') return inField(refuse('measure-of-household'), 'person');
  return personOf(opening) ? undefined : inField(refuse('member-unknown'), 'person');
}

function refuseDetails(opening: Opening): Refusal | undefined {
  const { details, kind } = opening.body;
  const { [kind]: needed } = detailed;
  if (details?.type !== needed) return inField(refuse('measure-details'), 'details');
  const person = personOf(opening);
  if (!details || !person) return undefined;
  if (details.type === 'post') return refusePost(opening, person);
  return details.type === 'loan' ? refuseCredit(opening, details, person) : undefined;
}

function refusePost(
  { body, ground, rules, startedOn }: Opening,
  person: Member,
): Refusal | undefined {
  const age = ageOn(person.birth, startedOn);
  if (!rules.post) return refuse('measure-no-rule');
  if (age < rules.post.fromAge) return refuse('post-age', { age, least: rules.post.fromAge });
  if (current(ground.file.household.facts).cadreFamily === true) return refuse('post-cadre');
  const own = ground.measures.filter(
    ({ post, person: whose, result }) => post && whose === person.id && result !== 'error',
  );
  const days = { startedOn, endedOn: body.ended?.endedOn ?? null };
  const isTwice = own.some((one) => overlap(one, days)) || hadPost(ground.lastPost, days);
  return isTwice ? refuse('post-twice') : undefined;
}

/** Which field of a loan a refusal is about. */
const faulty: Readonly<Partial<Record<RefusalCode, string>>> = {
  'loan-too-large': 'details.principalFen',
  'loan-too-long': 'details.dueOn',
  'loan-no-top-up': 'details.topUp',
};

function refuseCredit(
  { body, ground, startedOn, today }: Opening,
  details: Extract<DetailsBody, { type: 'loan' }>,
  { birth }: Member,
): Refusal | undefined {
  if (details.grantedOn < startedOn) return refuse('date-order', { field: 'grantedOn' });
  const { household } = ground.file;
  const { loan: rule } = measureRulesOn(details.grantedOn, villageOf(household));
  const loan = { ...details, repayments: [], renewals: [] };
  const { endedOn } = body.ended ?? {};
  const refused = refuseLoan(loan, { rule, birth, others: ground.measures, today, endedOn });
  return refused && inField(refused, faulty[refused.refused] ?? 'details');
}

function batchOf({ batch }: NewMeasure, { batches }: KindRule): Decided<string> {
  const [only, ...others] = batches;
  if (batch === undefined && only !== undefined && others.length === 0) return { ok: only };
  if (batch !== undefined && batches.includes(batch)) return { ok: batch };
  return inField(refuse('measure-batch'), 'batch');
}

function measureOf(
  { body, ground, startedOn }: Opening,
  batch: string,
  context: DecisionContext & { readonly measureId: string },
): Omit<Measure, 'endedOn' | 'result' | 'endNote' | 'details'> {
  const { person = null, kind, mode = null, name, plannedEnd = null } = body;
  const { policy = null, pairing = null, note = null, income = [] } = body;
  return {
    ...{ id: context.measureId, household: ground.file.household.id, person },
    ...{ kind, batch, mode, name, startedOn, plannedEnd },
    responsible: ground.responsible ?? null,
    ...{ income: byYear([], income), policy, pairing, note },
    ...{ version: 1, createdAt: context.at, changedAt: context.at },
  };
}

function detailsOf(details: DetailsBody | undefined): Details | null {
  if (details?.type === 'loan') return { ...details, repayments: [], renewals: [] };
  return details ?? null;
}

/** Income by year, in order; a year told again replaces what was told of it. */
export function byYear(known: Measure['income'], told: Measure['income']): Measure['income'] {
  const years = new Map([...known, ...told].map((one) => [one.year, one]));
  return [...years.values()].toSorted((one, other) => one.year - other.year);
}

/** The event of a measure that changed: the fields that differ, before and after. */
export function eventOf(
  was: Measure | undefined,
  measure: Measure,
  about: {
    readonly kind: MeasureEvent['kind'];
    readonly heldOn: Day;
    readonly context: DecisionContext;
  },
): MeasureEvent {
  const { kind, heldOn, context } = about;
  const before = Object.entries(was ?? {});
  const after = new Map(Object.entries(measure));
  const changed = before.filter(
    ([field, value]) =>
      !['version', 'changedAt'].includes(field) &&
      JSON.stringify(value) !== JSON.stringify(after.get(field)),
  );
  return {
    ...{ id: context.newId('ev'), measure: measure.id, version: measure.version, kind },
    ...{ actor: context.actor, role: context.role, at: context.at, heldOn },
    before: Object.fromEntries(changed),
    after: Object.fromEntries(changed.map(([field]) => [field, after.get(field)])),
  };
}
