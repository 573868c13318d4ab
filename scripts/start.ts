import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { LocalError } from '../infra/local/fault.ts';
import { instantOf } from '../infra/local/local-clock.ts';
import { type LocalRun, startLocal } from '../infra/local/run.ts';
import { synthesise } from '../infra/synth.ts';
import { headline } from './headline.ts';
import { call, type ImportState, type Ledger, type Office, takeIn } from './take-in.ts';
import { publishPolicies } from './take-policy.ts';

const root = join(import.meta.dirname, '..');
const dataDir = join(root, '.local');
/** The sample county's own date: its ledgers are told as of this day. */
const SAMPLE_DAY = '2017-10-23';
const SAMPLE_COUNTY = '350122';

/** Says whether the sample has been taken in whole, or a start was broken off on the way. */
const begun = join(dataDir, 'sample');
const Imports = z.object({
  imports: z.array(z.object({ fileName: z.string(), kind: z.string(), state: z.string() })),
});

/** @throws LocalError BAD_INPUT, or what parseArgs says about a flag */
function readFlags() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3000' },
      root: { type: 'string', default: SAMPLE_COUNTY },
      fresh: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      now: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new LocalError('BAD_INPUT', `--port ${values.port} is no port: 1 to 65535.`);
  }
  if (!/^[1-9]\d(\d\d){0,2}$/.test(values.root)) {
    throw new LocalError(
      'BAD_INPUT',
      `--root ${values.root} is not the code of a county, city or province.`,
    );
  }
  if (values.now !== undefined) instantOf(values.now);
  // The sample is one county's; another one begins with its own file of divisions.
  return { ...values, port, empty: values.empty || values.root !== SAMPLE_COUNTY };
}

type Flags = ReturnType<typeof readFlags>;

const sample = (name: string) => join(root, 'sample', name);
/** In this order; the policies are published before what departments paid for them. */
const ledgers: readonly Ledger[] = [
  { kind: 'divisions', path: sample('divisions.csv') },
  { kind: 'registry', path: sample('贫困人口台账.xlsx') },
  { kind: 'villages', path: sample('贫困村台账.xlsx'), heldOn: SAMPLE_DAY },
  { kind: 'registry', path: sample('补充登记.xlsx'), heldOn: SAMPLE_DAY },
  { kind: 'helpers', path: sample('帮扶力量.xlsx'), heldOn: SAMPLE_DAY },
  { kind: 'receipts', path: sample('项目资金.xlsx'), heldOn: SAMPLE_DAY },
];

/** The first of them give the board. */
const BOARD_LEDGERS = 3;

let isLeaving = false;

