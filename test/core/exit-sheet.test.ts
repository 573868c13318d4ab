import { describe, expect, it } from 'vitest';
import {
  type ExitSheet,
  ExitSheetShape,
  exitSheet,
  passesAll,
  refuseSheet,
} from '../../functions/core/exit-sheet.ts';
import type { HouseholdFacts, Income } from '../../functions/core/fact.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import type { HouseholdEvent } from '../../functions/core/household-event.ts';
import type { WantedMember } from '../../functions/core/household-wanted.ts';
import { endMember } from '../../functions/core/member.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';
import { context, granted, TODAY, wantedMember } from '../support/build.ts';
import { covered, income, proving, provingMembers, pupil } from '../support/passing.ts';

const sheetOf = (file: HouseholdFile, on = TODAY, events: readonly HouseholdEvent[] = []) =>
  exitSheet(file.household, events, on);

function item(sheet: ExitSheet, criterion: string) {
  const found = sheet.items.find((one) => one.criterion === criterion);
  if (!found) throw new Error(`no ${criterion}`);
  return found;
}

const withFacts = (facts: Partial<HouseholdFacts>, on = TODAY) => sheetOf(proving({ facts }), on);
const withPupils = (pupils: readonly Partial<WantedMember>[], on = TODAY) =>
  item(
    sheetOf(
      proving({
        members: [
          wantedMember({ facts: covered }),
          ...pupils.map((one) => pupil({ ...one, facts: { ...covered, ...one.facts } })),
        ],
      }),
      on,
    ),
    'education',
  );

describe('the criteria sheet of a household', () => {
  it('passes when every item is met, and says by which rule and document', () => {
    const sheet = sheetOf(proving());
    expect(sheet.items.map(({ criterion, answer }) => [criterion, answer])).toEqual(
      ['income', 'food', 'clothes', 'education', 'medical', 'housing', 'water'].map((one) => [
        one,
        'met',
      ]),
    );
    expect(sheet).toMatchObject({ kind: 'household', on: TODAY, passes: true });
    expect(sheet.rule).toMatchObject({ id: 'household-exit', version: 1 });
    expect(sheet.rule?.source).toContain('厅字〔2016〕16号');
    expect(ExitSheetShape.parse(sheet)).toEqual(sheet);
    expect(refuseSheet(sheet)).toBeUndefined();
  });

  it('of a household of which nothing is known has no "no" in it, and does not pass', () => {
    const { household } = proving({
      members: [wantedMember()],
      facts: {},
    });
    const bare = {
      ...household,
      facts: household.facts.map((one) => ({
        ...one,
        values: { village: '350122101201', status: 'unexited' },
      })),
    };
    const sheet = exitSheet(bare, [], TODAY);
    expect(sheet.items.map(({ answer }) => answer)).toEqual([
      ...['unknown', 'unknown', 'unknown', 'met', 'unknown', 'unknown', 'unknown'],
    ]);
    expect(sheet.passes).toBe(false);
  });

  it('high income alone never suffices', () => {
    const facts = { food: false, income: { ...income, wagesFen: 900_000_000 } };
    const sheet = withFacts(facts);
    expect(item(sheet, 'income').answer).toBe('met');
    expect(sheet.passes).toBe(false);
  });

  it('of no items proves nothing', () => {
    expect(passesAll([])).toBe(false);
  });

  it('before any rule was in force says that there is none', () => {
    const sheet = sheetOf(proving({}, '2015-01-01'), '2015-12-31');
    expect(sheet).toMatchObject({ rule: null, passes: false });
    expect(sheet.items).toMatchObject([{ criterion: 'rule', answer: 'unknown' }]);
  });

  it.each([
    ['struck-off', 'struck off', '2017-05-01'],
    ['applicant', 'applicant', '2017-05-01'],
  ])('of a household that is %s says so, however well it does', (status, words, heldFrom) => {
    const { household } = proving();
    const sheet = { heldFrom, heldTo: null, enteredAt: '2017-05-01T01:00:00.000Z' };
    const facts = [...household.facts, { ...sheet, values: { status } }];
    const found = exitSheet({ ...household, facts }, [], TODAY);
    const [first, ...others] = found.items;
    expect(first).toMatchObject({ criterion: 'register', answer: 'not-met' });
    expect(first?.value.en).toContain(words);
    expect(others.every(({ answer }) => answer === 'met')).toBe(true);
    expect(found.passes).toBe(false);
  });

  it('of a household that is struck off is still that of a live one before that day', () => {
    const file = proving();
    const order = { heldFrom: '2017-10-20', reason: 'gone' };
    const { next, event } = granted(strikeOff(file, order, context()));
    expect(sheetOf(next, TODAY, [event]).passes).toBe(false);
    expect(sheetOf(next, '2017-10-19', [event]).passes).toBe(true);
  });

  it('of a day before it was registered says that it was not', () => {
    const sheet = sheetOf(proving({}, '2017-10-01'), '2017-09-30');
    expect(sheet.items[0]).toMatchObject({ criterion: 'register', answer: 'not-met', sources: [] });
    expect(sheet.items[0]?.value.en).toContain('not registered yet');
    expect(sheet.items.slice(1).map(({ answer }) => answer)).toEqual(Array(7).fill('unknown'));
  });

  it('takes a household without a recorded status for one on the register', () => {
    const { household } = proving();
    const facts = household.facts.map(({ values: { status: _, ...values }, ...sheet }) => ({
      ...sheet,
      values,
    }));
    expect(exitSheet({ ...household, facts }, [], TODAY).passes).toBe(true);
  });
});

