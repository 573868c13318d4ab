import { codesOf } from './code-list.ts';
import type { Day } from './day.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import type { HouseholdFile } from './household.ts';
import {
  type Draft,
  draftOf,
  finish,
  putFacts,
  putMemberFacts,
  settle,
} from './household-draft.ts';
import type { DecisionContext, EventKind, HouseholdChange } from './household-event.ts';
import { isVoidMeasure, type MeasureDigest, runsOn } from './measure.ts';
import type { Decided } from './refusal.ts';

type Running = readonly Pick<
  MeasureDigest,
  'kind' | 'batch' | 'mode' | 'person' | 'startedOn' | 'endedOn' | 'result'
>[];

/** Days on which what runs may change, in order. */
function turns(...all: readonly Running[]): readonly Day[] {
  const days = all.flat().flatMap(({ startedOn, endedOn }) => [startedOn, endedOn ?? startedOn]);
  return [...new Set(days)].toSorted();
}

function hasBegun(measures: Running, day: Day): boolean {
  return measures.some((one) => !isVoidMeasure(one) && one.startedOn <= day);
}

const derived = ['measureBatches', 'measureKinds', 'modes'] as const;

/** The facts of a household that follow from its measures on a day; nothing is known of days before the first. */
function householdSheet(measures: Running, day: Day, at: string): FactSheet<HouseholdFacts> {
  const held = { heldFrom: day, heldTo: null, enteredAt: at };
  if (!hasBegun(measures, day)) return { ...held, values: {}, cleared: derived };
  const running = measures.filter((one) => runsOn(one, day));
  const some = (list: 'measure' | 'measureKind' | 'mode', of: 'batch' | 'kind' | 'mode') =>
    codesOf(list).filter((code) => running.some((one) => one[of] === code));
  const values = {
    measureBatches: some('measure', 'batch'),
    measureKinds: some('measureKind', 'kind'),
    modes: some('mode', 'mode'),
  };
  return { ...held, values };
}

function personSheet(measures: Running, day: Day, at: string): FactSheet<PersonFacts> {
  const held = { heldFrom: day, heldTo: null, enteredAt: at };
  if (!hasBegun(measures, day)) return { ...held, values: {}, cleared: ['publicPost'] };
  return { ...held, values: { publicPost: measures.some((one) => runsOn(one, day)) } };
}

/** What the measures of a household were and are. */
export interface MeasuresStep {
  readonly before: Running;
  readonly after: Running;
  /** Posts that the person of the step has or had in other households. */
  readonly elsewhere?: readonly Elsewhere[];
}

interface Elsewhere {
  readonly person: string;
  readonly startedOn: Day;
  readonly endedOn: Day | null;
}

function postsElsewhere({ elsewhere = [] }: MeasuresStep, whose: string): Running {
  // One that ran on no day was entered by mistake, and says nothing of who has a post.
  const own = elsewhere.filter(
    ({ person, startedOn, endedOn }) => person === whose && startedOn !== endedOn,
  );
  const post = { kind: 'public-post', batch: '', mode: null, result: null };
  return own.map((one) => ({ ...post, ...one }));
}

/**
 * The days from which a step makes a difference, each with what holds from it: a measure that is entered late changes the days between as
 * well, whatever was entered of later days before.
 */
function changedDays<Sheet>(
  { before, after }: MeasuresStep,
  sheetOn: (measures: Running, day: Day) => Sheet,
): readonly Sheet[] {
  const days = turns(before, after);
  const first = days.findIndex(
    (day) => JSON.stringify(sheetOn(before, day)) !== JSON.stringify(sheetOn(after, day)),
  );
  return first < 0 ? [] : days.slice(first).map((day) => sheetOn(after, day));
}

function putPosts(draft: Draft, step: MeasuresStep, at: string): Draft {
  const of = (measures: Running, person: string) => [
    ...measures.filter((one) => one.kind === 'public-post' && one.person === person),
    ...postsElsewhere(step, person),
  ];
  return draft.household.members.reduce((all, { id }) => {
    const posts = { before: of(step.before, id), after: of(step.after, id) };
    const sheets = changedDays(posts, (measures, day) => personSheet(measures, day, at));
    return sheets.reduce((next, sheet) => putMemberFacts(next, id, sheet), all);
  }, draft);
}

/** A measure that began, ended or never was, as the household's history tells it. */
export interface MeasureTold {
  readonly kind: Extract<EventKind, 'measure-opened' | 'measure-ended'>;
  readonly measure: Pick<MeasureDigest, 'id' | 'person' | 'kind'>;
  readonly heldOn: Day;
  readonly reason: string | null;
}

/** The household after a step of its measures: batches, kinds and modes under way, and who has a public-welfare post. */
export function followMeasures(
  file: HouseholdFile,
  step: MeasuresStep,
  about: { readonly told: MeasureTold; readonly context: DecisionContext },
): Decided<HouseholdChange> {
  const { told, context } = about;
  const sheets = changedDays(step, (measures, day) => householdSheet(measures, day, context.at));
  const facts = sheets.reduce((draft, sheet) => putFacts(draft, sheet), draftOf(file));
  return settle(putPosts(facts, step, context.at), occasionOf(told), context);
}

/** The household in which the person of a post lives now, where that is another one; undefined where nothing changes. */
export function followPost(
  file: HouseholdFile,
  step: MeasuresStep,
  about: { readonly told: MeasureTold; readonly context: DecisionContext },
): Decided<HouseholdChange | undefined> {
  const { told, context } = about;
  return finish(putPosts(draftOf(file), step, context.at), occasionOf(told), context);
}

function occasionOf({ kind, heldOn, reason, measure }: MeasureTold) {
  const isEnd = kind === 'measure-ended';
  const change = {
    before: isEnd ? measure.kind : null,
    after: isEnd ? null : measure.kind,
  };
  const more = [
    { field: 'measure', person: measure.person, ...change },
    { field: 'measureId', person: null, before: null, after: measure.id },
  ];
  return { kind, heldOn, reason, more };
}
