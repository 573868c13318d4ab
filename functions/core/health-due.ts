import { addDays, addMonths, type Day } from './day.ts';
import { type HealthRecord, isInForce } from './health.ts';
import type { HealthRule } from './health-rule.ts';
import { later } from './member.ts';

/** When a person is to be followed up next, and how that stands on a day. */
export interface FollowUpDue {
  readonly dueOn: Day;
  readonly state: 'in-time' | 'due' | 'overdue';
}

function earlier(one: Day, other: Day): Day {
  return one < other ? one : other;
}

/** Months between follow-ups: those of the disease that asks for most of them. */
function monthsBetween(
  rule: HealthRule,
  { file }: Pick<HealthRecord, 'file'>,
): { readonly months: number; readonly since: Day } | undefined {
  const asked = (file?.diseases ?? []).flatMap(({ disease, since }) => {
    const times = Object.entries(rule.timesAYear).find(([code]) => code === disease)?.[1];
    return times === undefined ? [] : [{ months: Math.floor(12 / times), since }];
  });
  const [first, ...others] = asked;
  return others.reduce(
    (all, one) =>
      all && {
        months: Math.min(all.months, one.months),
        since: earlier(all.since, one.since),
      },
    first,
  );
}

/**
 * When a person with one of the chronic diseases is to be followed up next: by the rule, and by the day that was agreed on where that
 * comes earlier. Undefined where nothing is asked for. Counts from the last follow-up; where there was none, from the day the file was set
 * up or the disease began, whichever came later.
 */
export function followUpDue(
  rule: HealthRule | null,
  record: HealthRecord,
  day: Day,
): FollowUpDue | undefined {
  const asked = rule && monthsBetween(rule, record);
  if (!rule || !asked || !record.file) return undefined;
  const { lastFollowUp: last, file } = record;
  const begun = later(asked.since, file.setUpOn);
  const byRule = addMonths(last?.on ?? begun, asked.months);
  const dueOn = earlier(byRule, last?.next ?? byRule);
  if (dueOn < day) return { dueOn, state: 'overdue' };
  return { dueOn, state: dueOn <= addDays(day, rule.dueWithinDays) ? 'due' : 'in-time' };
}

/**
 * How a person stands with a family doctor on a day: a contract in force; one that ran out and was not renewed; known by the fact alone, as a
 * ledger tells it, with no contract on record; none; not known.
 */
export const doctorStandings = ['contract', 'lapsed', 'ledger', 'none', 'unknown'] as const;
export type DoctorStanding = (typeof doctorStandings)[number];

export function doctorStanding(
  record: Pick<HealthRecord, 'contracts'> | undefined,
  fact: boolean | null,
  day: Day,
): DoctorStanding {
  const contracts = record?.contracts ?? [];
  if (contracts.some((one) => isInForce(one, day))) return 'contract';
  const last = contracts.at(-1);
  if (last && last.endedOn === null && last.to < day && fact !== false) return 'lapsed';
  if (fact === null) return 'unknown';
  return fact ? 'ledger' : 'none';
}
