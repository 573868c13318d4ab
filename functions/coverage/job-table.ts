import type { AreaCode } from '../core/division.ts';
import { Evaluation, EvaluationChunk, isOvertakenBy, PublicationTurn } from '../core/evaluation.ts';
import { now } from '../lib/clock.ts';
import {
  type Action,
  absent,
  atVersion,
  deleteItem,
  getItem,
  putItem,
  queryAll,
  queryPage,
  transact,
} from '../lib/dynamo.ts';

/** Versions of the shapes stored here. */
export const V = { evaluation: 1, chunk: 1, turn: 1 } as const;

/** How long an evaluation and its chunks are kept, in seconds (90 days). */
const KEPT_SECONDS = 90 * 86_400;
/** Evaluations that are not done. */
const OPEN = 'O#evaluation';

const expiry = () => ({ expiresAt: Math.floor(now().getTime() / 1000) + KEPT_SECONDS });
const keyOf = (id: string) => ({ pk: `J#${id}`, sk: '0' });
const reminderOf = (id: string) => ({ pk: OPEN, sk: id });
const partition = ({ id }: Pick<Evaluation, 'id'>, plan: string) => `J#${id}#${plan}`;
const numbered = (kind: 'C' | 'W', chunk: number) => `${kind}#${String(chunk).padStart(6, '0')}`;

/** The evaluation, consistent. */
export async function getEvaluation(table: string, id: string): Promise<Evaluation | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && Evaluation.parse(item);
}

/**
 * Makes an evaluation exist and notes it as not done, so that it goes on whatever becomes of its messages.
 * @param also further actions of the same transaction: the idempotent answer
 * @returns false when there is one of that id, or another action stood in the way
 */
export async function newEvaluation(
  table: string,
  evaluation: Evaluation,
  also: readonly Action[] = [],
): Promise<boolean> {
  const { id, area, startedAt } = evaluation;
  const v = V.evaluation;
  const obstacles = await transact([
    ...also,
    { table, put: { ...keyOf(id), v, ...expiry(), ...evaluation }, when: absent },
    { table, put: { ...reminderOf(id), v } },
    {
      table,
      put: { pk: `E#${area}`, sk: `${startedAt}#${id}`, v, ...expiry(), evaluation: id },
    },
  ]);
  if (obstacles.some(({ code }) => code !== 'ConditionalCheckFailed'))
    throw new Error('an evaluation could not be written');
  return obstacles.length === 0;
}

const turnOf = (area: AreaCode) => ({ pk: `P#${area}`, sk: '0' });

/** Which evaluation an area's publications have asked for last, consistent. */
export async function publicationTurn(
  table: string,
  area: AreaCode,
): Promise<PublicationTurn | undefined> {
  const item = await getItem(table, turnOf(area));
  return item && PublicationTurn.parse(item);
}

/** Says that it is this one now, unless another has come since the turn was read. */
export function takeTurn(
  table: string,
  before: PublicationTurn | undefined,
  { id, area }: Evaluation,
): Action {
  const turn: PublicationTurn = { evaluation: id, version: (before?.version ?? 0) + 1 };
  const put = { ...turnOf(area), v: V.turn, ...turn };
  return { table, put, when: before ? atVersion(before.version) : absent };
}

/** Puts the next state, and takes away the note of one that is done; false when another message was faster. */
export async function saveEvaluation(
  table: string,
  before: Evaluation,
  next: Partial<Evaluation>,
): Promise<boolean> {
  const after = { ...before, ...next, version: before.version + 1 };
  const put = { ...keyOf(before.id), v: V.evaluation, ...expiry(), ...after };
  const done: readonly Action[] =
    after.state === 'done' ? [{ table, delete: reminderOf(before.id) }] : [];
  const obstacles = await transact([{ table, put, when: atVersion(before.version) }, ...done]);
  if (obstacles.some(({ code }) => code !== 'ConditionalCheckFailed'))
    throw new Error('an evaluation could not be saved');
  return obstacles.length === 0;
}

/** Stores a chunk of a plan, and that it is waiting. */
export async function putChunk(
  table: string,
  job: Evaluation,
  { plan, chunk }: { readonly plan: string; readonly chunk: EvaluationChunk },
): Promise<void> {
  const pk = partition(job, plan);
  const note = { pk, sk: numbered('W', chunk.chunk), v: V.chunk, ...expiry() };
  await putItem(table, { pk, sk: numbered('C', chunk.chunk), v: V.chunk, ...expiry(), ...chunk });
  await putItem(table, note);
}

export async function getChunk(
  table: string,
  job: Evaluation,
  chunk: number,
): Promise<EvaluationChunk | undefined> {
  const item = await getItem(table, {
    pk: partition(job, job.plan ?? ''),
    sk: numbered('C', chunk),
  });
  return item && EvaluationChunk.parse(item);
}

/** Numbers of the chunks that are not done: small rows, since every chunk asks for them when it ends. */
export async function waitingChunks(table: string, job: Evaluation): Promise<readonly number[]> {
  const waiting: number[] = [];
  const pk = partition(job, job.plan ?? '');
  for await (const { sk } of queryAll(table, { pk, prefix: 'W#', consistent: true }))
    waiting.push(Number(String(sk).slice('W#'.length)));
  return waiting;
}

/** Whether any chunk is not done: one small row. */
export async function isAnyWaiting(table: string, job: Evaluation): Promise<boolean> {
  const pk = partition(job, job.plan ?? '');
  const { items } = await queryPage(table, { pk, prefix: 'W#', consistent: true, limit: 1 });
  return items.length > 0;
}

export async function endChunk(
  table: string,
  job: Evaluation,
  chunk: EvaluationChunk,
): Promise<void> {
  const pk = partition(job, job.plan ?? '');
  const put = { pk, sk: numbered('C', chunk.chunk), v: V.chunk, ...expiry(), ...chunk };
  const obstacles = await transact([
    { table, put },
    { table, delete: { pk, sk: numbered('W', chunk.chunk) } },
  ]);
  if (obstacles.length > 0) throw new Error('a chunk of an evaluation could not be ended');
}

/** Evaluations that are not done; notes of those that are, or did not come about, are taken away. */
export async function unfinished(table: string): Promise<readonly string[]> {
  const left: string[] = [];
  for await (const item of queryAll(table, { pk: OPEN, consistent: true })) {
    const id = String(item.sk);
    const found = await getEvaluation(table, id);
    if (found && found.state !== 'done') left.push(id);
    else await deleteItem(table, reminderOf(id));
  }
  return left;
}

/** The latest evaluations that were asked for an area itself, newest first. */
export async function evaluationsOf(
  table: string,
  area: AreaCode,
  limit: number,
): Promise<readonly Evaluation[]> {
  const page = { pk: `E#${area}`, reverse: true, limit, consistent: true };
  const { items } = await queryPage(table, page);
  const found = await Promise.all(
    items.map(({ evaluation }) => getEvaluation(table, String(evaluation))),
  );
  return found.filter((one) => one !== undefined);
}

/** Whether what is left of an evaluation is done by a newer one of its area. */
export async function isOvertaken(table: string, job: Evaluation): Promise<boolean> {
  const [latest] = await evaluationsOf(table, job.area, 1);
  return latest !== undefined && isOvertakenBy(job, latest);
}
