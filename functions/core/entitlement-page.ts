import type { EntitlementList } from './entitlement-view.ts';
import { yuanWords } from './money-words.ts';
import { dayWords } from './notice.ts';
import { noticePolicy } from './notice-page.ts';
import type { Policies } from './policy.ts';
import { factsIn } from './policy-condition.ts';

type Row = EntitlementList['items'][number];

/** Millimetres of one A4 page that both lists may take, beside headings, foot and the names of the rest. */
const ROOM = 150;
/** What is received already takes this much of it at most: what may still be claimed is what the card is for. */
const ROOM_HAD = 50;
/** Items beyond the room that are named in a line. */
const MOST_NAMED = 6;
/** Papers named for one of them. */
const MOST_PAPERS = 5;
/** Persons named beside one of them. */
const MOST_NAMES = 3;

/** Facts about somebody's health: whom an item is for is not said where its condition asks one of them, since the card may hang on a wall. */
const HEALTH = /^person\.(?:health|disability|severelyDisabled|selfCare)/;

const SONG = `"SimSun", "宋体", "Songti SC", "STSong", "Noto Serif CJK SC", serif`;
const HEI = `"SimHei", "黑体", "Heiti SC", "STHeiti", "Noto Sans CJK SC", sans-serif`;

const style = `
@page { size: A4 portrait; margin: 14mm 15mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #000; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: 180mm; font: 13pt/1.4 ${SONG}; overflow-wrap: anywhere; }
@media screen { body { padding: 10mm 6mm; } }
h1 { margin: 0 0 2mm; font: bold 24pt/1.3 ${HEI}; text-align: center; }
h2 { margin: 4mm 0 1.5mm; padding: 1mm 3mm; font: bold 16pt/1.3 ${HEI}; background: #eee; }
.who { margin: 0; text-align: center; font-size: 15pt; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 1.2mm 0; border-bottom: 0.4pt solid #999; break-inside: avoid; }
.what { font: bold 14pt/1.35 ${HEI}; }
.how { display: block; font-size: 11.5pt; line-height: 1.35; }
.more, .none { margin: 1mm 0 0; font-size: 13pt; }
footer { margin-top: 4mm; font-size: 11.5pt; line-height: 1.4; }
`.trim();

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** One item with all it is for. */
interface Entry {
  readonly row: Row;
  readonly rows: readonly Row[];
  /** Its condition asks about somebody's health. */
  readonly isPrivate: boolean;
}

/** The most of the year first. */
function byAmount(one: readonly Row[], other: readonly Row[]): number {
  const fenOf = (rows: readonly Row[]) =>
    rows.reduce((sum, { yearFen }) => sum + (yearFen ?? 0), 0);
  return fenOf(other) - fenOf(one);
}

function entriesOf(
  { items }: EntitlementList,
  policies: Policies,
  result: Row['result'],
): readonly Entry[] {
  const found = items.filter((one) => one.result === result);
  const byItem = [...Map.groupBy(found, ({ item }) => item).values()];
  return byItem.toSorted(byAmount).flatMap((rows) =>
    rows.slice(0, 1).map((row) => {
      const own = policies.items.filter(
        (one) => one.id === row.item && one.version === row.version,
      );
      const facts = own.flatMap(({ condition }) => factsIn(condition));
      return { row, rows, isPrivate: facts.some((fact) => HEALTH.test(fact)) };
    }),
  );
}

function namesOf({ rows, isPrivate }: Entry): string {
  const names = rows.flatMap(({ person }) => (person ? [person.name] : []));
  if (isPrivate || names.length === 0) return '';
  const more = names.length > MOST_NAMES ? `等${names.length}人` : '';
  return `（${names.slice(0, MOST_NAMES).join('、')}${more}）`;
}

/** One item as it stands on the card: what for whom, how much, and a line below. */
interface Line {
  readonly what: string;
  readonly much: string;
  readonly how: string;
}

function lineOf(entry: Entry, how: string): Line {
  const { name, benefit, illustrative } = entry.row;
  const mark = illustrative ? '（示例标准）' : '';
  return { what: name.zh + namesOf(entry), much: benefit.zh + mark, how };
}

function had(entry: Entry): Line {
  const fen = entry.rows.reduce((sum, { receivedFen }) => sum + receivedFen, 0);
  return lineOf(entry, fen > 0 ? `本期已领 ${yuanWords(fen).zh}` : '');
}

function shown({ what, much, how }: Line): string {
  const below = how === '' ? '' : `<span class="how">${escaped(how)}</span>`;
  return `<li><span class="what">${escaped(what)}</span>　${escaped(much)}${below}</li>`;
}

