import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/** One temporary folder for a whole test run: whatever tests, the synthesis and Java put aside there goes with it. */
export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'bangfu-test-'));
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
