import { getVillage } from '../board/table.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { ExitSheet } from '../core/exit-item.ts';
import { unexitedPersons } from '../core/figure.ts';
import { villageSheet, withEvidence } from '../core/village-sheet.ts';
import { asOfPorts, villageOn } from '../household/as-of.ts';
import { evidenceOf } from './table.ts';

/** The exit sheet of a village on a day with its evidence; undefined where nobody had described the village. */
export type VillageProof = (
  village: AreaCode,
  about: { readonly on: Day; readonly today: Day },
) => Promise<ExitSheet | undefined>;

/** Proofs from the tables of a deployment; those of days gone by read the files of who lived there. */
export function villageProofs(tables: {
  readonly household: string;
  readonly area: string;
}): VillageProof {
  const past = asOfPorts(tables);
  return async (village, { on, today }) => {
    const [{ profile, rosters }, evidence] = await Promise.all([
      on === today ? getVillage(tables.household, village) : villageOn(past, village, on),
      evidenceOf(tables.household, village),
    ]);
    if (!profile) return undefined;
    return withEvidence(villageSheet(profile, unexitedPersons(rosters, on), on), evidence);
  };
}
