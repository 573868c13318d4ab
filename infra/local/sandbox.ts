import { type SHARE_ENV, Worker } from 'node:worker_threads';
import * as z from 'zod';

/** How an invocation ended, as Lambda tells it. The payload is JSON text. */
export type Outcome =
  | { ok: true; payload: string | undefined }
  | { ok: false; errorType: string; errorMessage: string; trace?: string };

export interface SandboxSetup {
  folder: string;
  handler: string;
  functionArn: string;
  env: Exclude<NodeJS.ProcessEnv, typeof SHARE_ENV>;
  memoryMb: number;
  local: boolean;
}

const words = { errorType: z.string(), errorMessage: z.string(), trace: z.string().optional() };
const answer = z.union([
  z.object({ wrote: z.string() }),
  z.object({ ready: z.literal(true) }),
  z.object({ unusable: z.literal(true), ...words }),
  z.object({ done: z.string(), result: z.string().nullable() }),
  z.object({ failed: z.string(), ...words }),
]);

/** Loading a bundle may take this long. Lambda gives it 10 s; a busy laptop with a cold disk gets more. */
const loadLimitMs = 30_000;

/** One execution environment: a worker thread with the function's bundle, one invocation at a time. */
export class Sandbox {
  readonly worker: Worker;
  readonly #write: (text: string) => void;
  readonly #ready: Promise<Outcome | undefined>;
  #settle: ((outcome: Outcome) => void) | undefined;
  #gone = false;

  /** @param write takes what the function prints, in pieces */
  constructor(setup: SandboxSetup, write: (text: string) => void) {
    const { env, memoryMb, ...data } = setup;
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: data,
      env,
      stdout: true,
      stderr: true,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#write = write;
    this.#ready = this.#load();
    this.worker.on('message', (message: unknown) => this.#receive(message));
    this.worker.on('error', (fault) => this.#fail(`Runtime.${codeOf(fault)}`, fault.message));
    this.worker.on('exit', () => {
      this.#gone = true;
      this.#write('\n');
      this.#fail('Runtime.ExitError', 'Runtime exited without providing a reason');
    });
  }

  get usable(): boolean {
    return !this.#gone;
  }

  /** Runs one invocation; the sandbox is unusable afterwards when it timed out or died. */
  async invoke(job: {
    requestId: string;
    event: string;
    timeoutMs: number;
    clockOffset: () => number;
  }): Promise<Outcome> {
    const broken = await this.#ready;
    if (broken !== undefined) {
      await this.end();
      return broken;
    }
    const deadline = Date.now() + job.timeoutMs;
    const { requestId, event } = job;
    const outcome = this.#wait(job.timeoutMs, `RequestId: ${requestId} Error: Task timed out`);
    this.worker.postMessage({ requestId, event, deadline, clockOffset: job.clockOffset() });
    return outcome;
  }

  async end(): Promise<void> {
    this.#gone = true;
    await this.worker.terminate();
  }

  async #load(): Promise<Outcome | undefined> {
    const outcome = await this.#wait(loadLimitMs, 'Loading the function timed out');
    return outcome.ok ? undefined : outcome;
  }

  /** The next outcome, or a timeout that takes the worker down. */
  async #wait(limitMs: number, text: string): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#settle = resolve;
    if (this.#gone) this.#fail('Runtime.ExitError', 'Runtime exited');
    const timer = setTimeout(() => {
      const after = `${text} after ${(limitMs / 1000).toFixed(2)} seconds`;
      this.#fail('Sandbox.Timedout', after);
      void this.end();
    }, limitMs);
    const outcome = await promise;
    clearTimeout(timer);
    return outcome;
  }

  #receive(message: unknown): void {
    const said = answer.parse(message);
    if ('wrote' in said) this.#write(said.wrote);
    else if ('ready' in said) this.#finish({ ok: true, payload: undefined });
    else if ('done' in said) this.#finish({ ok: true, payload: said.result ?? undefined });
    else this.#fail(said.errorType, said.errorMessage, said.trace);
  }

  #fail(errorType: string, errorMessage: string, trace?: string): void {
    this.#finish({ ok: false, errorType, errorMessage, ...(trace ? { trace } : {}) });
  }

  #finish(outcome: Outcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }
}

function codeOf(fault: Error): string {
  return 'code' in fault && fault.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'OutOfMemory' : fault.name;
}