describe('income', () => {
  const reaching = (perTwo: number, given: Partial<Income> = {}) => ({
    income: {
      ...income,
      ...{ wagesFen: perTwo, businessFen: 0, propertyFen: 0, transferFen: 0, businessCostFen: 0 },
      ...given,
    },
  });

  it('shows its formula, its parts in fen, the persons and the line with its document', () => {
    const facts = { income: { ...income, transferParts: { medicalReimbursement: 40_000 } } };
    const found = item(withFacts(facts), 'income');
    expect(found.parts).toEqual({
      formula: '(wagesFen + businessFen + propertyFen + transferFen - businessCostFen) / persons',
      ...income,
      medicalReimbursementFen: 40_000,
      netFen: 800_000,
      persons: 2,
      perHeadFen: 400_000,
      lineFen: 295_200,
      lineFrom: '2017-01-01',
      lineSource: expect.stringContaining('2017'),
    });
    expect(found.value).toEqual({
      zh: '2016-10-01 – 2017-09-30：人均 4000.00 元，高于贫困线 2952.00 元',
      en: '2016-10-01 – 2017-09-30: 4000.00 yuan per head, above the line of 2952.00 yuan',
    });
  });

  it('exactly at the line is not above it; one fen more for the whole household is', () => {
    expect(item(withFacts(reaching(590_400)), 'income').answer).toBe('not-met');
    expect(item(withFacts(reaching(590_401)), 'income').answer).toBe('met');
    expect(item(withFacts(reaching(590_399)), 'income').answer).toBe('not-met');
  });

  it('a loss is below the line', () => {
    const found = item(withFacts(reaching(0, { businessCostFen: 100 })), 'income');
    expect(found).toMatchObject({ answer: 'not-met', parts: { netFen: -100, perHeadFen: -50 } });
  });

  it.each([
    ['2017-09-30', 'met'],
    ['2018-09-30', 'met'],
    ['2018-10-01', 'unknown'],
    ['2017-09-29', 'unknown'],
  ])('of the year to 30 September 2017 counts on %s: %s', (on, answer) => {
    expect(item(withFacts({}, on), 'income').answer).toBe(answer);
  });

  it.each([
    ['2024-02-29', '2023-02-28', 'unknown'],
    ['2024-02-28', '2023-02-28', 'unknown'],
    ['2024-03-01', '2023-02-28', 'unknown'],
  ])('has no line in %s, so it is unknown however high', (on, to, answer) => {
    const facts = { income: { ...income, from: '2022-03-01', to } };
    const found = item(withFacts(facts, on), 'income');
    expect(found).toMatchObject({ answer, parts: { lineFen: null, lineSource: null } });
    expect(found.value.en).toContain('not comparable');
  });

  it('of a leap year: a period to 29 February counts until 28 February of the next year', () => {
    const facts = { income: { ...income, from: '2015-03-01', to: '2016-02-29' } };
    expect(item(withFacts(facts, '2017-02-28'), 'income').answer).toBe('met');
    expect(item(withFacts(facts, '2017-03-01'), 'income').answer).toBe('unknown');
  });

  it('too old proves nothing, but is named with how it lay to its line', () => {
    const old = { from: '2015-10-01', to: '2016-09-30' };
    const found = (perTwo: number) => item(withFacts(reaching(perTwo, old)), 'income');
    expect(found(590_400)).toMatchObject({ answer: 'unknown', parts: { lineFrom: '2016-01-01' } });
    expect(found(590_400).value.en).toContain(
      'not above the line of 2952.00 yuan; the period ended',
    );
    expect(found(700_000).value.zh).toContain(
      '，高于贫困线 2952.00 元；该收入期结束已超过 12 个月',
    );
  });

  it('of a period that is not over, or is no year, proves nothing', () => {
    const open = { from: '2017-01-01', to: '2017-12-31' };
    expect(item(withFacts(reaching(900_000, open)), 'income')).toMatchObject({
      answer: 'unknown',
      value: { en: expect.stringContaining('not over') },
    });
    for (const from of ['2016-09-01', '2017-07-01', '2016-10-02'])
      expect(item(withFacts(reaching(900_000, { from })), 'income')).toMatchObject({
        answer: 'unknown',
        value: { en: expect.stringContaining('12 months is needed') },
      });
  });

  it('nobody entered is unknown, and so is one that nobody shares', () => {
    const file = proving();
    const patch = { heldFrom: TODAY, heldTo: null, reason: null, contact: {}, members: [] };
    const order = { ...patch, facts: {}, cleared: ['income' as const] };
    const change = granted(changeHousehold(file, order, context()));
    const cleared = item(sheetOf(change?.next ?? file), 'income');
    expect(cleared).toMatchObject({ answer: 'unknown', value: { en: 'no record' } });
    expect(cleared.sources).toMatchObject([{ field: 'income', heldFrom: TODAY }]);
    const { household } = file;
    const empty = exitSheet({ ...household, members: [] }, [], TODAY);
    expect(item(empty, 'income')).toMatchObject({
      answer: 'unknown',
      parts: { persons: 0, perHeadFen: null, netFen: 800_000 },
    });
    expect(item(empty, 'medical').answer).toBe('unknown');
    expect(item(empty, 'education').answer).toBe('unknown');
  });

  it('is shared by those who are members on the day', () => {
    const file = proving();
    const leaver = file.household.members[1]?.id ?? '';
    const leaving = { person: leaver, heldTo: '2017-06-01', endReason: 'moved-out' };
    const { next, event } = granted(endMember(file, leaving, context()));
    const persons = (on: string) => item(sheetOf(next, on, [event]), 'income').parts?.persons;
    expect([persons('2017-05-31'), persons('2017-06-01')]).toEqual([2, 1]);
  });
});

