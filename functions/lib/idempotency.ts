import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { type Action, type Condition, getItem, putItem } from './dynamo.ts';
import type { Idempotency } from './request.ts';

/** What a handler answers: a body with its status and version, or a refusal. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** Version of the record, sent as ETag. */
  readonly version?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const Stored = z.object({
  digest: z.string(),
  expiresAt: z.number(),
  answer: z.object({
    status: z.number().optional(),
    body: z.unknown(),
    version: z.number().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** The body as zipped JSON, where it is long; then the answer has none. */
  zipped: z.instanceof(Uint8Array).optional(),
});

/** Letters of a body from which on it is kept zipped: an item holds 400 KB, and costs by its size. */
const LONG = 16_384;

/** How long an answer is kept, in seconds (24 h). */
const KEPT_SECONDS = 86_400;

/** The answer already given to this POST, a refusal when the key was used for something else, or undefined when it is new. */
export async function replay(
  table: string,
  asked: Idempotency,
  now: Date,
): Promise<Answer | Refusal | undefined> {
  const item = await getItem(table, { pk: asked.id, sk: '0' });
  if (!item) return undefined;
  const stored = Stored.parse(item);
  // Removal by TTL is up to days late, so expiry is compared here.
  if (stored.expiresAt <= now.getTime() / 1000) return undefined;
  if (stored.digest !== asked.digest) return refuse('idempotency-key-reused');
  const { status, version, headers } = stored.answer;
  return {
    body: stored.zipped ? JSON.parse(gunzipSync(stored.zipped).toString()) : stored.answer.body,
    ...(status !== undefined && { status }),
    ...(version !== undefined && { version }),
    ...(headers && { headers }),
  };
}

/**
 * The action that stores an answer in the same transaction as the write it answers. It fails when another request with the same
 * key was faster; `replay` then gives that one's answer.
 */
export function remember(
  table: string,
  asked: Idempotency,
  given: { readonly answer: Answer; readonly now: Date },
): Action {
  const { body, ...others } = given.answer;
  const text = JSON.stringify(body ?? null);
  const isLong = text.length > LONG;
  const kept = isLong
    ? { answer: { ...others, body: null }, zipped: gzipSync(text) }
    : { answer: given.answer };
  const put = { ...itemOf(asked, '0', given.now), ...kept };
  return { table, put, when: freeAt(given.now) };
}

function itemOf({ id, digest }: Idempotency, sk: string, now: Date) {
  const expiresAt = Math.floor(now.getTime() / 1000) + KEPT_SECONDS;
  return { pk: id, sk, v: 1, digest, expiresAt };
}

/** Nothing stands there, or what has expired. */
function freeAt(now: Date): Condition {
  return {
    expression: 'attribute_not_exists(pk) OR expiresAt <= :now',
    values: { ':now': Math.floor(now.getTime() / 1000) },
  };
}

const Begun = z.object({
  digest: z.string(),
  expiresAt: z.number(),
  /** Ids of what the request does follow from it: another one each time the key is used anew. */
  seed: z.string(),
  begunAt: z.iso.datetime(),
  choice: z.unknown(),
});

/** A request of many writes as it began. */
export interface Beginning {
  readonly seed: string;
  readonly begunAt: string;
  /** What it is about, settled when it came first. */
  readonly choice: unknown;
  /** It has come before, and may have done a part or all of it. */
  readonly isAgain: boolean;
}

/**
 * How a POST of many writes began: settled when it comes first, and the same whenever it comes again before its answer is kept.
 * @param choose settles what the request is about; whatever it is, it must be JSON
 * Refusals: idempotency-key-reused, those of `choose`.
 */
export async function beginning(
  table: string,
  asked: { readonly idempotency: Idempotency; readonly now: Date; readonly seed: string },
  choose: () => Promise<Decided<unknown>>,
): Promise<Decided<Beginning>> {
  const { idempotency, now, seed } = asked;
  const begun = await begunBefore(table, asked);
  if (begun) return begun;
  const chosen = await choose();
  if (isRefused(chosen)) return chosen;
  const own = { seed, begunAt: now.toISOString(), choice: chosen.ok };
  const item = { ...itemOf(idempotency, '1', now), ...own };
  if (await putItem(table, item, freeAt(now))) return { ok: { ...own, isAgain: false } };
  return (await begunBefore(table, asked)) ?? refuse('busy');
}

async function begunBefore(
  table: string,
  { idempotency, now }: { readonly idempotency: Idempotency; readonly now: Date },
): Promise<Decided<Beginning> | undefined> {
  const item = await getItem(table, { pk: idempotency.id, sk: '1' });
  const begun = item && Begun.parse(item);
  if (!begun || begun.expiresAt <= now.getTime() / 1000) return undefined;
  if (begun.digest !== idempotency.digest) return refuse('idempotency-key-reused');
  const { seed, begunAt, choice } = begun;
  return { ok: { seed, begunAt, choice, isAgain: true } };
}

/** Actions that keep an answer, to be written with what it answers. */
export type Remembered = (answer: Answer) => readonly Action[];

/** What became of a write that took its answer along; `isRepeated`: another request with the same key was faster. */
export interface Written {
  readonly answer: Answer;
  readonly isRepeated: boolean;
}

/**
 * Has a change written together with its answer, so that the same POST is answered the same and done once. What is refused may be refused
 * because the first try was written meanwhile: then its answer counts.
 * @param write is given the actions that go with an answer, none where the method needs none
 */
export async function answerOnce(
  table: string,
  asked: { readonly idempotency: Idempotency; readonly now: Date },
  write: (remembered: Remembered) => Promise<Decided<Written>>,
): Promise<Answer | Refusal> {
  const { idempotency, now } = asked;
  const isPost = idempotency.id !== '';
  const written = await write((answer) =>
    isPost ? [remember(table, idempotency, { answer, now })] : [],
  );
  if (!isRefused(written) && !written.ok.isRepeated) return written.ok.answer;
  const refusal = isRefused(written) ? written : refuse('busy');
  return isPost ? ((await replay(table, idempotency, now)) ?? refusal) : refusal;
}

/** The same for what tells a repetition by its refusal: whoever was faster, the answer that was kept counts. */
export function once(
  table: string,
  asked: { readonly idempotency: Idempotency; readonly now: Date },
  act: (remembered: Remembered) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  return answerOnce(table, asked, async (remembered) => {
    const done = await act(remembered);
    return 'refused' in done ? done : { ok: { answer: done, isRepeated: false } };
  });
}
