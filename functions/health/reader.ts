import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import { healthRuleOn } from '../core/health-rule.ts';
import { mayKnowDisease, memberHealth } from '../core/health-view.ts';
import { current, type Household, villageOf } from '../core/household.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { coverageOf, MOST_COUNTED } from './coverage.ts';
import { listPersons } from './listing.ts';
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
const all = { care: CARE_TABLE, list: LIST_TABLE, ...tables };

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

async function cover({ params }: Request<typeof spec.coverage>): Promise<Answer | Refusal> {
  const { code: area } = params;
  const day = today();
  const ports = {
    tables,
    records: (persons: readonly string[]) => recordsOf(CARE_TABLE, persons),
    rule: healthRuleOn,
    most: MOST_COUNTED,
  };
  const covered = await coverageOf(ports, area, day);
  if ('refused' in covered) return covered;
  return { body: { area, asOf: day, rule: healthRuleOn(day, area), ...covered } };
}

export const handler = api(
  [
    endpoint(spec.ofHousehold, show),
    endpoint(spec.followUps, showFollowUps),
    endpoint(spec.readFollowUp, showFollowUp),
    endpoint(spec.persons, (request) => listPersons(all, request)),
    endpoint(spec.coverage, cover),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
