import { describe, expect, it } from 'vitest';
import { CoverageCount } from '../../functions/core/coverage.ts';
import {
  answerPlaces,
  askedFacts,
  factsThatDiffer,
  type Kept,
  keptAnswer,
  packAnswers,
  packFacts,
} from '../../functions/core/coverage-kept.ts';
import {
  type Case,
  countedItems,
  coverageRules,
  evaluateShard,
} from '../../functions/core/coverage-shard.ts';
import {
  asksVillages,
  evaluateVillage,
  villageUntil,
} from '../../functions/core/coverage-village.ts';
import { rulesOf } from '../../functions/core/entitlement.ts';
import { NEVER } from '../../functions/core/figure.ts';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { compileRules, type Program } from '../../functions/core/policy-compile.ts';
import type { FactValues } from '../../functions/core/policy-fact.ts';
import { nextLineAfter } from '../../functions/core/rule-line.ts';
import { policyItem } from '../coverage/item.ts';
import { receipt } from '../support/receipt.ts';

const TODAY = '2017-10-23';
const young = policyItem({ id: 'young' });
const pupil = policyItem({
  id: 'pupil',
  condition: { fact: 'person.schoolStage', op: 'is', value: 'primary' },
});
const water = policyItem({
  id: 'water',
  subject: 'household',
  condition: { fact: 'household.waterSafe', op: 'is', value: false },
});
const road = policyItem({
  id: 'road',
  subject: 'village',
  condition: { fact: 'village.road', op: 'is', value: false },
});
const items = [pupil, road, water, young];

/** Rules that note which of them the engine was asked for, and of how many households. */
function rulesOn(given: readonly PolicyItem[], day = TODAY) {
  const asked: { rules: readonly string[]; grounds: number }[] = [];
  const plain = compileRules(rulesOf(given), {});
  const program: Program = {
    ...plain,
    rules: plain.rules,
    factsOf: (rule) => plain.factsOf(rule),
    dependents: (facts) => plain.dependents(facts),
    evaluate: (grounds, only) => {
      const all = plain.rules.map(({ id }) => id);
      const told = only ? [...only].toSorted() : all.toSorted();
      if (told.length > 0) asked.push({ rules: told, grounds: grounds.length });
      return plain.evaluate(grounds, only);
    },
  };
  const common = { area: '350122', day, lines: {}, mark: 'now', until: '2018-06-01' };
  return { rules: coverageRules({ ...common, items: given, program }), asked };
}

function household(given: FactValues = {}, person: FactValues = {}): Case {
  return {
    ground: {
      household: { 'household.waterSafe': true, ...given },
      persons: [
        { id: 'per_1', values: { 'person.age': 40, ...person } },
        { id: 'per_2', values: { 'person.age': 9, 'person.schoolStage': 'primary' } },
      ],
      village: { 'village.town': '350122101' },
    },
    receipts: [],
    births: ['1977-01-05', '2008-03-04'],
  };
}

const one = (rules: ReturnType<typeof rulesOn>['rules'], of: Case) => {
  const [found] = evaluateShard(rules, [of]);
  if (!found) throw new Error('nothing was found');
  return found;
};

