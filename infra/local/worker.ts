/**
 * Runs inside a worker thread: loads one function's bundle, then answers one invocation at a time, as Lambda's own
 * runtime does. The bundle sees an environment of its own and a Lambda context, nothing of the local run.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';

const setup = z
  .object({ folder: z.string(), handler: z.string(), functionArn: z.string(), local: z.boolean() })
  .parse(workerData);

const job = z.object({
  requestId: z.string(),
  event: z.string(),
  deadline: z.number(),
  clockOffset: z.number(),
});
type Job = z.infer<typeof job>;

type Handler = (event: unknown, context: object) => unknown;
const callable = z.custom<Handler>((value) => typeof value === 'function');

async function load(): Promise<Handler> {
  const dot = setup.handler.lastIndexOf('.');
  const path = join(setup.folder, setup.handler.slice(0, dot));
  let missing: unknown;
  for (const extension of ['.mjs', '.js', '.cjs']) {
    try {
      const module: unknown = await import(pathToFileURL(path + extension).href);
      return callable.parse(
        z.record(z.string(), z.unknown()).parse({ ...Object(module) })[
          setup.handler.slice(dot + 1)
        ],
      );
    } catch (fault) {
      if (!(fault instanceof Error && 'code' in fault && fault.code === 'ERR_MODULE_NOT_FOUND'))
        throw fault;
      missing ??= fault;
    }
  }
  throw missing;
}

function contextOf({ requestId, deadline }: Job): object {
  const env = process.env;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: setup.functionArn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** What Lambda answers about a thrown value: its name and message, and the first lines of its stack. */
function describe(thrown: unknown): { errorType: string; errorMessage: string; trace: string } {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: '' };
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack ?? '' };
}

async function run(handler: Handler, work: Job): Promise<void> {
  if (setup.local) process.env.CLOCK_OFFSET_MS = String(work.clockOffset);
  try {
    const result = await handler(JSON.parse(work.event), contextOf(work));
    parentPort?.postMessage({ done: work.requestId, result: JSON.stringify(result) ?? null });
  } catch (thrown) {
    parentPort?.postMessage({ failed: work.requestId, ...describe(thrown) });
  }
}

/** Output goes the same way as answers, so that what a call wrote is there before the call is over. */
function redirect(stream: NodeJS.WriteStream): void {
  const value = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    parentPort?.postMessage({
      wrote: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(),
    });
    const written = rest.at(-1);
    if (typeof written === 'function') process.nextTick(() => written());
    return true;
  };
  Object.defineProperty(stream, 'write', { value });
}
redirect(process.stdout);
redirect(process.stderr);

if (process.env.NODE_OPTIONS?.includes('--enable-source-maps')) process.setSourceMapsEnabled(true);
load().then(
  (handler) => {
    parentPort?.on('message', (message: unknown) => void run(handler, job.parse(message)));
    parentPort?.postMessage({ ready: true });
  },
  (thrown) => {
    parentPort?.postMessage({ unusable: true, ...describe(thrown) });
  },
);