describe('compulsory education', () => {
  it('is owed from 6 to 14 completed years on 31 August: the day of birth decides', () => {
    const owed = (birth: string) => withPupils([{ birth }]).parts?.pupils;
    expect(owed('2011-08-31')).toBe(1);
    expect(owed('2011-09-01')).toBe(0);
    expect(owed('2002-09-01')).toBe(1);
    expect(owed('2002-08-31')).toBe(0);
    expect(owed('2008-02-29')).toBe(1);
  });

  it('follows the school year of the day', () => {
    const owed = (on: string) => withPupils([{ birth: '2011-08-31' }], on).parts?.pupils;
    expect([owed('2017-08-30'), owed('2017-08-31')]).toEqual([0, 1]);
  });

  it('is met where nobody owes it', () => {
    const found = withPupils([{ birth: '2012-01-01' }]);
    expect(found).toMatchObject({ answer: 'met', sources: [], value: { en: 'no child owes it' } });
  });

  it.each([
    ['primary-1', 'met'],
    ['junior-9', 'met'],
    ['senior-1', 'met'],
    ['vocational-1', 'met'],
    ['pre', 'not-met'],
    ['none', 'not-met'],
  ])('of a child in %s is %s', (school, answer) => {
    expect(withPupils([{ birth: '2008-03-01', facts: { school } }]).answer).toBe(answer);
  });

  it.each([
    ['因病', 'met'],
    [' 因残 ', 'met'],
    ['illness', 'met'],
    ['厌学', 'not-met'],
    ['其他', 'not-met'],
    ['不是因病', 'not-met'],
  ])('of a child out of school for “%s” is %s', (dropoutReason, answer) => {
    const facts = { school: 'none', dropoutReason };
    expect(withPupils([{ birth: '2008-03-01', facts }]).answer).toBe(answer);
  });

  it('a reason says nothing of a child whose school nobody knows', () => {
    const facts = { dropoutReason: '因病' };
    expect(withPupils([{ birth: '2008-03-01', facts }]).answer).toBe('unknown');
  });

  it('counts, and names nobody and no reason', () => {
    const found = withPupils([
      { birth: '2008-03-01', facts: { school: 'primary-3' } },
      { birth: '2008-03-02', facts: { school: 'none', dropoutReason: '因残' } },
      { birth: '2008-03-03', facts: { school: 'none' } },
      { birth: '2008-03-04' },
    ]);
    expect(found.answer).toBe('not-met');
    expect(found.value).toEqual({
      zh: '应接受义务教育 4 人：在校 1 人，按规定不计 1 人，失学辍学 1 人，在校情况不明 1 人',
      en: '4 owe it: 1 at school, 1 excused under the rule, 1 out of school, 1 of whom it is not known',
    });
    expect(found.parts).toEqual({ pupils: 4, attending: 1, excused: 1, dropouts: 1, unknown: 1 });
    expect(found.need.zh).toContain('2017-08-31 满 6 至 14 周岁');
  });
});

