import { type Coverage, CoverageCount } from '../core/coverage.ts';
import { type CoverageRules, countedItems } from '../core/coverage-shard.ts';
import { evaluateVillage, villageUntil } from '../core/coverage-village.ts';
import { isRegistered } from '../core/dimension.ts';
import type { AreaCode } from '../core/division.ts';
import type { Had } from '../core/entitlement.ts';
import { earliest } from '../core/figure.ts';
import { villageGround } from '../core/policy-ground.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import type { HouseholdRow } from './item.ts';

/** What was found of the households of a village, by household. */
export type Rows = ReadonlyMap<string, HouseholdRow>;

/** Who lives in a village, and what is known of itself. */
export interface Content {
  readonly rosters: readonly Roster[];
  readonly profile: VillageProfile | undefined;
}

/** What a village is counted from. */
export interface Found {
  readonly rules: CoverageRules;
  readonly rows: Rows;
  readonly content: Content;
  /** What the village itself received. */
  readonly had: readonly Had[];
}

/** Counts a village from its rows; a household whose row is missing, or goes by other rules, has the village looked at again. */
export function countVillage(village: AreaCode, { rules, rows, content, had }: Found): Coverage {
  const count = new CoverageCount(countedItems(rules));
  let until = earliest([rules.until, villageUntil(rules, had)]);
  for (const { id } of content.rosters.filter(isRegistered)) {
    const row = rows.get(id);
    const isTrue = row?.kept.rules === rules.mark;
    const holds = isTrue ? row.nextOn : rules.day;
    if (holds < until) until = holds;
    if (row) count.add({ persons: row.kept.persons.length, findings: row.findings });
  }
  // A code that was given up keeps its row, and is no village any more.
  if (content.profile || content.rosters.length > 0) {
    const ground = villageGround(village, content.profile, rules.day);
    count.addVillage(village, evaluateVillage(rules, ground, had));
  }
  return count.result(until, rules.mark);
}

/** Whether all that is counted goes by the rules it is counted by. */
export function isOfOneKind({ rules, rows, content }: Found): boolean {
  const here = content.rosters.filter(isRegistered).flatMap(({ id }) => rows.get(id) ?? []);
  return here.every(({ kept }) => kept.rules === rules.mark);
}
