/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`. */
export type Day = string;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MS_PER_DAY = 86_400_000;
/** China has had one zone and no summer time since 1991: UTC+8. */
const SHANGHAI_MS = 8 * 3_600_000;

/** Whether the text is a real calendar day (`2017-02-29` is not). */
export function isDay(text: string): text is Day {
  const match = DAY.exec(text);
  if (!match) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The Asia/Shanghai day of an instant. */
export function dayOf(instant: Date): Day {
  return new Date(instant.getTime() + SHANGHAI_MS).toISOString().slice(0, 10);
}

/** The day that lies `days` (may be negative) after `day`. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The same day of the month `months` (may be negative) later; the last day of a month that is too short for it. */
export function addMonths(day: Day, months: number): Day {
  const from = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0));
  const last = to.toISOString().slice(0, 10);
  return day.slice(8) < last.slice(8) ? last.slice(0, 8) + day.slice(8) : last;
}

/** The last day of that month and day (`08-31`) that is not after `day`. */
export function lastSuch(monthDay: string, day: Day): Day {
  const such = `${day.slice(0, 4)}-${monthDay}`;
  return such <= day ? such : `${Number(day.slice(0, 4)) - 1}-${monthDay}`;
}

/** Completed years (周岁) of a person born on `birth` at the end of `on`; someone born on 29 February ages on 1 March. */
export function ageOn(birth: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}
