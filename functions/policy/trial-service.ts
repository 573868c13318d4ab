import { type Actor, mayEnter, mayReach } from '../core/access.ts';
import { pastDay } from '../core/as-of.ts';
import type { Finding } from '../core/coverage.ts';
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
  isCovered,
  mayHaveReceived,
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
  /** What coverage found of the households of an area by the rules in force today, as far as it has looked at them. */
  findings(area: AreaCode): Promise<ReadonlyMap<string, readonly Finding[]>>;
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
/** Households read one by one at most: receipts where they decide, one to two milliseconds, or a past day drawn from all events, four. */
export const MOST_ONE_BY_ONE = 5000;
/** Beyond so many whose receipts may decide, coverage is asked first who has any: it follows receipts within minutes. */
const MOST_UNASKED = 500;
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

/** Refused where there are more, with the parts to go on with: trial-too-wide, figures-being-recounted. */
async function refuseWide(
  ports: TrialPorts,
  area: AreaCode,
  limit: number,
): Promise<Refusal | undefined> {
  const households = await ports.count(area);
  if (isRefused(households)) return households;
  return households.ok <= limit
    ? undefined
    : tooWide(ports, area, { households: households.ok, limit });
}

async function tooWide(
  ports: TrialPorts,
  area: AreaCode,
  { households, limit }: { readonly households: number; readonly limit: number },
): Promise<Refusal> {
  const children = (await ports.children(area)).filter(isOpen);
  const named = children.slice(0, MOST_PARTS).map(({ code, name }) => `${name}（${code}）`);
  const parts = named.join('、') + (children.length > MOST_PARTS ? '…' : '');
  return refuse('trial-too-wide', { households, limit, parts });
}

interface Asked {
  readonly trial: Trial;
  readonly area: AreaCode;
  readonly day: Day;
  /** The same day where it is past. */
  readonly past: Day | undefined;
}

/** A household with what it is judged by but receipts. */
interface Judged extends HomeOn {
  readonly given: Parameters<typeof hangsOnReceipts>[1];
}

/** Every household that was on the register of the area that day. */
async function judgedIn(ports: TrialPorts, { area, day, past }: Asked): Promise<readonly Judged[]> {
  const found = (await ports.homes(area, past)).filter(({ on }) => liesWithin(on.village, area));
  const homes = found.filter(({ on }) => isRegistered({ status: on.facts.status ?? UNKNOWN }));
  const profiles = await ports.profiles([...new Set(homes.map(({ on }) => on.village))], past);
  return homes.map((home) => {
    const ground = groundOn(home.on, profiles.get(home.on.village), day);
    return { ...home, given: { ground, day, place: home.on.village } };
  });
}

interface Receivers {
  readonly asked: ReadonlySet<Judged>;
  /** Households for which what coverage says stands in place of their receipts. */
  readonly unread: number;
}

/** Those whose receipts are to be read: where these may decide, and coverage does not say that there are none. */
async function receiversIn(
  ports: TrialPorts,
  { trial, area, past }: Asked,
  judged: readonly Judged[],
): Promise<Receivers> {
  const open = judged.filter(({ given }) => hangsOnReceipts(trial, given));
  const isTold = past === undefined && open.length > MOST_UNASKED && isCovered(trial);
  if (!isTold) return { asked: new Set(open), unread: 0 };
  const findings = await ports.findings(area);
  const asked = open.filter(({ household }) => {
    const found = findings.get(household.id);
    return !found || mayHaveReceived(trial, found);
  });
  return { asked: new Set(asked), unread: open.length - asked.length };
}

interface AllTried {
  readonly tried: readonly Tried[];
  readonly unread: number;
}

/** Every household judged both ways; undefined where too many are to be read one by one. */
async function tryAll(ports: TrialPorts, asked: Asked): Promise<AllTried | undefined> {
  const judged = await judgedIn(ports, asked);
  const { asked: receivers, unread } = await receiversIn(ports, asked, judged);
  if (receivers.size > MOST_ONE_BY_ONE) return undefined;
  const tried = await ports.each(judged, async (home): Promise<Tried> => {
    const { household, on, given } = home;
    const receipts = receivers.has(home) ? await ports.receipts(home) : [];
    return { household, on, outcome: tryOn(asked.trial, { ...given, receipts }) };
  });
  return { tried: tried.toSorted(inOrder), unread };
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
  const limit = past.ok === undefined ? MOST_TRIED : MOST_ONE_BY_ONE;
  const wide = await refuseWide(ports, area, limit);
  if (wide) return wide;
  const all = await tryAll(ports, { trial: trial.ok, area, day: date, past: past.ok });
  if (!all) return (await refuseWide(ports, area, MOST_ONE_BY_ONE)) ?? refuse('busy');
  const { tried, unread } = all;
  const reached = tried.filter((one) => isReached(actor, one));
  const { before, after } = trial.ok;
  const items = new Set([...before.items, ...after.items].map((item) => item.id));
  return {
    ok: {
      area,
      asOf: date,
      basis: past.ok === undefined ? 'current' : 'known-now',
      item: id,
      items: [...items].toSorted(),
      outOfReach: tried.length - reached.length,
      receiptsUnread: unread,
      ...trialResult(reached, { limit: body.limit, after: cursor }),
    },
  };
}
