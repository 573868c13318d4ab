import { type Actor, mayEnter, mayReach } from '../core/access.ts';
import { pastDay } from '../core/as-of.ts';
import type { Day } from '../core/day.ts';
import { isRegistered, UNKNOWN } from '../core/dimension.ts';
import { type AreaCode, liesWithin } from '../core/division.ts';
import { type Division, isOpen } from '../core/division-register.ts';
import { type Household, villageOf } from '../core/household.ts';
import type { HouseholdOn } from '../core/household-as-of.ts';
import type { Policies } from '../core/policy.ts';
import { groundOn } from '../core/policy-ground.ts';
import { type Trial, type TrialBody, trialOf, tryOn } from '../core/policy-trial.ts';
import { inOrder, type TrialResult, type Tried, trialResult } from '../core/policy-trial-view.ts';
import type { Receipt } from '../core/receipt.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { VillageProfile } from '../core/roster.ts';

/** A household on a day, in the village of today that stands for where it lived. */
interface HomeOn {
  readonly household: Household;
  readonly on: HouseholdOn;
}

/** What a trial reads; it has nothing to write with. */
export interface TrialPorts {
  known(area: AreaCode): Promise<Policies>;
  division(code: AreaCode): Promise<Division | undefined>;
  children(code: AreaCode): Promise<readonly Division[]>;
  /** Households with a file in an area now; a refusal while its figures wait for a recount. */
  count(area: AreaCode): Promise<Decided<number>>;
  /** Villages of an area in use. */
  villages(area: AreaCode): Promise<readonly AreaCode[]>;
  /** Everybody who may have lived in one of the villages on some day, each once. */
  homes(villages: readonly AreaCode[], day: Day): Promise<readonly HomeOn[]>;
  profile(village: AreaCode, day: Day): Promise<VillageProfile | undefined>;
  /** What a household and its persons received. */
  receipts(home: HomeOn): Promise<readonly Receipt[]>;
  /** Does the same with each of many, a bounded number at a time. */
  each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]>;
}

/** Who tries what. */
export interface TrialAsked {
  readonly id: string;
  readonly actor: Actor;
  readonly today: Day;
  readonly body: TrialBody;
}

/**
 * Households whose files are read for one trial at most: a file and its receipts take some four milliseconds of a whole processor, and an
 * answer must be there within 29 seconds.
 */
export const MOST_TRIED = 5000;
/** Parts named in a refusal. */
const MOST_PARTS = 30;

/** The area must be the actor's to enter, and in use. Refusals: not-found, area-closed. */
async function refuseArea(
  ports: TrialPorts,
  actor: Actor,
  area: AreaCode,
): Promise<Refusal | undefined> {
  if (!mayEnter(actor, area)) return refuse('not-found');
  const division = await ports.division(area);
  if (!division) return refuse('not-found');
  if (isOpen(division)) return undefined;
  return refuse('area-closed', { area, successors: division.successors.join('、') });
}

/** Refused, with the parts to go on with: trial-too-wide, figures-being-recounted. */
async function refuseWide(ports: TrialPorts, area: AreaCode): Promise<Refusal | undefined> {
  const households = await ports.count(area);
  if (isRefused(households)) return households;
  if (households.ok <= MOST_TRIED) return undefined;
  const children = (await ports.children(area)).filter(isOpen);
  const named = children.slice(0, MOST_PARTS).map(({ code, name }) => `${name}（${code}）`);
  const parts = named.join('、') + (children.length > MOST_PARTS ? '…' : '');
  return refuse('trial-too-wide', { households: households.ok, limit: MOST_TRIED, parts });
}

/** Every household that was on the register of the area that day, judged both ways. */
async function tryAll(
  ports: TrialPorts,
  trial: Trial,
  { area, day }: { readonly area: AreaCode; readonly day: Day },
): Promise<readonly Tried[]> {
  const villages = await ports.villages(area);
  const found = (await ports.homes(villages, day)).filter(({ on }) => liesWithin(on.village, area));
  const homes = found.filter(({ on }) => isRegistered({ status: on.facts.status ?? UNKNOWN }));
  const places = [...new Set(homes.map(({ on }) => on.village))];
  const profiles = await ports.each(places, async (village) => {
    return [village, await ports.profile(village, day)] as const;
  });
  const profileOf = new Map(profiles);
  const tried = await ports.each(homes, async (home): Promise<Tried> => {
    const { household, on } = home;
    const receipts = await ports.receipts(home);
    const ground = groundOn(on, profileOf.get(on.village), day);
    const outcome = tryOn(trial, { ground, receipts, day, place: on.village });
    return { household, on, outcome };
  });
  return tried.toSorted(inOrder);
}

function isReached(actor: Actor, { household }: Pick<Tried, 'household'>): boolean {
  return mayReach(actor, { village: villageOf(household), helperSubs: household.helperSubs });
}

const CURSOR = /^\d{12}\.[\w-]+$/;

/**
 * What a changed item or line would change over an area: counts, money and a page of those concerned. Nothing is written.
 * Refusals: not-found, area-closed, date-future, cursor-invalid, trial-too-wide, figures-being-recounted, those of the rule.
 */
export async function tryPolicy(
  ports: TrialPorts,
  { id, actor, today, body }: TrialAsked,
): Promise<Decided<TrialResult>> {
  const { area, date = today, limit, cursor } = body;
  const past = pastDay(date, today);
  if (isRefused(past)) return refuse('date-future', { field: 'date' });
  const refused = await refuseArea(ports, actor, area);
  if (refused) return refused;
  if (cursor !== undefined && !(CURSOR.test(cursor) && liesWithin(cursor.slice(0, 12), area)))
    return refuse('cursor-invalid');
  const trial = trialOf(await ports.known(area), { id, day: date, body });
  if (isRefused(trial)) return trial;
  const wide = await refuseWide(ports, area);
  if (wide) return wide;
  const all = await tryAll(ports, trial.ok, { area, day: date });
  const reached = all.filter((one) => isReached(actor, one));
  const { before, after } = trial.ok;
  const items = new Set([...before.items, ...after.items].map((item) => item.id));
  return {
    ok: {
      area,
      asOf: date,
      basis: past.ok === undefined ? 'current' : 'known-now',
      item: id,
      items: [...items].toSorted(),
      outOfReach: all.length - reached.length,
      ...trialResult(reached, { limit, after: cursor }),
    },
  };
}
