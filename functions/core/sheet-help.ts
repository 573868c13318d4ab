import type * as z from 'zod';
import { Gaps, HelperFileView, HelperList, type PairingView } from './pairing-view.ts';
import { type Column, columnsOf, listing } from './sheet.ts';
import { OverdueList, type OverdueRow as OverdueShape } from './visit-view.ts';

type HelperRow = z.infer<typeof HelperList>['items'][number];
type OverdueRow = z.infer<typeof OverdueShape>;

const helper = columnsOf<HelperRow>();

/** The directory of helpers, phones masked as everywhere. */
export const helperSheet = listing(HelperList, {
  title: { zh: '帮扶力量名录', en: 'Helpers' },
  about: ({ area }) => ({ area }),
  rows: ({ items }) => items,
  columns: [
    helper.word('helperKind', ({ kind }) => kind),
    helper.text('helperName', ({ name }) => name),
    helper.text('organisation', ({ organisation }) => organisation),
    helper.text('post', ({ post }) => post),
    helper.text('contactName', ({ contact }) => contact),
    helper.text('phone', ({ phoneMasked }) => phoneMasked),
    ...helper.placed(({ area }) => area),
    helper.count('households', ({ households }) => households),
    helper.count('villages', ({ villages }) => villages),
    helper.count('mostHouseholds', ({ mostHouseholds }) => mostHouseholds),
  ],
});

/** Where help is lacking, each with what it is about. */
interface GapRow {
  readonly gap: string;
  readonly village: string | null;
  readonly lacks: readonly string[];
  readonly kind: string | null;
  readonly name: string | null;
  readonly number: string | null;
  readonly households: number | null;
  readonly limit: number | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: string | null;
}

const nothing: Omit<GapRow, 'gap'> = {
  ...{ village: null, lacks: [], kind: null, name: null, number: null },
  ...{ households: null, limit: null, from: null, to: null, reason: null },
};

type GapList = z.infer<typeof Gaps>;

function gapOf(gap: string, { subject, ...pairing }: GapList['toEnd'][number]): GapRow {
  const { kind, helperName: name, from, to, endReason: reason } = pairing;
  const { village, number = null } = subject;
  return { ...nothing, gap, village, number, kind, name, from, to, reason };
}

function gapRows({ villages, overloaded, withoutSuccessor, toEnd }: GapList): readonly GapRow[] {
  return [
    ...villages.map((one) => ({ ...nothing, ...one, gap: 'gapVillage' })),
    ...overloaded.map(({ helper: { kind, name }, households, limit }) => {
      return { ...nothing, gap: 'gapOverloaded', kind, name, households, limit };
    }),
    ...withoutSuccessor.map((one) => gapOf('gapEnded', one)),
    ...toEnd.map((one) => gapOf('gapToEnd', one)),
  ];
}

const gap = columnsOf<GapRow>();

/** Gaps of an area in one list; households nobody answers for are a list of households. */
export const gapSheet = listing(Gaps, {
  title: { zh: '帮扶缺口', en: 'Where help is lacking' },
  about: ({ area }) => ({ area }),
  rows: gapRows,
  columns: [
    gap.word('gap', ({ gap }) => gap),
    ...gap.placed(({ village }) => village),
    gap.text('householdNumber', ({ number }) => number),
    gap.allWords('lacks', ({ lacks }) => lacks),
    gap.word('helperKind', ({ kind }) => kind),
    gap.text('helperName', ({ name }) => name),
    gap.count('households', ({ households }) => households),
    gap.count('mostHouseholds', ({ limit }) => limit),
    gap.text('pairedFrom', ({ from }) => from),
    gap.text('pairedTo', ({ to }) => to),
    gap.text('endWhy', ({ reason }) => reason),
  ],
});

type PairingRow = z.infer<typeof PairingView>;

const paired = columnsOf<PairingRow>();

const contributions: readonly Column<PairingRow>[] = [
  paired.yuan('promisedMoney', ({ promised }) => promised.moneyFen),
  paired.count('promisedProjects', ({ promised }) => promised.projects),
  paired.count('promisedJobs', ({ promised }) => promised.jobs),
  paired.text('promisedGoods', ({ promised }) => promised.goods),
  paired.yuan('deliveredMoney', ({ delivered }) => delivered.moneyFen),
  paired.count('deliveredProjects', ({ delivered }) => delivered.projects),
  paired.count('deliveredJobs', ({ delivered }) => delivered.jobs),
];

/** The caseload of one helper, those handed over included: what was promised, what came, and what is to be ended. */
export const caseloadSheet = listing(HelperFileView, {
  title: { zh: '结对与移交清单', en: 'Caseload and handover' },
  about: ({ helper: { area, name } }) => ({ area, title: { zh: name, en: name } }),
  rows: ({ pairings }) => pairings,
  columns: [
    paired.word('subject', ({ subject }) =>
      subject.type === 'household' ? 'aHousehold' : 'aVillage',
    ),
    ...paired.placed(({ subject }) => subject.village),
    paired.text('householdNumber', ({ subject }) => subject.number),
    paired.text('pairedFrom', ({ from }) => from),
    paired.text('pairedTo', ({ to }) => to),
    paired.answered('handedOver', ({ successor }) => successor !== null),
    paired.text('endWhy', ({ endReason }) => endReason),
    paired.answered('gapToEnd', ({ toEnd }) => toEnd),
    paired.text('duty', ({ duty }) => duty),
    ...contributions,
  ],
});

const sinceWords = {
  visit: 'fromVisit',
  registration: 'fromRegistration',
  pairing: 'fromPairing',
} as const;

const visit = columnsOf<OverdueRow>();

const waiting = {
  overdue: { zh: '逾期未走访', en: 'overdue' },
  never: { zh: '尚无走访记录', en: 'never visited' },
} as const;

/** Households that wait for a visit, in the order of places. */
export const overdueSheet = listing(OverdueList, {
  title: { zh: '待走访的户', en: 'Households that wait for a visit' },
  about: ({ area, asOf, which }) => ({ area, asOf, title: waiting[which] }),
  rows: ({ items }) => items,
  columns: [
    ...visit.placed(({ household }) => household.village),
    visit.text('householdNumber', ({ household }) => household.number),
    visit.text('headName', ({ household }) => household.headName),
    visit.labels('status', 'status', ({ status }) => [status]),
    visit.text('lastVisit', ({ lastOn }) => lastOn),
    visit.word('countsFrom', ({ since }) => sinceWords[since]),
    visit.text('visitDue', ({ dueOn }) => dueOn),
    visit.count('overdueDays', ({ overdueDays }) => overdueDays),
    visit.texts('responsible', ({ responsible }) => responsible),
  ],
});
