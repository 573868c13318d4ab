import { expect, it } from 'vitest';
import { numbersOf, withKnownPersons } from '../../functions/core/known-person.ts';
import { identityOf, wantedMember } from '../support/build.ts';

const identity = identityOf('1962-07-15', 31);
const holder = (live: boolean) => new Map([[identity, { person: 'per_old', live }]]);

it('who left another household keeps the id; who is live elsewhere, or has no number, gets none', () => {
  const known = wantedMember({ identity });
  const unnumbered = wantedMember({ identity: null });
  expect(withKnownPersons([known], holder(false))).toEqual([{ ...known, id: 'per_old' }]);
  expect(withKnownPersons([known], holder(true))).toEqual([known]);
  expect(withKnownPersons([unnumbered], holder(false))).toEqual([unnumbered]);
});

it('the numbers stated are those of members who have one', () => {
  const members = [wantedMember({ identity }), wantedMember({ identity: null })];
  expect(numbersOf(members)).toEqual([identity]);
});
