import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelledLists } from '../functions/core/code-label.ts';
import type { importKinds } from '../functions/core/import.ts';
import headings from '../functions/core/ledger-heading.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');

interface Column {
  readonly zh: string;
  readonly en: string;
  readonly also?: readonly string[];
  readonly required?: boolean;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const titles = {
  divisions: '区划表 Divisions (`divisions`)',
  registry: '贫困人口台账 Registry (`registry`)，一人一行',
  villages: '贫困村台账 Villages (`villages`)',
  receipts: '到户补助 Receipts (`receipts`)，一笔一行',
  helpers: '帮扶力量 Helpers (`helpers`)，一类一个工作表',
} as const;

function columnsOf(kind: (typeof importKinds)[number]): string {
  const fields = Object.values<Column>(headings[kind].fields);
  return table(
    ['列 column', '必有 must', 'English', '也认作 also read'],
    fields.map(({ zh, en, also = [], required }) => [
      zh,
      required ? '是' : '',
      en,
      also.join('、'),
    ]),
  );
}

/** Lists of which ledgers hold labels, by the column they stand in. */
const lists = [
  ['status', '脱贫属性'],
  ['type', '贫困户属性'],
  ['cause', '主要、其他致贫原因'],
  ['measure', '五个一批'],
  ['relation', '与户主关系'],
  ['health', '健康状况'],
  ['labour', '劳动技能'],
  ['workRegion', '务工区域'],
  ['school', '在校生状况'],
  ['education', '文化程度'],
  ['politics', '政治面貌'],
  ['housingGrade', '住房等级'],
] as const;

function labels(): string {
  return lists
    .map(([list, title]) => {
      const rows = labelledLists[list].map(({ zh, also = [] }) => [zh, also.join('、')]);
      return `### ${title}\n\n${table(['选项 option', '也认作 also read'], rows)}`;
    })
    .join('\n\n');
}

const head = `# 台账 Ledgers

由 \`npm run docs\` 按程序所用的同一份词表生成。Drawn by \`npm run docs\` from the very lists the import reads by; a test fails when it is stale.

给准备 Excel 的人看：哪些列能认、怎样填、哪些会退回。For whoever prepares the sheets: which columns are known, how they are filled, what comes back.

- **顺序**：先区划、再贫困人口、最后贫困村；没有区划，户无处可落。Divisions first, then the registry, then the villages.
- **文件**：xlsx，或 csv（UTF-8 或 GBK），不超过 64 MB、30 万行、256 列。xls、带宏、外部链接、加密的文件整份退回。xlsx, or csv in UTF-8 or GBK.
- **表头**：在前 30 行的任意一行，可以是两行；列的先后不限，按列名认；隐藏的工作表不读，没有表头的工作表跳过。The heading is found by its names, wherever it stands.
- **户的内容**：只填在户主一行、合并单元格、或每行都填，都可以；各行填的不一致则整户退回。What belongs to the household may stand on the head's row alone, be merged, or be repeated.
- **村名**：可写简称（“东坂村”即“东坂村委会”）；也可写全（“敖江镇东坂村”）；县内重名的须有“乡镇”一列，或工作表以乡镇命名。Short names will do, and whole addresses; a name that is not unique needs its town, in a column or as the name of its sheet.
- **没有证件号码的人**（新生儿、未上户）：证件号码留空，或写“未上户”等不含数字的字样，并填性别和出生日期；以后补上号码再导入，仍是同一人。Who has no number yet is entered with sex and birth date; the number may follow.
- **出生日期**：有证件号码的不必填，填了须与号码一致（只写年月的，月份一致即可）。Beside a number it must agree with it.
- **与户主关系**：“四子”“大孙子”“户主之母”等均可认；没有对应选项的亲属（侄子、弟媳）记为“其他”。Words of families are understood; relatives without an option of their own are “other”.
- **区划代码**：可补零至 6、9、12 位（\`350122000000\` 即 \`350122\`）。Codes may be filled up with noughts.
- **日期和金额**：\`2017-10-23\`、\`2017.9.1\`、\`2017年9月\`、表格日期均可；金额默认为元，列名或表头上注明“万元”的按万元。Amounts are yuan unless the heading says 万元.
- **公式**：取保存时的结果，从不计算；结果出错或没有结果的公式，该行退回（\`#N/A\` 视为空）。Formulas give the value they were saved with; one without a value is refused, never taken for nothing.
- **空白**：空白、“/”、“不详”是“不知道”，不是“否”；但收入只要填了一项，其余各项空白按 0，所以金额不能填“不详”或“约 1200”。Empty is unknown, never no; but where any part of the income is stated, empty parts are nil.
- **台账日期**：上传时的 \`heldOn\`；不填则取表头上方的“数据时点”“截至”等，再没有则为当天。**收入年度**同样：\`incomePeriod\`，或表头上方的“…至…”，否则为台账日期之前最近的 10 月 1 日至次年 9 月 30 日。
  导入往年的台账，请写明这两项。The day a ledger speaks of and the year of its incomes: give both when taking in an old one.
- **退回**：\`GET /imports/{id}/refusals.xlsx\` 是原样的错误行加上“未导入原因”；改好后直接再传这份文件。Faulty rows come back as a workbook with the reason; correct it and upload it again.
- **到户补助**：由发放单位上传；写明发给谁（证件号码，或户编号加人编号；发给户的只填户编号）、补助项目（按政策清单的名称）、发放日期和金额；有本单位编号的填“补助编号”，再次上传时按它认作同一笔。对不上任何户、任何人的行退回，不保存。Departments tell what they paid or did: whose it is, which item, when, how much; rows that match nobody are given back and not kept.
- **重复导入**：同一份文件再导一次，什么也不会变。The same file again changes nothing.`;

/** The whole page as Biome formats it. */
export function ledgerDocument(): string {
  const kinds = ['divisions', 'registry', 'villages', 'receipts', 'helpers'] as const;
  const text = [
    head,
    ...kinds.map((kind) => `## ${titles[kind]}\n\n${columnsOf(kind)}`),
    '## 选项 Labels',
    '台账中的文字按下表换成代码；全部代码表见 `GET /code-lists`。What labels are read as; `GET /code-lists` serves all of them.',
    labels(),
  ].join('\n\n');
  return execFileSync('biome', ['format', '--stdin-file-path=docs/ledgers.md'], {
    cwd: root,
    input: `${text}\n`,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  });
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(root, 'docs/ledgers.md'), ledgerDocument());
