import type { AreaCode } from '../core/division.ts';
import type { PolicyDocument, PolicyItem, PolicyLine } from '../core/policy.ts';
import { PolicyEvent } from '../core/policy-event.ts';
import { type Action, absent, atVersion, getItem, queryAll, transact } from '../lib/dynamo.ts';
import { documentKey, headKey, itemKey, keptUnder, lineKey, V } from './key.ts';

/** Items of one transaction: two hundred of a size nobody writes stay under its 4 MB, and under its hundred actions. */
const AT_ONCE = 25;
/** Events shown at most. */
const MOST_EVENTS = 200;

function eventAction(table: string, event: PolicyEvent): Action {
  const sk = `3#${event.at}#${crypto.randomUUID()}`;
  return {
    table,
    put: { pk: keptUnder.events(event.area), sk, v: V.event, ...event },
    when: absent,
  };
}

function itemAction(table: string, item: PolicyItem): Action {
  return { table, put: { ...itemKey(item), v: V.item, ...item }, when: absent };
}

/** How often an area has published; nought before it did. */
export async function headOf(table: string, area: AreaCode): Promise<number> {
  const head = await getItem(table, headKey(area));
  return typeof head?.version === 'number' ? head.version : 0;
}

function headAction(table: string, area: AreaCode, before: number): Action {
  const put = { ...headKey(area), v: V.head, version: before + 1 };
  return { table, put, when: before === 0 ? absent : atVersion(before) };
}

/** A document with its items, decided on what its area had published by then. */
export interface Publication {
  readonly document: PolicyDocument;
  readonly items: readonly PolicyItem[];
  readonly event: PolicyEvent;
  /** How often the area had published. */
  readonly head: number;
}

/**
 * Writes a document with its items, all or none, however many: items are written first, where nobody sees them, and stand from the moment
 * their document does. A try that breaks off leaves items that belong to nothing.
 * @returns false when the area has published something else meanwhile
 */
export async function publish(
  table: string,
  { document, items, event, head }: Publication,
  also: readonly Action[] = [],
): Promise<boolean> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE).map((item) => itemAction(table, item));
    const obstacles = await transact(some);
    if (obstacles.length > 0) return false;
  }
  const put: Action = {
    table,
    put: { ...documentKey(document), v: V.document, ...document },
    when: absent,
  };
  const last = [put, headAction(table, document.area, head), eventAction(table, event), ...also];
  return (await transact(last)).length === 0;
}

/**
 * Writes another version of an item.
 * @returns false when somebody else was faster
 */
export async function saveVersion(
  table: string,
  { item, event }: { readonly item: PolicyItem; readonly event: PolicyEvent },
  also: readonly Action[] = [],
): Promise<boolean> {
  const actions = [itemAction(table, item), eventAction(table, event), ...also];
  return (await transact(actions)).length === 0;
}

/**
 * Writes a line.
 * @returns false when it stood at another version
 */
export async function saveLine(
  table: string,
  { line, event }: { readonly line: PolicyLine; readonly event: PolicyEvent },
): Promise<boolean> {
  const when = line.version === 1 ? absent : atVersion(line.version - 1);
  const put = { ...lineKey(line), v: V.line, ...line };
  return (await transact([{ table, put, when }, eventAction(table, event)])).length === 0;
}

/** What an area has done with its policies, newest first. */
export async function policyEvents(table: string, area: AreaCode): Promise<readonly PolicyEvent[]> {
  const events: PolicyEvent[] = [];
  const query = { pk: keptUnder.events(area), reverse: true, consistent: true };
  for await (const item of queryAll(table, query)) {
    events.push(PolicyEvent.parse(item));
    if (events.length >= MOST_EVENTS) break;
  }
  return events;
}