/** Lines a text takes where one holds so many Chinese letters; Latin ones and digits are about half as wide. */
function linesOf(text: string, holds: number): number {
  const letters = [...text].reduce((sum, letter) => sum + (letter < '\u2000' ? 0.6 : 1), 0);
  return Math.ceil(letters / holds);
}

/** Millimetres of the page that a line takes, as the style has it: 35 letters of 14 points in a line, 43 of 11.5. */
function heightOf({ what, much, how }: Line): number {
  return 3 + 6.7 * linesOf(`${what}　${much}`, 35) + 5.5 * linesOf(how, 43);
}

/** As many lines from the first as have room, and what is left of it. */
function fitting(lines: readonly Line[], room: number) {
  const first = lines.findIndex((_, at) => {
    const upTo = lines.slice(0, at + 1);
    return upTo.reduce((sum, line) => sum + heightOf(line), 0) > room;
  });
  const fits = first === -1 ? lines : lines.slice(0, Math.max(first, 1));
  return { fits, left: room - fits.reduce((sum, line) => sum + heightOf(line), 0) };
}

function monthDay(day: string): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

function whenOf({ claim }: Row): string {
  if (claim.from === null || claim.to === null) return '';
  const days = `${monthDay(claim.from)}至${monthDay(claim.to)}`;
  return claim.isOpen ? `现在可以申请，${monthDay(claim.to)}截止。` : `申请时间：${days}。`;
}

function open(entry: Entry): Line {
  const { claim, department, evidence } = entry.row;
  const papers =
    evidence.length > 0
      ? `带上：${evidence.slice(0, MOST_PAPERS).join('、')}${evidence.length > MOST_PAPERS ? '等' : ''}。`
      : '';
  const how =
    claim.by === 'automatic'
      ? `不用申请，由${department}直接办理；没有收到请告诉村干部。`
      : `到村委会或${department}申请。${papers}${whenOf(entry.row)}`;
  return lineOf(entry, how);
}

/** What has no room is counted, and the first of it named. */
function restOf(entries: readonly Entry[]): string {
  if (entries.length === 0) return '';
  const names = entries.slice(0, MOST_NAMED).map(({ row }) => row.name.zh.slice(0, 12));
  const more = entries.length > MOST_NAMED ? '等' : '';
  return `<p class="more">另有 ${entries.length} 项：${escaped(names.join('、'))}${more}。请向村干部索取全部清单。</p>`;
}

function section(
  title: string,
  entries: readonly Entry[],
  of: { readonly none: string; readonly fits: readonly Line[] },
): string {
  const { none, fits } = of;
  const list = `<ul>\n${fits.map(shown).join('\n')}\n</ul>${restOf(entries.slice(fits.length))}`;
  const body = entries.length > 0 ? list : `<p class="none">${none}</p>`;
  return `<h2>${title}（${entries.length} 项）</h2>\n${body}`;
}

function unclear({ counts }: EntitlementList): string {
  if (counts.unknown === 0) return '';
  return `<p class="more">还有 ${counts.unknown} 项因登记资料不全暂时不能判断，请配合村干部补全资料。</p>`;
}

/**
 * What a household gets and may still claim, as one A4 page of large type and plain words: what, how much, where, with which papers, by when.
 * No numbers of persons or phones; where an item's condition asks about health, not even for whom it is.
 */
export function cardPage(list: EntitlementList, policies: Policies): string {
  const { headName, asOf, total } = list;
  const title = '帮扶政策明白卡';
  const gets = entriesOf(list, policies, 'received');
  const misses = entriesOf(list, policies, 'missed');
  const above = fitting(gets.map(had), ROOM_HAD);
  const below = fitting(misses.map(open), ROOM - ROOM_HAD + above.left);
  const received = section('一、您家正在享受的政策', gets, {
    fits: above.fits,
    none: '目前没有记录。如果您家已经领到补助，请告诉村干部。',
  });
  const missed = section('二、您家还可以享受的政策', misses, {
    fits: below.fits,
    none: '按登记情况，目前没有遗漏的政策。',
  });
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${noticePolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${style}
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="who">户主：${escaped(headName)}　　${escaped(dayWords(asOf))}</p>
${received}
${missed}
${unclear(list)}
<footer>
${total.year} 年您家共领到 ${escaped(yuanWords(total.receivedFen).zh)}。本卡按以上日期登记的情况计算，最终以主管部门审核为准。家里情况有变化（上学、就业、生病、添人），请及时告诉村干部或帮扶责任人。
</footer>
</main>
</body>
</html>
`;
}
