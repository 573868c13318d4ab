import { addDays, type Day } from './day.ts';

export interface Period {
  readonly from: Day;
  /** Last day, included. */
  readonly to: Day;
}

/**
 * The last system year (上年10月1日-当年9月30日) that was over on the day the ledger speaks of.
 */
export function systemYearBefore(heldOn: Day): Period {
  const year = Number(heldOn.slice(0, 4));
  const end = addDays(`${heldOn.slice(5) > '09-30' ? year : year - 1}-10-01`, -1);
  return { from: `${Number(end.slice(0, 4)) - 1}-10-01`, to: end };
}
