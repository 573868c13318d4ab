import { describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import {
  current,
  type HouseholdFile,
  statusOfHousehold,
  villageOf,
} from '../../functions/core/household.ts';
import {
  changeHousehold,
  type HouseholdPatch,
  type MemberPatch,
} from '../../functions/core/household-change.ts';
import { assignHelpers, moveHousehold, strikeOff } from '../../functions/core/household-close.ts';
import { replacedSecrets } from '../../functions/core/household-event.ts';
import { mayFollow, openingStates } from '../../functions/core/household-status.ts';
import { maskIdentity } from '../../functions/core/identity-number.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import {
  context,
  family,
  granted,
  identityOf,
  registered,
  TODAY,
  VILLAGE,
} from '../support/build.ts';

function patchOf(given: Partial<HouseholdPatch>): HouseholdPatch {
  return {
    heldFrom: '2017-06-01',
    heldTo: null,
    reason: null,
    facts: {},
    cleared: [],
    contact: {},
    members: [],
    ...given,
  };
}

function change(file: HouseholdFile, given: Partial<HouseholdPatch>) {
  return changeHousehold(file, patchOf(given), context());
}

/** A patch of the file's first member. */
function ofHead(file: HouseholdFile, given: Partial<MemberPatch>): Partial<HouseholdPatch> {
  const person = file.household.members[0]?.id ?? '';
  return { members: [{ person, facts: {}, cleared: [], ...given }] };
}

