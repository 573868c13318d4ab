import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRun, startLocal } from '../../infra/local/run.ts';
import { synthesise } from '../../infra/synth.ts';
import { call, type ImportState, type Ledger, takeIn } from '../../scripts/take-in.ts';

export const root = join(import.meta.dirname, '../..');
export const SAMPLE_DAY = '2017-10-23';

export const sample: readonly Ledger[] = [
  { kind: 'divisions', path: join(root, 'sample/divisions.csv') },
  { kind: 'registry', path: join(root, 'sample/贫困人口台账.xlsx') },
  { kind: 'villages', path: join(root, 'sample/贫困村台账.xlsx'), heldOn: SAMPLE_DAY },
];

/** A county on the local run: the synthesised templates, the shipped bundles, a store of its own. */
export interface County {
  readonly run: LocalRun;
  readonly code: string;
  /** Calls the API as the county office (or with another token). */
  ask(path: string, token?: string): Promise<unknown>;
  token(areas: string, role?: string, sub?: string): Promise<string>;
  take(ledger: Ledger): Promise<ImportState>;
  close(): Promise<void>;
}

/** What must not stand in any log line: identity numbers of the sample, its phones and accounts. */
const secrets = /350199(19|20)\d{9}[\dXx]|"\+?100\d{8}"|\b0000\d{8,26}\b/;

/** Log lines of a run that show what they must not, and how many lines there are. */
export function leaksOf({ run }: County): { readonly lines: number; readonly leaks: string[] } {
  const lines = run.logs().map((line) => JSON.stringify(line));
  return { lines: lines.length, leaks: lines.filter((line) => secrets.test(line)) };
}

export async function openCounty(code: string, now: string): Promise<County> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bangfu-county-'));
  const assembly = await synthesise({
    outdir: join(dataDir, 'assembly'),
    context: { stage: 'local', root: code },
  });
  const run = await startLocal({ assembly, dataDir, now });
  const token = (areas: string, role = 'office', sub = `${role}-${areas.replaceAll(' ', '-')}`) =>
    run.token({ role, areas, sub });
  const own = await token(code);
  const office = {
    url: run.url,
    uploader: own,
    approver: await token(code, 'office', 'second-person'),
  };
  return {
    run,
    code,
    token,
    ask: (path, given = own) => call(`${run.url}${path}`, given),
    take: async (ledger) => {
      const state = await takeIn(office, ledger, () => undefined);
      await run.idle(240_000);
      return state;
    },
    close: async () => {
      await run.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
