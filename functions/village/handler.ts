import * as z from 'zod';
import { countyVillages } from '../area/around.ts';
import { areaResolver, getDivision } from '../area/table.ts';
import { busyVillage } from '../case/table.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { placementRefusal } from '../core/division-register.ts';
import { standsAt } from '../core/household-right.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { changesList, enterVillage } from '../core/village-entry.ts';
import { recordEvidence } from '../core/village-evidence.ts';
import { now, today } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, once } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { villageProofs } from './proof.ts';
import { addEvidence, enter, showSheet } from './spec.ts';
import { evidenceActions, getProfile, saveProfiles } from './table.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  CASE_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { HOUSEHOLD_TABLE, CASE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const around = countyVillages(AREA_TABLE);
const proofOf = villageProofs({ household: HOUSEHOLD_TABLE, area: AREA_TABLE });

/** Why nothing can be entered of a place; villages whose households are moving away are closed to it already. */
async function refusePlace(code: AreaCode): Promise<Refusal | undefined> {
  return placementRefusal(code, await getDivision(AREA_TABLE, code));
}

async function stale(code: AreaCode): Promise<Refusal> {
  const present = await getProfile(HOUSEHOLD_TABLE, code);
  return refuse('version-stale', { version: present?.version ?? 0 });
}

/** While a case decides whether a village leaves the list, nobody types it in. */
async function isInCase(code: AreaCode): Promise<boolean> {
  const divisions = (await around(code)).origins(code);
  const codes = divisions.map((one) => one.code);
  return (await busyVillage(CASE_TABLE, codes)) !== undefined;
}

async function enterFacts(request: Request<typeof enter>): Promise<Answer | Refusal> {
  const { params, body, actor, ifMatch } = request;
  const { code } = params;
  const barrier = await refusePlace(code);
  if (barrier) return barrier;
  const known = await getProfile(HOUSEHOLD_TABLE, code);
  if ((known?.version ?? 0) !== ifMatch) return stale(code);
  const keepsList = standsAt(actor, code, 'county');
  const decided = enterVillage(known, body, { village: code, today: today(), keepsList });
  if (isRefused(decided)) return decided;
  if (changesList(known, body.facts) && (await isInCase(code)))
    return refuse('case-open', { kind: 'village-exit' });
  const { outcome, profile } = decided.ok;
  const { heldOn, reason } = body;
  const at = now().toISOString();
  const occasion = { actor: actor.sub, at, heldOn, reason, source: 'by-hand' };
  const step = { before: known ?? null, after: profile };
  if (outcome !== 'unchanged' && !(await saveProfiles(HOUSEHOLD_TABLE, [step], occasion)))
    return stale(code);
  return { body: { village: code, version: profile.version }, version: profile.version };
}

async function recordOne(request: Request<typeof addEvidence>): Promise<Answer | Refusal> {
  const { params, body, actor, idempotency } = request;
  const village = params.code;
  const barrier = await refusePlace(village);
  if (barrier) return barrier;
  const { sub: by, role } = actor;
  const at = now().toISOString();
  const entry = { id: newId('ve'), village, by, role, at, today: today() };
  const decided = recordEvidence(body, entry);
  if (isRefused(decided)) return decided;
  const answer = { status: 201, body: { id: decided.ok.id, village } };
  return once(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    const actions = evidenceActions(HOUSEHOLD_TABLE, decided.ok);
    const obstacles = await transact([...actions, ...remembered(answer)]);
    if (obstacles.length === 0) return answer;
    const isUndescribed = obstacles.some(
      ({ index, code }) => index === 0 && code === 'ConditionalCheckFailed',
    );
    return refuse(isUndescribed ? 'village-undescribed' : 'busy');
  });
}

async function showOne(request: Request<typeof showSheet>): Promise<Answer | Refusal> {
  const { code } = request.params;
  const { on = today() } = request.query;
  if (levelOf(code) !== 'village') return refuse('area-not-village', { area: code });
  if (on > today()) return refuse('date-future', { field: 'on' });
  const sheet = await proofOf(code, { on, today: today() });
  return sheet ? { body: sheet } : refuse('village-undescribed');
}

export const handler = api(
  [endpoint(enter, enterFacts), endpoint(addEvidence, recordOne), endpoint(showSheet, showOne)],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
