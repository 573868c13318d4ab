import type { FactValues } from './policy-fact.ts';
import type { PolicyGround } from './policy-ground.ts';
import type { Answer } from './policy-interpret.ts';

/** A rule as far as its answers are kept: a person's has one for every member. */
export interface AnsweredRule {
  readonly id: string;
  readonly subject: 'person' | 'household' | 'village';
}

/** Facts that the rules ask, by whose they are, each in one order. */
export interface AskedFacts {
  readonly household: readonly string[];
  readonly person: readonly string[];
  readonly village: readonly string[];
}

/** What is kept of an evaluation, so that the next one need answer no more than what has changed. */
export interface Kept {
  /** Mark of the rules that were answered. */
  readonly rules: string;
  readonly persons: readonly string[];
  /** Values of the facts that were asked. */
  readonly facts: string;
  /** A letter for each rule, of a person's for each member. */
  readonly answers: string;
}

const order = (ids: Iterable<string>): readonly string[] => [...new Set(ids)].toSorted();

/** The facts that rules ask, in the order in which their values are kept. */
export function askedFacts(facts: Iterable<string>): AskedFacts {
  const all = order(facts);
  const of = (subject: string) => all.filter((id) => id.startsWith(`${subject}.`));
  return { household: of('household'), person: of('person'), village: of('village') };
}

function valuesOf(values: FactValues, asked: readonly string[]): readonly unknown[] {
  return asked.map((id) => values[id] ?? null);
}

/** Values of the facts that are asked, as one text: those of the household, of the village, and of each member. */
export function packFacts(ground: PolicyGround, asked: AskedFacts): string {
  return JSON.stringify([
    valuesOf(ground.household, asked.household),
    valuesOf(ground.village, asked.village),
    ...ground.persons.map(({ values }) => valuesOf(values, asked.person)),
  ]);
}

function rowsOf(facts: string): readonly (readonly unknown[])[] {
  const rows: unknown = JSON.parse(facts);
  return Array.isArray(rows) ? rows : [];
}

/**
 * Facts whose values differ between two texts by the same rules and about the same members; a fact of one member that differs is one that has
 * changed for all of them.
 */
export function factsThatDiffer(
  before: string,
  after: string,
  asked: AskedFacts,
): ReadonlySet<string> {
  if (before === after) return new Set();
  const [then, now] = [rowsOf(before), rowsOf(after)];
  const differing = now.flatMap((values, at) => {
    const ids = at === 0 ? asked.household : at === 1 ? asked.village : asked.person;
    const old = then[at] ?? [];
    return ids.filter((_, place) => JSON.stringify(values[place]) !== JSON.stringify(old[place]));
  });
  return new Set(differing);
}

const LETTERS: Readonly<Record<Answer, string>> = { yes: 'y', no: 'n', unknown: 'u' };
const answerOf: Readonly<Record<string, Answer>> = { y: 'yes', n: 'no', u: 'unknown' };

/** The answer to a rule, of a person's for the member at that place. */
export type AnswerOf = (rule: string, person?: number | undefined) => Answer;

/** Answers as kept, rule by rule. */
export function packAnswers(
  rules: readonly AnsweredRule[],
  persons: number,
  answer: AnswerOf,
): string {
  return rules
    .map(({ id, subject }) => {
      if (subject !== 'person') return LETTERS[answer(id)];
      return Array.from({ length: persons }, (_, person) => LETTERS[answer(id, person)]).join('');
    })
    .join('');
}

/** Where the answers of rules begin: so many letters of whole households, and so many times the number of members. */
export type AnswerPlaces = ReadonlyMap<string, { readonly wide: number; readonly persons: number }>;

export function answerPlaces(rules: readonly AnsweredRule[]): AnswerPlaces {
  const places = new Map<string, { wide: number; persons: number }>();
  const at = { wide: 0, persons: 0 };
  for (const { id, subject } of rules) {
    places.set(id, { ...at });
    at[subject === 'person' ? 'persons' : 'wide'] += 1;
  }
  return places;
}

/** The answer that was kept for a rule; unknown where none was. */
export function keptAnswer(
  { answers, persons }: Pick<Kept, 'answers' | 'persons'>,
  place: { readonly wide: number; readonly persons: number } | undefined,
  person = 0,
): Answer {
  const at = place ? place.wide + place.persons * persons.length + person : -1;
  return answerOf[answers[at] ?? ''] ?? 'unknown';
}
