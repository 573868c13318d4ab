import * as z from 'zod';
import { codeLists } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import { shortName } from './division-name.ts';
import { ComplaintLine, type NoticeRule, noticeRuleOn } from './notice-rule.ts';
import { type ProcedureKind, procedureKinds, type StepAct } from './procedure-kind.ts';
import type { Roster } from './roster.ts';

/** Levels at which a notice hangs on a board. */
export const noticeLevels = ['village', 'town', 'county'] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

/** All that a notice may say of a household: nothing about health, cause, numbers, phones or accounts has a place in it. */
export interface NoticeRow {
  readonly headName: string;
  readonly village: string;
  readonly persons: number;
  /** Code of its type (code list `type`); null where unknown. */
  readonly type: string | null;
}

/** All that a notice may say of a village. */
export interface VillageNoticeRow {
  readonly town: string;
  readonly village: string;
  readonly households: number;
  readonly persons: number;
  readonly unexited: number;
  /** Rural registered population, for the incidence; null where unknown. */
  readonly population: number | null;
}

/** What a sheet says of itself: which it is, where it hangs and for how long. */
export interface Posting {
  readonly act: 'notice' | 'announce';
  /** Which notice of its procedure it is, where there are several. */
  readonly round: number | null;
  readonly level: NoticeLevel;
  /** Names of the places; of those below the level none is needed. */
  readonly place: { readonly county: string; readonly town: string; readonly village: string };
  /** Code of the place where it hangs: whose words and lines are used. */
  readonly area: AreaCode;
  readonly postedOn: Day;
  /** Days it hangs, the day of posting counted; null where it only tells what was decided. The last day is null also while an objection is open. */
  readonly days: number | null;
  readonly lastDay: Day | null;
  /** Days that did not count because an objection was open. */
  readonly paused: number;
  /** Who signs; null for the office of the level. */
  readonly signedBy: string | null;
}

export type NoticeInput =
  | (Posting & {
      readonly kind: Exclude<ProcedureKind, 'village-exit'>;
      readonly rows: readonly NoticeRow[];
    })
  | (Posting & { readonly kind: 'village-exit'; readonly rows: readonly VillageNoticeRow[] });

const day = z.string().refine(isDay).meta({ format: 'date' });

/** A notice as it is posted: every word of it, in Chinese. */
export const NoticeView = z.strictObject({
  kind: z.enum(procedureKinds),
  act: z.enum(['notice', 'announce']),
  level: z.enum(noticeLevels),
  title: z.string(),
  lead: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  /** How long it hangs, where to object, whom to call. */
  closing: z.array(z.string()),
  signedBy: z.string(),
  postedOn: day,
  days: z.int().nullable(),
  lastDay: day.nullable(),
  paused: z.int(),
  complaint: z.array(ComplaintLine),
  /** The whole of it as plain text. */
  text: z.string(),
});
export type NoticeView = z.infer<typeof NoticeView>;

/** What a notice may say of a household, picked from its roster. */
export function noticeRow(
  { headName, members, type }: Pick<Roster, 'headName' | 'members' | 'type'>,
  village: string,
): NoticeRow {
  return { headName, village, persons: members.length, type };
}

/** Which notice of its procedure a step is; null for the only one, and for other steps. */
export function roundOf(acts: readonly StepAct[], at: number): number | null {
  const notices = acts.flatMap((act, place) => (act === 'notice' ? [place] : []));
  const round = notices.indexOf(at) + 1;
  return notices.length > 1 && round > 0 ? round : null;
}