describe('a shard of households is evaluated', () => {
  it('by one question to the engine for all of them', () => {
    const { rules, asked } = rulesOn(items);
    const found = evaluateShard(rules, [household(), household({ 'household.waterSafe': false })]);
    expect(asked).toEqual([{ rules: ['pupil', 'road', 'water', 'young'], grounds: 2 }]);
    expect(found.map(({ findings }) => findings.map(({ item }) => item))).toEqual([
      ['pupil', 'pupil', 'young'],
      ['pupil', 'pupil', 'water', 'young'],
    ]);
    expect(found[0]?.findings[0]).toEqual({
      ...{ item: 'pupil', person: 0, outcome: 'unknown', dueFen: 100_000, receivedFen: 0 },
    });
  });

  it('and counted: nobody of a household is counted twice', () => {
    const { rules } = rulesOn(items);
    const count = new CoverageCount(countedItems(rules));
    for (const found of evaluateShard(rules, [household(), household()])) count.add(found);
    expect(count.result(NEVER, null)).toMatchObject({ households: 2, persons: 4 });
  });

  it('what somebody received without a right to it is said, a plain no is not', () => {
    const { rules } = rulesOn([young]);
    const paid = { item: 'young', person: 'per_1', on: '2017-02-01', amountFen: 5 };
    const found = one(rules, { ...household(), receipts: [receipt(paid)] });
    expect(found.findings.map(({ person, outcome }) => [person, outcome])).toEqual([
      [0, 'received-not-eligible'],
      [1, 'missed'],
    ]);
  });

  it('an item that is served counts as received where the facts say so, whoever is entitled to it', () => {
    const served = {
      ...young,
      receivedWhen: { fact: 'person.familyDoctor', op: 'is', value: true },
    } as const;
    const never = {
      ...served,
      id: 'never',
      condition: { fact: 'person.age', op: 'above', value: 90 },
    } as const;
    const { rules } = rulesOn([served, never]);
    const found = one(rules, household({}, { 'person.familyDoctor': true }));
    expect(found.findings.map(({ item, person, outcome }) => [item, person, outcome])).toEqual([
      ['young', 0, 'received-not-eligible'],
      ['young', 1, 'missed'],
      ['never', 0, 'received-not-eligible'],
    ]);
    expect(one(rules, household()).findings.map(({ item }) => item)).toEqual(['young']);
  });

  it('where items exclude each other, a new year may give the other: it is looked at again', () => {
    const monthly = policyItem({
      ...{ id: 'monthly', exclusions: ['yearly'], validFrom: '2017-07-01' },
      benefit: { kind: 'cash', amountFen: 10_000, unit: 'person', period: 'month', capFen: null },
    });
    const yearly = policyItem({ id: 'yearly' });
    const found = (given: readonly PolicyItem[], day = TODAY) =>
      one(rulesOn(given, day).rules, { ...household(), births: [] });
    expect(found([monthly, yearly]).findings).toMatchObject([{ item: 'yearly' }]);
    expect(found([monthly, yearly]).nextOn).toBe('2018-01-01');
    expect(found([monthly, yearly], '2018-01-01').findings).toMatchObject([{ item: 'monthly' }]);
    expect(found([{ ...monthly, exclusions: [] }, yearly]).nextOn).toBe('2018-06-01');
    expect(found([{ ...monthly, validFrom: '2016-07-01' }, yearly]).nextOn).toBe('2018-06-01');
  });

  it('no household is no question', () => {
    const { rules, asked } = rulesOn(items);
    expect(evaluateShard(rules, [])).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('of a household that was evaluated before', () => {
  it('nothing is asked where nothing has changed', () => {
    const { rules, asked } = rulesOn(items);
    const before = one(rules, household());
    asked.splice(0);
    const again = one(rules, { ...household(), before: before.kept });
    expect(asked).toEqual([]);
    expect(again).toEqual(before);
  });

  it('only what depends on a fact that has changed is asked', () => {
    const { rules, asked } = rulesOn(items);
    const before = one(rules, household());
    asked.splice(0);
    const changed = household({ 'household.waterSafe': false });
    const after = one(rules, { ...changed, before: before.kept });
    expect(asked).toEqual([{ rules: ['water'], grounds: 1 }]);
    expect(after).toEqual(one(rules, changed));
  });

  it('a fact that became known, and one of a member', () => {
    const { rules, asked } = rulesOn(items);
    const before = one(rules, household());
    asked.splice(0);
    const changed = household({}, { 'person.schoolStage': 'none' });
    expect(one(rules, { ...changed, before: before.kept })).toEqual(one(rules, changed));
    expect(asked[0]).toEqual({ rules: ['pupil'], grounds: 1 });
  });

  it('a fact that no rule asks for changes nothing', () => {
    const { rules, asked } = rulesOn(items);
    const before = one(rules, household());
    asked.splice(0);
    one(rules, { ...household({ 'household.fuel': 'gas' }), before: before.kept });
    expect(asked).toEqual([]);
  });

  it('everything is asked anew where the rules are others, or the members', () => {
    const { rules, asked } = rulesOn(items);
    const { kept } = one(rules, household());
    const others: readonly Kept[] = [
      { ...kept, rules: 'before' },
      { ...kept, persons: ['per_1'] },
      { ...kept, persons: ['per_1', 'per_3'] },
    ];
    for (const before of others) {
      asked.splice(0);
      expect(one(rules, { ...household(), before })).toEqual(one(rules, household()));
      expect(asked[0]?.rules).toHaveLength(4);
    }
  });

  it('households of whom the same has changed are asked together', () => {
    const { rules, asked } = rulesOn(items);
    const kept = evaluateShard(rules, [household(), household(), household()]);
    asked.splice(0);
    const changes = [{ 'household.waterSafe': false }, { 'household.waterSafe': false }, {}];
    evaluateShard(
      rules,
      changes.map((change, at) => ({ ...household(change), before: kept[at]?.kept })),
    );
    expect(asked).toEqual([{ rules: ['water'], grounds: 2 }]);
  });
});

describe('the first day on which something may be different with nothing entered', () => {
  it('is the next birthday of a member, or the day the rules change', () => {
    const { rules } = rulesOn(items);
    expect(one(rules, household()).nextOn).toBe('2018-01-05');
    expect(one(rules, { ...household(), births: ['2000-08-01'] }).nextOn).toBe('2018-06-01');
    expect(one(rules, { ...household(), births: ['2000-11-01'] }).nextOn).toBe('2017-11-01');
    expect(one(rules, { ...household(), births: [] }).nextOn).toBe('2018-06-01');
  });

  it('whoever was born on 29 February is older on 1 March', () => {
    const { rules } = rulesOn(items);
    expect(one(rules, { ...household(), births: ['2004-02-29'] }).nextOn).toBe('2018-03-01');
  });

  const paid = (period: PolicyItem['benefit']['period'], on = '2017-05-01', item = 'young') => {
    const { rules } = rulesOn([{ ...young, benefit: { ...young.benefit, period } }]);
    return one(rules, { ...household(), births: [], receipts: [receipt({ item, on })] }).nextOn;
  };

  it('is the end of the period of which something was received', () => {
    expect(paid('month')).toBe('2017-11-01');
    expect(paid('year')).toBe('2018-01-01');
    expect(paid('term')).toBe('2018-01-01');
    expect(paid('once')).toBe('2018-06-01');
  });

  it('is the day of payment where that is still to come', () => {
    expect(paid('once', '2017-12-12')).toBe('2017-12-12');
    expect(paid('year', '2017-12-12')).toBe('2017-12-12');
  });

  it('what was received of an item that is not in force changes nothing', () => {
    expect(paid('month', '2017-05-01', 'gone')).toBe('2018-06-01');
  });
});

describe('a village is judged by the items of villages', () => {
  it('and by its own facts', () => {
    const { rules, asked } = rulesOn(items);
    expect(evaluateVillage(rules, { 'village.road': false }, [])).toMatchObject([
      { item: 'road', person: -1, outcome: 'missed' },
    ]);
    expect(evaluateVillage(rules, { 'village.road': true }, [])).toEqual([]);
    expect(asked.every((one) => one.rules.join() === 'road')).toBe(true);
  });

  it('and by what it received, until the period of that is over', () => {
    const { rules } = rulesOn(items);
    const built = {
      item: 'road',
      person: null,
      on: rules.day,
      amountFen: 5,
      period: rules.day.slice(0, 4),
    };
    expect(evaluateVillage(rules, { 'village.road': false }, [built])).toMatchObject([
      { item: 'road', outcome: 'received', receivedFen: 5 },
    ]);
    expect(evaluateVillage(rules, { 'village.road': true }, [built])).toMatchObject([
      { item: 'road', outcome: 'received-not-eligible' },
    ]);
    expect(villageUntil(rules, [])).toBe(rules.choiceEnds);
    expect(villageUntil(rules, [built])).toBe(`${Number(built.period) + 1}-01-01`);
    expect([asksVillages(rules), asksVillages({ items: [] })]).toEqual([true, false]);
  });
});

describe('what is kept of an evaluation', () => {
  const asked = askedFacts(['person.age', 'household.type', 'village.poor', 'person.age']);

  it('names the facts by whose they are', () => {
    expect(asked).toEqual({
      household: ['household.type'],
      person: ['person.age'],
      village: ['village.poor'],
    });
  });

  it('tells which facts differ, unknown ones too', () => {
    const ground = {
      household: { 'household.type': 'general' },
      persons: [{ id: 'per_1', values: { 'person.age': 1 } }],
      village: {},
    };
    const before = packFacts(ground, asked);
    const after = packFacts({ ...ground, household: {}, village: { 'village.poor': true } }, asked);
    expect(factsThatDiffer(before, before, asked).size).toBe(0);
    expect([...factsThatDiffer(before, after, asked)]).toEqual(['household.type', 'village.poor']);
    expect([...factsThatDiffer('7', before, asked)]).toEqual([
      'household.type',
      'village.poor',
      'person.age',
    ]);
  });

  it('gives every answer back, and unknown where there is none', () => {
    const rules = [
      { id: 'wide', subject: 'household' },
      { id: 'each', subject: 'person' },
      { id: 'more', subject: 'village' },
    ] as const;
    const answer = (rule: string, person?: number) =>
      rule === 'each' ? (person === 0 ? 'yes' : 'no') : rule === 'more' ? 'unknown' : 'yes';
    const kept = { persons: ['a', 'b'], answers: packAnswers(rules, 2, answer) };
    expect(kept.answers).toBe('yynu');
    const places = answerPlaces(rules);
    expect(keptAnswer(kept, places.get('wide'))).toBe('yes');
    expect(keptAnswer(kept, places.get('each'), 1)).toBe('no');
    expect(keptAnswer(kept, places.get('more'))).toBe('unknown');
    expect(keptAnswer(kept, places.get('none'))).toBe('unknown');
    expect(keptAnswer({ ...kept, answers: '' }, places.get('wide'))).toBe('unknown');
  });
});

describe('the poverty line', () => {
  it('changes with the years that are known', () => {
    expect(nextLineAfter('2017-10-23')).toBe('2018-01-01');
    expect(nextLineAfter('2199-01-01')).toBeUndefined();
  });
});
