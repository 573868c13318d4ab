import type { Day } from './day.ts';
import { type ExitGround, groundOf } from './exit-ground.ts';
import { clothesItem, foodItem, housingItem, registerItem, waterItem } from './exit-home.ts';
import { incomeItem } from './exit-income.ts';
import { type ExitSheet, passesAll, type SheetItem } from './exit-item.ts';
import { educationItem, medicalItem } from './exit-person.ts';
import { type ExitRule, exitRuleOn } from './exit-rule.ts';
import type { Household } from './household.ts';
import type { HouseholdEvent } from './household-event.ts';

export {
  type ExitSheet,
  ExitSheetShape,
  passesAll,
  refuseSheet,
  type SheetItem,
} from './exit-item.ts';

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
