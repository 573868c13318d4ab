import type * as z from 'zod';
import { HealthPersons } from './health-view.ts';
import { MeasureList, type MeasureRow as MeasureShape } from './measure-view.ts';
import { type Column, columnsOf, listing } from './sheet.ts';

type MeasureRow = z.infer<typeof MeasureShape>;

const measure = columnsOf<MeasureRow>();

const household: readonly Column<MeasureRow>[] = [
  ...measure.placed(({ household: { village } }) => village),
  measure.text('householdNumber', ({ household: { number } }) => number),
  measure.text('headName', ({ household: { headName } }) => headName),
  measure.labels('status', 'status', ({ household: { status } }) => [status]),
  measure.word('measureOf', ({ person }) => (person === null ? 'aHousehold' : 'aMember')),
];

const loan: readonly Column<MeasureRow>[] = [
  measure.yuan('loanPrincipal', (row) => row.loan?.principalFen),
  measure.yuan('loanOutstanding', (row) => row.loan?.outstandingFen),
  measure.text('loanDue', (row) => row.loan?.dueOn),
  measure.answered('loanOverdue', (row) => row.loan && row.overdue),
  measure.answered('loanTopUp', (row) => row.loan?.topUp),
];

/** Measures of every kind: posts, trainings and micro-credits with what only these have. */
export const measureSheet = listing(MeasureList, {
  title: { zh: '帮扶措施清单', en: 'Measures of assistance' },
  about: ({ area, asOf }) => ({ area, asOf }),
  rows: ({ items }) => items,
  columns: [
    ...household,
    measure.labels('measureKind', 'measureKind', ({ kind }) => [kind]),
    measure.labels('measureBatch', 'measure', ({ batch }) => [batch]),
    { heading: 'mode', kind: 'mode', value: ({ mode }) => mode },
    measure.text('startedOn', ({ startedOn }) => startedOn),
    measure.text('plannedEnd', ({ plannedEnd }) => plannedEnd),
    measure.text('endedOn', ({ endedOn }) => endedOn),
    measure.word('state', ({ state }) => state),
    measure.labels('measureResult', 'measureResult', ({ result }) => [result]),
    measure.count('incomeYear', ({ income }) => income.at(-1)?.year),
    measure.yuan('incomeYuan', ({ income }) => income.at(-1)?.fen),
    measure.yuan('wageMonth', ({ post }) => post?.wageFen),
    measure.answered('postInsured', ({ post }) => post?.insured),
    measure.count('trainingDays', ({ training }) => training?.dayCount),
    measure.answered('certificate', ({ training }) => training?.certificate),
    ...loan,
  ],
});

/** Micro-credits that are not repaid, with the days they are due. */
export const loanSheet = listing(MeasureList, {
  title: { zh: '未还清的小额信贷', en: 'Micro-credits not repaid' },
  about: ({ area, asOf }) => ({ area, asOf }),
  rows: ({ items }) => items,
  columns: [...household, measure.text('startedOn', ({ startedOn }) => startedOn), ...loan],
});

type PersonRow = z.infer<typeof HealthPersons>['items'][number];

const person = columnsOf<PersonRow>();

/** Persons by contract and follow-up; no disease. */
export const careSheet = listing(HealthPersons, {
  title: { zh: '家庭医生签约与随访名单', en: 'Family doctors and follow-ups' },
  about: ({ area, asOf }) => ({ area, asOf }),
  rows: ({ items }) => items,
  columns: [
    ...person.placed((row) => row.household.village),
    person.text('householdNumber', (row) => row.household.number),
    person.text('headName', (row) => row.household.headName),
    person.text('personName', ({ person }) => person.name),
    person.word('doctorStanding', ({ doctor }) => `doctor-${doctor}`),
    person.text('contractTo', ({ contractTo }) => contractTo),
    person.text('lastFollowUp', ({ lastFollowUp }) => lastFollowUp),
    person.text('followUpDue', ({ followUp }) => followUp?.dueOn),
    person.word('followUpState', ({ followUp }) => followUp && `followUp-${followUp.state}`),
  ],
});
