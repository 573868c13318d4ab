import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { visitRuleOn } from '../core/visit-rule.ts';
import { visitTaken } from '../core/visit-view.ts';
import { allEvents, readStored } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type Answer, once, type Remembered } from '../lib/idempotency.ts';
import { expiryOf, presignPut, uploadHeaders } from '../lib/objects.ts';
import type { Request } from '../lib/request.ts';
import { getHelpers } from '../pairing/table.ts';
import { uploadKey } from './place.ts';
import {
  type Entry,
  enterVisit,
  type Ports,
  photoFor,
  putRight,
  takeBack,
  type VisitDecision,
} from './service.ts';
import * as spec from './spec.ts';
import {
  getDigest,
  getPointer,
  getVisit,
  hashOf,
  latestBut,
  photoActions,
  photosOf,
  writeVisit,
} from './table.ts';

const { CARE_TABLE, HOUSEHOLD_TABLE, ACCESS_TABLE, AREA_TABLE, PAIRING_TABLE, BUCKET } = env({
  CARE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  AREA_TABLE: z.string(),
  PAIRING_TABLE: z.string(),
  BUCKET: z.string(),
});
const tables = { care: CARE_TABLE, household: HOUSEHOLD_TABLE };
const store = { tables: { household: HOUSEHOLD_TABLE } };
/** Seconds an address is good for: an upload over a village line takes its time. */
const UPLOAD_SECONDS = 3600;

const ports: Ports = {
  now,
  household: async (id) => (await readStored(store, id))?.household,
  events: (id) => allEvents(store, id),
  pointer: (id) => getPointer(CARE_TABLE, id),
  visit: (household, id) => getVisit(CARE_TABLE, household, id),
  digest: (household) => getDigest(CARE_TABLE, household),
  latestBut: (household, id) => latestBut(CARE_TABLE, household, id),
  helpers: async (ids) => new Set((await getHelpers(PAIRING_TABLE, ids)).keys()),
  hash: hashOf,
  rule: visitRuleOn,
};

/** How often a visit is decided anew that others overtook between reading and writing. */
const TURNS = 6;

/** How an answer is kept, and the token of the helper that enters it, where one does. */
interface Saving {
  readonly remembered: Remembered;
  readonly helper: string | undefined;
  readonly status: number;
}

/** Writes a version of a visit with its answer. */
function save(
  { actor, idempotency }: Pick<Request, 'actor' | 'idempotency'>,
  decide: () => Promise<Decided<Entry>>,
  status: number,
): Promise<Answer | Refusal> {
  const helper = actor.role === 'helper' ? actor.sub : undefined;
  return once(ACCESS_TABLE, { idempotency, now: now() }, (remembered) =>
    saveWith({ remembered, helper, status }, decide),
  );
}

/** What was overtaken is decided again on what stands there now. */
async function saveWith(
  saving: Saving,
  decide: () => Promise<Decided<Entry>>,
): Promise<Answer | Refusal> {
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const decided = await decide();
    if (isRefused(decided)) return decided;
    const done = await attempt(saving, decided.ok);
    if (done) return done;
  }
  return refuse('busy');
}

/** One try; undefined where it is to be decided again. The answer of another request under the same key is kept already (busy). */
async function attempt(
  { remembered, helper, status }: Saving,
  entry: Entry,
): Promise<Answer | Refusal | undefined> {
  if ('known' in entry) return answerOf(entry.known, status);
  const { decision } = entry;
  const answer = answerOf(decision.after, status);
  const written = await writeVisit(tables, decision, { also: remembered(answer), helper });
  if (written === 'repeated') return refuse('busy');
  return written === 'written' || (await stands(decision)) ? answer : undefined;
}

function answerOf(taken: Parameters<typeof visitTaken>[0], status: number): Answer {
  return { status, version: taken.version, body: visitTaken(taken) };
}

/** A write whose reply was lost is recognised by its instant. */
async function stands({ after }: VisitDecision): Promise<boolean> {
  const standing = await getVisit(CARE_TABLE, after.household, after.id);
  const isOwn = (one: typeof after) => one.withdrawn?.at ?? one.corrected?.at ?? one.at;
  return standing?.version === after.version && isOwn(standing) === isOwn(after);
}

async function decided(change: Promise<Decided<VisitDecision>>): Promise<Decided<Entry>> {
  const decision = await change;
  return isRefused(decision) ? decision : { ok: { decision: decision.ok } };
}

function enter(request: Request<typeof spec.enter>): Promise<Answer | Refusal> {
  const { actor, params, body } = request;
  const { id, ...content } = body;
  const entering = { actor, household: params.id, id, content };
  return save(request, () => enterVisit(ports, entering), 201);
}

function changingOf({
  actor,
  params,
  ifMatch,
}: Request<typeof spec.correct | typeof spec.withdraw>) {
  return { actor, household: params.id, id: params.visitId, version: ifMatch };
}

function correct(request: Request<typeof spec.correct>): Promise<Answer | Refusal> {
  const { reason, ...content } = request.body;
  const to = { content, reason };
  return save(request, () => decided(putRight(ports, changingOf(request), to)), 200);
}

function withdraw(request: Request<typeof spec.withdraw>): Promise<Answer | Refusal> {
  const { reason } = request.body;
  return save(request, () => decided(takeBack(ports, changingOf(request), reason)), 200);
}

/** An address for a photo; asked for again under the same id, another address for the same photo. */
async function addPhoto(request: Request<typeof spec.addPhoto>): Promise<Answer | Refusal> {
  const { actor, params, body } = request;
  const visit = { household: params.id, id: params.visitId };
  const present = await photosOf(CARE_TABLE, visit);
  const may = await photoFor(ports, { actor, ...visit }, { photo: body, present });
  if (isRefused(may)) return may;
  const at = now().toISOString();
  if (may.ok === 'new') {
    const put = photoActions(CARE_TABLE, visit, { ...body, actor: actor.sub, at });
    if ((await transact(put)).length > 0) return refuse('busy');
  }
  const { id, type, size } = body;
  const place = { bucket: BUCKET, key: uploadKey(visit, id), type, length: size };
  const url = await presignPut({ ...place, seconds: UPLOAD_SECONDS });
  const headers = uploadHeaders({ type });
  const expiresAt = expiryOf(url).toISOString();
  return { status: 201, body: { id, upload: { method: 'PUT', url, headers, expiresAt } } };
}

export const handler = api(
  [
    endpoint(spec.enter, enter),
    endpoint(spec.correct, correct),
    endpoint(spec.withdraw, withdraw),
    endpoint(spec.addPhoto, addPhoto),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
