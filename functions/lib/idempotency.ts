import * as z from 'zod';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { type Action, getItem } from './dynamo.ts';
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
});

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
  const { status, body, version, headers } = stored.answer;
  return {
    body,
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
  const seconds = Math.floor(given.now.getTime() / 1000);
  return {
    table,
    put: {
      pk: asked.id,
      sk: '0',
      v: 1,
      digest: asked.digest,
      answer: given.answer,
      expiresAt: seconds + KEPT_SECONDS,
    },
    when: {
      expression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      values: { ':now': seconds },
    },
  };
}

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
  write: (remembered: (answer: Answer) => readonly Action[]) => Promise<Decided<Written>>,
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
