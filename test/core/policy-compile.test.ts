import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import { compileRules, type Rule } from '../../functions/core/policy-compile.ts';
import { factCatalogue, type Subject } from '../../functions/core/policy-fact.ts';
import type { PolicyGround } from '../../functions/core/policy-ground.ts';
import { interpret } from '../../functions/core/policy-interpret.ts';
import { bitsIn, indexAt, intAt, realAt, wordsFor } from '../../functions/core/policy-word.ts';
import { anyCondition, anyGround, someLines } from '../support/policy.ts';
import { runs } from '../support/seed.ts';

const subjects: readonly Subject[] = ['person', 'household', 'village'];
const anyRule = fc.oneof(
  ...subjects.map((subject) =>
    anyCondition(subject).map((condition): Omit<Rule, 'id'> => ({ subject, condition })),
  ),
);
const anyRules = fc
  .array(anyRule, { minLength: 1, maxLength: 12 })
  .map((rules) => rules.map((rule, at): Rule => ({ ...rule, id: `rule-${at}` })));

/** Every answer, rule by rule, household by household. */
function answers(rules: readonly Rule[], grounds: readonly PolicyGround[]) {
  const verdicts = compileRules(rules, someLines).evaluate(grounds);
  return rules.map(({ id, subject }) =>
    grounds.map((ground, at) =>
      subject === 'person'
        ? ground.persons.map((_, person) => verdicts.of(at, id, person))
        : verdicts.of(at, id),
    ),
  );
}

function read(rules: readonly Rule[], grounds: readonly PolicyGround[]) {
  return rules.map(({ subject, condition }) =>
    grounds.map((ground) =>
      subject === 'person'
        ? ground.persons.map(({ values }) =>
            interpret(condition, { ...ground, person: values }, someLines),
          )
        : interpret(condition, ground, someLines),
    ),
  );
}

