import fc from 'fast-check';
import { codesOf } from '../../functions/core/code-list.ts';
import { type Clause, type Condition, opsOf } from '../../functions/core/policy-condition.ts';
import {
  type FactDefinition,
  type FactValue,
  type FactValues,
  factCatalogue,
  type Subject,
} from '../../functions/core/policy-fact.ts';
import type { PolicyGround } from '../../functions/core/policy-ground.ts';
import type { ConditionFacts } from '../../functions/core/policy-interpret.ts';

/** Lines that conditions of `anyCondition` compare with; one of them has no amount. */
export const someLines = { dibao: 300_000, poverty: 200_000, older: undefined };
const lineNames = fc.constantFrom('dibao', 'poverty', 'older');

const towns = ['350122101', '350122102', '350122116'];
const days = fc.constantFrom('2010-02-28', '2016-12-31', '2017-01-01', '2017-10-23');

function codesFor({ list }: FactDefinition): readonly string[] {
  return list ? codesOf(list).slice(0, 5) : towns;
}

/** Few numbers, so that they often meet. */
function number({ unit, least = 0 }: FactDefinition): fc.Arbitrary<number> {
  return fc.nat(4).map((step) => (unit === 'fen' ? step * 100_000 : least + step));
}

/** A value that somebody could have recorded for a fact; counts of members may lie between two numbers. */
export function anyValue(fact: FactDefinition): fc.Arbitrary<FactValue> {
  if (fact.type === 'flag') return fc.boolean();
  if (fact.type === 'day') return days;
  if (fact.type === 'code') return fc.constantFrom(...codesFor(fact));
  if (fact.type === 'codes') return fc.uniqueArray(fc.constantFrom(...codesFor(fact)));
  if (fact.unit !== 'persons') return number(fact);
  const bounds = fc
    .tuple(fc.nat(3), fc.nat(2))
    .map(([least, more]) => ({ least, most: least + more }));
  return fc.oneof(number(fact), bounds);
}

function compared(fact: FactDefinition, op: string): fc.Arbitrary<Clause['value']> {
  const codes = codesFor(fact);
  const several = fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1 });
  if (op === 'in' || op === 'not-in') return several;
  if (fact.type === 'codes') return fc.oneof(fc.constantFrom(...codes), several);
  if (fact.type === 'code') return fc.constantFrom(...codes);
  if (fact.type === 'flag') return fc.boolean();
  if (fact.type === 'day') return days;
  const line = lineNames.map((name) => ({ line: name }));
  return fact.unit === 'fen' ? fc.oneof(number(fact), line) : number(fact);
}

const reach: Readonly<Record<Subject, readonly Subject[]>> = {
  person: ['person', 'household', 'village'],
  household: ['household', 'village'],
  village: ['village'],
};

/** A clause that an item for somebody may have. */
export function anyClause(subject: Subject): fc.Arbitrary<Clause> {
  const facts = factCatalogue.filter(({ of }) => reach[subject].includes(of));
  return fc
    .constantFrom(...facts)
    .chain((fact) => fc.tuple(fc.constant(fact), fc.constantFrom(...opsOf[fact.type])))
    .chain(([fact, op]) => compared(fact, op).map((value) => ({ fact: fact.id, op, value })));
}

/** A condition that refuseCondition lets pass: any clause, nested up to four levels. */
export function anyCondition(subject: Subject): fc.Arbitrary<Condition> {
  const clause = anyClause(subject);
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => {
    const several = fc.array(tie('tree'), { minLength: 1, maxLength: 4 });
    return {
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        { arbitrary: clause, weight: 3 },
        { arbitrary: several.map((all) => ({ all })), weight: 2 },
        { arbitrary: several.map((any) => ({ any })), weight: 2 },
        { arbitrary: tie('tree').map((not) => ({ not })), weight: 1 },
      ),
    };
  });
  return tree;
}

/** Facts of somebody, each as often unknown as not. */
export function anyFacts(of: Subject): fc.Arbitrary<FactValues> {
  const facts = factCatalogue.filter((fact) => fact.of === of);
  const entries = facts.map((fact) => [
    fact.id,
    fc.option(anyValue(fact), { nil: undefined, freq: 2 }),
  ]);
  return fc.record(Object.fromEntries(entries));
}

/** A ground about whose household, members and village some is known. */
export const anyGround: fc.Arbitrary<PolicyGround> = fc.record({
  household: anyFacts('household'),
  persons: fc.array(fc.record({ id: fc.constant('per_1'), values: anyFacts('person') }), {
    maxLength: 4,
  }),
  village: anyFacts('village'),
});

/** The facts that a condition about a person is asked of. */
export const anyConditionFacts: fc.Arbitrary<ConditionFacts> = fc.record({
  person: anyFacts('person'),
  household: anyFacts('household'),
  village: anyFacts('village'),
});