describe('medical care', () => {
  const medicalOf = (people: readonly WantedMember['facts'][]) => {
    const members = people.map((facts, at) =>
      wantedMember({ relation: at === 0 ? 'head' : 'other', identity: null, facts }),
    );
    return item(sheetOf(proving({ members })), 'medical');
  };

  it('one member without one cover decides; one unknown leaves it open', () => {
    expect(medicalOf([covered, covered]).answer).toBe('met');
    expect(medicalOf([covered, { ...covered, familyDoctor: false }]).answer).toBe('not-met');
    expect(medicalOf([covered, { basicMedical: true, familyDoctor: true }]).answer).toBe('unknown');
    expect(medicalOf([{}, { ...covered, basicMedical: false }]).answer).toBe('not-met');
  });

  it('says how many lack what', () => {
    const found = medicalOf([
      covered,
      { ...covered, seriousIllness: false },
      { basicMedical: true },
    ]);
    expect(found.parts).toEqual({ persons: 3, covered: 1, lacking: 1, unknown: 1 });
    expect(found.value).toEqual({
      zh: '共 3 人：齐全 1 人，缺大病保险 1 人，大病保险不明 1 人，家庭医生签约不明 1 人',
      en: 'of 3: 1 with all, 1 without serious illness insurance, 1 not known to have serious illness insurance, 1 not known to have a family doctor',
    });
  });
});

