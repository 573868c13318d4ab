import type { Import } from './import.ts';

const HOUR = 3_600_000;
/** The reader has a quarter of an hour and is started three times, each of which counts anew; after this nobody reads any more. */
const READING = HOUR;
/** An address is good for an hour; what was uploaded meanwhile is read within minutes of it. */
const AWAITING = 1.5 * HOUR;
/** After this nobody is going to upload anything. */
const ANNOUNCED = 7 * 24 * HOUR;
/** A message that was sent is worked on within seconds, in a queue that is full within minutes. */
const TELLING = 0.25 * HOUR;

/**
 * What an import that does not go on needs: nothing, or nothing yet; a look whether its file has arrived unnoticed; to be ended, since its
 * reader dies of it; to be told again to go on; or to be forgotten, since its file never came.
 */
export type Remedy = 'wait' | 'look' | 'end' | 'tell' | 'forget';

/** What an import needs that is listed as unfinished, some time after it came to its state. */
export function remedyFor({ state, changedAt }: Import, now: Date): Remedy {
  const age = now.getTime() - Date.parse(changedAt);
  switch (state) {
    case 'awaiting':
      if (age > ANNOUNCED) return 'forget';
      return age > AWAITING ? 'look' : 'wait';
    case 'reading':
      return age > READING ? 'end' : 'wait';
    case 'matching':
    case 'applying':
      return age > TELLING ? 'tell' : 'wait';
    case 'unreadable':
    case 'planned':
    case 'rejected':
    case 'applied':
      return 'wait';
  }
}

/** Whether the functions, and nobody else, have to do the next step. */
export function isUnderWay(state: Import['state']): boolean {
  return ['awaiting', 'reading', 'matching', 'applying'].includes(state);
}

/** Whether a phase stands still: it has come no further since it was last looked at, or has not begun at all. */
export function standsStill(done: number, seen: number | undefined): boolean {
  return seen === undefined ? done === 0 : done === seen;
}
