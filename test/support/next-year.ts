import { costHeading, type Home, incomeHeadings, isPupil, LINE_FEN } from './exit-judge.ts';
import type { Row } from './sample.ts';
import { type Value, workbook } from './sheet.ts';

/** What the clerks of the towns found in 2017 at the households that were to leave: made up by a rule with a seed, as a county would send it in. */

type Cells = Map<string, Value>;
type Dice = (sides: number) => number;

/** One household on its way into the new ledger. */
interface Found {
  readonly head: Cells;
  readonly members: readonly Cells[];
  readonly dice: Dice;
}

const grade = '住房等级';
const renewed = '危房改造是否竣工验收';
const school = '在校生状况';
const leaving = '失学辍学原因';
/** Columns the county's ledger did not have before. */
const added = [renewed, leaving];

/** A small generator of numbers that are the same for the same seed. */
function diceOf(seed: number): Dice {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Net income of so much above the line per household, fen, from several sources and with costs. */
function earn({ head, members, dice }: Found, aboveFen: number): void {
  const netFen = LINE_FEN * members.length + aboveFen;
  const costFen = dice(80_000);
  const [wages = 0, business = 0, property = 0] = [60, 25, 5].map((percent) =>
    Math.floor((netFen * dice(percent)) / 100),
  );
  const transfer = netFen + costFen - wages - business - property;
  for (const [at, fen] of [wages, business, property, transfer].entries())
    head.set(incomeHeadings[at] ?? '', fen === 0 ? null : fen / 100);
  head.set(costHeading, costFen / 100);
  head.set('人均纯收入', Math.round(netFen / members.length) / 100);
}

function leaveIncomeBlank({ head }: Found): void {
  for (const heading of [...incomeHeadings, costHeading, '人均纯收入']) head.set(heading, null);
}

function drop({ members }: Found, reason: Value): void {
  const pupil = members.find((row) => isPupil(row));
  pupil?.set(school, '非在校生').set(leaving, reason);
}

/** What is found at so many households, instead of an income above the line and all else as it was. */
interface Finding {
  readonly count: number;
  readonly change: (found: Found) => void;
  readonly pupils?: true;
}

const findings: readonly Finding[] = [
  { count: 1, pupils: true, change: (found) => drop(found, null) },
  { count: 1, pupils: true, change: (found) => drop(found, '因病') },
  { count: 6, change: (found) => earn(found, 0) },
  { count: 5, change: (found) => earn(found, 1) },
  { count: 2, change: (found) => earn(found, -1) },
  { count: 8, change: (found) => earn(found, -1 - found.dice(200_000)) },
  { count: 5, change: leaveIncomeBlank },
  { count: 4, change: ({ head }) => head.set(grade, 'C') },
  { count: 3, change: ({ head }) => head.set(grade, 'C').set(renewed, '是') },
  { count: 2, change: ({ head }) => head.set(grade, 'D').set(renewed, '否') },
  { count: 3, change: ({ members }) => members.at(-1)?.set('是否签约家庭医生', '否') },
  { count: 2, change: ({ head }) => head.set('是否饮水安全', '否') },
  { count: 1, change: ({ head }) => head.set('是否解决穿衣', '否') },
  {
    count: 2,
    change: (found) => {
      earn(found, 0);
      found.head.set(grade, 'C');
    },
  },
];

function shuffled<T>(all: readonly T[], dice: Dice): readonly T[] {
  return all
    .map((one) => ({ one, place: dice(2 ** 31) }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ one }) => one);
}

/** Which household is found how: the first of the shuffled ones that fit. */
function dealt(homes: readonly Home[], dice: Dice): ReadonlyMap<Home, Finding> {
  const free = new Set(shuffled(homes, dice));
  const dealing = new Map<Home, Finding>();
  for (const finding of findings)
    for (let turn = 0; turn < finding.count; turn += 1) {
      const fits = ({ rows }: Home) => !finding.pupils || rows.some(isPupil);
      const home = [...free].find(fits);
      if (!home) throw new Error('no household is left that fits');
      free.delete(home);
      dealing.set(home, finding);
    }
  return dealing;
}

function cellsOf(row: Row): Cells {
  return new Map(
    [...row].map(([heading, cell]) => [heading, typeof cell === 'object' ? null : cell]),
  );
}

/** The ledger of 2017 of these households: the same columns, and two more. */
export function nextYear(homes: readonly Home[], seed: number): Buffer {
  const dice = diceOf(seed);
  const dealing = dealt(homes, dice);
  const rows = homes.flatMap((home) => {
    const members = home.rows.map(cellsOf);
    const [head = new Map<string, Value>()] = members;
    const found = { head, members, dice };
    earn(found, 1 + dice(900_000));
    dealing.get(home)?.change(found);
    return members;
  });
  const headings = [...(homes[0]?.rows[0]?.keys() ?? []), ...added];
  const period = '收入为2017年度(2016-10-01至2017-09-30)户合计，单位：元';
  const sheet = [
    ['连江县建档立卡贫困人口台账'],
    [`数据时点：2017-10-24；${period}；住房面积单位：平方米。样例数据，人员均为虚构。`],
    headings,
    ...rows.map((cells, at) =>
      headings.map((heading) => (heading === '序号' ? at + 1 : (cells.get(heading) ?? null))),
    ),
    ['合计', `${rows.length}人`],
  ];
  return workbook({ sheets: [{ name: '贫困人口台账', rows: sheet }] });
}
