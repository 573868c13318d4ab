import type { Day } from '../core/day.ts';
import { dayOf } from '../core/day.ts';
import type { ChangeJob } from '../core/division-job.ts';
import { destinationOf, type VillageMove } from '../core/division-plan.ts';
import { current, type Household, type HouseholdFile, villageOf } from '../core/household.ts';
import { moveHousehold } from '../core/household-close.ts';
import type { DecisionContext } from '../core/household-event.ts';
import { isRefused } from '../core/refusal.ts';
import { commit, householdsIn, loadFile, readStored, type Store } from '../household/table.ts';
import { newId } from '../lib/id.ts';
import { inLanes } from '../lib/lanes.ts';
import type { HouseholdPort } from './work.ts';

/** How often a household is tried that others are changing at the same time, before its message is left to come again. */
const TURNS = 5;
/** Files read at once where the hamlets decide. */
const LANES = 8;

function hamletOf(household: Household): string | undefined {
  return current(household.facts).hamlet;
}

/** The day from which the household stands under the new code: not before the day it came to the village. */
function placedFrom({ household }: HouseholdFile, effective: Day): Day {
  const since = household.facts.find((sheet) => sheet.values.village !== undefined)?.heldFrom;
  return since !== undefined && since > effective ? since : effective;
}

/** Households of the store, for a change of divisions. */
export function householdPort(store: Store, now: () => Date): HouseholdPort {
  return {
    leaving: (move) => leaving(store, move),
    place: (household, move, job) => place({ store, now, job }, household, move),
  };
}

async function leaving(store: Store, move: VillageMove): Promise<readonly string[]> {
  const all = await householdsIn(store.tables.household, move.from);
  if (Object.keys(move.hamlets).length === 0) return move.to === move.from ? [] : all;
  const found = await inLanes(all, LANES, async (id) => {
    const file = await readStored(store, id);
    return file && destinationOf(move, hamletOf(file.household)) !== move.from ? [id] : [];
  });
  return found.flat().toSorted();
}

interface Placing {
  readonly store: Store;
  readonly now: () => Date;
  readonly job: ChangeJob;
}

async function place(placing: Placing, household: string, move: VillageMove): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) if (await placeOnce(placing, household, move)) return;
  throw new Error('a household is being changed by others');
}

function contextOf({ job, now }: Placing): DecisionContext {
  const at = now();
  const { actor, role, id: source } = job;
  return { actor, role, at: at.toISOString(), today: dayOf(at), newId, source };
}

/** @returns false when somebody else was faster and the file has to be read again */
async function placeOnce(placing: Placing, household: string, move: VillageMove): Promise<boolean> {
  const { store, job } = placing;
  const before = await loadFile(store, household);
  // Placed elsewhere already: by this change before a crash, or by a clerk.
  if (!before || villageOf(before.household) !== move.from) return true;
  const order = {
    village: destinationOf(move, hamletOf(before.household)),
    heldFrom: placedFrom(before, job.change.effective),
    reason: job.change.reason,
  };
  const moved = moveHousehold(before, order, contextOf(placing));
  if (isRefused(moved)) throw new Error(`a household cannot be placed: ${moved.refused}`);
  if (!moved.ok) return true;
  const written = await commit(store, { before, ...moved.ok });
  if (!isRefused(written)) return true;
  if (written.refused === 'version-stale' || written.refused === 'busy') return false;
  throw new Error(`a household cannot be placed: ${written.refused}`);
}
