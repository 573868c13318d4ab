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

/** Completed years (周岁) of a person born on `birth` at the end of `on`; someone born on 29 February ages on 1 March. */
export function ageOn(birth: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}
