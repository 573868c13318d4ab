import { expect, it } from 'vitest';
import { provinceVillages } from '../../bench/province.ts';
import {
  addCoverages,
  CoverageCount,
  countIn,
  coverageClasses,
  noCoverage,
} from '../../functions/core/coverage.ts';
import { countedItems, evaluateShard } from '../../functions/core/coverage-shard.ts';
import { groundOn } from '../../functions/core/policy-ground.ts';
import { SAMPLE_DAY } from '../support/sample.ts';
import { sampleRules } from './sample-rules.ts';

/** `npm run soak` counts a province of ten million persons, `npm test` one of five thousand. */
const PERSONS = process.env.SOAK ? 10_000_000 : 5000;
/** From so many on, memory may grow by a fifth. */
const WARM = 100_000;
const megabytes = () => Math.round(process.memoryUsage().rss / 1_048_576);

it(
  'a province is counted village by village: the sum is that of everybody at once, and memory does not grow',
  async ({ annotate }) => {
    const items = countedItems(sampleRules);
    const whole = new CoverageCount(items);
    let sum = noCoverage;
    let persons = 0;
    let warm = 0;
    let peak = 0;
    const began = performance.now();
    for (const { profile, homes } of provinceVillages(PERSONS)) {
      const cases = homes.map((home) => ({
        ground: groundOn(home, profile, SAMPLE_DAY),
        receipts: [],
        births: home.members.map(({ member }) => member.birth),
      }));
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
