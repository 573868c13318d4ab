import { type Clause, type Condition, negated } from './policy-condition.ts';
import type { FactValue } from './policy-fact.ts';
import {
  type Answer,
  all,
  answerClause,
  any,
  type ConditionFacts,
  factOf,
  type LineValues,
} from './policy-interpret.ts';

/** Why an answer is not yes: a clause that would have to hold, and what is known of its fact. */
export interface Reason {
  readonly fact: string;
  /** As it would have to be: of `not … is`, the `is-not`. */
  readonly clause: Clause;
  readonly answer: 'no' | 'unknown';
  readonly have: FactValue | undefined;
}

export interface Explanation {
  readonly answer: Answer;
  /** Of a no, what fails; of an unknown, what is missing; of a yes, nothing. */
  readonly because: readonly Reason[];
}

interface Asked {
  readonly facts: ConditionFacts;
  readonly lines: LineValues;
}

function ofClause(clause: Clause, { facts, lines }: Asked): Explanation {
  const have = factOf(clause.fact, facts);
  const answer = answerClause(clause, have, lines);
  return { answer, because: answer === 'yes' ? [] : [{ fact: clause.fact, clause, answer, have }] };
}

/** @param denied whether the opposite is asked; the parts of a denied `all` are alternatives, and the other way round */
function told(condition: Condition, asked: Asked, denied: boolean): Explanation {
  if ('not' in condition) return told(condition.not, asked, !denied);
  if ('fact' in condition) return ofClause(denied ? negated(condition) : condition, asked);
  const isAll = 'all' in condition;
  const parts = (isAll ? condition.all : condition.any).map((part) => told(part, asked, denied));
  const answers = parts.map(({ answer }) => answer);
  const answer = isAll !== denied ? all(answers) : any(answers);
  return { answer, because: parts.filter((one) => one.answer === answer).flatMap(reasonsOf) };
}

function reasonsOf({ because }: Explanation): readonly Reason[] {
  return because;
}

/**
 * The answer of a condition with the clauses that made it so, each once and none that does not matter: one failing part refutes an `all`
 * whatever else is missing, while of an `any` every part has failed. Costs more than the answer; asked where a person wants to know.
 */
export function explain(
  condition: Condition,
  facts: ConditionFacts,
  lines: LineValues,
): Explanation {
  const { answer, because } = told(condition, { facts, lines }, false);
  const once = new Map(because.map((reason) => [JSON.stringify(reason.clause), reason]));
  return { answer, because: [...once.values()] };
}
