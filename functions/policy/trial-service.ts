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
import {
  hangsOnReceipts,
  mayHangOnReceipts,
  type Trial,
  type TrialBody,
  trialOf,
  tryOn,
} from '../core/policy-trial.ts';
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
  /** Who lives in an area: now, or everybody who may have lived there on a past day, each once. */
  homes(area: AreaCode, past: Day | undefined): Promise<readonly HomeOn[]>;
  /** What is known of villages: now, or on a past day. */
  profiles(
    villages: readonly AreaCode[],
    past: Day | undefined,
  ): Promise<ReadonlyMap<AreaCode, VillageProfile | undefined>>;
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
 * Households of one trial at most, since an answer must be there within 29 seconds: half a millisecond of a whole processor for each file
 * as it stands now, read with some twenty others.
 */
export const MOST_TRIED = 20_000;
/** The same where receipts of each may decide, or the file of a past day is drawn from all events: two to four milliseconds. */
export const MOST_READ_ONE_BY_ONE = 5000;
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
async function refuseWide(
  ports: TrialPorts,
  area: AreaCode,
  limit: number,
): Promise<Refusal | undefined> {
  const households = await ports.count(area);
  if (isRefused(households)) return households;
  if (households.ok <= limit) return undefined;
  const children = (await ports.children(area)).filter(isOpen);
  const named = children.slice(0, MOST_PARTS).map(({ code, name }) => `${name}（${code}）`);
  const parts = named.join('、') + (children.length > MOST_PARTS ? '…' : '');
  return refuse('trial-too-wide', { households: households.ok, limit, parts });
}

/** Every household that was on the register of the area that day, judged both ways. */
async function tryAll(
  ports: TrialPorts,
  trial: Trial,
  {
    area,
    day,
    past,
  }: { readonly area: AreaCode; readonly day: Day; readonly past: Day | undefined },
): Promise<readonly Tried[]> {
  const found = (await ports.homes(area, past)).filter(({ on }) => liesWithin(on.village, area));
  const homes = found.filter(({ on }) => isRegistered({ status: on.facts.status ?? UNKNOWN }));
  const profiles = await ports.profiles([...new Set(homes.map(({ on }) => on.village))], past);
  const tried = await ports.each(homes, async (home): Promise<Tried> => {
    const { household, on } = home;
    const ground = groundOn(on, profiles.get(on.village), day);
    const given = { ground, day, place: on.village };
    const receipts = hangsOnReceipts(trial, given) ? await ports.receipts(home) : [];
    return { household, on, outcome: tryOn(trial, { ...given, receipts }) };
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
  const { area, date = today, cursor } = body;
  const past = pastDay(date, today);
  if (isRefused(past)) return refuse('date-future', { field: 'date' });
  const refused = await refuseArea(ports, actor, area);
  if (refused) return refused;
  if (cursor !== undefined && !(CURSOR.test(cursor) && liesWithin(cursor.slice(0, 12), area)))
    return refuse('cursor-invalid');
  const trial = trialOf(await ports.known(area), { id, day: date, body });
  if (isRefused(trial)) return trial;
  const isOneByOne = past.ok !== undefined || mayHangOnReceipts(trial.ok);
  const limit = isOneByOne ? MOST_READ_ONE_BY_ONE : MOST_TRIED;
  const wide = await refuseWide(ports, area, limit);
  if (wide) return wide;
  const all = await tryAll(ports, trial.ok, { area, day: date, past: past.ok });
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
      ...trialResult(reached, { limit: body.limit, after: cursor }),
    },
  };
}
