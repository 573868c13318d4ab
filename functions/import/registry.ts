import { liesWithin } from '../core/division.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import type { HouseholdChange, HouseholdEvent } from '../core/household-event.ts';
import { planHousehold } from '../core/household-plan.ts';
import type { WantedHousehold, WantedMember } from '../core/household-wanted.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import { StagedHousehold } from '../core/import-wanted.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { lettersFrom } from '../lib/id.ts';
import { inLanes } from '../lib/lanes.ts';
import { contextOf, idsFor } from './context.ts';
import { type DivisionLoader, placementsOf } from './placement.ts';
import type { Kind, Planned } from './work.ts';

/** Who is registered under an identity number; `live` is false when the person has left every household. */
export interface Holder {
  readonly person: string;
  readonly household: string;
  readonly live: boolean;
}

/** A person whom the file puts into another household than the registry does. */
export interface Clash {
  readonly village: string;
  readonly household: string;
  readonly person: string;
  /** By which the office above both finds the line. */
  readonly reference: string;
}

/** What the import needs of the registry. */
export interface Registry {
  /** Households by number in their county; unknown numbers are missing. */
  byNumber(county: string, numbers: readonly string[]): Promise<ReadonlyMap<string, HouseholdFile>>;
  byId(id: string): Promise<HouseholdFile | undefined>;
  /** Divisions by code; unknown ones are missing. */
  readonly divisions: DivisionLoader;
  /** Who holds the identity numbers; unknown ones are missing. */
  holders(identities: readonly string[]): Promise<ReadonlyMap<string, Holder>>;
  /**
   * Writes a change on condition of the version it started from; true as well when this very change was written before, false when the
   * version has passed or a number or person is taken.
   */
  commit(before: HouseholdFile | undefined, change: HouseholdChange): Promise<boolean>;
  /** Whether this very event is what made that version. */
  wrote(event: Pick<HouseholdEvent, 'household' | 'version' | 'id'>): Promise<boolean>;
  /** Tells the lowest office above both villages. */
  refer(found: Import, clash: Clash): Promise<void>;
}

/** Households under way at once. */
const LANES = 8;
/** Refusals that mean that the registry says otherwise, not that the row is wrong. */
const CONFLICTS = new Set([
  'area-closed',
  'case-open',
  'household-closed',
  'household-number-taken',
  'member-unclear',
  'person-elsewhere',
  'procedure-required',
  'status-transition',
]);

export function registryKind(registry: Registry): Kind {
  return {
    inOrder: false,
    match: (found, entries) => matchHouseholds(registry, found, entries),
    apply: (found, items) => applyHouseholds(registry, found, items),
  };
}

function wantedOf(entry: StagedEntry): WantedHousehold {
  return StagedHousehold.parse(entry.wanted);
}

/** What the entries want, each household in the village that stands for the file's today. */
async function placedOf(
  { divisions }: Registry,
  entries: readonly StagedEntry[],
): Promise<readonly Decided<WantedHousehold>[]> {
  const all = entries.map(wantedOf);
  const place = await placementsOf(
    divisions,
    all.map(({ village }) => village),
  );
  return all.map((wanted) => {
    const village = place(wanted.village);
    return isRefused(village) ? village : { ok: { ...wanted, village: village.ok } };
  });
}

const identitiesOf = (wanted: WantedHousehold) =>
  wanted.members.flatMap(({ identity }) => (identity === null ? [] : [identity]));

