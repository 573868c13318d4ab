import { addDays, type Day } from './day.ts';
import lines from './rule-line.json' with { type: 'json' };

/** A line and the document that set it. */
export interface PovertyLine {
  readonly validFrom: Day;
  readonly fen: number;
  readonly source: string;
}

/**
 * The poverty line for income of a period, fen per person and year: the line in force on the period's last day, so that income of 2016 is
 * judged by the line of 2016 whenever it is looked at. Null where no line is recorded for that day: unknown, never "above".
 */
export function lineOn(day: Day): PovertyLine | null {
  const line = lines.find(({ validFrom, validTo }) => validFrom <= day && day <= validTo);
  return line ? { validFrom: line.validFrom, fen: line.yuan * 100, source: line.source } : null;
}

/** The amount of that line, fen per person and year. */
export function lineFenOn(day: Day): number | null {
  return lineOn(day)?.fen ?? null;
}

/** The first day after `day` on which another line, or none, is in force; undefined where none is known. */
export function nextLineAfter(day: Day): Day | undefined {
  return lines
    .flatMap(({ validFrom, validTo }) => [validFrom, addDays(validTo, 1)])
    .filter((first) => first > day)
    .toSorted()[0];
}
