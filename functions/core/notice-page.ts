import { dayWords, type NoticeView } from './notice.ts';

/** What a browser may do with the page, also where it was saved: show it, and nothing else. */
export const noticePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

const SONG = `"SimSun", "宋体", "Songti SC", "STSong", "Noto Serif CJK SC", serif`;
const FANGSONG = `"FangSong", "仿宋", "FangSong_GB2312", "STFangsong", ${SONG}`;

const style = `
@page { size: A4 portrait; margin: 25mm 20mm 22mm; @bottom-center { content: "第 " counter(page) " 页 共 " counter(pages) " 页"; font: 9pt ${SONG}; } }
* { box-sizing: border-box; }
html { background: #fff; color: #000; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: 170mm; font: 14pt/1.7 ${FANGSONG}; overflow-wrap: anywhere; }
@media screen { body { padding: 12mm 6mm; } }
.sheet + .sheet { break-before: page; }
h1 { margin: 0 0 8mm; font: bold 20pt/1.5 ${SONG}; text-align: center; text-wrap: balance; break-after: avoid; }
p { margin: 0 0 2mm; text-indent: 2em; text-align: justify; orphans: 3; widows: 3; }
table { width: 100%; border-collapse: collapse; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 1.2mm 1.5mm; text-align: center; vertical-align: middle; unicode-bidi: isolate; }
th { font: bold 12pt/1.4 ${SONG}; }
.list { margin: 4mm 0 5mm; font-size: 12pt; line-height: 1.4; }
.list { table-layout: fixed; }
.list col { width: 25mm; }
.list .narrow { width: 13mm; }
.list .middle { width: 26mm; }
.list .wide { width: auto; }
.end { break-inside: avoid; }
.sign { position: relative; margin: 10mm 0 8mm auto; width: 96mm; min-height: 42mm; padding-top: 12mm; text-align: center; }
.sign p { margin: 0; text-indent: 0; text-align: center; position: relative; }
.seal { position: absolute; left: 50%; top: 0; width: 42mm; height: 42mm; margin-left: -21mm; border: 0.6pt dashed #999; border-radius: 50%; color: #999; font: 11pt/1 ${SONG}; padding-top: 33mm; text-align: center; }
.record { font-size: 12pt; line-height: 1.4; }
.record caption { text-align: left; padding-bottom: 1mm; }
.record th, .record td { height: 11mm; width: 25%; }
.record th { font-weight: normal; }
`.trim();

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function cells(tag: 'th' | 'td', texts: readonly string[]): string {
  const open = tag === 'th' ? '<th scope="col">' : '<td>';
  return `<tr>${texts.map((text) => `${open}${escaped(text)}</${tag}>`).join('')}</tr>`;
}

/** Widths of the columns, so that one long name does not squeeze the others. */
const columnWidths: Readonly<Record<'households' | 'villages', readonly string[]>> = {
  households: ['narrow', 'wide', 'plain', 'middle', 'wide', 'wide'],
  villages: ['narrow', 'middle', 'wide', 'wide', 'middle', 'middle', 'wide'],
};

function columnGroup(kind: NoticeView['kind']): string {
  const widths = columnWidths[kind === 'village-exit' ? 'villages' : 'households'];
  return `<colgroup>${widths.map((width) => `<col class="${width}">`).join('')}</colgroup>`;
}

function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${escaped(text)}</p>`).join('\n');
}

/** What the one who posts it fills in by hand; villages keep it with the papers of the decision. */
const record = `<table class="record">
<caption>张贴记录</caption>
<tr><th scope="row">张贴地点</th><td></td><th scope="row">张贴人（签字）</th><td></td></tr>
<tr><th scope="row">监督人（签字）</th><td></td><th scope="row">揭下日期</th><td>　　年　　月　　日</td></tr>
</table>`;

function sheet({
  kind,
  title,
  lead,
  columns,
  rows,
  closing,
  signedBy,
  postedOn,
}: NoticeView): string {
  return `<section class="sheet">
<h1>${escaped(title)}</h1>
<p>${escaped(lead)}</p>
<table class="list">
${columnGroup(kind)}
<thead>${cells('th', columns)}</thead>
<tbody>
${rows.map((row) => cells('td', row)).join('\n')}
</tbody>
</table>
<div class="end">
${paragraphs(closing)}
<div class="sign">
<div class="seal">（公章）</div>
<p>${escaped(signedBy)}</p>
<p>${escaped(dayWords(postedOn))}</p>
</div>
${record}
</div>
</section>`;
}

/**
 * Notices as a page that prints on A4, each beginning on a new one: complete, with its own style and nothing from outside; the heading of a
 * list is repeated on every page, and the seal never stands on a page without text. One form for one household and for many.
 */
export function noticePage(first: NoticeView, ...others: readonly NoticeView[]): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${noticePolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(first.title)}</title>
<style>
${style}
</style>
</head>
<body>
${[first, ...others].map(sheet).join('\n')}
</body>
</html>
`;
}
