import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOf } from '../functions/core/code-list.ts';
import {
  type Condition,
  MAX_CLAUSES,
  MAX_DEPTH,
  opsOf,
} from '../functions/core/policy-condition.ts';
import {
  type FactDefinition,
  type FactType,
  factCatalogue,
  type Subject,
} from '../functions/core/policy-fact.ts';
import { sentenceOf } from '../functions/core/policy-sentence.ts';

const root = join(import.meta.dirname, '..');

const example: Condition = {
  all: [
    { fact: 'person.schoolStage', op: 'is', value: 'pre' },
    {
      any: [
        { fact: 'household.type', op: 'in', value: ['low-income', 'destitute'] },
        { fact: 'household.netIncomePerHeadFen', op: 'below', value: { line: 'dibao' } },
        { not: { fact: 'household.able', op: 'at-least', value: 1 } },
      ],
    },
  ],
};

const typeWords: Readonly<Record<FactType, string>> = {
  flag: '是否 flag：`true`、`false`',
  code: '一个代码 one code',
  codes: '若干代码 several codes',
  number: '数字 number',
  day: '日期 day：`2017-10-23`',
};

const titles: Readonly<Record<Subject, string>> = {
  person: '个人 Persons',
  household: '户 Households',
  village: '村 Villages',
};

/** What a condition may compare a fact with. */
function valuesOf({ type, list, unit, least, most }: FactDefinition): string {
  if (list === 'nation') return '`GET /code-lists`';
  if (list)
    return codesOf(list)
      .map((code) => `\`${code}\``)
      .join(' ');
  if (type === 'flag') return '`true` `false`';
  if (type === 'day') return '`2017-10-23`';
  if (type === 'code') return '`350122101`';
  const range = least === undefined ? '' : ` ${least}–${most ?? ''}`;
  return `${unit ?? ''}${range}`;
}

function tableOf(subject: Subject): string {
  const rows = factCatalogue
    .filter(({ of }) => of === subject)
    .map(
      (fact) => `| \`${fact.id}\` | ${fact.zh} | ${fact.en} | ${fact.type} | ${valuesOf(fact)} |`,
    );
  return ['| fact | 名称 | name | type | value |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function operators(): string {
  const rows = Object.entries(opsOf).map(
    ([type, ops]) =>
      `| ${typeWords[type as FactType]} | ${ops.map((op) => `\`${op}\``).join(' ')} |`,
  );
  return ['| type | op |', '| --- | --- |', ...rows].join('\n');
}

const head = `# 怎样写条件 Conditions

政策条件是一棵 JSON 树，保存时按下面的事实表核对，读作一句话。A condition is a tree in JSON. It is held against the facts below when it is saved, and reads as a sentence.

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

${sentenceOf(example, 'zh')}。

${sentenceOf(example, 'en')}.

- **形式**：\`all\` 全部满足、\`any\` 至少一项、\`not\` 不满足、或一项比较（fact、op、value）；嵌套至多 ${MAX_DEPTH} 层，至多 ${MAX_CLAUSES} 项比较。At most ${MAX_DEPTH} levels and ${MAX_CLAUSES} comparisons.
- **三种结果**：符合、不符合、缺数据。没有登记的事实是“缺数据”，从不当作“否”；只有它影响结果时，结果才是“缺数据”。What nobody recorded is unknown, never no; it shows only where it matters.
- **人数**：有成员的情况没有登记时，人数在两数之间；“不少于 1 人”在已知有 1 人时即符合。A count is known between two numbers where something of a member is not recorded, and answers where both agree.
- **谁能问什么**：按人的政策可问人、户、村；按户的可问户、村；按村的只问村。An item for persons asks persons, households and villages; one for households no single person; one for villages no household.
- **标准线**：\`{"line": "dibao"}\` 是当日有效的标准，只用于金额；标准调整时条件不必改。A line is a dated amount of money; \`poverty\` is that of the rulebook.
- **金额以分计**，亩、公里、平方米可有小数，其余为整数。Money is in fen; land, roads and floors may have fractions.
- **残疾等级、务工月数**等只对有此情况的人登记：与 \`person.health has disabled\` 等一起问，否则其余的人都是“缺数据”。Ask the grade of a disability together with the disability: of others it is not recorded.
- **年龄**按查询之日的周岁。Ages are completed years on the day that is asked for.`;

/** The whole page as Biome formats it. */
export function conditionDocument(): string {
  const subjects: readonly Subject[] = ['person', 'household', 'village'];
  const text = [
    head,
    `## 比较方式 Operators\n\n${operators()}\n\n\`has\`、\`has-not\` 的值可以是一个代码，或一列代码（有其一即可）。A list for \`has\` asks for any of them.`,
    ...subjects.map((subject) => `## ${titles[subject]}\n\n${tableOf(subject)}`),
  ].join('\n\n');
  return execFileSync('biome', ['format', '--stdin-file-path=docs/conditions.md'], {
    cwd: root,
    input: `${text}\n`,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  });
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(root, 'docs/conditions.md'), conditionDocument());
