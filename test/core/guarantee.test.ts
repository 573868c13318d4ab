import { describe, expect, it } from 'vitest';
import {
  guaranteesOf,
  isOfCompulsoryAge,
  schoolYearStart,
} from '../../functions/core/guarantee.ts';
import { member, roster } from '../support/roster.ts';

const day = '2017-10-23';
const insured = { basicMedical: true, seriousIllness: true, familyDoctor: true };

describe('the guarantees of a household', () => {
  it('nothing known is unknown, never "not met"', () => {
    const known = guaranteesOf(roster(), day);
    expect(known).toMatchObject({ food: 'unknown', housing: 'unknown', water: 'unknown' });
    expect(known).toMatchObject({ medical: 'unknown', 'family-doctor': 'unknown', all: 'unknown' });
  });

  it('education is met where no child owes it', () => {
    expect(guaranteesOf(roster(), day).education).toBe('met');
  });

  it('all are met when each of the five is; water does not decide it', () => {
    const safe = roster({
      food: true,
      clothes: true,
      housingGrade: 'B',
      waterSafe: false,
      members: [
        member(insured),
        member({ ...insured, birth: '2008-03-01', school: 'primary-3' }),
        member({ ...insured, birth: '2003-03-01', school: 'junior-9' }),
      ],
    });
    expect(guaranteesOf(safe, day)).toMatchObject({
      all: 'met',
      education: 'met',
      water: 'not-met',
    });
  });

  it('one "no" decides even where another fact is unknown', () => {
    const pupils = roster({
      food: false,
      housingGrade: 'C',
      members: [
        member({ birth: '2008-03-01', school: null }),
        member({ birth: '2009-03-01', school: 'none', basicMedical: false }),
      ],
    });
    expect(guaranteesOf(pupils, day)).toMatchObject({
      education: 'not-met',
      medical: 'not-met',
      housing: 'not-met',
      all: 'not-met',
    });
  });

  it('a child of school age whose school nobody recorded leaves education open', () => {
    const child = roster({ members: [member({ birth: '2008-03-01' })] });
    expect(guaranteesOf(child, day).education).toBe('unknown');
  });
});

describe('compulsory age', () => {
  it('is 6 to 14 completed years on the last 31 August not after the day', () => {
    expect(schoolYearStart('2017-08-30')).toBe('2016-08-31');
    expect(schoolYearStart('2017-08-31')).toBe('2017-08-31');
    expect(isOfCompulsoryAge('2011-08-31', day)).toBe(true);
    expect(isOfCompulsoryAge('2011-09-01', day)).toBe(false);
    expect(isOfCompulsoryAge('2002-09-01', day)).toBe(true);
    expect(isOfCompulsoryAge('2002-08-31', day)).toBe(false);
  });
});
