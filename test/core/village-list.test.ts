import { expect, it } from 'vitest';
import { villageYearPlace } from '../../functions/core/figure-layout.ts';
import { placesOf } from '../../functions/core/village-list.ts';

it('a list of villages of a year asks for the count of that year, one without a year for none', () => {
  expect(placesOf({ exitYear: '2017' })).toEqual([villageYearPlace('exitYear', '2017')]);
  expect(placesOf({})).toEqual([]);
});
