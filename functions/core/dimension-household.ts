import { codesOf } from './code-list.ts';
import {
  type HouseholdDimension,
  isRegistered,
  listed,
  netFenOf,
  only,
  UNKNOWN,
  yearOf,
  years,
  yes,
  yesNo,
} from './dimension.ts';
import { guaranteesOf } from './guarantee.ts';
import { unmetOf } from './measure-match.ts';
import { procedureKinds, stepActs } from './procedure-kind.ts';
import type { Roster } from './roster.ts';
import { lineFenOn } from './rule-line.ts';

const causes = listed('cause');
const types = listed('type');
const guarantees = codesOf('guarantee').flatMap((code) =>
  ['met', 'not-met', UNKNOWN].map((met) => `${code}:${met}`),
);
/** Villages' own cases are no household's. */
export const cases = procedureKinds.filter((kind) => kind !== 'village-exit');
const sizes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10+'];

/** Whether net income per head lies below the line of its period; unknown without income, line or members. */
function belowLine({ income, members }: Roster): string {
  const line = income && lineFenOn(income.to);
  if (!income || line === null || members.length === 0) return UNKNOWN;
  return yes(netFenOf(income) < line * members.length);
}

function hasExited(roster: Roster): boolean {
  return roster.status === 'exited';
}

/** Dimensions of registered households, in the order in which figures store them; appended to, never reordered. */
export const householdDimensions: readonly HouseholdDimension[] = [
  {
    id: 'status',
    param: 'status',
    values: codesOf('status'),
    room: 8,
    of: (roster) => [roster.status],
    keyed: codesOf('status'),
  },
  {
    id: 'exited',
    param: 'exited',
    values: ['yes', 'no'],
    room: 2,
    of: (roster) => [yes(hasExited(roster))],
    keyed: ['no'],
  },
  {
    id: 'cause',
    param: 'cause',
    values: causes,
    room: 15,
    of: (roster) => only(causes, roster.mainCause),
    keyed: causes,
  },
  {
    id: 'otherCause',
    param: 'otherCause',
    values: codesOf('cause'),
    room: 13,
    of: (roster) => roster.otherCauses,
    keyed: [],
  },
  {
    id: 'type',
    param: 'type',
    values: types,
    room: 6,
    of: (roster) => only(types, roster.type),
    keyed: types,
  },
  {
    id: 'measure',
    param: 'measure',
    values: codesOf('measure'),
    room: 7,
    of: (roster) => roster.measures,
    keyed: codesOf('measure'),
  },
  {
    id: 'exitYear',
    param: 'exitYear',
    values: years,
    room: 35,
    of: (roster) => (hasExited(roster) ? [yearOf(roster.exitYear)] : []),
    keyed: years,
  },
  {
    id: 'planYear',
    param: 'planYear',
    values: years,
    room: 35,
    of: (roster) => (hasExited(roster) ? [] : [yearOf(roster.planYear)]),
    keyed: years,
  },
  {
    id: 'identifiedYear',
    param: 'identifiedYear',
    values: years,
    room: 35,
    of: (roster) => [yearOf(roster.identifiedYear)],
    keyed: [],
  },
  {
    id: 'size',
    param: 'size',
    values: sizes,
    room: 11,
    of: ({ members }) => [members.length > 9 ? '10+' : String(members.length)],
    keyed: [],
  },
  {
    id: 'poorVillage',
    param: 'poorVillage',
    values: yesNo,
    room: 4,
    of: (_, { poorVillage }) => [yes(poorVillage)],
    keyed: [],
  },
  {
    id: 'guarantee',
    param: 'guarantee',
    values: guarantees,
    room: 27,
    of: (roster, { day }) =>
      Object.entries(guaranteesOf(roster, day)).map(([code, met]) => `${code}:${met}`),
    keyed: guarantees.filter((value) => value.endsWith(':not-met')),
  },
  {
    id: 'belowLine',
    param: 'belowLine',
    values: yesNo,
    room: 4,
    of: (roster) => [belowLine(roster)],
    keyed: ['yes'],
  },
  {
    id: 'incomeKnown',
    param: 'incomeKnown',
    values: ['yes', 'no'],
    room: 2,
    of: (roster) => [yes(roster.income !== null)],
    keyed: [],
  },
  {
    id: 'case',
    param: 'case',
    values: cases,
    room: 5,
    of: ({ openCase }) => (openCase ? [openCase.kind] : []),
    keyed: cases,
  },
  {
    id: 'awaits',
    param: 'awaits',
    values: stepActs,
    room: 6,
    of: ({ openCase }) => (openCase ? [openCase.act] : []),
    keyed: stepActs,
  },
  {
    id: 'responsible',
    param: 'responsible',
    values: ['yes', 'no'],
    room: 2,
    of: ({ paired }) => (paired === null ? [] : [yes(paired)]),
    keyed: ['no'],
  },
  {
    id: 'mode',
    param: 'mode',
    values: codesOf('mode'),
    room: 10,
    of: (roster) => roster.modes,
    keyed: codesOf('mode'),
  },
  {
    id: 'unmet',
    param: 'unmet',
    values: yesNo,
    room: 3,
    of: (roster, { day }) => [unmetOf(roster, day)],
    keyed: ['yes'],
  },
];

/** By which a household comes onto the register, or leaves it. */
const ofCases: readonly string[] = ['case', 'awaits'];

/** What a household waits for and who answers for it is told of today: of a day gone by nobody knows it, which is not nobody. */
export const todayOnly: readonly string[] = [...ofCases, 'responsible'];

/** The dimensions in which a household not on the register counts: its status, and the case by which it may come onto it. */
const beside = ['status', ...ofCases];

export function countsIn(roster: Roster, dimension: HouseholdDimension): boolean {
  return isRegistered(roster) || beside.includes(dimension.id);
}
