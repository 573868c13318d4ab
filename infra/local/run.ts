import { randomBytes } from 'node:crypto';
import { makeApi } from './api.ts';
import { expectedIssuer, readApi } from './api-definition.ts';
import { makeControl } from './control.ts';
import { type Faults, makeFaults } from './faults.ts';
import { type Ground, layGround, type Stops, stopAll } from './ground.ts';
import { openIssuer, type TokenClaims } from './issuer.ts';
import { listen } from './listen.ts';
import type { LogLine } from './logs.ts';
import { pick } from './pick.ts';
import { removeRunFile, requireNoOtherRun, writeRunFile } from './run-file.ts';
import { startWork } from './work.ts';

export interface LocalOptions {
  /** folder of the cloud assembly */
  assembly: string;
  /** folder that keeps everything between runs */
  dataDir: string;
  /** port of the HTTP API; 0 (the default) takes any free one */
  port?: number;
  /** ISO day or instant the clock is set to; without it the clock goes on as it was */
  now?: string;
  /** receives every captured line */
  log?: (line: string) => void;
}

export interface LocalRun {
  /** address of the HTTP API */
  url: string;
  /** a bearer token of the local issuer */
  token(claims: TokenClaims): Promise<string>;
  /** Fires a schedule by its name, logical id or the end of one, and waits for the invocation. */
  trigger(schedule: string, input?: Record<string, string>): Promise<void>;
  /** Moves the clock forward (`+7d`, `+12h`, `+30m`), firing the schedules in between in order. */
  clock(move: string): Promise<void>;
  /** the local time */
  now(): Date;
  /** Resolves when streams, queues and events have nothing under way. */
  idle(timeoutMs?: number): Promise<void>;
  faults: Faults;
  /** Physical names by (a part of) the logical id, and where the services listen. */
  resources: {
    table(part: string): string;
    bucket(part: string): string;
    queue(part: string): string;
    schedules(): string[];
    endpoints: { dynamodb: string; s3: string; sqs: string };
    credentials: { accessKeyId: string; secretAccessKey: string };
    region: string;
  };
  /** what functions wrote, the access log, and what the run says about itself */
  logs(): LogLine[];
  /** Ends everything; no Java process and no worker stays behind. */
  stop(): Promise<void>;
}

/**
 * Runs the stacks of a cloud assembly on this machine: what they describe is created, what they deploy is run.
 * @throws LocalError with one sentence when it cannot: no Java, a taken port, a resource type it does not know
 */
export async function startLocal(options: LocalOptions): Promise<LocalRun> {
  // Lambda runs in UTC, and a worker thread shares the time zone of its process.
  process.env.TZ = 'UTC';
  requireNoOtherRun(options.dataDir);
  const stops: Stops = [];
  try {
    return await start(options, stops);
  } catch (fault) {
    await stopAll(stops);
    throw fault;
  }
}

async function start(options: LocalOptions, stops: Stops): Promise<LocalRun> {
  const ground = await layGround(options, stops);
  const work = startWork(ground, stops);
  const { functions, scheduler, activity } = work;
  const { api, resources, clock, logs } = ground;
  const issuer = await openIssuer(options.dataDir, expectedIssuer(resources));
  const definition = readApi(resources, functions, issuer);
  api.serve(makeApi(definition, { issuer, url: api.url, logs, now: clock.now }));
  await openControl(options.dataDir, { ...ground, scheduler }, stops);
  stops.push(() => api.close());
  work.begin();
  return {
    url: api.url,
    token: issuer.token,
    trigger: (schedule, input) => scheduler.trigger(schedule, input),
    clock: (move) => scheduler.move(move),
    now: clock.now,
    idle: (timeoutMs = 30_000) => activity.idle(timeoutMs),
    faults: makeFaults(work),
    resources: namesOf(ground, () => scheduler.names()),
    logs: () => logs.all(),
    stop: () => stopAll(stops),
  };
}

async function openControl(
  dataDir: string,
  parts: Ground & Parameters<typeof makeControl>[1],
  stops: Stops,
): Promise<void> {
  const secret = randomBytes(24).toString('hex');
  const control = await listen(0, (text) => parts.logs.add('local', text));
  control.serve(makeControl(secret, parts));
  const { api, dynamodb, s3, sqs } = parts;
  writeRunFile(dataDir, {
    pid: process.pid,
    url: api.url,
    control: control.url,
    secret,
    dynamodb,
    s3: s3.url,
    sqs: sqs.url,
  });
  stops.push(async () => {
    removeRunFile(dataDir);
    await control.close();
  });
}

function namesOf(ground: Ground, schedules: () => string[]): LocalRun['resources'] {
  const { resources, dynamodb, s3, sqs, region, credentials } = ground;
  const find = (type: RegExp, part: string): string => {
    const ofThatType = resources.filter((one) => type.test(one.type));
    // The toolkit ends logical ids with eight hex digits nobody wants to write.
    return pick(ofThatType, part, ({ logicalId, name }) => [
      logicalId.replace(/[0-9A-F]{8}$/, ''),
      logicalId,
      name,
    ]).name;
  };
  return {
    table: (part) => find(/^AWS::DynamoDB::/, part),
    bucket: (part) => find(/^AWS::S3::Bucket$/, part),
    queue: (part) => find(/^AWS::SQS::Queue$/, part),
    schedules,
    endpoints: { dynamodb, s3: s3.url, sqs: sqs.url },
    credentials,
    region,
  };
}
