import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import { healthRuleOn } from '../core/health-rule.ts';
import { listsOf, mayKnowDisease, memberHealth } from '../core/health-view.ts';
import { current, type Household, villageOf } from '../core/household.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { MemberDigest, Roster } from '../core/roster.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { Named } from '../list/frozen-source.ts';
import { pagePorts } from '../list/ports.ts';
import { type Find, seek } from '../list/seek.ts';
import { coverageOf } from './coverage.ts';
import * as spec from './spec.ts';
import { earlierFollowUps, followUpPage, followUpsOf, recordsOf } from './table.ts';

const { CARE_TABLE, HOUSEHOLD_TABLE, LIST_TABLE, SUMMARY_TABLE, AREA_TABLE } = env({
  CARE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  LIST_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const tables = { household: HOUSEHOLD_TABLE, summary: SUMMARY_TABLE };
const store = { tables: { household: HOUSEHOLD_TABLE } };
const pages = pagePorts({ list: LIST_TABLE, ...tables });

async function householdOf(actor: Actor, id: string): Promise<Decided<Household>> {
  const found = await readFile(store, actor, id);
  return isRefused(found) ? found : { ok: found.ok.household };
}

async function show({
  actor,
  params,
}: Request<typeof spec.ofHousehold>): Promise<Answer | Refusal> {
  const found = await householdOf(actor, params.id);
  if (isRefused(found)) return found;
  const { id, members } = found.ok;
  const village = villageOf(found.ok);
  const day = today();
  const rule = healthRuleOn(day, village);
  const records = await recordsOf(
    CARE_TABLE,
    members.map((member) => member.id),
  );
  const showing = { day, rule, mayKnow: mayKnowDisease(actor, village) };
  const shown = members.map(({ id: person, name, facts }) => {
    const familyDoctor = current(facts).familyDoctor ?? null;
    return memberHealth({ id: person, name, familyDoctor }, records.get(person), showing);
  });
  return { body: { household: id, asOf: day, rule, members: shown } };
}

/** The sort key a cursor names; a cursor is base64url of it. */
function keyOf(cursor: string): string | undefined {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  return /^F#\d{4}-\d{2}-\d{2}#fu_[0-9a-f]{24}$/.test(key) ? key : undefined;
}

async function showFollowUps({
  actor,
  params,
  query,
}: Request<typeof spec.followUps>): Promise<Answer | Refusal> {
  const found = await householdOf(actor, params.id);
  if (isRefused(found)) return found;
  if (!found.ok.members.some(({ id }) => id === params.personId)) return refuse('member-unknown');
  const { limit, cursor } = query;
  const after = cursor === undefined ? undefined : keyOf(cursor);
  if (cursor !== undefined && after === undefined) return refuse('cursor-invalid');
  const { followUps, next } = await followUpPage(CARE_TABLE, params.personId, { limit, after });
  const more = next !== undefined && { cursor: Buffer.from(next).toString('base64url') };
  return { body: { items: followUps, ...more } };
}

async function showFollowUp({
  actor,
  params,
}: Request<typeof spec.readFollowUp>): Promise<Answer | Refusal> {
  const { id, personId: person, followUpId } = params;
  const found = await householdOf(actor, id);
  if (isRefused(found)) return found;
  if (!found.ok.members.some((member) => member.id === person)) return refuse('member-unknown');
  const all = await followUpsOf(CARE_TABLE, person);
  const followUp = all.find((one) => one.id === followUpId);
  if (!followUp) return refuse('not-found');
  const earlier = await earlierFollowUps(CARE_TABLE, { person, id: followUpId });
  return { body: { ...followUp, earlier }, version: followUp.version };
}

type Asked = Request<typeof spec.persons>['query']['which'];

/** Members of a hundred households that stand in a list, with their names. */
async function personsIn(rosters: readonly Roster[], which: Asked, day: string) {
  const all = rosters.flatMap((roster) => roster.members.map((member) => ({ roster, member })));
  const records = await recordsOf(
    CARE_TABLE,
    all.map(({ member }) => member.id),
  );
  const found = all.filter(({ roster, member }) => {
    const rule = healthRuleOn(day, roster.village);
    return listsOf(member.familyDoctor, records.get(member.id), { day, rule }).includes(which);
  });
  const names = await namesOf(found);
  return found.map(({ roster, member }) => {
    const rule = healthRuleOn(day, roster.village);
    const named = { ...member, name: names.get(member.id) ?? '' };
    const health = memberHealth(named, records.get(member.id), { day, rule, mayKnow: false });
    return findOf(roster, health);
  });
}

function findOf(roster: Roster, health: ReturnType<typeof memberHealth>) {
  const { id, number, headName, village } = roster;
  const { person, name, doctor, contracts, lastFollowUp, followUp } = health;
  const row = {
    person: { id: person, name, href: `/households/${id}/health` },
    household: { id, number, headName, village, href: `/households/${id}` },
    ...{ doctor, contractTo: contracts.at(-1)?.to ?? null, lastFollowUp, followUp },
  };
  return { household: id, row } satisfies Find<typeof row>;
}

async function namesOf(
  found: readonly { readonly roster: Roster; readonly member: MemberDigest }[],
): Promise<ReadonlyMap<string, string>> {
  const keys = found.map(({ roster, member }) => ({ pk: `H#${roster.id}`, sk: `1#${member.id}` }));
  const named = (await batchGet(HOUSEHOLD_TABLE, keys)).map((item) => Named.parse(item));
  return new Map(named.map(({ id, name }) => [id, name]));
}

async function list({ actor, query }: Request<typeof spec.persons>): Promise<Answer | Refusal> {
  const { area, which, cursor, limit } = query;
  const day = today();
  const asked = { actor, area, day, sought: `health-${which}`, cursor, limit };
  const sought = await seek(pages, asked, (rosters) => personsIn(rosters, which, day));
  if (isRefused(sought)) return sought;
  const { rows, ...others } = sought.ok;
  return { body: { area, which, asOf: day, items: rows, ...others } };
}

async function cover({ params }: Request<typeof spec.coverage>): Promise<Answer> {
  const { code: area } = params;
  const day = today();
  const ports = {
    tables,
    records: (persons: readonly string[]) => recordsOf(CARE_TABLE, persons),
    rule: healthRuleOn,
  };
  const covered = await coverageOf(ports, area, day);
  return { body: { area, asOf: day, rule: healthRuleOn(day, area), ...covered } };
}

export const handler = api(
  [
    endpoint(spec.ofHousehold, show),
    endpoint(spec.followUps, showFollowUps),
    endpoint(spec.readFollowUp, showFollowUp),
    endpoint(spec.persons, list),
    endpoint(spec.coverage, cover),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
