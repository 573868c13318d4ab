import type { Day } from './day.ts';
import { type ExitGround, groundOf } from './exit-ground.ts';
import { clothesItem, foodItem, housingItem, registerItem, waterItem } from './exit-home.ts';
import { incomeItem } from './exit-income.ts';
import type { ExitSheet, SheetItem } from './exit-item.ts';
import { educationItem, medicalItem } from './exit-person.ts';
import { type ExitRule, exitRuleOn } from './exit-rule.ts';
import type { Household } from './household.ts';
import type { HouseholdEvent } from './household-event.ts';
import { type Fault, type Refusal, refuse } from './refusal.ts';

export { type ExitSheet, ExitSheetShape, type SheetItem } from './exit-item.ts';

/** What a household must show, in the order of the sheet. */
const criteria: readonly ((ground: ExitGround, rule: ExitRule) => SheetItem)[] = [
  incomeItem,
  foodItem,
  clothesItem,
  educationItem,
  medicalItem,
  housingItem,
  waterItem,
];

/** Without a rule there is nothing to be met. */
const noRule: SheetItem = {
  criterion: 'rule',
  answer: 'unknown',
  need: { zh: '当日有适用的退出标准', en: 'a rule for exits that is in force on the day' },
  value: { zh: '没有', en: 'there is none' },
  sources: [],
};

/** Whether a sheet proves an exit: it has items and all are met; income alone never suffices, and unknown is never yes. */
export function passesAll(items: readonly SheetItem[]): boolean {
  return items.length > 0 && items.every(({ answer }) => answer === 'met');
}

/**
 * The criteria sheet of a household on a day (厅字〔2016〕16号): facts as they held then by what is known now, judged by the rule in
 * force then. A household that was not on the register that day, or no longer, is told so by an item of its own and does not pass.
 * @param events all events of the household; for today any of them will do, since what holds now stands in its current sheets
 */
export function exitSheet(
  household: Household,
  events: readonly HouseholdEvent[],
  on: Day,
): ExitSheet {
  const ground = groundOf(household, events, on);
  const rule = exitRuleOn(on, ground.village);
  const register = registerItem(ground);
  const judged = rule ? criteria.map((item) => item(ground, rule)) : [noRule];
  const items = register ? [register, ...judged] : judged;
  return {
    kind: 'household',
    on,
    rule: rule && {
      id: rule.id,
      version: rule.version,
      validFrom: rule.validFrom,
      source: rule.source,
    },
    items,
    passes: passesAll(items),
  };
}

function faultOf({ criterion, answer, need, value }: SheetItem): Fault {
  const code = answer === 'unknown' ? 'criterion-unknown' : 'criterion-not-met';
  const values = { needZh: need.zh, needEn: need.en, valueZh: value.zh, valueEn: value.en };
  return { field: criterion, code, values };
}

/**
 * Why a sheet is no proof, with one fault per item that is not met or unknown; undefined when it passes.
 * Refusals: exit-not-proven (faults criterion-not-met, criterion-unknown).
 */
export function refuseSheet(sheet: ExitSheet): Refusal | undefined {
  if (sheet.passes) return undefined;
  const open = sheet.items.filter(({ answer }) => answer !== 'met');
  return { ...refuse('exit-not-proven', { count: open.length }), faults: open.map(faultOf) };
}
