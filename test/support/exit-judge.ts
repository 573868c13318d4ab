import { type Row, rowsIn, villageCodes } from './sample.ts';

/**
 * Who may leave, judged by the words and figures of the ledgers alone: nothing here knows the registry, so that the two can disagree. Money
 * is in fen of whole cells, ages are counted by birthdays before 1 September.
 */

/** A household of a ledger: its rows, head first. */
export interface Home {
  readonly number: string;
  /** Code of the village. */
  readonly village: string;
  readonly rows: readonly Row[];
}

/** A criterion that stands in the way of an exit, and whether it is a no or not known. */
export type Lack = `${string} ${'not-met' | 'unknown'}`;

export const LINE_FEN = 295_200;
export const incomeHeadings = ['工资性收入', '生产经营性收入', '财产性收入', '转移性收入'];
export const costHeading = '生产经营性支出';
const covers = ['是否参加城乡居民基本医疗保险', '是否参加大病医疗保险', '是否签约家庭医生'];
const atSchool = /^(小学|[七八九]年级|普通高中|中职)/;

export function say(row: Row | undefined, heading: string): string {
  return String(row?.get(heading) ?? '');
}

/** The households of a ledger of persons, in its order. */
export async function homesIn(path: string): Promise<readonly Home[]> {
  const places = villageCodes();
  const rows = await rowsIn(path, '贫困人口台账');
  const byNumber = Map.groupBy(rows, (row) => say(row, '户编号'));
  return [...byNumber].map(([number, own]) => {
    const village = places.get(`${say(own[0], '乡镇')} ${say(own[0], '行政村')}`) ?? '';
    return { number, village, rows: own };
  });
}

function fenOf(row: Row | undefined, heading: string): number {
  return Math.round(Number(say(row, heading) || 0) * 100);
}

export interface Earned {
  /** False where no cell of the income is filled. */
  readonly isKnown: boolean;
  readonly netFen: number;
  readonly persons: number;
  /** Per head in yuan, as it is written. */
  readonly perHead: string;
}

export function earned({ rows }: Home): Earned {
  const [head] = rows;
  const cells = [...incomeHeadings, costHeading].map((heading) => say(head, heading));
  const gains = incomeHeadings.map((heading) => fenOf(head, heading));
  const netFen = gains.reduce((sum, one) => sum + one, 0) - fenOf(head, costHeading);
  const perHead = (Math.round(netFen / rows.length) / 100).toFixed(2);
  return { isKnown: cells.some((cell) => cell !== ''), netFen, persons: rows.length, perHead };
}

/** What a proof must say of the income, fen. */
export function incomeParts(home: Home) {
  const [head] = home.rows;
  const [wagesFen, businessFen, propertyFen, transferFen] = incomeHeadings.map((heading) =>
    fenOf(head, heading),
  );
  const { netFen, persons } = earned(home);
  const parts = { wagesFen, businessFen, propertyFen, transferFen, netFen, persons };
  return { ...parts, businessCostFen: fenOf(head, costHeading), lineFen: LINE_FEN };
}

/** Born on, as a number of eight digits. */
export function bornOn(row: Row): number {
  return Number(say(row, '证件号码').slice(6, 14));
}

/** Six to fourteen in completed years on 31 August 2017. */
export function isPupil(row: Row): boolean {
  return bornOn(row) >= 2002_0901 && bornOn(row) <= 2011_0831;
}

/** Whether the year of an income is over, and was not over a year ago. */
function isFresh(to: string, on: string): boolean {
  return to <= on && `${Number(to.slice(0, 4)) + 1}${to.slice(4)}` >= on;
}

function yesNo(criterion: string, cell: string): readonly Lack[] {
  if (cell === '是') return [];
  return [cell === '否' ? `${criterion} not-met` : `${criterion} unknown`];
}

function incomeLack(home: Home, isTold: boolean): readonly Lack[] {
  const { isKnown, netFen, persons } = earned(home);
  if (!isKnown || !isTold) return ['income unknown'];
  return netFen > LINE_FEN * persons ? [] : ['income not-met'];
}

function schoolLack({ rows }: Home): readonly Lack[] {
  const isOut = (row: Row) =>
    !atSchool.test(say(row, '在校生状况')) && say(row, '失学辍学原因') !== '因病';
  return rows.some((row) => isPupil(row) && isOut(row)) ? ['education not-met'] : [];
}

function coverLack({ rows }: Home): readonly Lack[] {
  const cells = rows.flatMap((row) => covers.map((heading) => say(row, heading)));
  if (cells.every((cell) => cell === '是')) return [];
  return [cells.includes('否') ? 'medical not-met' : 'medical unknown'];
}

function houseLack({ rows: [head] }: Home): readonly Lack[] {
  const grade = say(head, '住房等级');
  if (grade === 'A' || grade === 'B') return [];
  return yesNo('housing', grade === '' ? '' : say(head, '危房改造是否竣工验收'));
}

/**
 * What stands in the way of a household's exit, in the order of the sheet.
 * @param told last day of the income in the ledger, and the day of the question
 */
function lacksOf(home: Home, told: { to: string; on: string }): readonly Lack[] {
  const [head] = home.rows;
  return [
    ...incomeLack(home, isFresh(told.to, told.on)),
    ...yesNo('food', say(head, '是否解决吃饭')),
    ...yesNo('clothes', say(head, '是否解决穿衣')),
    ...schoolLack(home),
    ...coverLack(home),
    ...houseLack(home),
    ...yesNo('water', say(head, '是否饮水安全')),
  ];
}

/** What stands in the way of a village's exit. */
export function villageLacks(row: Row, unexited: number): readonly Lack[] {
  const amount = (heading: string) => Number(say(row, heading));
  const fails: readonly (readonly [string, boolean])[] = [
    ['incidence', unexited / amount('户籍人口') >= 0.02],
    ['road', say(row, '村道硬化') !== '是'],
    ['network', say(row, '通网络') !== '是'],
    ['power', amount('自然村通电数') < amount('自然村数')],
    ['dropout', amount('义务教育失学人数') > 0],
    ['income', amount('村财收入(万元)') < 10],
    ['industry', say(row, '主导产业') === ''],
  ];
  return fails.flatMap(([criterion, isFailing]): Lack[] =>
    isFailing ? [`${criterion} not-met`] : [],
  );
}

/** Households and persons of some homes. */
export function countOf(homes: readonly Home[]): { households: number; persons: number } {
  return {
    households: homes.length,
    persons: homes.reduce((sum, { rows }) => sum + rows.length, 0),
  };
}

/** Those who live in a place. */
export function within(homes: readonly Home[], place: string): readonly Home[] {
  return homes.filter(({ village }) => village.startsWith(place));
}

/** Their numbers in order. */
export function numbers(homes: readonly Home[]): readonly string[] {
  return homes.map(({ number }) => number).toSorted();
}

/** By number, what stands in the way of those who lack something. */
export function lacking(
  homes: readonly Home[],
  told: { to: string; on: string },
): ReadonlyMap<string, string> {
  const all = homes.map((home) => [home.number, lacksOf(home, told).join()] as const);
  return new Map(all.filter(([, lacks]) => lacks !== ''));
}
