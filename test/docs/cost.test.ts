import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { costDocument, given } from '../../scripts/cost.ts';
import { bill, total } from '../../scripts/cost-model.ts';
import { freshTables } from '../support/database.ts';
import { storeOf } from '../support/store.ts';
import { countUnits, measure } from './measure.ts';

const { prices, load, measured } = given();
const cost = (size = load.sizes[0], change = {}) => {
  if (!size) throw new Error('no size');
  return total(bill({ prices, load, measured, size, alarms: 50, ...change }));
};

describe('the monthly cost', () => {
  it('on the page is the one computed from units, prices and load; `npm run docs` draws it anew', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/cost.md'), 'utf8');
    expect(page).toBe(costDocument());
  });

  it('grows with people and changes, and falls to keys and alarms where nobody works', () => {
    const [county, , province] = load.sizes;
    expect(cost(province)).toBeGreaterThan(cost(county));
    const perHousehold = { ...load.perHousehold, changes: load.perHousehold.changes * 2 };
    expect(cost(county, { load: { ...load, perHousehold } })).toBeGreaterThan(cost(county));
    const perHouseholdNothing = { fileReads: 0, changes: 0, listPages: 0, lookups: 0 };
    const quiet = {
      ...load,
      perHousehold: perHouseholdNothing,
      boardReadsPerArea: 0,
      importedShareOfPersons: 0,
      nights: 0,
      ledgerBytesPerPerson: 0,
    };
    const still = { load: quiet, measured: { ...measured, storedBytesPerPerson: 0 } };
    const fixed = 2 * prices.price.keyMonth + 50 * prices.price.alarmMonth;
    expect(cost(county, still)).toBeCloseTo(fixed, 6);
  });
});

describe('the units behind it', () => {
  let found: Awaited<ReturnType<typeof measure>>;
  beforeAll(async () => {
    const tables = await freshTables();
    countUnits(dynamo());
    found = await measure(storeOf(tables), tables);
  });

  it('are what the database says today, within a tenth', () => {
    const { date, how, ...kept } = measured;
    expect([date, how].every((text) => text.length > 0)).toBe(true);
    const flat = (value: object): readonly [string, number][] =>
      Object.entries(value).flatMap(([name, one]) =>
        typeof one === 'number'
          ? [[name, one] as const]
          : flat(one).map(([inner, amount]) => [`${name}.${inner}`, amount] as const),
      );
    const now = new Map(flat(found));
    const off = flat(kept).filter(([name, was]) => {
      const is = now.get(name) ?? Number.NaN;
      return !(Math.abs(is - was) <= Math.max(0.1 * was, 0.02));
    });
    expect(off, `measured: ${JSON.stringify(found)}`).toEqual([]);
  });
});
