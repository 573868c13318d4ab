import type { Day } from './day.ts';
import {
  type ExitSheet,
  passesAll,
  type SheetEvidence,
  type SheetItem,
  type Words,
} from './exit-item.ts';
import type { Met } from './guarantee.ts';
import type { VillageProfile } from './roster.ts';
import {
  ruleOn,
  type VillageCriterion,
  type VillageRule,
  villageCriteria,
} from './rule-village.ts';
import { type Judged, told } from './village-criterion.ts';
import { judge } from './village-exit.ts';
import { isKnown } from './village-origin.ts';

const noRule: Words = {
  zh: '当日没有适用的退出标准',
  en: 'no set of criteria was in force on that day',
};

function sourcesOf(profile: VillageProfile, criterion: VillageCriterion): SheetItem['sources'] {
  return told[criterion].fields
    .filter((field) => isKnown(profile, field))
    .map((field) => {
      const origin = profile.origins?.[field];
      const heldFrom = origin?.heldOn ?? profile.heldOn;
      return { field, heldFrom, enteredAt: origin?.at ?? null, by: origin?.by ?? null };
    });
}

function itemOf(
  criterion: VillageCriterion,
  judged: Judged & { readonly rule: VillageRule | undefined },
  answer: Met,
): SheetItem {
  const { need, value, parts } = told[criterion];
  const criteria = judged.rule?.criteria;
  return {
    criterion,
    answer,
    need: criteria ? need(criteria) : noRule,
    value: value(judged, criteria),
    ...(criteria && parts && { parts: parts(judged, criteria) }),
    sources: sourcesOf(judged.profile, criterion),
  };
}

function namedRule(rule: VillageRule | undefined): ExitSheet['rule'] {
  if (!rule) return null;
  const { id, version, validFrom, source } = rule;
  return { id, version, validFrom, source };
}

/**
 * The criteria sheet of a village on a day: each criterion of the set in force with answer, need, value, its parts and who entered them.
 * Boards count by the same evaluator.
 * @param unexited registered persons of the village who have not exited on that day
 */
export function villageSheet(profile: VillageProfile, unexited: number, on: Day): ExitSheet {
  const rule = ruleOn(on, profile.village);
  const answers = judge(profile, unexited, rule);
  const judged = { profile, unexited, rule };
  const items = villageCriteria.map((criterion) => itemOf(criterion, judged, answers[criterion]));
  return { kind: 'village', on, rule: namedRule(rule), items, passes: passesAll(items) };
}

/** Evidence shown per criterion, the newest first; a frozen sheet must not grow without bound. */
const SHOWN = 10;

/**
 * The sheet with what was handed in for each criterion by its day.
 * @param evidence oldest first, as it is kept
 */
export function withEvidence(
  sheet: ExitSheet,
  evidence: readonly (SheetEvidence & { readonly criterion: string })[],
): ExitSheet {
  const newest = evidence.filter(({ heldOn }) => heldOn <= sheet.on).toReversed();
  const items = sheet.items.map((item) => ({
    ...item,
    evidence: newest
      .filter(({ criterion }) => criterion === item.criterion)
      .slice(0, SHOWN)
      .map(({ criterion: _, ...one }) => one),
  }));
  return { ...sheet, items };
}

/** Refusal: exit-not-proven with one fault per criterion that is not met (criterion-not-met) or not known (criterion-unknown). */
export { refuseSheet as refuseVillageSheet } from './exit-item.ts';
