import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Condition,
  clausesOf,
  factsIn,
  negated,
} from '../../functions/core/policy-condition.ts';
import { explain } from '../../functions/core/policy-explain.ts';
import type { FactValues } from '../../functions/core/policy-fact.ts';
import {
  type Answer,
  answerClause,
  type ConditionFacts,
  factOf,
  interpret,
} from '../../functions/core/policy-interpret.ts';
import { anyClause, anyCondition, anyConditionFacts, someLines } from '../support/policy.ts';
import { runs } from '../support/seed.ts';

const condition = anyCondition('person');
const opposite: Readonly<Record<Answer, Answer>> = { yes: 'no', no: 'yes', unknown: 'unknown' };
const answer = (one: Condition, facts: ConditionFacts) => interpret(one, facts, someLines);

/** The same facts without some. */
function without(facts: ConditionFacts, isGone: (fact: string) => boolean): ConditionFacts {
  const strip = (values: FactValues) =>
    Object.fromEntries(Object.entries(values).filter(([id]) => !isGone(id)));
  const { person = {}, household, village } = facts;
  return { person: strip(person), household: strip(household), village: strip(village) };
}

const reversed = (values: FactValues) => Object.fromEntries(Object.entries(values).toReversed());

/** The same question with its parts asked the other way about. */
function turned(one: Condition): Condition {
  if ('all' in one) return { all: one.all.toReversed().map(turned) };
  if ('any' in one) return { any: one.any.toReversed().map(turned) };
  return 'not' in one ? { not: turned(one.not) } : one;
}

describe('logic with a third value', () => {
  it('De Morgan holds: not all is any not, not any is all not', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 4 }),
        anyConditionFacts,
        (parts, facts) => {
          const nots = parts.map((not) => ({ not }));
          expect(answer({ not: { all: parts } }, facts)).toBe(answer({ any: nots }, facts));
          expect(answer({ not: { any: parts } }, facts)).toBe(answer({ all: nots }, facts));
        },
      ),
    );
  });

  it('denying twice says the same, and a clause with its opposite operator is its denial', () => {
    fc.assert(
      fc.property(anyClause('person'), anyConditionFacts, (clause, facts) => {
        const have = factOf(clause.fact, facts);
        const straight = answerClause(clause, have, someLines);
        expect(answerClause(negated(clause), have, someLines)).toBe(opposite[straight]);
        expect(answer({ not: { not: clause } }, facts)).toBe(straight);
      }),
    );
  });

  it('forgetting a fact never turns a yes into a no, or a no into a yes', () => {
    fc.assert(
      fc.property(condition, anyConditionFacts, fc.nat(), (one, facts, which) => {
        const asked = factsIn(one);
        const known = answer(one, facts);
        const forgotten = answer(
          one,
          without(facts, (id) => id === asked[which % asked.length]),
        );
        expect([known, 'unknown']).toContain(forgotten);
      }),
      runs(300),
    );
  });

  it('a count that is known only between two numbers never says more than the count itself', () => {
    const count = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)).map((three) => three.toSorted());
    const clause = anyClause('household').filter(({ fact }) => fact === 'household.able');
    fc.assert(
      fc.property(clause, count, (one, [least = 0, have = 0, most = 0]) => {
        const rough = answerClause(one, { least, most }, someLines);
        expect([answerClause(one, have, someLines), 'unknown']).toContain(rough);
      }),
      runs(200),
    );
  });

  it('neither the order of facts nor that of parts matters', () => {
    fc.assert(
      fc.property(condition, anyConditionFacts, (one, facts) => {
        const { person = {}, household, village } = facts;
        const other = {
          person: reversed(person),
          household: reversed(household),
          village: reversed(village),
        };
        expect(answer(one, other)).toBe(answer(one, facts));
        expect(answer(turned(one), facts)).toBe(answer(one, facts));
      }),
    );
  });

  it('what is no number is not compared with one', () => {
    const clause = { fact: 'household.able', op: 'at-least', value: 1 } as const;
    expect(answerClause(clause, 'two', {})).toBe('unknown');
  });

  it('of nobody and nothing everything is unknown', () => {
    fc.assert(
      fc.property(condition, (one) => {
        expect(answer(one, { household: {}, village: {} })).toBe('unknown');
      }),
    );
  });
});

describe('why an answer is not yes', () => {
  it('the explanation has the same answer, and reasons exactly where it is not yes', () => {
    fc.assert(
      fc.property(condition, anyConditionFacts, (one, facts) => {
        const told = explain(one, facts, someLines);
        expect(told.answer).toBe(answer(one, facts));
        expect(told.because.length === 0).toBe(told.answer === 'yes');
        expect(told.because.every((reason) => reason.answer === told.answer)).toBe(true);
        const clauses = told.because.map(({ clause }) => JSON.stringify(clause));
        expect(new Set(clauses).size).toBe(clauses.length);
      }),
      runs(300),
    );
  });

  it('a no rests on its reasons alone: whatever else is forgotten, it stays a no', () => {
    fc.assert(
      fc.property(condition, anyConditionFacts, (one, facts) => {
        const told = explain(one, facts, someLines);
        fc.pre(told.answer === 'no');
        const reasons = new Set(told.because.map(({ fact }) => fact));
        expect(
          answer(
            one,
            without(facts, (id) => !reasons.has(id)),
          ),
        ).toBe('no');
      }),
      runs(200),
    );
  });

  it('what is named is what would have to hold, with what is so', () => {
    const poor = {
      fact: 'household.netIncomePerHeadFen',
      op: 'below',
      value: { line: 'dibao' },
    } as const;
    const able = { fact: 'household.able', op: 'at-least', value: 1 } as const;
    const roofless = { fact: 'household.homeless', op: 'is', value: true } as const;
    const one: Condition = { all: [poor, { not: { any: [able, roofless] } }] };
    const household = { 'household.netIncomePerHeadFen': 250_000, 'household.able': 2 };
    expect(explain(one, { household, village: {} }, someLines)).toEqual({
      answer: 'no',
      because: [
        {
          fact: 'household.able',
          clause: { ...able, op: 'below' },
          answer: 'no',
          have: 2,
        },
      ],
    });
    const nobody = { household: { ...household, 'household.able': 0 }, village: {} };
    expect(explain(one, nobody, someLines).because).toMatchObject([
      { fact: 'household.homeless', answer: 'unknown', have: undefined },
    ]);
    const without = explain(poor, { household, village: {} }, {});
    expect(without).toMatchObject({ answer: 'unknown', because: [{ have: 250_000 }] });
  });

  it('a condition asks each of its facts once by name', () => {
    fc.assert(
      fc.property(condition, (one) => {
        const facts = factsIn(one);
        expect(new Set(facts).size).toBe(facts.length);
        expect(clausesOf(one).every(({ fact }) => facts.includes(fact))).toBe(true);
      }),
      runs(50),
    );
  });
});