describe('compiled rules', () => {
  it('answer as the conditions read', () => {
    fc.assert(
      fc.property(anyRules, fc.array(anyGround, { maxLength: 4 }), (rules, grounds) => {
        expect(answers(rules, grounds)).toEqual(read(rules, grounds));
      }),
      runs(150),
    );
  });

  it('answer alike for more subjects than a word has bits, at both of its ends', () => {
    const many = fc.array(anyGround, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anyRules, many, fc.constantFrom(31, 32, 33, 64, 70), (rules, few, length) => {
        const grounds = Array.from({ length }, (_, at) => few[at % few.length] ?? few[0]).filter(
          (ground) => ground !== undefined,
        );
        expect(answers(rules, grounds)).toEqual(read(rules, grounds));
      }),
      runs(30, 200),
    );
  });

  it('answer alike when only some are asked, and are silent about the others', () => {
    fc.assert(
      fc.property(anyRules, anyGround, fc.nat(11), (rules, ground, some) => {
        const program = compileRules(rules, someLines);
        const asked = rules.filter((_, at) => at <= some);
        const only = new Set(asked.map(({ id }) => id));
        const part = program.evaluate([ground], only);
        const all = program.evaluate([ground]);
        for (const { id } of rules) {
          if (only.has(id)) expect(part.tally(id)).toEqual(all.tally(id));
          else expect(() => part.tally(id)).toThrow('was not evaluated');
        }
      }),
      runs(50),
    );
  });

  it('a tally counts the answers one by one', () => {
    fc.assert(
      fc.property(anyRules, fc.array(anyGround, { maxLength: 40 }), (rules, grounds) => {
        const verdicts = compileRules(rules, someLines).evaluate(grounds);
        const each = answers(rules, grounds);
        for (const [at, { id }] of rules.entries()) {
          const one = (each[at] ?? []).flat();
          const count = (answer: string) => one.filter((other) => other === answer).length;
          const tally = { yes: count('yes'), no: count('no'), unknown: count('unknown') };
          expect(verdicts.tally(id)).toEqual(tally);
        }
      }),
      runs(20, 200),
    );
  });

  it('the order of rules and of households changes no answer', () => {
    fc.assert(
      fc.property(anyRules, fc.array(anyGround, { maxLength: 3 }), (rules, grounds) => {
        const straight = answers(rules, grounds);
        const turned = answers(rules.toReversed(), grounds.toReversed());
        expect(turned.toReversed().map((one) => one.toReversed())).toEqual(straight);
      }),
      runs(50),
    );
  });

  it('a rule whose facts did not change keeps its answer; the others are told', () => {
    const condition = { all: [{ fact: 'person.age', op: 'at-least', value: 60 } as const] };
    const other = { fact: 'household.type', op: 'is', value: 'general' } as const;
    const program = compileRules(
      [
        { id: 'old', subject: 'person', condition },
        { id: 'general', subject: 'household', condition: other },
      ],
      {},
    );
    expect(program.factsOf('old')).toEqual(['person.age']);
    expect(program.factsOf('none')).toEqual([]);
    expect(program.dependents(new Set(['person.age', 'person.sex']))).toEqual(new Set(['old']));
    expect(program.dependents(new Set())).toEqual(new Set());
    const persons = [{ id: 'per_1', values: { 'person.age': 61 } }];
    const verdicts = program.evaluate([{ household: {}, persons, village: {} }]);
    expect(verdicts.of(0, 'old', 0)).toBe('yes');
    for (const [ground, person] of [
      [0, 1],
      [0, undefined],
      [1, 0],
      [-1, 0],
    ] as const)
      expect(() => verdicts.of(ground, 'old', person)).toThrow('nobody stands at');
    expect(() => verdicts.of(1, 'general')).toThrow('nobody stands at');
  });

  it('a fact that the catalogue does not know is unknown of everybody', () => {
    const condition = { fact: 'household.luck', op: 'is', value: true } as const;
    const program = compileRules([{ id: 'lucky', subject: 'household', condition }], {});
    const household = { 'household.luck': true };
    expect(program.evaluate([{ household, persons: [], village: {} }]).of(0, 'lucky')).toBe(
      'unknown',
    );
  });

  it('a fact that has not the form of its kind is unknown', () => {
    const asked = [
      { fact: 'household.able', op: 'above', value: 1 },
      { fact: 'household.type', op: 'is', value: 'general' },
      { fact: 'household.measures', op: 'has', value: 'education' },
    ] as const;
    const rules = asked.map(
      (condition, at): Rule => ({ id: `${at}`, subject: 'household', condition }),
    );
    const household = {
      'household.able': ['two'],
      'household.type': 7,
      'household.measures': 'education',
    };
    const verdicts = compileRules(rules, {}).evaluate([{ household, persons: [], village: {} }]);
    expect(rules.map(({ id }) => verdicts.of(0, id))).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('lists of which a subject has several fit into the bits of a column', () => {
    const lists = factCatalogue.filter(({ type }) => type === 'codes').map(({ list }) => list);
    expect(lists.length).toBeGreaterThan(2);
    for (const list of lists) expect(codesOf(list ?? 'nation').length).toBeLessThanOrEqual(30);
  });
});

describe('words of answers', () => {
  it('outside of them nothing is known', () => {
    expect(intAt(new Int32Array(1), 1)).toBe(0);
    expect(indexAt(new Uint16Array(1), 1)).toBe(0);
    expect(realAt(new Float64Array(1), 1)).toBeNaN();
    expect([0, 1, 32, 33].map(wordsFor)).toEqual([0, 1, 1, 2]);
  });

  it('bits are counted one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 8 }), (words) => {
        const ones = words.map((word) => (word >>> 0).toString(2).replaceAll('0', '').length);
        const sum = ones.reduce((all, one) => all + one, 0);
        expect(bitsIn(new Int32Array(words), 0, words.length)).toBe(sum);
      }),
    );
  });
});
