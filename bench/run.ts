import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../functions/catalogue.ts';
import type { Roster } from '../functions/core/roster.ts';
import { useLog } from '../functions/lib/log.ts';
import { synthesise } from '../infra/synth.ts';
import { bulkFigures } from './bulk.ts';
import { bundleFigures } from './bundle.ts';
import { chainFigures } from './chain.ts';
import type { CountySize } from './county.ts';
import { freshFigures } from './fresh.ts';
import { nameTables, openGround } from './ground.ts';
import { importFigures } from './import.ts';
import { type Figure, ratioOf, reached, tableOf } from './ratio.ts';

const sizes: readonly CountySize[] = [
  { code: '350191', households: 745 },
  { code: '350192', households: 7450 },
  { code: '350193', households: 74_500 },
];
const functions = catalogue.flatMap((capability) => capability.functions);
const started = performance.now();
const all: Figure[] = [];

/** Runs one group of figures and prints it as soon as it is there. Groups can be named on the command line. */
async function group(name: string, measure: () => Promise<readonly Figure[]>): Promise<void> {
  const wanted = process.argv.slice(2);
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const began = performance.now();
  const figures = await measure();
  all.push(...figures);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\n${name} (${seconds} s)\n${tableOf(figures)}`);
}

/** Figures counted on DynamoDB Local, in this process, and cold starts against the same tables. */
async function onTables(assembly: string): Promise<void> {
  const ground = await openGround();
  try {
    await group('import', () => importFigures(ground));
    const tables = await ground.tables();
    nameTables(tables, ground.folder);
    // Handlers read their environment when they are loaded.
    const { seedCounty } = await import('./seed.ts');
    const [first, ...others] = sizes;
    if (!first) return;
    const seeded = await seedCounty(ground, tables, first);
    const { changeFigures, registerCounty, registerOne } = await import('./change.ts');
    await group('change', () => changeFigures(ground, tables, first.code));
    await group('engine', async () => {
      const { countyFigure, engineFigures } = await import('./engine.ts');
      const county = await countyFigure(tables, await registerCounty(first));
      return [...(await engineFigures()), county];
    });
    await group('procedure', async () => {
      const { procedureFigures } = await import('./procedure.ts');
      return procedureFigures(ground, first.code);
    });
    await group('cold', async () => {
      const { coldFigures } = await import('./cold.ts');
      const { enlist } = await import('./list.ts');
      // More than one page, as a clerk who opens the list finds it.
      await enlist(tables, seeded.slice(0, 40));
      const { id } = await registerOne(first.code, `${first.code}100200`);
      const known = { county: first.code, household: id };
      const bundles = join(assembly, 'bundle');
      return coldFigures(functions, { ground, tables, bundles, known });
    });
    await group('read', async () => {
      let rosters: readonly Roster[] = [];
      for (const size of others) rosters = await seedCounty(ground, tables, size);
      const { boardFigures } = await import('./board.ts');
      const { listFigures } = await import('./list.ts');
      const largest = { ...(sizes.at(-1) ?? first), rosters };
      const boards = await boardFigures(ground, sizes);
      return [...boards, ...(await listFigures(ground, tables, largest))];
    });
  } finally {
    await ground.close();
  }
}

function windowOf(queue: string): number {
  const consumer = functions.find(({ consumes }) => consumes?.queue === queue)?.consumes;
  if (!consumer) throw new Error(`nobody consumes the queue ${queue}`);
  return consumer.windowSeconds;
}

function write(): void {
  const result = {
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    load: loadavg()[0],
    seconds: Math.round((performance.now() - started) / 1000),
    figures: all.map((one) => ({ ...one, ratio: ratioOf(one), reached: reached(one) ?? null })),
  };
  const path = join(import.meta.dirname, 'result.json');
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bangfu-bench-'));
  try {
    const context = { stage: 'local', root: '350122' };
    const assembly = await synthesise({ outdir: join(folder, 'assembly'), context });
    await group('bundles', () => bundleFigures(assembly, folder));
    await group('chain', chainFigures);
    useLog(() => undefined);
    await onTables(assembly);
    await group('fresh', () =>
      freshFigures({ assembly, dataDir: join(folder, 'data') }, windowOf('summary')),
    );
    await group('bulk', () => bulkFigures({ assembly, dataDir: join(folder, 'bulk') }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  write();
  const missed = all.filter((figure) => reached(figure) === false);
  console.log(`\n${tableOf(all)}\n`);
  console.log(
    `${all.length} figures, ${missed.length} goals missed; bench/result.json has them all`,
  );
}

await main();
