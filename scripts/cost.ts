import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../functions/catalogue.ts';
import type { CapabilitySpec } from '../functions/core/spec.ts';
import { functionsOf, queuesOf } from '../infra/jobs-stack.ts';
import { bill, happenings, Load, Measured, Prices, total, units } from './cost-model.ts';

const root = join(import.meta.dirname, '..');
const json = (name: string): unknown =>
  JSON.parse(readFileSync(join(root, 'docs/cost', name), 'utf8'));

export const given = () => ({
  prices: Prices.parse(json('price.json')),
  load: Load.parse(json('load.json')),
  measured: Measured.parse(json('unit.json')),
});

/** Two per function, two per queue and its dead letters, and those of the whole (infra/watch-stack.ts). */
export function alarmsOf(capabilities: readonly CapabilitySpec[]): number {
  return 2 * functionsOf(capabilities).length + 2 * queuesOf(capabilities).length + 5;
}

const money = (amount: number) =>
  amount < 100 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en');
const many = (count: number) => Math.round(count).toLocaleString('en');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** docs/cost.md as Biome formats it. */
export function costDocument(): string {
  const { prices, load, measured } = given();
  const alarms = alarmsOf(catalogue);
  const columns = load.sizes.map((size) => {
    const facts = { load, measured, size };
    return {
      size,
      done: happenings(facts),
      used: units(facts),
      lines: bill({ ...facts, prices, alarms }),
    };
  });
  const [first] = columns;
  const text = `# Monthly cost

Drawn by \`npm run docs\` from measured units ([unit.json](cost/unit.json), ${measured.date}), list prices of ${prices.region} on ${prices.date}
([price.json](cost/price.json), sources inside) and assumed work ([load.json](cost/load.json)). A test fails when this page is stale.

${measured.how}

## The bill, ${prices.currency} a month

${table(
  ['', ...columns.map(({ size }) => size.name)],
  [
    ...(first?.lines ?? []).map(({ name }, index) => [
      name,
      ...columns.map(({ lines }) => money(lines[index]?.amount ?? 0)),
    ]),
    ['**Together**', ...columns.map(({ lines }) => `**${money(total(lines))}**`)],
    [
      'per person and year',
      ...columns.map(({ lines, size }) => ((total(lines) * 12) / size.persons).toFixed(4)),
    ],
  ],
)}

${prices.note} A county alone pays mostly for keys and alarms, which cost the same at any size.

## What is behind it

${table(
  ['a month', ...columns.map(({ size }) => size.name)],
  [
    ['requests', ...columns.map(({ done }) => many(done.requests))],
    ['changes of households', ...columns.map(({ done }) => many(done.changes))],
    ['board reads', ...columns.map(({ done }) => many(done.boards))],
    [
      'persons imported again',
      ...columns.map(({ size }) => many(size.persons * load.importedShareOfPersons)),
    ],
    ['read units', ...columns.map(({ used }) => many(used.read))],
    ['write units', ...columns.map(({ used }) => many(used.write))],
  ],
)}

A first load comes once: ${measured.importedPerson.write.toFixed(1)} write units a person, or ${columns
    .map(({ size }) =>
      money(
        ((size.persons * measured.importedPerson.write) / 1e6) * prices.price.writeUnitsPerMillion,
      ),
    )
    .join(', ')} ${prices.currency} for the three sizes.

Not in it: support plans, a firewall or proxy in front, the issuer of tokens, free tiers (which cover much of a county's bill), and China prices.
`;
  return execFileSync('biome', ['format', '--stdin-file-path=docs/cost.md'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  });
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(root, 'docs/cost.md'), costDocument());
