import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildBase } from './base/build.ts';
import type { Figure } from './ratio.ts';

const meta = (assembly: string) =>
  JSON.parse(readFileSync(join(assembly, 'bundle/meta.json'), 'utf8'));

/** Sizes of the shipped bundles in bytes, by function: what a cold start loads, without the texts that lie packed beside it. */
export function bundleSizes(assembly: string): ReadonlyMap<string, number> {
  const ids = Object.keys(meta(assembly).outputs)
    .map((path) => /([^/]+)\/index\.mjs$/.exec(path)?.[1])
    .filter((id) => id !== undefined);
  return new Map(ids.map((id) => [id, statSync(join(assembly, 'bundle', id, 'index.mjs')).size]));
}

/** Largest shipped bundle against the bare DynamoDB handler; the functions of the import and of sheets carry spreadsheets and stand apart. */
export async function bundleFigures(assembly: string, outdir: string): Promise<readonly Figure[]> {
  const bare = await buildBase('bare', outdir);
  const sizes = [...bundleSizes(assembly)].toSorted((a, b) => b[1] - a[1]);
  const hasSheets = (id: string) => id.startsWith('import') || id === 'sheet';
  const largest = sizes.find(([id]) => !hasSheets(id)) ?? ['none', 0];
  const sheets = sizes.find(([id]) => hasSheets(id)) ?? ['none', 0];
  const kb = (bytes: number) => bytes / 1000;
  const base = kb(bare.bytes);
  return [
    { name: `largest bundle (${largest[0]})`, unit: 'KB', ours: kb(largest[1]), base, goal: 1.35 },
    {
      name: `largest bundle with spreadsheets (${sheets[0]})`,
      unit: 'KB',
      ours: kb(sheets[1]),
      base,
    },
  ];
}