describe('changing a household', () => {
  it('a fact is replaced from its day on, and the event keeps what it replaced', () => {
    const file = registered({ facts: { housingGrade: 'C' } });
    const changed = granted(change(file, { facts: { housingGrade: 'A' } }));
    expect(changed?.next.household.version).toBe(2);
    expect(current(changed?.next.household.facts ?? [])).toMatchObject({ housingGrade: 'A' });
    expect(changed?.event).toMatchObject({
      kind: 'changed',
      version: 2,
      changes: [{ field: 'housingGrade', person: null, before: 'C', after: 'A' }],
      putAway: [{ heldFrom: '2016-01-01', values: { housingGrade: 'C' } }],
    });
  });

  it('saying again what is known changes nothing', () => {
    const file = registered({
      facts: { housingGrade: 'C', measures: ['production', 'education'] },
    });
    const same = { housingGrade: 'C', measures: ['education', 'production'] };
    expect(change(file, { facts: same })).toEqual({ ok: undefined });
    expect(change(file, { contact: { phone: null } })).toEqual({ ok: undefined });
  });

  it('a fact of the past alone leaves the present as it is', () => {
    const file = registered({ facts: { housingGrade: 'C' } });
    const past = { heldFrom: '2015-01-01', heldTo: '2016-01-01', facts: { housingGrade: 'D' } };
    const changed = granted(change(file, past));
    expect(current(changed?.next.household.facts ?? [])).toEqual(current(file.household.facts));
    expect(changed?.event).toMatchObject({
      changes: [],
      putAway: [{ values: { housingGrade: 'D' } }],
    });
  });

  it('a cleared fact is unknown from that day, not "no"', () => {
    const file = registered({ facts: { waterSafe: true } });
    const changed = granted(change(file, { cleared: ['waterSafe'] }));
    expect(current(changed?.next.household.facts ?? [])).not.toHaveProperty('waterSafe');
    expect(changed?.event.changes).toEqual([
      { field: 'waterSafe', person: null, before: true, after: null },
    ]);
  });

  it('every step of status is taken or refused as the register allows', () => {
    const steps = openingStates.flatMap((from) =>
      codesOf('status')
        .filter((to) => to !== 'struck-off')
        .map((to) => ({ from, to })),
    );
    for (const { from, to } of steps) {
      const exit = from === 'exited' ? { exitYear: 2016 } : {};
      const file = registered({ facts: { status: from, ...exit } });
      const facts = { status: to, ...(to === 'exited' && { exitYear: 2017 }) };
      const cleared = to !== 'exited' && from === 'exited' ? ['exitYear' as const] : [];
      const done = change(file, { facts, cleared, reason: '评议通过' });
      expect({ from, to, refused: isRefused(done) }).toEqual({
        from,
        to,
        refused: !mayFollow(from, to),
      });
    }
  });

  it('a status nobody knows leads nowhere', () => {
    expect(mayFollow('lost', 'exited')).toBe(false);
  });

  it('striking off has a way of its own', () => {
    expect(change(registered(), { facts: { status: 'struck-off' }, reason: '错' })).toMatchObject({
      refused: 'procedure-required',
    });
  });

  it('a household that falls back loses its exit year, and its history keeps it', () => {
    const file = registered({ facts: { status: 'exited', exitYear: 2016 } });
    const changed = granted(change(file, { facts: { status: 'returned' }, reason: '因病返贫' }));
    expect(statusOfHousehold(changed?.next.household ?? file.household)).toBe('returned');
    expect(current(changed?.next.household.facts ?? [])).not.toHaveProperty('exitYear');
    expect(changed?.event.putAway).toMatchObject([{ values: { exitYear: 2016 } }]);
  });

  it.each(['status', 'village'] as const)(
    'the %s is always known and cannot be cleared',
    (field) => {
      expect(change(registered(), { cleared: [field] })).toMatchObject({
        refused: 'value-missing',
      });
    },
  );

  it('the relation of a member cannot be cleared', () => {
    const file = registered();
    expect(change(file, ofHead(file, { cleared: ['relation'] }))).toMatchObject({
      refused: 'value-missing',
    });
  });

  it('a change of status, village or identity number needs a reason', () => {
    const file = registered();
    const identity = {
      number: identityOf('1962-07-15', 23),
      birth: '1962-07-15',
      sex: 'male' as const,
      card: null,
    };
    for (const grave of [
      { facts: { status: 'pre-exit' } },
      { facts: { village: '350122101202' } },
      ofHead(file, { identity }),
    ]) {
      expect(change(file, grave)).toMatchObject({ refused: 'reason-required' });
      expect(isRefused(change(file, { ...grave, reason: '录入错误' }))).toBe(false);
    }
  });

  it('a move to another village is an event of its own kind', () => {
    const moved = granted(
      change(registered(), { facts: { village: '350122101202' }, reason: '搬迁' }),
    );
    expect(moved?.event.kind).toBe('moved');
  });

  it('a corrected identity number brings birth and sex with it and is shown masked, the old one kept sealed', () => {
    const file = registered();
    const number = identityOf('1963-07-15', 24);
    const identity = { number, birth: '1963-07-15', sex: 'female' as const, card: null };
    const changed = granted(change(file, { ...ofHead(file, { identity }), reason: '录入错误' }));
    const member = changed?.next.household.members[0];
    expect(member).toMatchObject({
      birth: '1963-07-15',
      sex: 'female',
      identityMasked: maskIdentity(number),
    });
    const old = file.secrets.identities[member?.id ?? ''] ?? '';
    const shown = JSON.stringify(changed?.event);
    expect(shown).toContain(maskIdentity(old));
    expect(shown).not.toContain(old);
    expect(shown).not.toContain(number);
    expect(replacedSecrets(file.secrets, changed?.next.secrets ?? file.secrets)).toEqual({
      identities: { [member?.id ?? '']: old },
    });
  });

  it('a first identity number for someone who had none needs no reason', () => {
    const members = family().map((one) =>
      one.relation === 'son' ? { ...one, identity: null } : one,
    );
    const file = registered({ members });
    const person = file.household.members[2]?.id ?? '';
    const identity = {
      number: identityOf('2005-09-01', 33),
      birth: '2005-09-01',
      sex: 'male' as const,
      card: null,
    };
    const changed = granted(
      change(file, { members: [{ person, identity, facts: {}, cleared: [] }] }),
    );
    expect(changed?.event.changes).toMatchObject([
      { field: 'identityNumber', before: null, after: maskIdentity(identity.number) },
    ]);
  });

  it('an identity number of someone born after joining is refused', () => {
    const file = registered();
    const identity = {
      number: identityOf('2017-01-01', 23),
      birth: '2017-01-01',
      sex: 'male' as const,
      card: null,
    };
    expect(change(file, { ...ofHead(file, { identity }), reason: '错' })).toMatchObject({
      refused: 'date-order',
    });
  });

  it('names, ledger numbers and facts of members change too', () => {
    const file = registered();
    const changed = granted(
      change(file, ofHead(file, { name: '陈改名', number: '01', facts: { labour: 'weak' } })),
    );
    expect(changed?.event.changes.map(({ field, after }) => [field, after])).toEqual([
      ['name', '陈改名'],
      ['number', '01'],
      ['labour', 'weak'],
    ]);
  });

  it('a replaced fact of a member is put away under the member', () => {
    const file = registered({ members: family() });
    const changed = granted(change(file, ofHead(file, { facts: { labour: 'lost' } })));
    expect(changed?.event.putAwayOf).toMatchObject([
      { person: file.household.members[0]?.id, sheets: [{ values: { labour: 'weak' } }] },
    ]);
  });

  it('a stranger is no member', () => {
    const members = [{ person: 'per_x', facts: {}, cleared: [] }];
    expect(change(registered(), { members })).toMatchObject({ refused: 'member-unknown' });
  });

  it('phone, bank and account change masked, and what they replaced stays sealed', () => {
    const file = registered({ contact: { phone: '10000000017', bankAccount: '0000123456' } });
    const contact = { phone: '10000000018', bankName: '样本信用社', bankAccount: null };
    const changed = granted(change(file, { contact }));
    expect(changed?.event.changes).toEqual([
      { field: 'bankName', person: null, before: null, after: '样本信用社' },
      { field: 'phone', person: null, before: '100******17', after: '100******18' },
      { field: 'bankAccount', person: null, before: '****3456', after: null },
    ]);
    expect(replacedSecrets(file.secrets, changed?.next.secrets ?? file.secrets)).toEqual({
      phone: '10000000017',
      bankAccount: '0000123456',
    });
  });

  it('days to come are refused', () => {
    expect(change(registered(), { heldFrom: '2017-10-24' })).toMatchObject({
      refused: 'date-future',
    });
  });
});

