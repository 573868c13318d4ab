import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import * as z from 'zod';
import { uploadKey } from '../../functions/import/place.ts';
import type { TestBucket } from './bucket.ts';
import type { Tables } from './database.ts';
import type { Post } from './post.ts';
import { keyFile } from './store.ts';

/** What invocations took at most, and how many there were. */
export interface Taken {
  readonly invocations: number;
  readonly failed: number;
  readonly seconds: number;
  readonly megabytes: number;
}

const nothing: Taken = { invocations: 0, failed: 0, seconds: 0, megabytes: 0 };
const Told = z.object({ failed: z.number(), seconds: z.number(), megabytes: z.number() });
const run = promisify(execFile);

function most(all: readonly Taken[]): Taken {
  return all.reduce(
    (sum, one) => ({
      invocations: sum.invocations + one.invocations,
      failed: sum.failed + one.failed,
      seconds: Math.max(sum.seconds, one.seconds),
      megabytes: Math.max(sum.megabytes, one.megabytes),
    }),
    nothing,
  );
}

/** What the functions of imports find in their environment, and an option of Node for their memory. */
export async function functionEnvironment(
  parts: { readonly tables: Tables; readonly bucket: TestBucket; readonly post: Post },
  option: string,
): Promise<NodeJS.ProcessEnv> {
  const { tables, bucket, post } = parts;
  return {
    PATH: process.env.PATH,
    NODE_OPTIONS: option,
    STAGE: 'local',
    LOCAL_KEY_FILE: keyFile,
    JOB_TABLE: tables.job,
    HOUSEHOLD_TABLE: tables.household,
    IDENTITY_TABLE: tables.identity,
    AREA_TABLE: tables.area,
    ACCESS_TABLE: tables.access,
    PAIRING_TABLE: tables.pairing,
    POLICY_TABLE: tables.policy,
    BUCKET: bucket.bucket,
    IMPORT_QUEUE: `${post.url}/queue/import`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_DYNAMODB: await (await fetch(inject('dynamoBroker'))).text(),
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ENDPOINT_URL_SQS: post.url,
  };
}

/** Runs the reader's entry as its platform does: a process of its own, everything by environment. */
export async function readAlone(id: string, env: NodeJS.ProcessEnv): Promise<Taken> {
  const began = performance.now();
  const args = ['test/support/read-alone.ts', uploadKey(id)];
  const { stdout } = await run(process.execPath, args, { env });
  const megabytes = Number(stdout.trim().split('\n').at(-1));
  return { invocations: 1, failed: 0, seconds: (performance.now() - began) / 1000, megabytes };
}

/** One instance of the chunk function: a process that works on one message after the other. */
class Instance {
  readonly #process: ChildProcess;
  readonly #told: AsyncIterator<string>;

  constructor(env: NodeJS.ProcessEnv) {
    const args = ['test/support/chunk-alone.ts'];
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    this.#told = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** One invocation with one message. */
  async invoke(body: string): Promise<Taken> {
    this.#process.stdin?.write(`${body}\n`);
    return { invocations: 1, ...(await this.#next()) };
  }

  async #next(): Promise<z.infer<typeof Told>> {
    for (;;) {
      const { value, done } = await this.#told.next();
      if (done) throw new Error('the function died');
      // Other lines are the function's log.
      if (value.startsWith('told ')) return Told.parse(JSON.parse(value.slice('told '.length)));
    }
  }

  async end(): Promise<void> {
    this.#process.stdin?.end();
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
  }
}

/**
 * Has the messages of a queue worked off by so many instances of the chunk function at once, and all they send in turn. A message that
 * failed is put back, as its queue does.
 */
export async function workAlone(
  messages: string[],
  instances: number,
  env: NodeJS.ProcessEnv,
): Promise<Taken> {
  const idle = Array.from({ length: instances }, () => new Instance(env));
  const busy = new Set<Promise<void>>();
  const taken: Taken[] = [];
  const invoke = async (instance: Instance, body: string): Promise<void> => {
    const one = await instance.invoke(body);
    taken.push(one);
    if (one.failed > 0) messages.push(body);
    idle.push(instance);
  };
  while (messages.length > 0 || busy.size > 0) {
    const instance = messages.length > 0 ? idle.pop() : undefined;
    const body = instance && messages.shift();
    if (instance && body !== undefined) {
      const work = invoke(instance, body).finally(() => busy.delete(work));
      busy.add(work);
    } else await Promise.race(busy);
  }
  await Promise.all(idle.map((one) => one.end()));
  return most(taken);
}
