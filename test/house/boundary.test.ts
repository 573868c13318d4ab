import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let planted: string;

/** Copies the house rules into an empty house and plants one file there. */
async function findings(path: string, text: string): Promise<string> {
  const file = join(planted, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout } = await run(biome, ['lint', '--reporter=json', '--colors=off', path], {
    cwd: planted,
  }).catch((fault) => fault);
  await rm(file);
  return stdout;
}

beforeAll(async () => {
  planted = await mkdtemp(join(tmpdir(), 'bangfu-rules-'));
  const rules = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
  await writeFile(
    join(planted, 'biome.json'),
    JSON.stringify({ ...rules, vcs: { enabled: false } }),
  );
  await symlink(join(root, 'node_modules'), join(planted, 'node_modules'));
});
afterAll(() => rm(planted, { recursive: true, force: true }));

const forbidden: readonly [string, string][] = [
  ['functions/core/a.ts', '../lib/log.ts'],
  ['functions/core/a.ts', 'node:fs'],
  ['functions/core/a.ts', '@aws-sdk/client-dynamodb'],
  ['functions/household/spec.ts', './service.ts'],
  ['functions/household/service.ts', '../lib/dynamo.ts'],
  ['functions/household/service.ts', '@aws-sdk/client-dynamodb'],
  ['functions/household/handler.ts', '../board/service.ts'],
  ['functions/household/handler.ts', '@middy/core'],
  ['functions/household/table.ts', '../board/table.ts'],
  ['functions/lib/a.ts', '../household/table.ts'],
  ['functions/lib/a.ts', 'aws-cdk-lib'],
  ['infra/api-stack.ts', '../functions/household/handler.ts'],
  ['infra/local/run.ts', '../../functions/catalogue.ts'],
  ['infra/local/run.ts', 'aws-cdk-lib'],
];
const allowed: readonly [string, string][] = [
  ['functions/core/a.ts', './day.ts'],
  ['functions/core/a.ts', 'zod'],
  ['functions/household/spec.ts', '../core/spec.ts'],
  ['functions/household/service.ts', '../core/household.ts'],
  ['functions/household/handler.ts', '../area/table.ts'],
  ['functions/household/table.ts', '../lib/dynamo.ts'],
  ['functions/lib/a.ts', '../core/day.ts'],
  ['infra/api-stack.ts', '../functions/catalogue.ts'],
];
const source = (specifier: string) =>
  `import { one } from '${specifier}';\n\nexport const two = one;\n`;

describe('arrows point one way', () => {
  it.each(forbidden)('%s may not import %s', async (path, specifier) => {
    expect(await findings(path, source(specifier))).toContain('noRestrictedImports');
  });

  it.each(allowed)('%s may import %s', async (path, specifier) => {
    expect(await findings(path, source(specifier))).not.toContain('noRestrictedImports');
  });

  it('a source file of more than 300 lines is refused', async () => {
    const long = Array.from(
      { length: 301 },
      (_, index) => `export const line${index} = ${index};`,
    ).join('\n');
    expect(await findings('functions/core/long.ts', long)).toContain('noExcessiveLinesPerFile');
    expect(
      await findings('functions/core/short.ts', long.split('\n').slice(0, 200).join('\n')),
    ).not.toContain('noExcessiveLinesPerFile');
  });
});
