import { addMonths, type Day } from './day.ts';
import type { VisitRule } from './visit-rule.ts';

/** What decides when a household is to be visited next. */
export interface VisitGround {
  readonly status: string;
  /** Day of the latest visit; null where there was none. */
  readonly lastOn: Day | null;
  /** Day on which it was entered in the register. */
  readonly registeredOn: Day;
  /** Day from which whoever is responsible now is paired with it; null where nobody is, or the day is not known. */
  readonly pairedOn: Day | null;
}

/** The last day on which a visit is in time, and from what it counts. */
export interface VisitDue {
  readonly dueOn: Day;
  readonly since: 'visit' | 'registration' | 'pairing';
}

function later(one: Day, other: Day): Day {
  return one > other ? one : other;
}

/**
 * When a household is to be visited next, by the rule in force; undefined where its status asks for no visits. A household that was never
 * visited counts from the day it was entered, or was paired, and at the earliest from the day the rule came into force.
 */
export function visitDue(rule: VisitRule, ground: VisitGround): VisitDue | undefined {
  const months = Object.entries(rule.everyMonths).find(([code]) => code === ground.status)?.[1];
  if (months === undefined) return undefined;
  const { lastOn, registeredOn, pairedOn } = ground;
  if (lastOn !== null) return { dueOn: addMonths(lastOn, months), since: 'visit' };
  const isPaired = rule.neverVisited === 'pairing' && pairedOn !== null && pairedOn > registeredOn;
  const from = later(isPaired ? pairedOn : registeredOn, rule.validFrom);
  return { dueOn: addMonths(from, months), since: isPaired ? 'pairing' : 'registration' };
}

/** Days by which a day has passed; 0 on the day itself and before. */
export function daysOver(dueOn: Day, day: Day): number {
  const days = (Date.parse(day) - Date.parse(dueOn)) / 86_400_000;
  return Math.max(0, days);
}