describe('housing', () => {
  const housingOf = (facts: Partial<HouseholdFacts>) => item(withFacts(facts), 'housing').answer;

  it.each([
    ['A', undefined, 'met'],
    ['B', false, 'met'],
    ['C', true, 'met'],
    ['D', true, 'met'],
    ['C', false, 'not-met'],
    ['D', false, 'not-met'],
    ['D', undefined, 'unknown'],
  ])('of grade %s, renewed and accepted: %s, is %s', (housingGrade, renewed, answer) => {
    const known = renewed === undefined ? {} : { housingRenewed: renewed };
    expect(housingOf({ housingGrade, ...known })).toBe(answer);
  });

  it('of no known grade is unknown, renewed or not', () => {
    const { household } = proving({ facts: { housingRenewed: true } });
    const facts = household.facts.map(({ values: { housingGrade: _, ...values }, ...sheet }) => ({
      ...sheet,
      values,
    }));
    expect(item(exitSheet({ ...household, facts }, [], TODAY), 'housing').answer).toBe('unknown');
  });

  it('that was found unsafe after it had been renewed is not safe', () => {
    const file = proving({ facts: { housingGrade: 'C', housingRenewed: true } });
    const patch = { heldTo: null, reason: null, contact: {}, members: [], cleared: [] };
    const found = { ...patch, heldFrom: '2017-08-01', facts: { housingGrade: 'D' } };
    const worse = granted(changeHousehold(file, found, context()))?.next ?? file;
    const housing = item(sheetOf(worse), 'housing');
    expect(housing).toMatchObject({ answer: 'not-met' });
    expect(housing.sources.map(({ field, heldFrom }) => [field, heldFrom])).toEqual([
      ['housingGrade', '2017-08-01'],
      ['housingRenewed', '2016-01-01'],
    ]);
  });

  it('of a grade that a rule does not let be renewed is not safe', () => {
    const facts = { housingGrade: 'E', housingRenewed: true };
    const { household } = proving();
    const sheet = { heldFrom: '2017-01-01', heldTo: null, enteredAt: '2017-01-01T01:00:00.000Z' };
    const odd = { ...household, facts: [...household.facts, { ...sheet, values: facts }] };
    expect(item(exitSheet(odd, [], TODAY), 'housing').answer).toBe('not-met');
  });
});

describe('what an item rests on', () => {
  it('is told by field, since when, when entered, and by which import or person', () => {
    const file = proving();
    const patch = { heldTo: null, reason: null, contact: {}, members: [], cleared: [] };
    const found = { ...patch, heldFrom: '2017-08-01', facts: { waterSafe: true, food: false } };
    const change = granted(changeHousehold(file, found, context({ source: 'imp_7' })));
    if (!change) throw new Error('nothing changed');
    const sheet = sheetOf(change.next, TODAY, [change.event]);
    expect(item(sheet, 'food').sources).toEqual([
      { field: 'food', heldFrom: '2017-08-01', enteredAt: change.event.at, by: 'imp_7' },
    ]);
    expect(item(sheet, 'clothes').sources).toMatchObject([{ field: 'clothes', by: null }]);
    const byHand = { ...change.event, source: null };
    expect(item(sheetOf(change.next, TODAY, [byHand]), 'food').sources[0]?.by).toBe('clerk');
    expect(item(sheetOf(change.next, '2017-07-31', [change.event]), 'food').answer).toBe('met');
  });

  it('names members by id only', () => {
    const file = proving();
    const [head, child] = file.household.members;
    const sheet = sheetOf(file);
    expect(item(sheet, 'education').sources).toMatchObject([
      { field: 'school', person: child?.id },
    ]);
    expect(item(sheet, 'medical').sources.map(({ person }) => person)).toEqual([
      ...[head?.id, head?.id, head?.id],
      ...[child?.id, child?.id, child?.id],
    ]);
    const text = JSON.stringify(sheet);
    for (const member of provingMembers()) expect(text).not.toContain(member.name);
  });
});

describe('a sheet that proves nothing', () => {
  it('is refused with a reason for each item, in both languages', () => {
    const members = [wantedMember({ facts: { ...covered, familyDoctor: false } })];
    const file = proving({
      members,
      facts: { income: { ...income, to: '2016-09-30', from: '2015-10-01' } },
    });
    const refusal = refuseSheet(sheetOf(file));
    expect(refusal).toMatchObject({ refused: 'exit-not-proven', values: { count: 2 } });
    expect(refusal?.faults?.map(({ field, code }) => [field, code])).toEqual([
      ['income', 'criterion-unknown'],
      ['medical', 'criterion-not-met'],
    ]);
    const said = refusal?.faults?.map(({ code, values }) => wordsOf(code, 'zh', values)) ?? [];
    expect(said[0]).toContain('情况不明');
    expect(said[1]).toBe(
      '全家人人有基本医疗保险、大病保险、家庭医生签约：未达到。现状：共 1 人：缺家庭医生签约 1 人。',
    );
    const english = refusal?.faults?.map(({ code, values }) => wordsOf(code, 'en', values)) ?? [];
    expect(english[1]).toContain('of 1: 1 without a family doctor');
    expect([...said, ...english].join('')).not.toMatch(/[{}]/);
  });
});
