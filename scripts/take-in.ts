import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

/** An API to talk to, with the tokens of two people: one uploads, another approves. */
export interface Office {
  readonly url: string;
  readonly uploader: string;
  readonly approver: string;
}

/** One ledger to take in. */
export interface Ledger {
  readonly kind: 'divisions' | 'registry' | 'villages' | 'receipts' | 'helpers';
  readonly path: string;
  readonly heldOn?: string;
}

const Started = z.object({
  id: z.string(),
  upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});
const State = z.object({
  state: z.string(),
  plan: z.string().optional(),
  progress: z.object({ done: z.number(), of: z.number() }).optional(),
  counts: z
    .looseObject({ rows: z.number(), refused: z.number(), unchanged: z.number() })
    .optional(),
  fault: z.looseObject({ code: z.string() }).optional(),
});
export type ImportState = z.infer<typeof State>;

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly body?: unknown;
  /** Version of what is changed; 0 where it must not be there yet. */
  readonly ifMatch?: number;
  /** How often, and after how many milliseconds, an API that has no time is asked again: a busy machine answers late, not never. */
  readonly again?: { readonly times: number; readonly pauseMs: number };
}

const AGAIN = { times: 30, pauseMs: 2_000 };

/** Calls the API; anything but success is an error that carries the problem's words. What may be repeated is, while the API has no time. */
export async function call(
  url: string,
  token: string,
  { method = 'GET', body, ifMatch, again = AGAIN }: Call = {},
): Promise<unknown> {
  const init = {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(method === 'POST' && { 'idempotency-key': crypto.randomUUID() }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  let answer = await fetch(url, init);
  // What changes a version has no key to be known by: told late, it may have been done.
  const isRepeatable = method === 'GET' || method === 'POST';
  for (let left = again.times; answer.status >= 500 && isRepeatable && left > 0; left -= 1) {
    await answer.text();
    await pause(again.pauseMs);
    answer = await fetch(url, init);
  }
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/**
 * Takes one ledger in the way a county does: upload, wait for the plan, have a second person approve exactly that plan, wait
 * until every household is written.
 * @param tell called with each state on the way
 * @returns the final state with its counts
 */
export async function takeIn(
  office: Office,
  ledger: Ledger,
  tell: (state: ImportState) => void,
): Promise<ImportState> {
  const content = await readFile(ledger.path);
  const fileName = basename(ledger.path);
  const given = ledger.heldOn === undefined ? {} : { heldOn: ledger.heldOn };
  const asked = { kind: ledger.kind, fileName, size: content.byteLength, ...given };
  const started = Started.parse(
    await call(`${office.url}/imports`, office.uploader, { method: 'POST', body: asked }),
  );
  const upload = await fetch(started.upload.url, {
    method: 'PUT',
    headers: started.upload.headers,
    body: content,
  });
  if (!upload.ok) throw new Error(`upload of ${fileName}: ${upload.status} ${await upload.text()}`);
  const address = `${office.url}/imports/${started.id}`;
  const planned = await settle(address, office.approver, tell);
  if (planned.state !== 'planned')
    throw new Error(
      `import of ${fileName} ended in state ${planned.state} ${planned.fault?.code ?? ''}`,
    );
  await call(`${address}/approval`, office.approver, {
    method: 'POST',
    body: { plan: planned.plan },
  });
  return settle(address, office.approver, tell);
}

const resting = new Set(['planned', 'unreadable', 'applied', 'rejected']);

async function settle(
  address: string,
  token: string,
  tell: (state: ImportState) => void,
): Promise<ImportState> {
  for (;;) {
    const state = State.parse(await call(address, token));
    tell(state);
    if (resting.has(state.state)) return state;
    await pause(150);
  }
}
