import { commonArea } from '../core/access-log.ts';
import { villageOf } from '../core/household.ts';
import { type Decided, type Fault, refuse } from '../core/refusal.ts';
import { writeAccess } from '../lib/access-log.ts';
import { type Action, getItem, type Item, TOO_LARGE, transact } from '../lib/dynamo.ts';
import { newId } from '../lib/id.ts';
import { keyOf, LockItem } from './item.ts';
import { readStored, staleVersion, wroteEvent } from './read.ts';
import { personsAtMost, type Step, type Store, stepsOf, type Write } from './write.ts';

/** `repeated`: another request with the same Idempotency-Key was faster, its answer is stored. */
export type Committed = 'written' | 'repeated';

/**
 * Writes a decided change in one transaction: household on condition of the version it started from, changed members, identity locks,
 * number, roster, event, and what goes with it.
 * @param also further actions of the same transaction, the idempotent answer first of all
 * Refusals: version-stale, person-elsewhere, household-number-taken, household-too-large, record-too-large, busy.
 */
export function commit(
  store: Store,
  write: Write,
  also: readonly Action[] = [],
): Promise<Decided<Committed>> {
  return commitTogether(store, [write], also);
}

/**
 * Writes changes of several households in one transaction, all or none: persons who go from one to another take their identity lock along.
 * @param writes the household that was asked about first
 * Refusals as those of `commit`; the version of another household than the first is that which the request's body names.
 */
export async function commitTogether(
  store: Store,
  writes: readonly [Write, ...Write[]],
  also: readonly Action[] = [],
): Promise<Decided<Committed>> {
  const own = await stepsOf(store, writes);
  const limit = personsAtMost(own, also.length);
  if (limit !== undefined) return refuse('household-too-large', { limit });
  const steps = [...own, ...also.map((action): Step => ({ action, meaning: 'also' }))];
  const obstacles = await transact(steps.map((step) => step.action));
  if (obstacles.length === 0) return { ok: 'written' };
  // All or none: where one event stands, all do.
  if (await wroteEvent(store, writes[0].event)) return { ok: 'written' };
  if (obstacles.some(({ code }) => code === TOO_LARGE)) return refuse('record-too-large');
  const failed = obstacles
    .filter(({ code }) => code === 'ConditionalCheckFailed')
    .flatMap(({ index, item }): readonly Failed[] => {
      const step = steps[index];
      return step ? [{ ...step, item }] : [];
    });
  return failed.length === 0 ? refuse('busy') : refusalOf(store, { writes, also, failed });
}

/** A step whose condition did not hold, and what stood there. */
interface Failed extends Step {
  readonly item: Item | undefined;
}

interface Attempt {
  readonly writes: readonly [Write, ...Write[]];
  readonly also: readonly Action[];
  readonly failed: readonly Failed[];
}

function refusalOf(store: Store, attempt: Attempt): Promise<Decided<Committed>> {
  const { writes, failed } = attempt;
  const met = (meaning: Step['meaning']) => failed.filter((step) => step.meaning === meaning);
  if (met('also').length > 0) return Promise.resolve({ ok: 'repeated' });
  const [stale] = met('version');
  if (stale) return refuseStale(store, stale.of ?? writes[0], stale.of === writes[0]);
  const [number] = met('number');
  if (number) return withoutNumber(store, number.of ?? writes[0], attempt);
  return refuseElsewhere(store, met('person'));
}

/**
 * A household that comes to a county where its number is taken keeps it under the county it came from: a merger of divisions must not stand
 * still for it. One that is new, or comes back, is refused.
 */
async function withoutNumber(
  store: Store,
  write: Write,
  { writes, also }: Attempt,
): Promise<Decided<Committed>> {
  const { before, next } = write;
  const { number } = next.household;
  if (!before || before.household.county === next.household.county)
    return refuse('household-number-taken', { number });
  const household = { ...next.household, county: before.household.county };
  const kept = { ...write, next: { ...next, household } };
  const [first, ...others] = writes.map((one) => (one === write ? kept : one));
  return commitTogether(store, [first ?? kept, ...others], also);
}

async function refuseStale(
  store: Store,
  write: Write,
  isFirst: boolean,
): Promise<Decided<Committed>> {
  const present = await getItem(store.tables.household, keyOf.household(write.next.household.id));
  return staleVersion(Number(present?.version ?? 0), isFirst);
}

/** Refuses without saying where: the clerk gets a reference, the lowest office above both gets a line that tells both households. */
async function refuseElsewhere(
  store: Store,
  failed: readonly Failed[],
): Promise<Decided<Committed>> {
  const reference = newId('ref');
  for (const step of failed) await tellElsewhere(store, step, reference);
  const faults = failed.flatMap(({ of, action }): readonly Fault[] => {
    const person = 'put' in action ? String(action.put.person) : '';
    const isKnown = of?.before?.household.members.some(({ id }) => id === person);
    // Who is new has no id that the clerk could know.
    return isKnown ? [{ field: person, code: 'person-elsewhere', values: { reference } }] : [];
  });
  const refusal = refuse('person-elsewhere', { reference });
  return faults.length > 0 ? { ...refusal, faults } : refusal;
}

async function tellElsewhere(store: Store, { item, of }: Failed, reference: string): Promise<void> {
  if (!of) return;
  const held = LockItem.parse(item);
  const holder = await readStored(store, held.household);
  const here = villageOf(of.next.household);
  const there = holder ? villageOf(holder.household) : here;
  await writeAccess(store.tables.access, {
    kind: 'person-elsewhere',
    sub: of.event.actor,
    role: of.event.role,
    area: commonArea(here, there) ?? there.slice(0, 2),
    household: held.household,
    person: held.person,
    reason: null,
    reference,
    fields: [],
  });
}
