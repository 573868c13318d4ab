import {
  type Clause,
  type Condition,
  lineOfValue,
  negated,
  type Op,
  type Value,
} from './policy-condition.ts';
import { type Bounds, boundsOf, type FactValue, type FactValues } from './policy-fact.ts';

/** An answer of three: a fact that nobody has recorded makes it unknown where it matters. */
export type Answer = 'yes' | 'no' | 'unknown';

/** What each line comes to on the day, in fen; undefined where none is in force. */
export type LineValues = Readonly<Record<string, number | undefined>>;

/** The facts a condition is asked of. */
export interface ConditionFacts {
  readonly person?: FactValues;
  readonly household: FactValues;
  readonly village: FactValues;
}

const opposite: Readonly<Record<Answer, Answer>> = { yes: 'no', no: 'yes', unknown: 'unknown' };

function answerOf(holds: boolean): Answer {
  return holds ? 'yes' : 'no';
}

/** All must hold: one "no" decides, otherwise one unknown leaves it open (Kleene). */
export function all(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

/** One suffices: one "yes" decides, otherwise one unknown leaves it open. */
export function any(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

/** Asked the other way round: the simpler question. */
export const denials: ReadonlySet<Op> = new Set([
  'is-not',
  'not-in',
  'has-not',
  'at-most',
  'at-least',
]);

interface Comparison {
  readonly holds: (have: Bounds, value: number) => boolean;
  readonly fails: (have: Bounds, value: number) => boolean;
}

const equal: Comparison = {
  holds: ({ least, most }, value) => least === value && most === value,
  fails: ({ least, most }, value) => value < least || value > most,
};
const comparisons: Readonly<Partial<Record<Op, Comparison>>> = {
  below: {
    holds: ({ most }, value) => most < value,
    fails: ({ least }, value) => least >= value,
  },
  above: {
    holds: ({ least }, value) => least > value,
    fails: ({ most }, value) => most <= value,
  },
};

/** A count that lies between two numbers answers where both agree. */
function compare(op: Op, have: FactValue, value: number): Answer {
  const bounds = boundsOf(have);
  if (!bounds) return 'unknown';
  const { holds, fails } = comparisons[op] ?? equal;
  if (holds(bounds, value)) return 'yes';
  return fails(bounds, value) ? 'no' : 'unknown';
}

function compareDay(op: Op, have: string, value: string): boolean {
  if (op === 'below') return have < value;
  return op === 'above' ? have > value : have === value;
}

function isOneOf(have: FactValue, value: Value): boolean {
  const asked = [value].flat();
  return [have].flat().some((one) => asked.some((other) => other === one));
}

function ask(op: Op, have: FactValue, value: Value): Answer {
  if (typeof value === 'number') return compare(op, have, value);
  if (typeof value === 'string' && typeof have === 'string')
    return answerOf(compareDay(op, have, value));
  return answerOf(isOneOf(have, value));
}

/** What a clause comes to where its fact is as told. */
export function answerClause(
  clause: Clause,
  have: FactValue | undefined,
  lines: LineValues,
): Answer {
  const { op, value } = clause;
  const line = lineOfValue(value);
  const against = line === undefined ? value : lines[line];
  if (have === undefined || against === undefined) return 'unknown';
  return denials.has(op)
    ? opposite[ask(negated(clause).op, have, against)]
    : ask(op, have, against);
}

/** The value of a fact among those that are asked; undefined where it is unknown. */
export function factOf(fact: string, facts: ConditionFacts): FactValue | undefined {
  if (fact.startsWith('person.')) return facts.person?.[fact];
  return fact.startsWith('village.') ? facts.village[fact] : facts.household[fact];
}

/** What a condition comes to (Kleene's three values): the plain reading that the compiled engine is held against. */
export function interpret(condition: Condition, facts: ConditionFacts, lines: LineValues): Answer {
  if ('all' in condition) return all(condition.all.map((part) => interpret(part, facts, lines)));
  if ('not' in condition) return opposite[interpret(condition.not, facts, lines)];
  if ('fact' in condition) return answerClause(condition, factOf(condition.fact, facts), lines);
  return any(condition.any.map((part) => interpret(part, facts, lines)));
}
