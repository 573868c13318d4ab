import type { Finding } from './coverage.ts';
import type { AnswerOf } from './coverage-kept.ts';
import { type CoverageRules, changesOf, type Dated, findingsOf } from './coverage-shard.ts';
import type { Day } from './day.ts';
import { type Had, villageEntitlementsOf } from './entitlement.ts';
import { earliest } from './figure.ts';
import type { Program } from './policy-compile.ts';
import type { FactValues } from './policy-fact.ts';
import type { PolicyGround } from './policy-ground.ts';

/** Whether any item is of villages. */
export function asksVillages({ items }: Pick<CoverageRules, 'items'>): boolean {
  return items.some(({ subject }) => subject === 'village');
}

/** First day on which something of what a village itself received, or chose by it, may be different with nothing entered. */
export function villageUntil(rules: CoverageRules, receipts: readonly Dated[]): Day {
  return earliest([rules.choiceEnds, ...changesOf(rules, receipts)]);
}

/** What is found for a village itself, by the items that are of villages and what it received of them. */
export function evaluateVillage(
  rules: CoverageRules,
  village: FactValues,
  receipts: readonly Had[],
): readonly Finding[] {
  const { program, items, lines, day } = rules;
  const ground: PolicyGround = { household: {}, persons: [], village };
  const verdicts = program.evaluate([ground], new Set(villageRules(program)));
  const answers: AnswerOf = (rule) => verdicts.of(0, rule);
  const asked = { village, items, lines, receipts, day, answers };
  return findingsOf(villageEntitlementsOf(asked), []);
}

function villageRules({ rules }: Program): readonly string[] {
  return rules.filter(({ subject }) => subject === 'village').map(({ id }) => id);
}
