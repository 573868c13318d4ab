import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalError } from './fault.ts';

const schema = z.object({
  pid: z.number(),
  url: z.string(),
  control: z.string(),
  secret: z.string(),
  dynamodb: z.string(),
  s3: z.string(),
  sqs: z.string(),
});

/** Where a running instance can be reached, and the secret that proves one may. Readable by its owner alone. */
export type RunFile = z.infer<typeof schema>;

const path = (dataDir: string): string => join(dataDir, 'run.json');

export function writeRunFile(dataDir: string, run: RunFile): void {
  writeFileSync(path(dataDir), JSON.stringify(run, null, 2), { mode: 0o600 });
}

export function removeRunFile(dataDir: string): void {
  rmSync(path(dataDir), { force: true });
}

/** The instance that runs on this data folder, if its process is alive. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    const run = schema.parse(JSON.parse(readFileSync(path(dataDir), 'utf8')));
    process.kill(run.pid, 0);
    return run;
  } catch {
    return undefined;
  }
}

/** @throws LocalError ALREADY_RUNNING: two runs on one data folder would spoil it */
export function requireNoOtherRun(dataDir: string): void {
  const other = readRunFile(dataDir);
  if (other === undefined) return;
  throw new LocalError(
    'ALREADY_RUNNING',
    `The county runs already on ${other.url} (process ${other.pid}) with the data in ${dataDir}.`,
  );
}

/**
 * Asks a running instance to do something.
 * @throws LocalError NOT_RUNNING; or with the sentence the instance answered
 */
export async function askRun(dataDir: string, path: string, body: object): Promise<string> {
  const run = readRunFile(dataDir);
  if (run === undefined) {
    throw new LocalError('NOT_RUNNING', 'The county does not run here: `npm start` first.');
  }
  const response = await fetch(`${run.control}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${run.secret}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new LocalError('BAD_INPUT', text);
  return text;
}
