import { beforeAll, expect, it } from 'vitest';
import {
  addCoverages,
  CoverageCount,
  countIn,
  coverageClasses,
  noCoverage,
} from '../../functions/core/coverage.ts';
import { type Case, countedItems, evaluateShard } from '../../functions/core/coverage-shard.ts';
import type { PolicyGround } from '../../functions/core/policy-ground.ts';
import { random } from '../board/world.ts';
import { sampleHouseholds } from '../support/sample-household.ts';
import { caseOf, sampleRules } from './sample-rules.ts';

/** `npm run soak` counts a province of ten million persons, `npm test` one of five thousand. */
const PERSONS = process.env.SOAK ? 10_000_000 : 5000;
/** From so many on, memory may grow by a fifth. */
const WARM = 100_000;
const HOUSEHOLDS_OF_VILLAGE = 60;

let pool: readonly Case[] = [];
beforeAll(async () => {
  const { supplemented } = await sampleHouseholds();
  pool = supplemented.map(({ household }) => caseOf(household));
});

/** A household put together of others of the sample: the facts of one, and persons of several. */
function household(next: () => number): Case {
  const any = () => pool[Math.floor(next() * pool.length)] ?? pool[0];
  const home = any()?.ground;
  const size = 1 + Math.floor(next() * 5);
  const persons = Array.from({ length: size }, (_, at) => {
    const among = any()?.ground.persons ?? [];
    const one = among[Math.floor(next() * among.length)];
    return { id: `per_${at}`, values: { ...one?.values } };
  });
  const ground: PolicyGround = {
    household: { ...home?.household },
    persons,
    village: { ...home?.village },
  };
  return { ground, receipts: [], births: ['1970-05-05'] };
}

const megabytes = () => Math.round(process.memoryUsage().rss / 1_048_576);

it(
  'a province is counted village by village: the sum is that of everybody at once, and memory does not grow',
  async ({ annotate }) => {
    const next = random(7);
    const items = countedItems(sampleRules);
    const whole = new CoverageCount(items);
    let sum = noCoverage;
    let persons = 0;
    let warm = 0;
    let peak = 0;
    const began = performance.now();
    while (persons < PERSONS) {
      const cases = Array.from({ length: HOUSEHOLDS_OF_VILLAGE }, () => household(next));
      const village = new CoverageCount(items);
      for (const found of evaluateShard(sampleRules, cases)) {
        village.add(found);
        whole.add(found);
        persons += found.persons;
      }
      const coverage = village.result(sampleRules.until, sampleRules.mark);
      sum = addCoverages(sum === noCoverage ? [coverage] : [sum, coverage]);
      if (persons < WARM) warm = Math.max(warm, megabytes());
      else peak = Math.max(peak, megabytes());
    }
    const seconds = (performance.now() - began) / 1000;
    await annotate(`${persons} persons in ${Math.round(seconds)} s, ${warm} MB, then ${peak} MB`);
    expect(sum).toEqual(whole.result(sampleRules.until, sampleRules.mark));
    for (const item of sum.items.filter(({ subject }) => subject === 'person')) {
      const parts = coverageClasses.filter((one) => one !== 'entitled');
      const all = parts.reduce((total, one) => total + countIn(item, one).persons, 0);
      expect(all, item.item).toBe(persons);
    }
    if (peak > 0) expect(peak).toBeLessThan(1.2 * warm);
  },
  3 * 3_600_000,
);
