import type { HouseholdFile } from '../../functions/core/household.ts';
import { digestOf } from '../../functions/core/measure.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { measureActions } from '../../functions/measure/table.ts';
import { openedFor } from '../support/measure.ts';

/** A measure of each household, whatever the household has become. */
export async function seedMeasures(
  care: string,
  households: readonly (readonly [string, HouseholdFile])[],
): Promise<void> {
  for (const [, { household }] of households) {
    const { measure, event } = openedFor(household.id, 'ms_world');
    const digest = { before: { version: 0, measures: [] }, after: [digestOf(measure)] };
    await transact(measureActions(care, { decision: { was: undefined, measure, event }, digest }));
  }
}
