import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import { freeText } from './free-text.ts';
import { type Decided, refuse } from './refusal.ts';
import type { VillageProfile } from './roster.ts';
import { decideVillage, type VillageDecision, VillageFacts } from './village.ts';

/** Facts of a village as an office enters them by hand. The exit is decided, not entered. */
export const VillageEntry = z.strictObject({
  /** Day the facts hold for. */
  heldOn: z.string().refine(isDay).meta({ format: 'date' }),
  reason: freeText(200),
  facts: z.strictObject(VillageFacts.omit({ exitedOn: true }).partial().shape),
});
export type VillageEntry = z.infer<typeof VillageEntry>;

/** Where the facts go, and the day on which they are entered. */
interface Place {
  readonly village: AreaCode;
  readonly today: Day;
  /** Whether who enters them keeps the list of poor villages there: the county and above. */
  readonly keepsList: boolean;
}

/** Whether an entry puts a village on the list of poor villages or takes it off. */
export function changesList(
  known: Pick<VillageProfile, 'poor'> | undefined,
  { poor }: VillageEntry['facts'],
): boolean {
  return poor !== undefined && poor !== (known?.poor ?? false);
}

/**
 * What an entry does to what is known of a village; facts it does not name stay.
 * Refusals: village-facts-none, date-future, village-list-above (the county says which villages are poor), those of `decideVillage`.
 */
export function enterVillage(
  known: VillageProfile | undefined,
  { heldOn, facts }: Pick<VillageEntry, 'heldOn' | 'facts'>,
  { village, today, keepsList }: Place,
): Decided<VillageDecision> {
  if (Object.keys(facts).length === 0) return refuse('village-facts-none');
  if (heldOn > today) return refuse('date-future', { field: 'heldOn' });
  if (!keepsList && changesList(known, facts)) return refuse('village-list-above');
  return decideVillage(known, { village, heldOn, facts });
}
