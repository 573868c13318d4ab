import { createHash } from 'node:crypto';
import { dayOf } from '../core/day.ts';
import { liesWithin } from '../core/division.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import type { HouseholdChange } from '../core/household-event.ts';
import { planHousehold } from '../core/household-plan.ts';
import type { LedgerContext, WantedHousehold, WantedMember } from '../core/household-wanted.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import { StagedHousehold } from '../core/import-wanted.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { inLanes } from './lanes.ts';
import type { Kind, Planned } from './work.ts';

/** Who is registered under an identity number. */
export interface Holder {
  readonly person: string;
  /** Household in which the person lives now, null where she lives in none. */
  readonly household: string | null;
}

/** What the import needs of the registry. */
export interface Registry {
  /** Households by number in their county; unknown numbers are missing. */
  byNumber(county: string, numbers: readonly string[]): Promise<ReadonlyMap<string, HouseholdFile>>;
  byId(id: string): Promise<HouseholdFile | undefined>;
  /** Who holds the identity numbers; unknown ones are missing. */
  holders(identities: readonly string[]): Promise<ReadonlyMap<string, Holder>>;
  /** Writes a change on condition of the version it started from; false when that has passed, or a number is taken. */
  commit(before: HouseholdFile | undefined, change: HouseholdChange): Promise<boolean>;
  /** Whether this very event is what made that version. */
  wrote(household: string, version: number, event: string): Promise<boolean>;
}

/** Households under way at once. */
const LANES = 8;
/** Refusals that mean that the registry says otherwise, not that the row is wrong. */
const CONFLICTS = new Set([
  'household-closed',
  'household-number-taken',
  'person-elsewhere',
  'status-transition',
]);

export function registryKind(registry: Registry): Kind {
  return {
    inOrder: false,
    match: (found, entries) => matchHouseholds(registry, found, entries),
    apply: (found, items) => applyHouseholds(registry, found, items),
  };
}

/**
 * Ids that follow from the import and the household: a chunk that is applied again after a crash writes the very same items, and
 * recognises its own event.
 */
function idsFor(found: Import, number: string): LedgerContext['newId'] {
  let count = 0;
  return (kind) => {
    // One event per household and import, whatever else got an id before it.
    const order = kind === 'ev' ? 'event' : String(count++);
    const hash = createHash('sha256').update(JSON.stringify([found.id, number, kind, order]));
    return `${kind}_${hash.digest('hex').slice(0, 32)}`;
  };
}

/** The approver answers for what is written; until there is one, the uploader. Everything follows from the import, nothing from now. */
function contextOf(found: Import, number: string): LedgerContext {
  const at = found.decidedAt ?? found.createdAt;
  return {
    actor: found.decidedBy ?? found.uploadedBy,
    role: 'office',
    at,
    today: dayOf(new Date(at)),
    newId: idsFor(found, number),
    source: found.id,
    ledgerDay: found.heldOn,
  };
}

function wantedOf(entry: StagedEntry): WantedHousehold {
  return StagedHousehold.parse(entry.wanted);
}

const identitiesOf = (wanted: WantedHousehold) =>
  wanted.members.flatMap(({ identity }) => (identity === null ? [] : [identity]));

async function matchHouseholds(
  registry: Registry,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<readonly Decision[]> {
  const wanted = entries.map(wantedOf);
  const counties = Map.groupBy(wanted, ({ village }) => village.slice(0, 6));
  const files = new Map<string, HouseholdFile>();
  for (const [county, group] of counties) {
    const numbers = group.map(({ number }) => number);
    for (const [number, file] of await registry.byNumber(county, numbers)) {
      files.set(`${county}#${number}`, file);
    }
  }
  const holders = await registry.holders(wanted.flatMap(identitiesOf));
  return wanted.map((one) => {
    const file = files.get(`${one.village.slice(0, 6)}#${one.number}`);
    return decideHousehold(found, one, { file, holders });
  });
}

interface Known {
  readonly file: HouseholdFile | undefined;
  readonly holders: ReadonlyMap<string, Holder>;
}

/** A person who lives in another household stays there until people have looked into it. */
function elsewhere(found: Import, wanted: WantedHousehold, known: Known): Refusal | undefined {
  const own = known.file?.household.id;
  const taken = identitiesOf(wanted).some((identity) => {
    const household = known.holders.get(identity)?.household ?? null;
    return household !== null && household !== own;
  });
  if (!taken) return undefined;
  const reference = `${found.id.slice(4, 12)}-${wanted.number.slice(-6)}`;
  return { refused: 'person-elsewhere', values: { reference } };
}

/** A number that stands for a household outside the uploader's area is not hers to change. */
function outside(found: Import, wanted: WantedHousehold, known: Known): Refusal | undefined {
  if (!known.file || liesWithin(villageOf(known.file.household), found.area)) return undefined;
  return { refused: 'household-number-taken', values: { number: wanted.number } };
}

function known(member: WantedMember, holders: Known['holders']): WantedMember {
  const person = member.identity === null ? undefined : holders.get(member.identity)?.person;
  return person === undefined ? member : { ...member, id: person };
}

function refusedBy({ refused: code, values }: Refusal): Decision {
  const outcome = CONFLICTS.has(code) ? 'conflicting' : 'refused';
  return { outcome, faults: [{ code, ...(values && { values: { ...values } }) }] };
}

function decideHousehold(found: Import, stated: WantedHousehold, about: Known): Decision {
  const barrier = outside(found, stated, about) ?? elsewhere(found, stated, about);
  if (barrier) return refusedBy(barrier);
  const members = stated.members.map((member) => known(member, about.holders));
  const plan = planHousehold(about.file, { ...stated, members }, contextOf(found, stated.number));
  if (isRefused(plan)) return refusedBy(plan);
  const { outcome, next, changes, missing, kept } = plan.ok;
  const ids = members.flatMap(({ id }, place) => (id === undefined ? [] : [[place, id]]));
  const names = new Map(next.household.members.map(({ id, name }) => [id, name]));
  return {
    outcome,
    changes: [...changes],
    missing: missing.map((id) => names.get(id) ?? id),
    kept: [...kept],
    target: { id: next.household.id, version: about.file?.household.version ?? 0 },
    known: Object.fromEntries(ids),
  };
}

async function applyHouseholds(
  registry: Registry,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const done = await inLanes(items, LANES, async (item) =>
    (await applyHousehold(registry, found, item)) ? [] : [item.plan.key],
  );
  return done.flat();
}

/** Writes one household in one transaction; true as well when an earlier try had written it. */
async function applyHousehold(registry: Registry, found: Import, item: Planned): Promise<boolean> {
  const { staged, plan } = item;
  if (!plan.target) throw new Error('a planned household without a target');
  const { id, version } = plan.target;
  const context = contextOf(found, plan.key);
  const wasWritten = () => registry.wrote(id, version + 1, idsFor(found, plan.key)('ev'));
  const file = version === 0 ? undefined : await registry.byId(id);
  if ((file?.household.version ?? 0) !== version) return wasWritten();
  const stated = wantedOf(staged);
  const members = stated.members.map((member, place) => {
    const person = plan.known?.[place];
    return person === undefined ? member : { ...member, id: person };
  });
  const decided = planHousehold(file, { ...stated, members }, context);
  if (isRefused(decided)) return false;
  const { event, next } = decided.ok;
  if (!event) return true;
  return (await registry.commit(file, { next, event })) || wasWritten();
}