async function matchHouseholds(
  registry: Registry,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<readonly Decision[]> {
  const placed = await placedOf(registry, entries);
  const wanted = placed.flatMap((one) => ('ok' in one ? [one.ok] : []));
  const counties = Map.groupBy(wanted, ({ village }) => village.slice(0, 6));
  const files = new Map<string, HouseholdFile>();
  for (const [county, group] of counties) {
    const numbers = group.map(({ number }) => number);
    for (const [number, file] of await registry.byNumber(county, numbers)) {
      files.set(`${county}#${number}`, file);
    }
  }
  const holders = await registry.holders(wanted.flatMap(identitiesOf));
  return inLanes(placed, LANES, async (entry) => {
    if (isRefused(entry)) return refusedBy(entry);
    const one = entry.ok;
    const numbered = files.get(`${one.village.slice(0, 6)}#${one.number}`);
    const file = (await byPersons(registry, found, { wanted: one, numbered, holders })) ?? numbered;
    const decided = decideHousehold(found, one, { file, holders });
    if ('ok' in decided) return decided.ok;
    await registry.refer(found, decided);
    return refusedBy(refuse('person-elsewhere', { reference: decided.reference }));
  });
}

/**
 * The household of that number in which all known persons of the entry live, where the number leads elsewhere: after counties were merged
 * it may stand for two households.
 */
async function byPersons(
  registry: Registry,
  found: Import,
  given: {
    readonly wanted: WantedHousehold;
    readonly numbered: HouseholdFile | undefined;
    readonly holders: ReadonlyMap<string, Holder>;
  },
): Promise<HouseholdFile | undefined> {
  const { wanted, numbered, holders } = given;
  const held = identitiesOf(wanted).flatMap((identity) => holders.get(identity) ?? []);
  const homes = new Set(held.flatMap(({ live, household }) => (live ? [household] : [])));
  const [home] = homes;
  if (home === undefined || homes.size > 1 || home === numbered?.household.id) return undefined;
  const file = await registry.byId(home);
  const isIt = file?.household.number === wanted.number;
  return isIt && isHers(found, file, wanted) ? file : undefined;
}

interface Known {
  readonly file: HouseholdFile | undefined;
  readonly holders: ReadonlyMap<string, Holder>;
}

/** A person who lives in another household stays there until people have looked into it. */
function clashOf(found: Import, wanted: WantedHousehold, known: Known): Clash | undefined {
  const own = known.file?.household.id;
  const holder = identitiesOf(wanted)
    .flatMap((identity) => known.holders.get(identity) ?? [])
    .find(({ live, household }) => live && household !== own);
  if (!holder) return undefined;
  const { household, person } = holder;
  const reference = `ref_${lettersFrom(JSON.stringify([found.id, wanted.number, person]))}`;
  return { village: wanted.village, household, person, reference };
}

/** Whether a household lies in the uploader's area, or where the file's village is today. */
function isHers(found: Import, { household }: HouseholdFile, wanted: WantedHousehold): boolean {
  const village = villageOf(household);
  return liesWithin(village, found.area) || village === wanted.village;
}

/** A number that stands for a household outside the uploader's area is not hers to change. */
function outside(found: Import, wanted: WantedHousehold, known: Known): Refusal | undefined {
  if (!known.file || isHers(found, known.file, wanted)) return undefined;
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

function decideHousehold(
  found: Import,
  stated: WantedHousehold,
  about: Known,
): { readonly ok: Decision } | Clash {
  const barrier = outside(found, stated, about);
  if (barrier) return { ok: refusedBy(barrier) };
  const clash = clashOf(found, stated, about);
  if (clash) return clash;
  const members = stated.members.map((member) => known(member, about.holders));
  const plan = planHousehold(about.file, { ...stated, members }, contextOf(found, stated.number));
  if (isRefused(plan)) return { ok: refusedBy(plan) };
  const { outcome, next, changes, missing, kept } = plan.ok;
  const ids = members.flatMap(({ id }, place) => (id === undefined ? [] : [[place, id]]));
  const names = new Map(next.household.members.map(({ id, name }) => [id, name]));
  const decision: Decision = {
    outcome,
    changes: [...changes],
    missing: missing.map((id) => names.get(id) ?? id),
    kept: [...kept],
    target: { id: next.household.id, version: about.file?.household.version ?? 0 },
    known: Object.fromEntries(ids),
  };
  return { ok: decision };
}

async function applyHouseholds(
  registry: Registry,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const placed = await placedOf(
    registry,
    items.map(({ staged }) => staged),
  );
  const wanted = items.flatMap(({ plan }, at) => {
    const stated = placed[at];
    return stated ? [{ plan, stated }] : [];
  });
  const done = await inLanes(wanted, LANES, async (item) =>
    (await applyHousehold(registry, found, item)) ? [] : [item.plan.key],
  );
  return done.flat();
}

/** Writes one household in one transaction; true as well when an earlier try had written it. */
async function applyHousehold(
  registry: Registry,
  found: Import,
  item: Pick<Planned, 'plan'> & { readonly stated: Decided<WantedHousehold> },
): Promise<boolean> {
  const { stated, plan } = item;
  if (!plan.target) throw new Error('a planned household without a target');
  const { id, version } = plan.target;
  const context = contextOf(found, plan.key);
  const event = idsFor(found, plan.key)('ev');
  const wasWritten = () => registry.wrote({ household: id, version: version + 1, id: event });
  const file = version === 0 ? undefined : await registry.byId(id);
  if (isRefused(stated) || (file?.household.version ?? 0) !== version) return wasWritten();
  const members = stated.ok.members.map((member, place) => {
    const person = plan.known?.[place];
    return person === undefined ? member : { ...member, id: person };
  });
  const decided = planHousehold(file, { ...stated.ok, members }, context);
  if (isRefused(decided)) return false;
  const { next } = decided.ok;
  if (!decided.ok.event) return true;
  return registry.commit(file, { next, event: decided.ok.event });
}