/** Marks that are not seen but break lines or turn the direction of writing have no place on a board. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
}

/** A day as it is written out: 2017年10月23日. */
export function dayWords(on: Day): string {
  const [year, month, date] = on.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

function formOf({ act, round }: Posting): string {
  if (act === 'announce') return '公告';
  return round === null ? '公示' : `第${NUMERALS[round] ?? round}次公示`;
}

/** The place as its people write it: a village with its town, a town with its county. */
function placeName({ level, place }: Posting): string {
  const [county, town, village] = [place.county, place.town, place.village].map((name) =>
    shortName(plain(name)),
  );
  if (level === 'county') return `${county}`;
  return level === 'town' ? `${county}${town}` : `${town}${village}`;
}

function signerOf(posting: Posting, { signers }: NoticeRule): string {
  const { level, signedBy } = posting;
  if (signedBy !== null) return plain(signedBy);
  const name = placeName(posting);
  if (level !== 'village') return `${name}${signers[level]}`;
  return `${name}${name.endsWith('社区') ? signers.community : signers.village}`;
}

function typeWord(type: string | null): string {
  return codeLists.type.find(({ code }) => code === type)?.zh ?? '—';
}

function percent(part: number, whole: number | null): string {
  return whole === null || whole === 0 ? '—' : `${((part / whole) * 100).toFixed(2)}%`;
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the rows come to. */
  readonly total: string;
}

function householdTable(rows: readonly NoticeRow[], result: string): Table {
  const persons = rows.reduce((sum, row) => sum + row.persons, 0);
  return {
    columns: ['序号', '户主姓名', '行政村', '家庭人口', '户类型', '结果'],
    rows: rows.map((row, at) => [
      ...[`${at + 1}`, plain(row.headName) || '—', shortName(plain(row.village))],
      ...[`${row.persons}`, typeWord(row.type), result],
    ]),
    total: `${rows.length}户${persons}人`,
  };
}

function villageTable(rows: readonly VillageNoticeRow[], result: string): Table {
  return {
    columns: ['序号', '乡镇', '行政村', '建档立卡', '未脱贫人口', '贫困发生率', '结果'],
    rows: rows.map((row, at) => [
      ...[`${at + 1}`, plain(row.town), shortName(plain(row.village))],
      ...[`${row.households}户${row.persons}人`, `${row.unexited}`],
      ...[percent(row.unexited, row.population), result],
    ]),
    total: `${rows.length}个村`,
  };
}

function tableOf(input: NoticeInput, result: string): Table {
  return input.kind === 'village-exit'
    ? villageTable(input.rows, result)
    : householdTable(input.rows, result);
}

function lineWords({ name, number }: NoticeRule['complaint'][number]): string {
  return `${name}：${number ?? '____________________'}`;
}

function periodWords({ act, postedOn, days, lastDay, paused }: Posting): string {
  const first = dayWords(postedOn);
  if (act === 'announce') return `公告日期：${first}。`;
  if (days === null) return `公示时间：${first}。`;
  const length = `${days}天，含张贴当天`;
  if (lastDay === null)
    return `公示时间：自${first}起${length}；现有异议正在核实，核实期间不计入公示时间，截止日期另行公布。`;
  const without = paused === 0 ? '' : `，核实异议的${paused}天不计`;
  return `公示时间：${first}至${dayWords(lastDay)}（${length}${without}）。`;
}

function closingOf(posting: Posting, rule: NoticeRule): readonly string[] {
  const objection =
    posting.act === 'notice'
      ? [
          `公示期内对名单有异议的，可以口头或书面向${signerOf(posting, rule)}提出，也可以拨打下列电话。`,
        ]
      : ['对结果有异议的，可以拨打下列电话。'];
  return [periodWords(posting), ...objection, ...rule.complaint.map(lineWords)];
}

/**
 * A notice for a board, in Chinese: names, village, number of persons, type and result, how long it hangs and whom to call. Only what its
 * input declares is read, so nothing else of a household can come into it.
 * @returns undefined where no words are known for that place and day
 */
export function noticeOf(input: NoticeInput): NoticeView | undefined {
  const rule = noticeRuleOn(input.postedOn, input.area);
  if (!rule) return undefined;
  const { kind, act, level, postedOn, days, lastDay, paused } = input;
  const words = rule.kinds[kind];
  const { title: subject, result } = words[act];
  const { columns, rows, total } = tableOf(input, result);
  const title = `${placeName(input)}${subject}${formOf(input)}`;
  const verb = act === 'notice' ? '公示' : '公告';
  const lead = `按照${words.basis}规定的程序，现将${subject}（共${total}）予以${verb}。`;
  const closing = [...closingOf(input, rule)];
  const signedBy = signerOf(input, rule);
  const list = [columns, ...rows].map((cells) => cells.join('　'));
  return {
    ...{ kind, act, level, title, lead, closing, signedBy, postedOn, days, lastDay, paused },
    columns: [...columns],
    rows: rows.map((cells) => [...cells]),
    complaint: [...rule.complaint],
    text: [title, '', lead, '', ...list, '', ...closing, '', signedBy, dayWords(postedOn)].join(
      '\n',
    ),
  };
}
