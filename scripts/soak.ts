import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Tests that have a long variant (1,000 seeds, 100,000 rows, every figure, every await) ask for SOAK, and properties get a seed of their own:
 * they are run with it, one file after the other, so that what they say of time and memory is theirs. Parts of file names on the command
 * line choose among them.
 */
function filesToSoak(wanted: readonly string[]): readonly string[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).toSorted();
  const marks = ['process.env.SOAK', "from 'fast-check'"];
  const long = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return marks.some((mark) => text.includes(mark));
  });
  return long.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
}

const files = filesToSoak(process.argv.slice(2));
if (files.length === 0) {
  console.error('No test that has a long variant is named so.');
  process.exit(1);
}
const began = performance.now();
console.log(`Soaking ${files.length} files:\n${files.map((file) => `  ${file}`).join('\n')}`);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const args = ['run', '--no-file-parallelism', ...files];
const { status } = spawnSync(process.execPath, [vitest, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SOAK: '1', SOAK_ROWS: '100000' },
});
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(`soak: ${status === 0 ? 'passed' : 'FAILED'} after ${minutes} minutes`);
process.exit(status ?? 1);
