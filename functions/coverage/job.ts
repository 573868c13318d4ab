import { type AreaCode, ancestorAt, levelOf } from '../core/division.ts';
import {
  chunked,
  type Evaluation,
  type EvaluationChunk,
  type EvaluationMessage,
  type VillageSize,
} from '../core/evaluation.ts';

export interface JobPorts {
  job(id: string): Promise<Evaluation | undefined>;
  /** Villages of an area in which anybody or anything was ever counted, in the order of their codes. */
  villages(area: AreaCode): AsyncIterable<VillageSize>;
  putChunk(job: Evaluation, plan: string, chunk: EvaluationChunk): Promise<void>;
  chunk(job: Evaluation, chunk: number): Promise<EvaluationChunk | undefined>;
  /** Numbers of the chunks that are not done. */
  waiting(job: Evaluation): Promise<readonly number[]>;
  isAnyWaiting(job: Evaluation): Promise<boolean>;
  endChunk(job: Evaluation, chunk: EvaluationChunk): Promise<void>;
  /** Whether what is left of it is done by a newer one of its area. */
  isOvertaken(job: Evaluation): Promise<boolean>;
  /** Puts the next state; false when another message was faster. */
  save(job: Evaluation, next: Partial<Evaluation>): Promise<boolean>;
  /**
   * Evaluates those households of a village that were not since an instant, at most so many, and counts the village.
   * @returns how many were evaluated, and whether all are
   */
  evaluate(
    village: AreaCode,
    asked: { readonly since?: string; readonly most: number },
  ): Promise<{ readonly evaluated: number; readonly isWhole: boolean }>;
  /** Has policies read afresh, whatever this instance remembers of them. */
  forgetRules(): void;
  /** Areas directly inside an area (`0`: provinces) of whose coverage something is no longer true. */
  due(area: AreaCode): Promise<readonly AreaCode[]>;
  send(messages: readonly EvaluationMessage[]): Promise<void>;
  /** Has villages brought up to date. */
  tellVillages(villages: readonly AreaCode[]): Promise<void>;
  /** Has areas above villages added up, and all above them. */
  tellSums(areas: readonly AreaCode[]): Promise<void>;
  newPlan(): string;
  /** Households of a chunk. */
  readonly perChunk: number;
  now(): Date;
}

/** Households evaluated per message; the message is sent again for the rest, so that none runs into the time limit. */
const PER_MESSAGE = 1500;

/** Stores the chunks under a name of their own; whoever is first to say so decides which are done, however many planned. */
async function plan(ports: JobPorts, job: Evaluation): Promise<Evaluation | undefined> {
  const name = ports.newPlan();
  const total = { chunks: 0, villages: 0, households: 0 };
  for await (const chunk of chunked(ports.villages(job.area), ports.perChunk)) {
    await ports.putChunk(job, name, chunk);
    total.chunks += 1;
    total.villages += chunk.villages.length;
    total.households += chunk.households;
  }
  await ports.save(job, { state: 'running', plan: name, ...total });
  return ports.job(job.id);
}

async function finish(ports: JobPorts, job: Evaluation): Promise<void> {
  await ports.save(job, { state: 'done', finishedAt: ports.now().toISOString() });
}

async function open(ports: JobPorts, found: Evaluation): Promise<void> {
  const job = found.state === 'planning' ? await plan(ports, found) : found;
  if (job?.state !== 'running') return;
  const waiting = await ports.waiting(job);
  await ports.send(waiting.map((chunk) => ({ step: 'chunk', job: job.id, chunk })));
  if (waiting.length === 0) await finish(ports, job);
}

/** Evaluates the villages of a chunk until enough is done for one message; whether all are. */
async function evaluateSome(
  ports: JobPorts,
  { isWhole, startedAt }: Evaluation,
  { villages }: EvaluationChunk,
): Promise<boolean> {
  let left = PER_MESSAGE;
  for (const village of villages) {
    const since = isWhole ? { since: startedAt } : {};
    const done = await ports.evaluate(village, { ...since, most: left });
    left -= done.evaluated;
    if (!done.isWhole) return false;
  }
  return true;
}

/** Villages tell their towns where something differs; whoever has everybody evaluated wants the sums made true whatever was lost before. */
function townsOf({ villages }: EvaluationChunk): readonly AreaCode[] {
  return [...new Set(villages.map((village) => ancestorAt(village, 'town')))];
}

async function doChunk(ports: JobPorts, job: Evaluation, index: number): Promise<void> {
  const chunk = await ports.chunk(job, index);
  if (!chunk) throw new Error('a chunk of the evaluation is missing');
  if (!chunk.isDone) {
    if (await ports.isOvertaken(job)) return finish(ports, job);
    ports.forgetRules();
    if (!(await evaluateSome(ports, job, chunk))) {
      await ports.send([{ step: 'chunk', job: job.id, chunk: index }]);
      return;
    }
    if (job.isWhole) await ports.tellSums(townsOf(chunk));
    await ports.endChunk(job, { ...chunk, isDone: true });
  }
  if (!(await ports.isAnyWaiting(job))) await finish(ports, job);
}

/** Passes a look for what is due down to the towns; villages are brought up to date, and an area that is due while no part of it is, is added up. */
async function passOn(ports: JobPorts, area: AreaCode): Promise<void> {
  const due = await ports.due(area);
  const [first] = due;
  if (first === undefined) await ports.tellSums(levelOf(area) ? [area] : []);
  else if (levelOf(first) === 'village') await ports.tellVillages(due);
  else await ports.send(due.map((part) => ({ step: 'due', area: part })));
}

/**
 * Does the step a message names. Every step may come twice, late, or begin again after a crash at any point: what is done is recognised by
 * the chunks that are left and by when a household was evaluated last.
 */
export async function work(ports: JobPorts, message: EvaluationMessage): Promise<void> {
  if (message.step === 'due') return passOn(ports, message.area);
  const job = await ports.job(message.job);
  if (!job) throw new Error('there is no such evaluation');
  if (job.state === 'done') return undefined;
  if (message.step === 'open') return open(ports, job);
  return doChunk(ports, job, message.chunk);
}
