import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { LocalError } from './fault.ts';
import type { Logs } from './logs.ts';
import { ofType, type Resource } from './resources.ts';
import { type Outcome, Sandbox, type SandboxSetup } from './sandbox.ts';

export const functionSchema = z.looseObject({
  Code: z.looseObject({ S3Key: z.string() }),
  Handler: z.string().default('index.handler'),
  Runtime: z.string().optional(),
  MemorySize: z.coerce.number().default(128),
  Timeout: z.coerce.number().default(3),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Environment: z
    .looseObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .optional(),
});

/** What every function of the run shares. */
export interface FunctionSurroundings {
  assets: ReadonlyMap<string, string>;
  region: string;
  /** AWS_ENDPOINT_URL_* and the like */
  env: Record<string, string>;
  /** only for functions whose template says STAGE=local */
  localEnv: Record<string, string>;
  clockOffset: () => number;
  logs: Logs;
  /** called when an invocation begins and ends */
  activity: (change: 1 | -1) => void;
}

const payloadLimit = 6 * 1024 * 1024;
const asyncPayloadLimit = 1024 * 1024;
const defaultConcurrency = 4;
const idleAfterMs = 60_000;

/** A Lambda function: up to a few sandboxes, started when needed, calls beyond them wait. */
export class LocalFunction {
  readonly resource: Resource;
  readonly timeoutMs: number;
  readonly arn: string;
  readonly #setup: SandboxSetup;
  readonly #around: FunctionSurroundings;
  readonly limit: number;
  readonly #idle: { sandbox: Sandbox; since: number }[] = [];
  readonly #busy = new Set<Sandbox>();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;
  #killAfterMs: number | undefined;

  constructor(
    resource: Resource & { is: z.infer<typeof functionSchema> },
    around: FunctionSurroundings,
  ) {
    const { is, name } = resource;
    const folder = around.assets.get(is.Code.S3Key);
    if (folder === undefined) {
      throw new LocalError(
        'TEMPLATE',
        `The bundle of ${resource.logicalId} is not in the assembly.`,
      );
    }
    this.resource = resource;
    this.timeoutMs = is.Timeout * 1000;
    this.#around = around;
    this.limit = Math.min(
      is.ReservedConcurrentExecutions ?? defaultConcurrency,
      defaultConcurrency,
    );
    this.arn = `arn:aws:lambda:${around.region}:000000000000:function:${name}`;
    const variables = is.Environment?.Variables ?? {};
    const local = variables.STAGE === 'local';
    this.#setup = {
      folder,
      handler: is.Handler,
      functionArn: this.arn,
      memoryMb: is.MemorySize,
      local,
      env: {
        ...lambdaEnv(name, is.MemorySize, around.region),
        ...around.env,
        ...(local ? around.localEnv : {}),
        ...variables,
      },
    };
  }

  /** Waits for a free sandbox and runs one invocation to its end. The event is JSON text. */
  async invoke(event: string, kind: 'sync' | 'async' = 'sync'): Promise<Outcome> {
    const size = Buffer.byteLength(event);
    if (size > (kind === 'async' ? asyncPayloadLimit : payloadLimit)) {
      return failed('RequestTooLargeException', `${size} bytes exceed the payload limit`);
    }
    if (this.limit === 0) return failed('TooManyRequestsException', 'Rate Exceeded');
    this.#around.activity(1);
    try {
      const sandbox = await this.#acquire();
      if (sandbox === undefined) return failed('Runtime.Stopped', 'The local run ends');
      const outcome = await this.#run(sandbox, event);
      if (outcome.ok && Buffer.byteLength(outcome.payload ?? '') > payloadLimit) {
        return failed('Function.ResponseSizeTooLarge', 'Response payload size exceeded 6 MB');
      }
      return outcome;
    } finally {
      this.#around.activity(-1);
    }
  }

  /** Takes the workers down that are in the middle of an invocation. Returns how many. */
  async kill(): Promise<number> {
    const victims = [...this.#busy];
    await Promise.all(victims.map((sandbox) => sandbox.end()));
    return victims.length;
  }

  /** The next invocation loses its worker so many milliseconds after it began. */
  killNext(afterMs: number): void {
    this.#killAfterMs = afterMs;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const wake of this.#waiting.splice(0)) wake();
    const all = [...this.#busy, ...this.#idle.map(({ sandbox }) => sandbox)];
    await Promise.all(all.map((sandbox) => sandbox.end()));
  }

  async #run(sandbox: Sandbox, event: string): Promise<Outcome> {
    const requestId = randomUUID();
    const kill = this.#killAfterMs;
    this.#killAfterMs = undefined;
    const timer = kill === undefined ? undefined : setTimeout(() => void sandbox.end(), kill);
    const { timeoutMs } = this;
    const { clockOffset, logs } = this.#around;
    const outcome = await sandbox.invoke({ requestId, event, timeoutMs, clockOffset });
    clearTimeout(timer);
    this.#release(sandbox);
    if (!outcome.ok) {
      const { errorType, errorMessage, trace } = outcome;
      logs.add(
        this.resource.logicalId,
        JSON.stringify({ errorType, errorMessage, trace, requestId }),
      );
    }
    return outcome;
  }

  /** undefined when the run ends */
  async #acquire(): Promise<Sandbox | undefined> {
    while (!this.#stopped && this.#busy.size >= this.limit) {
      await new Promise<void>((free) => this.#waiting.push(free));
    }
    if (this.#stopped) return undefined;
    let sandbox = this.#idle.pop()?.sandbox;
    while (sandbox !== undefined && !sandbox.usable) sandbox = this.#idle.pop()?.sandbox;
    if (sandbox === undefined) {
      sandbox = new Sandbox(this.#setup, this.#around.logs.lines(this.resource.logicalId));
    }
    this.#busy.add(sandbox);
    return sandbox;
  }

  #release(sandbox: Sandbox): void {
    this.#busy.delete(sandbox);
    const now = Date.now();
    if (sandbox.usable) this.#idle.push({ sandbox, since: now });
    const [oldest] = this.#idle;
    if (oldest !== undefined && this.#idle.length > 1 && now - oldest.since > idleAfterMs) {
      this.#idle.shift();
      void oldest.sandbox.end();
    }
    this.#waiting.shift()?.();
  }
}

export function startFunctions(
  resources: readonly Resource[],
  around: FunctionSurroundings,
): Map<string, LocalFunction> {
  const functions = ofType(resources, 'AWS::Lambda::Function', functionSchema);
  return new Map(functions.map((resource) => [resource.name, new LocalFunction(resource, around)]));
}

/** What Lambda itself puts into the environment. */
function lambdaEnv(name: string, memoryMb: number, region: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: 'local-session',
    NODE_OPTIONS: '--enable-source-maps',
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '',
  };
}

/** The only credentials the run's own servers know. They open nothing else. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };

function failed(errorType: string, errorMessage: string): Outcome {
  return { ok: false, errorType, errorMessage };
}