function bar(name: string, share: number, said: string): void {
  const filled = '█'.repeat(Math.round(share * 24)).padEnd(24, '░');
  const text = `  ${name.padEnd(10)} ${filled} ${said}`;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${text}`);
  else if (share === 1) process.stdout.write(text);
}

function importBar({ kind }: Ledger, { state, progress, counts }: ImportState): void {
  const { done = 0, of = 0 } = progress ?? {};
  const share = of > 0 && done < of ? done / of : 0;
  const counted = counts?.rows ?? 0;
  bar(kind, state === 'applied' ? 1 : share, counted > 0 ? `${state} (${counted})` : state);
}

/** The policy list, which what departments paid is matched with. */
async function takePolicies({ url, uploader: token }: Office): Promise<void> {
  const publishing = { url, token, area: SAMPLE_COUNTY, folder: sample('policy') };
  await publishPolicies(publishing, (done, of) =>
    bar('policies', done / of, `published (${done})`),
  );
  process.stdout.write('\n');
}

/** Takes ledgers in, one after the other. */
async function takeLedgers(run: LocalRun, some: readonly Ledger[]): Promise<void> {
  const office = {
    url: run.url,
    uploader: await run.token({ role: 'office', areas: SAMPLE_COUNTY, sub: 'sample-uploader' }),
    approver: await run.token({ role: 'office', areas: SAMPLE_COUNTY, sub: 'sample-approver' }),
  };
  for (const ledger of some) {
    if (ledger.kind === 'receipts') await takePolicies(office);
    await takeIn(office, ledger, (state) => importBar(ledger, state));
    process.stdout.write('\n');
  }
}

/**
 * Takes in whatever of the sample is not in yet: a first start that was broken off goes on where it stopped. The board is told as soon as
 * its ledgers are in; helpers, policies and what was paid take minutes more and come while it can be looked at.
 */
async function takeSample(run: LocalRun, missing: readonly Ledger[], flags: Flags): Promise<void> {
  console.log('Taking in the sample county (every person in it is fictitious):');
  const ofBoard = ledgers.slice(0, BOARD_LEDGERS);
  await takeLedgers(
    run,
    missing.filter((ledger) => ofBoard.includes(ledger)),
  );
  // A worker killed by a broken-off start holds its message hidden for minutes; the boards need not wait for it.
  await run
    .idle(20_000)
    .catch(() => console.log('  (work of the broken-off start comes again later)'));
  await tell(run, flags);
  console.log('\n  Meanwhile the rest of the sample comes in, some minutes:');
  await takeLedgers(
    run,
    missing.filter((ledger) => !ofBoard.includes(ledger)),
  );
  writeFileSync(begun, 'taken');
  console.log(
    `  The sample is in. GET /areas/${SAMPLE_COUNTY}/evaluations tells when all is evaluated.`,
  );
}

async function open(flags: Flags, now: string | undefined): Promise<LocalRun> {
  const assembly = await synthesise({
    outdir: join(dataDir, 'assembly'),
    context: { stage: 'local', root: flags.root },
  });
  const lines = createWriteStream(join(dataDir, 'run.log'), { mode: 0o600 });
  const log = (line: string) => lines.write(`${line}\n`);
  const options = { assembly, dataDir, port: flags.port, log };
  return startLocal({ ...options, ...(now !== undefined && { now }) });
}

/** The sample's ledgers that are still to be taken in: all of an empty store, the rest where a start was broken off, else none. */
async function missingIn(run: LocalRun, flags: Flags): Promise<readonly Ledger[]> {
  if (flags.empty) return [];
  const isBroken = existsSync(begun) && readFileSync(begun, 'utf8') !== 'taken';
  if (!isBroken && !(await isEmpty(run, SAMPLE_COUNTY))) return [];
  const token = await run.token({ role: 'office', areas: SAMPLE_COUNTY });
  const known = Imports.parse(
    await call(`${run.url}/imports?area=${SAMPLE_COUNTY}&limit=100`, token),
  );
  const applied = known.imports.filter(({ state }) => state === 'applied');
  const isIn = ({ kind, path }: Ledger) =>
    applied.some((one) => one.kind === kind && one.fileName === basename(path));
  return ledgers.filter((ledger) => !isIn(ledger));
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.fresh) await rm(dataDir, { recursive: true, force: true });
  const isNew = !existsSync(dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  let run = await open(flags, flags.now ?? (isNew && !flags.empty ? SAMPLE_DAY : undefined));
  const missing = await missingIn(run, flags);
  if (missing.length > 0 && !isNew && flags.now === undefined) {
    // The store was opened before without the sample, so at another date: the sample's own date comes first.
    await run.stop();
    run = await open(flags, SAMPLE_DAY);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave(run));
  console.log(`API ready at ${run.url}`);
  if (missing.length > 0) {
    writeFileSync(begun, 'begun');
    await takeSample(run, missing, flags);
  } else await tell(run, flags);
}

async function tell(run: LocalRun, { root, empty }: Flags): Promise<void> {
  const token = await run.token({ role: 'office', areas: root });
  const board =
    empty && (await isEmpty(run, root))
      ? `\n  The store is empty. The divisions of ${root} come first: POST /imports, kind divisions (docs/ledgers.md).`
      : await headline(run.url, token, root);
  console.log(board);
  console.log(`
  board      ${run.url}/#token=${token}
  a token    npm run -s token -- office ${root}
  for help   ${run.url}/openapi.json   |   npm run trigger -- recount   |   npm run clock -- +7d
  stop       Ctrl-C`);
}

/** Ends everything the start began: no worker and no Java process stays behind. */
async function leave(run: LocalRun): Promise<void> {
  isLeaving = true;
  console.log('\nStopping …');
  // What will not end in time ends with this process; the guard beside Java sees to the database.
  await Promise.race([run.stop(), pause(10_000)]);
  process.exit(0);
}

/** A store without the county's divisions has nothing in it yet. */
async function isEmpty(run: LocalRun, root: string): Promise<boolean> {
  const token = await run.token({ role: 'office', areas: root });
  const answer = await fetch(`${run.url}/areas/${root}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status === 404;
}

try {
  await main();
} catch (fault) {
  // What was under way when Ctrl-C came breaks off; that is no fault to tell.
  if (!isLeaving) console.error(fault instanceof Error ? fault.message : fault);
  if (!isLeaving) process.exit(1);
}