describe('closing, moving, helping', () => {
  const order = { heldFrom: '2017-03-01', reason: 'error' };

  it('a struck-off household keeps its members and takes no change any more', () => {
    const file = registered({ members: family() });
    const { next, event } = granted(strikeOff(file, order, context()));
    expect(event).toMatchObject({ kind: 'struck-off', reason: 'error', heldOn: '2017-03-01' });
    expect(next.household.members).toEqual(file.household.members);
    expect(strikeOff(next, order, context())).toMatchObject({ refused: 'household-closed' });
    expect(change(next, { facts: { food: true } })).toMatchObject({ refused: 'household-closed' });
    expect(assignHelpers(next, { subs: ['h'], ...order }, context())).toMatchObject({
      refused: 'household-closed',
    });
  });

  it('cannot be struck off before its present status, or from tomorrow', () => {
    const file = registered();
    expect(strikeOff(file, { ...order, heldFrom: '2015-12-31' }, context())).toMatchObject({
      refused: 'date-order',
    });
    expect(strikeOff(file, { ...order, heldFrom: '2017-10-24' }, context())).toMatchObject({
      refused: 'date-future',
    });
  });

  it('is re-homed to another village, struck off or not, and moving twice is moving once', () => {
    const file = registered();
    const move = { village: '350122101202', heldFrom: TODAY, reason: '更名' };
    for (const one of [file, granted(strikeOff(file, order, context())).next]) {
      const moved = granted(moveHousehold(one, move, context()));
      expect(villageOf(moved?.next.household ?? one.household)).toBe(move.village);
      expect(moved?.event).toMatchObject({ kind: 'moved', reason: '更名' });
      expect(moveHousehold(moved?.next ?? one, move, context())).toEqual({ ok: undefined });
    }
  });

  it('cannot be re-homed on a day before its present placement, or tomorrow', () => {
    const move = { village: '350122101202', heldFrom: '2015-01-01', reason: '更名' };
    expect(moveHousehold(registered(), move, context())).toMatchObject({ refused: 'date-order' });
    expect(
      moveHousehold(registered(), { ...move, heldFrom: '2017-10-24' }, context()),
    ).toMatchObject({ refused: 'date-future' });
    expect(villageOf(registered().household)).toBe(VILLAGE);
  });

  it('helpers paired with it are kept once each, in order', () => {
    const helpers = { subs: ['b', 'a', 'b'], heldFrom: TODAY, reason: '结对' };
    const changed = granted(assignHelpers(registered(), helpers, context()));
    expect(changed?.next.household.helperSubs).toEqual(['a', 'b']);
    expect(changed?.event.changes).toMatchObject([
      { field: 'helpers', before: [], after: ['a', 'b'] },
    ]);
    expect(assignHelpers(changed?.next ?? registered(), helpers, context())).toEqual({
      ok: undefined,
    });
  });
});
