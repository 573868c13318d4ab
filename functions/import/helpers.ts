import type { LedgerHelper, WantedPairing } from '../core/helper-ledger.ts';
import {
  type KnownHelper,
  type LedgerPlan,
  type LedgerStep,
  planHelper,
} from '../core/helper-plan.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import type { ImportFault } from '../core/import-reason.ts';
import { isCurrent } from '../core/pairing.ts';
import { pairingRuleOn, refuseLevel } from '../core/pairing-rule.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { lettersFrom, newId } from '../lib/id.ts';
import { inLanes } from '../lib/lanes.ts';
import type { Decision as PairingDecision } from '../pairing/ports.ts';
import { householdPart, presentOf } from '../pairing/service.ts';
import { eventsSince, type StoredHelper, sealPhone } from '../pairing/store.ts';
import { write } from '../pairing/write.ts';
import { contextOf } from './context.ts';
import {
  type Ground,
  groundOf,
  type HelperTables,
  known,
  opened,
  placeOf,
  wantedOf,
} from './helper-ground.ts';
import type { Kind, Planned } from './work.ts';

/** Helpers under way at once. */
const LANES = 8;
/** How often a helper is read again that others change at the same time. */
const TURNS = 5;
/** Refusals that say that the register knows otherwise, not that the row is wrong. */
const CONFLICTS: ReadonlySet<string> = new Set([
  'area-closed',
  'helper-ended',
  'helper-unclear',
  'household-closed',
]);

export function helpersKind(tables: HelperTables): Kind {
  return {
    inOrder: false,
    match: async (found, entries) => {
      const ground = await groundOf(tables, found, entries);
      return inLanes(entries, LANES, (entry) => matchHelper(ground, entry));
    },
    apply: async (found, items) => {
      const entries = items.map(({ staged }) => staged);
      const ground = await groundOf(tables, found, entries);
      const done = await inLanes(items, LANES, async (item) =>
        (await applyHelper(ground, item)) ? [] : [item.plan.key],
      );
      return done.flat();
    },
  };
}

/** Ids that follow from the import: what is applied again is written the same. */
function idsOf(found: Import) {
  return (kind: 'hp' | 'pr' | 'dl', ...parts: readonly string[]) =>
    `${kind}_${lettersFrom(JSON.stringify([found.id, kind, ...parts]))}`;
}

async function planOf(
  ground: Ground,
  about: { readonly wanted: LedgerHelper; readonly key: string },
  file: (StoredHelper & KnownHelper) | undefined,
): Promise<Decided<LedgerPlan>> {
  const { found, ports, actor } = ground;
  const { wanted, key } = about;
  const rule = pairingRuleOn(found.heldOn, found.area);
  // A helper that is known is changed by who keeps it, as by hand.
  const [place = found.area] = file ? await ports.present(file.helper.area) : [];
  const above = refuseLevel(rule, wanted.helper.kind, { areas: actor.areas, place });
  if (above) return above;
  const { at, today } = contextOf(found, key);
  const context = { actor: actor.sub, at, today, newId, source: found.id };
  const present = file ? await presentOf(ports, file) : (code: string) => code;
  const setting = {
    ...{ area: found.area, heldOn: found.heldOn, context, present },
    placed: (pairing: WantedPairing) => placeOf(ground, pairing),
    idOf: idsOf(found),
  };
  return planHelper(file, wanted, { setting, key });
}

function faultOf({ refused: code, values }: Refusal): ImportFault {
  return { code, ...(values && { values: { ...values } }) };
}

function refusedBy(faults: readonly ImportFault[]): Decision {
  const isConflict = faults.every(({ code }) => CONFLICTS.has(code));
  return { outcome: isConflict ? 'conflicting' : 'refused', faults: [...faults] };
}

async function matchHelper(ground: Ground, entry: StagedEntry): Promise<Decision> {
  const wanted = wantedOf(entry);
  const file = await known(ground, wanted);
  if (isRefused(file)) return refusedBy([faultOf(file)]);
  const plan = await planOf(ground, { wanted, key: entry.key }, file.ok);
  if (isRefused(plan)) return refusedBy([faultOf(plan)]);
  const { outcome, changes, faults, remarks } = plan.ok;
  if (faults.length > 0) return refusedBy(faults);
  const { id, version } = file.ok?.helper ?? {
    id: idsOf(ground.found)('hp', entry.key),
    version: 0,
  };
  return { outcome, changes: [...changes], remarks: [...remarks], target: { id, version } };
}

/** Whether nobody but this import has written to the helper since the plan was made. */
async function isUntouched(
  { tables, found }: Ground,
  file: StoredHelper | undefined,
  target: { readonly id: string; readonly version: number },
): Promise<boolean> {
  if ((file?.helper.version ?? 0) === target.version) return true;
  const events = await eventsSince(tables.pairing, target.id, target.version);
  return events.length > 0 && events.every(({ source }) => source === found.id);
}

/** Writes what is left of an entry, transaction by transaction; begun anew after a crash it goes on where it stopped. */
async function applyHelper(ground: Ground, { staged, plan }: Planned): Promise<boolean> {
  if (!plan.target) throw new Error('a planned helper without a target');
  const about = { wanted: wantedOf(staged), key: staged.key };
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const file = await opened(ground, plan.target.id);
    if (!(await isUntouched(ground, file, plan.target))) return false;
    const planned = await planOf(ground, about, file);
    if (isRefused(planned) || planned.ok.faults.length > 0) return false;
    const done = await takeSteps(ground, planned.ok.steps, file);
    if (done !== 'again') return done === 'done';
  }
  // Somebody goes on writing to the same households: the chunk is left to come again.
  throw new Error('helper could not be written');
}

async function takeSteps(
  ground: Ground,
  steps: readonly LedgerStep[],
  file: StoredHelper | undefined,
): Promise<'done' | 'again' | 'refused'> {
  const { keys } = ground.tables.store;
  let sealed = file?.sealed ?? null;
  for (const step of steps) {
    if (step.phone !== undefined) sealed = await sealPhone(keys, step.change.helper, step.phone);
    const taken = await takeStep(ground, step, sealed);
    if (taken !== 'written') return taken;
  }
  return 'done';
}

async function takeStep(
  ground: Ground,
  step: LedgerStep,
  sealed: Uint8Array | null,
): Promise<'written' | 'again' | 'refused'> {
  const decision = await decisionOf(ground, step, sealed);
  const done = isRefused(decision) ? decision : await write(ground.tables, decision.ok, []);
  if (!isRefused(done)) return done.ok;
  if (done.refused === 'busy') throw new Error('busy');
  return 'refused';
}

async function decisionOf(
  { ports, actor, found }: Ground,
  { change, household }: LedgerStep,
  sealed: Uint8Array | null,
): Promise<Decided<PairingDecision>> {
  const own = { change, sealed };
  if (household === undefined) return { ok: { changes: [own], households: [] } };
  const file = await ports.household(household);
  if (!file) return refuse('not-found');
  const begins = change.pairings
    .filter(isCurrent)
    .map((pairing) => ({ helper: change.helper, pairing }));
  const { heldOn } = change.event;
  const about = { actor, begins, ends: [], heldOn, reason: null, source: found.id };
  const households = await householdPart(ports, file, about);
  return isRefused(households) ? households : { ok: { changes: [own], households: households.ok } };
}
