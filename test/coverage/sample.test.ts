import { beforeAll, describe, expect, it } from 'vitest';
import {
  addCoverages,
  type Coverage,
  CoverageCount,
  countIn,
  coverageClasses,
  fenOf,
} from '../../functions/core/coverage.ts';
import { countedItems, evaluateShard } from '../../functions/core/coverage-shard.ts';
import { isRegistered } from '../../functions/core/dimension.ts';
import { type Entitlement, entitlementsOf } from '../../functions/core/entitlement.ts';
import { type Household, statusOfHousehold, villageOf } from '../../functions/core/household.ts';
import { SAMPLE_DAY } from '../support/sample.ts';
import { sampleHouseholds } from '../support/sample-household.ts';
import { caseOf, sampleForce, sampleRules } from './sample-rules.ts';

const rules = sampleRules;
const { program } = rules;

let households: readonly Household[] = [];
beforeAll(async () => {
  const { supplemented } = await sampleHouseholds();
  households = supplemented.map(({ household }) => household);
});

/** The county village by village, as shards of a job do. */
function byVillages(): Coverage {
  const villages = Map.groupBy(households, villageOf);
  return addCoverages(
    [...villages.values()].map((here) => {
      const count = new CoverageCount(countedItems(rules));
      for (const one of evaluateShard(rules, here.map(caseOf))) count.add(one);
      return count.result(rules.until, rules.mark);
    }),
  );
}

interface Plain {
  households: Set<string>;
  persons: number;
}

function classesOf({ result, received }: Entitlement): readonly string[] {
  if (result === 'not-eligible') return [received ? 'received-not-eligible' : 'not-eligible'];
  return result === 'unknown' ? ['unknown'] : ['entitled', result];
}

/** The same in the plainest way: every condition read for everybody, and everybody put on a list. */
function onLists(): ReadonlyMap<string, Plain> {
  const lists = new Map<string, Plain>();
  for (const household of households) {
    const { ground } = caseOf(household);
    for (const one of entitlementsOf({ ...sampleForce, ground, receipts: [], day: SAMPLE_DAY }))
      for (const of of classesOf(one)) {
        const key = `${one.item} ${of}`;
        const list = lists.get(key) ?? { households: new Set(), persons: 0 };
        list.households.add(household.id);
        list.persons += one.person === null ? household.members.length : 1;
        lists.set(key, list);
      }
  }
  return lists;
}

describe('coverage of the sample county', () => {
  it('counts whom the plainest reading of every condition puts on its lists', () => {
    expect(households.every((one) => isRegistered({ status: statusOfHousehold(one) }))).toBe(true);
    const coverage = byVillages();
    const lists = onLists();
    expect(coverage).toMatchObject({ households: 745, persons: 2352 });
    let compared = 0;
    for (const item of coverage.items) {
      if (item.subject === 'village') continue;
      for (const of of coverageClasses) {
        const list = lists.get(`${item.item} ${of}`);
        const told = { wide: list?.households.size ?? 0, persons: list?.persons ?? 0 };
        expect(countIn(item, of), `${item.item} ${of}`).toEqual(told);
        compared += told.persons;
      }
    }
    expect(compared).toBeGreaterThan(100_000);
    expect(coverage.items.some((item) => fenOf(item).missedFen > 0)).toBe(true);
  });

  it('asks nothing where nothing has changed, and for a fact no more than what asks it', () => {
    const found = evaluateShard(rules, households.map(caseOf));
    let answered = 0;
    const counting = {
      ...rules,
      program: {
        ...program,
        rules: program.rules,
        factsOf: (rule: string) => program.factsOf(rule),
        dependents: (facts: ReadonlySet<string>) => program.dependents(facts),
        evaluate: (...[grounds, only]: Parameters<typeof program.evaluate>) => {
          answered += grounds.length * (only ?? new Set(program.rules.map(({ id }) => id))).size;
          return program.evaluate(grounds, only);
        },
      },
    };
    const again = households.map((one, at) => ({ ...caseOf(one), before: found[at]?.kept }));
    expect(evaluateShard(counting, again)).toEqual(found);
    expect(answered).toBe(0);
    const worse = again.map((one) => {
      const { household } = one.ground;
      const grade = household['household.housingGrade'] === 'D' ? 'A' : 'D';
      const ground = {
        ...one.ground,
        household: { ...household, 'household.housingGrade': grade },
      };
      return { ...one, ground };
    });
    const asking = program.dependents(new Set(['household.housingGrade']));
    expect(asking.size).toBeGreaterThan(0);
    expect(asking.size).toBeLessThan(program.rules.length / 4);
    const after = evaluateShard(counting, worse);
    expect(answered).toBe(asking.size * households.length);
    expect(after).toEqual(
      evaluateShard(
        rules,
        worse.map(({ before: _, ...one }) => one),
      ),
    );
  });
});
