import { describe, expect, it } from 'vitest';
import { HouseholdChanges, NewHousehold, NewMember } from '../../functions/core/household-input.ts';
import { parseChanges, parseHousehold, parseMember } from '../../functions/core/household-parse.ts';
import { granted, identityOf, TODAY, VILLAGE } from '../support/build.ts';

const number = identityOf('1962-07-15', 21);
const head = { name: '陈样本', relation: 'head', identityNumber: number };
const body = { number: '1', village: VILLAGE, facts: { status: 'new' }, members: [head] };

const register = (given: object) =>
  parseHousehold(NewHousehold.parse({ ...body, ...given }), TODAY);

describe('what a clerk enters', () => {
  it('numbers are normalised, birth and sex follow the identity number, silence stays silence', () => {
    const contact = { phone: '１００ 0000 0017', bankName: '样本信用社', bankAccount: null };
    expect(granted(register({ contact }))).toEqual({
      number: '1',
      village: VILLAGE,
      facts: { status: 'new' },
      contact: { phone: '10000000017', bankName: '样本信用社', bankAccount: null },
      members: [
        {
          identity: number,
          birth: '1962-07-15',
          sex: 'male',
          name: '陈样本',
          number: null,
          relation: 'head',
          facts: {},
        },
      ],
    });
    expect(granted(register({})).contact).toEqual({});
  });

  it('a disability card tells kind and grade, unless they are stated otherwise', () => {
    const card = { ...head, identityNumber: `${number}43` };
    expect(granted(register({ members: [card] })).members[0]?.facts).toEqual({
      disabilityKind: 4,
      disabilityGrade: 3,
    });
    const stated = { ...card, facts: { disabilityGrade: 1 } };
    expect(granted(register({ members: [stated] })).members[0]?.facts.disabilityGrade).toBe(1);
  });

  it('sex and birth beside an identity number must agree with it', () => {
    const agreeing = { ...head, sex: 'male', birth: '1962-07-15' };
    expect(granted(register({ members: [agreeing] })).members).toHaveLength(1);
    expect(register({ members: [{ ...head, sex: 'female', birth: '1962-07-16' }] })).toMatchObject({
      faults: [
        { field: 'members.0.identityNumber', code: 'identity-sex' },
        { field: 'members.0.birth', code: 'identity-birth' },
      ],
    });
  });

  it('someone without a number needs sex and birth, and cannot be born tomorrow', () => {
    const newborn = { name: '陈新生', relation: 'son', sex: 'male', birth: TODAY, number: '02' };
    expect(granted(register({ members: [newborn] })).members[0]).toMatchObject({
      identity: null,
      birth: TODAY,
      number: '02',
    });
    expect(register({ members: [{ ...newborn, birth: '2017-10-24' }] })).toMatchObject({
      faults: [{ field: 'members.0.birth', code: 'date-future' }],
    });
    expect(register({ members: [{ name: '陈', relation: 'son' }] })).toMatchObject({
      faults: [{ field: 'members.0.sex' }, { field: 'members.0.birth' }],
    });
  });

  it('a wrong number is told at its field', () => {
    expect(register({ members: [{ ...head, identityNumber: '1' }] })).toEqual({
      refused: 'request-invalid',
      faults: [{ field: 'members.0.identityNumber', code: 'identity-length' }],
    });
  });

  it('a member joins today unless told otherwise', () => {
    const joining = NewMember.parse({ ...head, reason: 'marriage' });
    expect(granted(parseMember(joining, TODAY))).toMatchObject({
      heldFrom: TODAY,
      joinReason: 'marriage',
    });
    const earlier = { ...joining, heldFrom: '2017-01-01' };
    expect(granted(parseMember(earlier, TODAY)).heldFrom).toBe('2017-01-01');
  });

  it('changes hold from today unless told otherwise, and only what is stated changes', () => {
    expect(granted(parseChanges(HouseholdChanges.parse({}), TODAY))).toEqual({
      heldFrom: TODAY,
      heldTo: null,
      reason: null,
      facts: {},
      cleared: [],
      contact: {},
      members: [],
    });
    const full = {
      heldFrom: '2016-01-01',
      heldTo: '2017-01-01',
      reason: '核实',
      facts: { food: true },
      cleared: ['clothes'],
      members: [
        {
          id: 'per_1',
          identityNumber: `${number}43`,
          facts: { labour: 'weak' },
          cleared: ['school'],
        },
        { id: 'per_2', name: '林样' },
      ],
    };
    expect(granted(parseChanges(HouseholdChanges.parse(full), TODAY))).toMatchObject({
      heldTo: '2017-01-01',
      reason: '核实',
      facts: { food: true },
      cleared: ['clothes'],
      members: [
        {
          person: 'per_1',
          identity: { number },
          facts: { labour: 'weak', disabilityKind: 4, disabilityGrade: 3 },
          cleared: ['school'],
        },
        { person: 'per_2', name: '林样', facts: {}, cleared: [] },
      ],
    });
    const wrong = HouseholdChanges.parse({ members: [{ id: 'per_1', identityNumber: '' }] });
    expect(parseChanges(wrong, TODAY)).toMatchObject({
      faults: [{ field: 'members.0.identityNumber', code: 'identity-missing' }],
    });
  });
});
