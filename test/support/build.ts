import type { HouseholdFile } from '../../functions/core/household.ts';
import type { DecisionContext } from '../../functions/core/household-event.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import type { WantedHousehold, WantedMember } from '../../functions/core/household-wanted.ts';
import { checkCharacter } from '../../functions/core/identity-number.ts';
import { type Decided, isRefused } from '../../functions/core/refusal.ts';

export const TODAY = '2017-10-23';
export const VILLAGE = '350122101201';

/** What was decided; a test that expects a yes fails with the reason of the no. */
export function granted<T>(decided: Decided<T>): T {
  if (isRefused(decided)) throw new Error(`refused: ${JSON.stringify(decided)}`);
  return decided.ok;
}

/** A fictitious identity number (area 350199, issued to nobody) of someone born that day. */
export function identityOf(birth: string, order: number): string {
  const digits = `350199${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
  return digits + checkCharacter(digits);
}

let count = 0;

/** Context of a decision: a county clerk, ids that count up, and an instant that grows with every entry. */
export function context(given: Partial<DecisionContext> = {}): DecisionContext {
  count += 1;
  const at = new Date(Date.parse('2017-10-23T01:00:00Z') + count * 1000).toISOString();
  return {
    actor: 'clerk',
    role: 'office',
    at,
    today: TODAY,
    newId: (kind) => {
      count += 1;
      return `${kind}_${count}`;
    },
    ...given,
  };
}

/** A member as wanted; head of household unless told otherwise. */
export function wantedMember(given: Partial<WantedMember> = {}): WantedMember {
  const birth = given.birth ?? '1962-07-15';
  return {
    number: null,
    name: '陈样本',
    identity: identityOf(birth, 21),
    sex: 'male',
    birth,
    relation: 'head',
    facts: {},
    ...given,
  };
}

/** A household as wanted: one head, not yet exited, unless told otherwise. */
export function wantedHousehold(given: Partial<WantedHousehold> = {}): WantedHousehold {
  const { facts, ...others } = given;
  return {
    number: '3501220001',
    village: VILLAGE,
    contact: {},
    members: [wantedMember()],
    ...others,
    facts: { status: 'unexited', type: 'general', mainCause: 'illness', ...facts },
  };
}

/** A registered household of the given make, held from the first day of 2016 unless told otherwise. */
export function registered(
  given: Partial<WantedHousehold> = {},
  heldFrom = '2016-01-01',
): HouseholdFile {
  return granted(registerHousehold(wantedHousehold(given), heldFrom, context())).next;
}

/** A family of four: head, spouse, son and mother, all with identity numbers. */
export function family(): readonly WantedMember[] {
  return [
    wantedMember({ name: '陈样一', facts: { health: ['chronic'], labour: 'weak' } }),
    wantedMember({
      name: '林样二',
      birth: '1965-02-03',
      sex: 'female',
      relation: 'spouse',
      identity: identityOf('1965-02-03', 24),
      facts: { labour: 'ordinary', workMonths: 6 },
    }),
    wantedMember({
      name: '陈样三',
      birth: '2005-09-01',
      relation: 'son',
      identity: identityOf('2005-09-01', 33),
      facts: { school: 'junior-7', labour: 'none' },
    }),
    wantedMember({
      name: '黄样四',
      birth: '1938-11-20',
      sex: 'female',
      relation: 'mother',
      identity: identityOf('1938-11-20', 46),
      facts: { labour: 'none' },
    }),
  ];
}
