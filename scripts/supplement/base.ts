import { basename } from 'node:path';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';

/** The day the sample county is told of. */
const SAMPLE_DAY = '20171023';

export type Row = ReadonlyMap<string, LedgerCell | null>;

export function text(row: Row, heading: string): string {
  const cell = row.get(heading);
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell) : '';
}

/** A person as the base ledger tells of them. */
export interface Person {
  readonly row: Row;
  readonly number: string;
  readonly age: number;
  readonly isMale: boolean;
  /** First letters of the grade: 学前, 小学, 七年, 普通, 中职, 高职, 本科; 非在 of who is at no school. */
  readonly school: string;
  readonly health: string;
  readonly labour: string;
}

export interface Family {
  readonly number: string;
  readonly head: Row;
  readonly persons: readonly Person[];
  readonly able: number;
  /** What it got, by 补助项目: whose and how much in all, yuan. */
  readonly got: ReadonlyMap<string, Got>;
  /** Whether it signed with the alliance of leisure farms. */
  readonly isAllied: boolean;
}

interface Got {
  readonly persons: ReadonlySet<string>;
  /** Of one payment, and of all of them. */
  readonly yuan: number;
  readonly total: number;
}

const ABLE = new Set(['普通劳动力', '技能劳动力', '弱劳动力或半劳动力']);

async function rowsOf(path: string, sheet: string): Promise<readonly Row[]> {
  let headings: readonly string[] = [];
  const rows: Row[] = [];
  for await (const row of readSheet(path, basename(path))) {
    if (row.sheet !== sheet) continue;
    if (row.cells[0] === '序号') headings = row.cells.map(String);
    else if (headings.length > 0 && typeof row.cells[0] === 'number')
      rows.push(new Map(headings.map((heading, at) => [heading, row.cells[at] ?? null])));
  }
  return rows;
}

function personOf(row: Row): Person {
  const identity = text(row, '证件号码');
  const birth = identity.slice(6, 14);
  const years = Number(SAMPLE_DAY.slice(0, 4)) - Number(birth.slice(0, 4));
  return {
    row,
    number: text(row, '人编号'),
    age: birth.slice(4) > SAMPLE_DAY.slice(4) ? years - 1 : years,
    isMale: text(row, '性别') === '男',
    school: text(row, '在校生状况').slice(0, 2),
    health: text(row, '健康状况'),
    labour: text(row, '劳动技能'),
  };
}

function gotOf(rows: readonly Row[]): Family['got'] {
  const byName = Map.groupBy(rows, (row) => text(row, '补助项目'));
  return new Map(
    [...byName].map(([name, payments]) => {
      const yuan = payments.map((row) => Number(text(row, '金额(元)')));
      const persons = new Set(payments.map((row) => text(row, '人编号')));
      const total = yuan.reduce((sum, one) => sum + one, 0);
      return [name, { persons, yuan: yuan[0] ?? 0, total }];
    }),
  );
}

/** The families of the sample county with what the county's ledgers of money and of the alliance say of each. */
export async function readFamilies(dir: string): Promise<readonly Family[]> {
  const [persons, paid, signed] = await Promise.all([
    rowsOf(`${dir}/贫困人口台账.xlsx`, '贫困人口台账'),
    rowsOf(`${dir}/项目资金.xlsx`, '到户补助'),
    rowsOf(`${dir}/产业联盟.xlsx`, '签约户'),
  ]);
  const paidTo = Map.groupBy(paid, (row) => text(row, '户编号'));
  const allied = new Set(signed.map((row) => text(row, '户编号')));
  const byNumber = Map.groupBy(persons, (row) => text(row, '户编号'));
  return [...byNumber].flatMap(([number, rows]) => {
    const [head] = rows;
    if (!head) return [];
    const members = rows.map(personOf);
    return {
      number,
      head,
      persons: members,
      able: members.filter(({ labour }) => ABLE.has(labour)).length,
      got: gotOf(paidTo.get(number) ?? []),
      isAllied: allied.has(number),
    };
  });
}

/** Numbers of persons whose disability was certified so lately that only the department's list has it. */
export async function readNewlyCertified(dir: string): Promise<ReadonlySet<string>> {
  const numbers = new Set<string>();
  for await (const { cells } of readSheet(`${dir}/clues/残联_新办证_201709.xlsx`, '残联.xlsx')) {
    const [, , card] = cells;
    if (typeof card === 'string') numbers.add(card.slice(0, 18));
  }
  return numbers;
}
