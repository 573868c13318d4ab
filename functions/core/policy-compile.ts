import { type Condition, factsIn } from './policy-condition.ts';
import type { Subject } from './policy-fact.ts';
import type { PolicyGround } from './policy-ground.ts';
import { type Answer, interpret, type LineValues } from './policy-interpret.ts';

export interface Rule {
  readonly id: string;
  readonly subject: Subject;
  readonly condition: Condition;
}

/** Answers of an evaluation. */
export interface Verdicts {
  /**
   * @param ground place of the household among the grounds given
   * @param person place of the person among those of the household, for a rule about persons
   */
  of(ground: number, rule: string, person?: number): Answer;
}

export interface Program {
  readonly rules: readonly Rule[];
  /** Facts a rule asks; none for a rule that is not of the program. */
  factsOf(rule: string): readonly string[];
  /** Rules that may answer otherwise when these facts change. */
  dependents(changedFacts: ReadonlySet<string>): ReadonlySet<string>;
  /** @param only rules to be answered; all where not told */
  evaluate(grounds: readonly PolicyGround[], only?: ReadonlySet<string>): Verdicts;
}

export function compileRules(rules: readonly Rule[], lines: LineValues): Program {
  const facts = new Map(rules.map(({ id, condition }) => [id, factsIn(condition)]));
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  return {
    rules,
    factsOf: (rule) => facts.get(rule) ?? [],
    dependents: (changed) =>
      new Set(
        rules
          .map(({ id }) => id)
          .filter((id) => (facts.get(id) ?? []).some((fact) => changed.has(fact))),
      ),
    evaluate: (grounds) => ({
      of: (at, id, personAt) => {
        const ground = grounds[at];
        const rule = known.get(id);
        if (!ground || !rule) throw new Error(`no rule ${id}, or no household ${at}`);
        const person = ground.persons[personAt ?? -1]?.values;
        return interpret(rule.condition, { ...ground, ...(person && { person }) }, lines);
      },
    }),
  };
}
