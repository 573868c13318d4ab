import { type AreaCode, parentOf } from '../core/division.ts';
import { Target, type TargetDecision, TargetEvent, type TargetStep } from '../core/target.ts';
import type { TargetsOf } from '../core/target-board.ts';
import {
  type Action,
  absent,
  atVersion,
  getItem,
  type Key,
  queryAll,
  transact,
} from '../lib/dynamo.ts';

/** Version of the shapes stored here. */
export const V = 1;

/** A target lies with those of the areas beside it, so that the parts of an area are one query. */
function keyOf(code: AreaCode, year: number): Required<Key> {
  return { pk: `T#${parentOf(code) ?? '0'}#${year}`, sk: code };
}

/** The target of an area in a year. */
export async function getTarget(
  table: string,
  { code, year }: { readonly code: AreaCode; readonly year: number },
  consistent = true,
): Promise<Target | undefined> {
  const item = await getItem(table, keyOf(code, year), consistent);
  return item && Target.parse(item);
}

/** The targets of the divisions directly inside an area, closed ones too, by code: one query. */
export async function partTargets(
  table: string,
  { code, year }: { readonly code: AreaCode; readonly year: number },
  consistent = true,
): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for await (const item of queryAll(table, { pk: `T#${code}#${year}`, consistent }))
    targets.push(Target.parse(item));
  return targets;
}

/** What a board needs: the area's own target and those of its parts; eventually consistent, as boards are. */
export async function targetsOf(
  table: string,
  asked: { readonly code: AreaCode; readonly year: number },
): Promise<TargetsOf> {
  const [own, parts] = await Promise.all([
    getTarget(table, asked, false),
    partTargets(table, asked, false),
  ]);
  return { own, parts };
}

function putOf(table: string, { before, after }: TargetStep): Action {
  return {
    table,
    put: { ...keyOf(after.code, after.year), v: V, ...after },
    when: before ? atVersion(before.version) : absent,
  };
}

/** The event stands beside the targets it changed; one act may change those of two areas' parts. */
function eventsOf(table: string, event: TargetEvent): readonly Action[] {
  const parents = new Set(event.changes.map(({ code }) => parentOf(code) ?? '0'));
  const sk = `3#${event.at}#${crypto.randomUUID()}`;
  return [...parents].map((parent) => ({
    table,
    put: { pk: `E#${parent}#${event.year}`, sk, v: V, ...event },
    when: absent,
  }));
}

/**
 * Writes a decision with its event, all or none.
 * @returns false when one of the targets stood at another version
 */
export async function saveTargets(
  table: string,
  { steps, without, event }: Omit<TargetDecision, 'target'>,
): Promise<boolean> {
  const free: readonly Action[] =
    without === undefined ? [] : [{ table, check: keyOf(without, event.year), when: absent }];
  const puts = steps.map((step) => putOf(table, step));
  const obstacles = await transact([...puts, ...free, ...eventsOf(table, event)]);
  return obstacles.length === 0;
}

/** What happened to the target of an area in a year, newest first. */
export async function targetEvents(
  table: string,
  { code, year }: { readonly code: AreaCode; readonly year: number },
): Promise<readonly TargetEvent[]> {
  const events: TargetEvent[] = [];
  const query = { pk: `E#${parentOf(code) ?? '0'}#${year}`, reverse: true, consistent: true };
  for await (const item of queryAll(table, query)) {
    const event = TargetEvent.parse(item);
    if (event.changes.some((change) => change.code === code)) events.push(event);
  }
  return events;
}
