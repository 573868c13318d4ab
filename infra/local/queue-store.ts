import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { State } from './state.ts';

const attributesSchema = z.record(
  z.string(),
  z.object({
    DataType: z.string(),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
);
export type MessageAttributes = z.infer<typeof attributesSchema>;

/** Why a message is sent on: kept with it so that a dead letter tells where it came from. */
export interface QueueDefinition {
  name: string;
  arn: string;
  visibilitySeconds: number;
  delaySeconds: number;
  retentionSeconds: number;
  deadLetter?: { queue: string; maxReceives: number };
}

export interface Message {
  id: string;
  body: string;
  attributes: MessageAttributes;
  receipt: string;
  receives: number;
  sentAt: number;
  firstReceivedAt: number;
}

const row = z.object({
  seq: z.number(),
  id: z.string(),
  body: z.string(),
  attributes: z.string(),
  receives: z.number(),
  sentAt: z.number(),
  firstReceivedAt: z.number().nullable(),
});
const count = z.object({ n: z.number() });

export interface QueueCounts {
  visible: number;
  inFlight: number;
  delayed: number;
}

/** The queues of the run with SQS's rules: visibility, delay, redelivery, dead letters. Survives a restart. */
export class QueueStore {
  readonly definitions = new Map<string, QueueDefinition>();
  readonly #db: State['db'];
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #sql;

  constructor(state: State) {
    this.#db = state.db;
    // Whoever held a message ended with the run before; nobody will come back for it.
    this.#db.exec('UPDATE message SET visibleAt = 0 WHERE receives > 0');
    const prepare = (text: string) => this.#db.prepare(text);
    this.#sql = {
      insert: prepare(
        'INSERT INTO message (id, queue, body, attributes, source, sentAt, visibleAt) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      visible: prepare(
        'SELECT * FROM message WHERE queue = ? AND visibleAt <= ? ORDER BY visibleAt, seq LIMIT ?',
      ),
      take: prepare(
        'UPDATE message SET visibleAt = ?, receives = ?, firstReceivedAt = ?, receipt = ? WHERE seq = ?',
      ),
      move: prepare(
        'UPDATE message SET queue = ?, source = ?, visibleAt = ?, receives = 0, receipt = NULL, firstReceivedAt = NULL WHERE seq = ?',
      ),
      remove: prepare('DELETE FROM message WHERE queue = ? AND receipt = ?'),
      hide: prepare('UPDATE message SET visibleAt = ? WHERE queue = ? AND receipt = ?'),
      expire: prepare('DELETE FROM message WHERE queue = ? AND sentAt < ?'),
      purge: prepare('DELETE FROM message WHERE queue = ?'),
      reveal: prepare('UPDATE message SET visibleAt = 0 WHERE queue = ?'),
      next: prepare('SELECT MIN(visibleAt) AS n FROM message WHERE queue = ?'),
      countVisible: prepare('SELECT COUNT(*) AS n FROM message WHERE queue = ? AND visibleAt <= ?'),
      countHidden: prepare(
        'SELECT COUNT(*) AS n FROM message WHERE queue = ? AND visibleAt > ? AND receives > 0',
      ),
      countAll: prepare('SELECT COUNT(*) AS n FROM message WHERE queue = ?'),
    };
  }

  /** Puts a message in. Returns its id. */
  send(
    queue: string,
    body: string,
    options: { attributes?: MessageAttributes; delaySeconds?: number } = {},
  ): string {
    const id = randomUUID();
    const now = Date.now();
    const delay = options.delaySeconds ?? this.definitions.get(queue)?.delaySeconds ?? 0;
    const attributes = JSON.stringify(options.attributes ?? {});
    this.#sql.insert.run(id, queue, body, attributes, null, now, now + delay * 1000);
    this.#notify(queue);
    return id;
  }

  /** Takes up to `limit` visible messages and hides them; one received too often goes to the dead letters instead. */
  receive(queue: string, limit: number, visibilitySeconds?: number): Message[] {
    const definition = this.definitions.get(queue);
    const now = Date.now();
    if (definition) this.#sql.expire.run(queue, now - definition.retentionSeconds * 1000);
    const hidden = now + (visibilitySeconds ?? definition?.visibilitySeconds ?? 30) * 1000;
    const taken: Message[] = [];
    const dead = definition?.deadLetter;
    for (const found of this.#sql.visible.all(queue, now, limit)) {
      const { seq, receives, attributes, firstReceivedAt, ...message } = row.parse(found);
      if (dead !== undefined && receives >= dead.maxReceives) {
        this.#sql.move.run(dead.queue, queue, now, seq);
        this.#notify(dead.queue);
        continue;
      }
      const receipt = randomUUID();
      this.#sql.take.run(hidden, receives + 1, firstReceivedAt ?? now, receipt, seq);
      taken.push({
        ...message,
        attributes: attributesSchema.parse(JSON.parse(attributes)),
        receives: receives + 1,
        firstReceivedAt: firstReceivedAt ?? now,
        receipt,
      });
    }
    return taken;
  }

  /** Says whether the receipt was the latest one. */
  remove(queue: string, receipt: string): boolean {
    return Number(this.#sql.remove.run(queue, receipt).changes) > 0;
  }

  changeVisibility(queue: string, receipt: string, seconds: number): boolean {
    const done = this.#sql.hide.run(Date.now() + seconds * 1000, queue, receipt);
    if (seconds === 0) this.#notify(queue);
    return Number(done.changes) > 0;
  }

  purge(queue: string): void {
    this.#sql.purge.run(queue);
  }

  /** Makes hidden and delayed messages visible now. */
  reveal(queue: string): void {
    this.#sql.reveal.run(queue);
    this.#notify(queue);
  }

  counts(queue: string): QueueCounts {
    const now = Date.now();
    const visible = count.parse(this.#sql.countVisible.get(queue, now)).n;
    const inFlight = count.parse(this.#sql.countHidden.get(queue, now)).n;
    const all = count.parse(this.#sql.countAll.get(queue)).n;
    return { visible, inFlight, delayed: all - visible - inFlight };
  }

  /** Waits until a message may be visible, the time is over, or the signal says stop. */
  async wait(queue: string, limitMs: number, signal: AbortSignal): Promise<void> {
    const next = z.object({ n: z.number().nullable() }).parse(this.#sql.next.get(queue)).n;
    const untilVisible = next === null ? limitMs : Math.max(next - Date.now(), 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const listeners = this.#listeners.get(queue) ?? new Set();
    this.#listeners.set(queue, listeners.add(resolve));
    const timer = setTimeout(resolve, Math.min(limitMs, untilVisible));
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
    listeners.delete(resolve);
  }

  #notify(queue: string): void {
    for (const listener of this.#listeners.get(queue) ?? []) listener();
  }
}

export function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}

/** The digest SQS gives of message attributes: names sorted, each part with its length before it. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts: Buffer[] = [];
  const add = (data: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    parts.push(length, data);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name] ?? { DataType: '' };
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    parts.push(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(
      BinaryValue === undefined
        ? Buffer.from(StringValue ?? '')
        : Buffer.from(BinaryValue, 'base64'),
    );
  }
  return md5(Buffer.concat(parts));
}
