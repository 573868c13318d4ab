import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { mayFollow } from '../../functions/core/household-status.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { context, registered, TODAY } from '../support/build.ts';

const source = readFileSync('functions/core/household-status.ts', 'utf8');
const drawn = [...source.matchAll(/ (\w+) --> (\w+)$/gm)].map(([, from = '', to = '']) =>
  [from, to].map((state) => state.replace('_', '-')).join(' > '),
);

/** A household of a status; applicants come onto the register by their procedure alone. */
function withStatus(status: string, facts: object): HouseholdFile {
  if (status !== 'applicant') return registered({ facts: { status, ...facts } });
  const file = registered({ facts: { status: 'new' } });
  const sheets = file.household.facts.map((sheet) =>
    sheet.values.status === undefined ? sheet : { ...sheet, values: { ...sheet.values, status } },
  );
  return { ...file, household: { ...file.household, facts: sheets } };
}

it('the diagram of states shows every step the register knows, and no other', () => {
  const states = codesOf('status');
  const steps = states.flatMap((from) =>
    states.filter((to) => to !== from && mayFollow(from, to)).map((to) => `${from} > ${to}`),
  );
  const closing = states.filter((from) => {
    const exitYear = from === 'exited' ? { exitYear: 2016 } : {};
    if (from === 'struck-off') return false;
    const file = withStatus(from, exitYear);
    return !isRefused(strikeOff(file, { heldFrom: TODAY, reason: 'error' }, context()));
  });
  const all = [...steps, ...closing.map((from) => `${from} > struck-off`)];
  expect(drawn.toSorted()).toEqual(all.toSorted());
});
