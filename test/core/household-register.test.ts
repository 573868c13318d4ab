import { describe, expect, it } from 'vitest';
import { current, headOf, statusOfHousehold, villageOf } from '../../functions/core/household.ts';
import { refuseFile } from '../../functions/core/household-check.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import {
  context,
  family,
  granted,
  identityOf,
  registered,
  TODAY,
  VILLAGE,
  wantedHousehold,
  wantedMember,
} from '../support/build.ts';

const register = (given: Parameters<typeof wantedHousehold>[0], heldFrom = '2016-01-01') =>
  registerHousehold(wantedHousehold(given), heldFrom, context());

describe('registering a household', () => {
  it('gives it a file of version 1 with its facts, members and contact, and says who did it', () => {
    const doing = context({ actor: 'wang' });
    const wanted = wantedHousehold({
      members: family(),
      contact: { phone: '10000000017', bankName: '样本信用社', bankAccount: '0000123456' },
      facts: { identifiedYear: 2015 },
    });
    const { next, event } = granted(registerHousehold(wanted, '2016-01-01', doing));
    const { household, secrets } = next;
    expect(household).toMatchObject({ version: 1, county: '350122', number: wanted.number });
    expect(villageOf(household)).toBe(VILLAGE);
    expect(current(household.facts)).toMatchObject({ identifiedYear: 2015, mainCause: 'illness' });
    expect(household.members.map(({ name }) => name)).toEqual(family().map(({ name }) => name));
    expect(secrets).toMatchObject({ phone: '10000000017', bankAccount: '0000123456' });
    expect(JSON.stringify(household)).not.toMatch(/10000000017|0000123456/);
    expect(event).toMatchObject({
      kind: 'registered',
      version: 1,
      actor: 'wang',
      at: doing.at,
      heldOn: '2016-01-01',
      changes: [],
      source: null,
    });
  });

  it('shows identity numbers masked only, and keeps the full ones apart', () => {
    const { household, secrets } = registered({ members: family() });
    for (const [place, wanted] of family().entries()) {
      const member = household.members[place];
      expect(secrets.identities[member?.id ?? '']).toBe(wanted.identity);
      expect(JSON.stringify(household)).not.toContain(wanted.identity);
    }
  });

  it('puts the head first, wherever the head stood', () => {
    const { household } = registered({ members: family().toReversed() });
    expect(household.members[0]).toBe(headOf(household));
  });

  it('nobody belongs to a household before birth', () => {
    const { household } = registered({ members: family() }, '2005-01-01');
    expect(household.members.map((member) => member.heldFrom)).toEqual([
      '2005-01-01',
      '2005-01-01',
      '2005-09-01',
      '2005-01-01',
    ]);
  });

  it('keeps the id of a person who was registered before', () => {
    const { household } = registered({ members: [wantedMember({ id: 'per_known' })] });
    expect(household.members[0]?.id).toBe('per_known');
  });

  it('a newborn without an identity number can be entered', () => {
    const child = wantedMember({ identity: null, relation: 'son', birth: '2017-10-01' });
    const { household, secrets } = registered({ members: [wantedMember(), child] }, TODAY);
    const entered = household.members[1];
    expect(entered?.identityMasked).toBeNull();
    expect(Object.keys(secrets.identities)).toEqual([household.members[0]?.id]);
  });

  it.each([
    ['a place that is no village', { village: '350122101' }, 'area-not-village'],
    ['no status', { facts: { status: undefined } }, 'value-missing'],
    [
      'a status that comes only by striking off',
      { facts: { status: 'struck-off' } },
      'status-transition',
    ],
    ['nobody in it', { members: [] }, 'household-empty'],
    ['no head', { members: [wantedMember({ relation: 'son' })] }, 'head-missing'],
    [
      'two heads',
      { members: [wantedMember(), wantedMember({ identity: identityOf('1962-07-15', 23) })] },
      'head-twice',
    ],
    [
      'the same person twice',
      { members: [wantedMember(), wantedMember({ relation: 'son' })] },
      'person-twice',
    ],
    [
      'other causes without a main one',
      { facts: { mainCause: undefined, otherCauses: ['land'] } },
      'value-missing',
    ],
    [
      'three other causes',
      { facts: { otherCauses: ['land', 'water', 'skill'] } },
      'cause-too-many',
    ],
    ['the main cause among the others', { facts: { otherCauses: ['illness'] } }, 'cause-too-many'],
    ['one other cause named twice', { facts: { otherCauses: ['land', 'land'] } }, 'cause-too-many'],
    ['an exit without its year', { facts: { status: 'exited' } }, 'exit-year-missing'],
    ['an exit year before exit', { facts: { exitYear: 2016 } }, 'exit-year-unexpected'],
    [
      'an exit before identification',
      { facts: { status: 'exited', exitYear: 2014, identifiedYear: 2015 } },
      'exit-before-identification',
    ],
    ['an exit year to come', { facts: { status: 'exited', exitYear: 2018 } }, 'date-future'],
    ['an identification year to come', { facts: { identifiedYear: 2018 } }, 'date-future'],
  ])('is refused with %s', (_, given, code) => {
    expect(Reflect.apply(register, undefined, [given])).toMatchObject({ refused: code });
  });

  it('is refused from tomorrow on', () => {
    expect(register({}, '2017-10-24')).toMatchObject({ refused: 'date-future' });
  });

  it('a file without village or status is no household', () => {
    const file = registered();
    const bare = { ...file, household: { ...file.household, facts: [] } };
    expect(refuseFile(bare, TODAY)).toMatchObject({ values: { field: 'village' } });
    expect([villageOf(bare.household), statusOfHousehold(bare.household)]).toEqual(['', 'new']);
    const facts = [{ heldFrom: TODAY, heldTo: null, enteredAt: '', values: { village: VILLAGE } }];
    const placed = { ...file, household: { ...file.household, facts } };
    expect(refuseFile(placed, TODAY)).toMatchObject({ values: { field: 'status' } });
  });

  it('two other causes, and an exit in the year of identification, are in order', () => {
    const { household } = registered({
      facts: {
        status: 'exited',
        exitYear: 2016,
        identifiedYear: 2016,
        otherCauses: ['land', 'water'],
      },
    });
    expect(statusOfHousehold(household)).toBe('exited');
  });

  it('an exit whose identification year is unknown is taken', () => {
    const { household } = registered({ facts: { status: 'exited', exitYear: 2016 } });
    expect(current(household.facts).exitYear).toBe(2016);
  });
});
