import { type Actor, mayEnter, mayReach } from '../core/access.ts';
import type { Case } from '../core/case.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type Household, villageOf } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import type { NoticeView } from '../core/notice.ts';
import {
  type HouseholdOnSheet,
  hangsOn,
  householdNotices,
  type NoticeQuery,
  type PlaceNames,
  type Posted,
  placesOf,
  postedIn,
  type VillageOnSheet,
  villageContent,
  villageNotices,
} from '../core/notice-case.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import { rosterOf } from '../core/roster-of.ts';
import { rosterOn } from '../core/roster-on.ts';

/** Households in one kind of case that are looked at for one answer. */
export const MOST_ON_SHEET = 500;

interface WholeFile {
  readonly household: Household;
  readonly events: readonly HouseholdEvent[];
}

/** What notices need of the outside. */
export interface NoticePorts {
  found(id: string): Promise<Case | undefined>;
  cases(ids: readonly string[]): Promise<readonly Case[]>;
  /** Ids of the cases of a kind that households of an area are in, as far as the actor may see them, and whether there are more. */
  under(
    actor: Actor,
    about: { readonly area: AreaCode; readonly kind: Case['kind']; readonly limit: number },
  ): Promise<{ readonly ids: readonly string[]; readonly more: boolean }>;
  /** Every case of the villages of an area. */
  ofVillages(area: AreaCode): Promise<readonly Case[]>;
  /** A household with every event. */
  file(household: string): Promise<WholeFile | undefined>;
  /** A village of today on a day. */
  village(
    code: AreaCode,
    on: Day,
  ): Promise<{ readonly rosters: readonly Roster[]; readonly profile: VillageProfile | undefined }>;
  names(codes: readonly AreaCode[]): Promise<PlaceNames>;
  /** Codes of closed divisions replaced by their successors. */
  present(code: AreaCode): Promise<readonly AreaCode[]>;
  /** Does the same with each of many, a bounded number at a time. */
  each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]>;
}

/** What a case is about, seen by somebody who may: a household with its history, or a village as it is called today. */
type About = { readonly file: WholeFile } | { readonly village: AreaCode };

async function aboutOf(
  ports: NoticePorts,
  actor: Actor,
  { subject }: Pick<Case, 'subject'>,
): Promise<About | undefined> {
  if (subject.type === 'village') {
    const present = await ports.present(subject.code);
    const [village] = present;
    const isMine = present.every((code) => mayEnter(actor, code));
    return village !== undefined && isMine ? { village } : undefined;
  }
  const file = await ports.file(subject.id);
  if (!file) return undefined;
  const { helperSubs } = file.household;
  return mayReach(actor, { village: villageOf(file.household), helperSubs }) ? { file } : undefined;
}

interface Sheet {
  readonly posted: Posted;
  readonly about: About;
}

/** A household as it was on the day of posting, by what is known now: what is printed again later says the same. */
function householdRows({ posted, about }: Sheet): readonly HouseholdOnSheet[] {
  if (!('file' in about)) return [];
  const { household, events } = about.file;
  return [{ posted, row: rosterOn(household, events, posted.postedOn) ?? rosterOf(household) }];
}

/** A village with its households as they were on the day of posting. */
async function villageRows(
  ports: NoticePorts,
  { posted, about }: Sheet,
): Promise<readonly VillageOnSheet[]> {
  if (!('village' in about)) return [];
  const { rosters, profile } = await ports.village(about.village, posted.postedOn);
  return [{ posted, row: villageContent(rosters, profile, posted.postedOn) }];
}

async function worded(
  ports: NoticePorts,
  kind: Case['kind'],
  sheets: readonly Sheet[],
): Promise<Decided<readonly NoticeView[]>> {
  const codes = new Set(sheets.flatMap(({ posted }) => placesOf(posted)));
  const names = await ports.names([...codes]);
  if (kind !== 'village-exit') return householdNotices(kind, sheets.flatMap(householdRows), names);
  const rows = await ports.each(sheets, (sheet) => villageRows(ports, sheet));
  return villageNotices(rows.flat(), names);
}

/** What one case has posted under the name of a step. Refusals: not-found, notice-not-posted, notice-no-words. */
export async function noticeOfCase(
  ports: NoticePorts,
  actor: Actor,
  { id, step }: { readonly id: string; readonly step: string },
): Promise<Decided<NoticeView>> {
  const found = await ports.found(id);
  const about = found && (await aboutOf(ports, actor, found));
  if (!found || !about) return refuse('not-found');
  const posted = postedIn(found, step);
  if (isRefused(posted)) return posted;
  const notices = await worded(ports, found.kind, [{ posted: posted.ok, about }]);
  if (isRefused(notices)) return notices;
  const [notice] = notices.ok;
  return notice ? { ok: notice } : refuse('not-found');
}

/** Everything of an area that hangs on a board today under the name of a step. Refusals: notice-too-many, notice-no-words. */
export async function noticesHanging(
  ports: NoticePorts,
  actor: Actor,
  { query, today }: { readonly query: NoticeQuery; readonly today: Day },
): Promise<Decided<readonly NoticeView[]>> {
  const { area, case: kind, step } = query;
  const cases = await casesIn(ports, actor, { area, kind });
  if (isRefused(cases)) return cases;
  const hanging = cases.ok.flatMap((found) => {
    const posted = found.kind === kind ? postedIn(found, step) : refuse('not-found');
    const hangs = !isRefused(posted) && hangsOn(found, posted.ok, today);
    return hangs ? [{ found, posted: posted.ok }] : [];
  });
  const sheets = await ports.each(hanging, async ({ found, posted }) => {
    const about = await aboutOf(ports, actor, found);
    return about ? [{ posted, about }] : [];
  });
  return worded(ports, kind, sheets.flat());
}

async function casesIn(
  ports: NoticePorts,
  actor: Actor,
  { area, kind }: { readonly area: AreaCode; readonly kind: Case['kind'] },
): Promise<Decided<readonly Case[]>> {
  if (kind === 'village-exit') return { ok: await ports.ofVillages(area) };
  const { ids, more } = await ports.under(actor, { area, kind, limit: MOST_ON_SHEET });
  // A sheet that leaves somebody out looks complete.
  if (more) return refuse('notice-too-many', { most: MOST_ON_SHEET });
  return { ok: await ports.cases(ids) };
}
