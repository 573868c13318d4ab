import { areaResolver, getDivision } from '../area/table.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import { commitTogether, loadFile, type Store, type Write } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { type Action, TOO_LARGE, transact } from '../lib/dynamo.ts';
import { newId } from '../lib/id.ts';
import type { Decision, Ports } from './ports.ts';
import { deliveriesOf, helperActions, loadHelper, sealPhone } from './store.ts';
import { helpersOf } from './table.ts';

/** Tables, keys and stores of a deployment, as pairings need them. */
export interface Ground {
  readonly pairing: string;
  readonly area: string;
  readonly store: Store;
  /** The clock unless told. */
  readonly now?: () => Date;
}

/** What the use cases need, on the tables of a deployment. */
export function portsOf({ pairing, area, store, now: clock = now }: Ground): Ports {
  const resolve = areaResolver(area);
  return {
    now: clock,
    newId,
    helper: (id) => loadHelper(pairing, id),
    deliveries: (one) => deliveriesOf(pairing, one),
    household: (id) => loadFile(store, id),
    helping: (household) => helpersOf(pairing, household),
    present: (code) => resolve([code]),
    division: (code) => getDivision(area, code),
  };
}

async function actionsOf(ground: Ground, { changes }: Decision): Promise<readonly Action[]> {
  const actions: Action[] = [];
  for (const { change, phone, sealed } of changes) {
    const fresh =
      phone === undefined ? sealed : await sealPhone(ground.store.keys, change.helper, phone);
    actions.push(...helperActions(ground.pairing, change, fresh));
  }
  return actions;
}

/** `again`: somebody changed what it was decided on, or the same request was faster; decided anew, one of the two shows. */
export type Outcome = 'written' | 'again';

async function writeAlone(actions: readonly Action[]): Promise<Decided<Outcome>> {
  const obstacles = await transact(actions);
  if (obstacles.length === 0) return { ok: 'written' };
  if (obstacles.some(({ code }) => code === TOO_LARGE)) return refuse('record-too-large');
  const isStale = obstacles.some(({ code }) => code === 'ConditionalCheckFailed');
  return isStale ? { ok: 'again' } : refuse('busy');
}

/**
 * Writes a decision in one transaction: helpers with their pairings, households with who may see them, and the answer.
 * Refusals: record-too-large, household-too-large, busy.
 */
export async function write(
  ground: Ground,
  decision: Decision,
  also: readonly Action[],
): Promise<Decided<Outcome>> {
  const actions = [...also, ...(await actionsOf(ground, decision))];
  const [first, ...others]: readonly Write[] = decision.households;
  if (!first) return writeAlone(actions);
  const done = await commitTogether(ground.store, [first, ...others], actions);
  if (!isRefused(done)) return { ok: done.ok === 'written' ? 'written' : 'again' };
  return done.refused === 'version-stale' ? { ok: 'again' } : done;
}
