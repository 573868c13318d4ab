import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { type Actor, mayReach } from '../core/access.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { homesOf } from '../household/table.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import { hasObject, presignGet } from '../lib/objects.ts';
import type { Request } from '../lib/request.ts';
import { listOverdue, type OverdueTables } from './listing.ts';
import { photoKey } from './place.ts';
import * as spec from './spec.ts';
import { earlierOf, getVisit, photosOf, visitPage } from './table.ts';

const {
  CARE_TABLE,
  HOUSEHOLD_TABLE,
  LIST_TABLE,
  SUMMARY_TABLE,
  AREA_TABLE,
  PAIRING_TABLE,
  BUCKET,
} = env({
  CARE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  LIST_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  PAIRING_TABLE: z.string(),
  BUCKET: z.string(),
});
const store = { tables: { household: HOUSEHOLD_TABLE } };
const tables: OverdueTables = {
  ...{ care: CARE_TABLE, household: HOUSEHOLD_TABLE, list: LIST_TABLE },
  ...{ summary: SUMMARY_TABLE, pairing: PAIRING_TABLE },
};
/** Seconds the address of a photo is good for. */
const DOWNLOAD_SECONDS = 120;

/** Visits are the household's: they are seen by whoever may see it today. */
async function mayRead(actor: Actor, household: string): Promise<boolean> {
  const home = (await homesOf(store, [household])).get(household);
  return home !== undefined && mayReach(actor, home);
}

/** The sort key a cursor names; a cursor is base64url of it. */
function keyOf(cursor: string): string | undefined {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  return /^V#\d{4}-\d{2}-\d{2}#vs_[\w-]{8,60}$/.test(key) ? key : undefined;
}

async function list({
  actor,
  params,
  query,
}: Request<typeof spec.ofHousehold>): Promise<Answer | Refusal> {
  const { limit, cursor } = query;
  if (!(await mayRead(actor, params.id))) return refuse('not-found');
  const after = cursor === undefined ? undefined : keyOf(cursor);
  if (cursor !== undefined && after === undefined) return refuse('cursor-invalid');
  const { visits, next } = await visitPage(CARE_TABLE, params.id, { limit, after });
  const more = next !== undefined && { cursor: Buffer.from(next).toString('base64url') };
  return { body: { items: visits, ...more } };
}

async function show({ actor, params }: Request<typeof spec.read>): Promise<Answer | Refusal> {
  if (!(await mayRead(actor, params.id))) return refuse('not-found');
  const visit = await getVisit(CARE_TABLE, params.id, params.visitId);
  if (!visit) return refuse('not-found');
  const [earlier, photos] = await Promise.all([
    earlierOf(CARE_TABLE, visit),
    photosOf(CARE_TABLE, visit),
  ]);
  const at = `/households/${visit.household}/visits/${visit.id}/photos`;
  const shown = photos.map((one) => ({ ...one, href: `${at}/${one.id}` }));
  return { body: { ...visit, earlier, photos: shown }, version: visit.version };
}

/** A photo is seen by whoever may see the household today, at an address that soon is none. */
async function photo({ actor, params }: Request<typeof spec.photo>): Promise<Answer | Refusal> {
  if (!(await mayRead(actor, params.id))) return refuse('not-found');
  const visit = { household: params.id, id: params.visitId };
  const announced = await photosOf(CARE_TABLE, visit);
  const known = announced.find(({ id }) => id === params.photoId);
  if (!known) return refuse('not-found');
  const place = { bucket: BUCKET, key: photoKey(visit, known.id) };
  if (!(await hasObject(place))) return refuse('photo-missing');
  const fileName = `${known.id}.${known.type.slice('image/'.length)}`;
  const location = await presignGet({ ...place, fileName, seconds: DOWNLOAD_SECONDS });
  return { headers: { location } };
}

export const handler = api(
  [
    endpoint(spec.ofHousehold, list),
    endpoint(spec.read, show),
    endpoint(spec.photo, photo),
    endpoint(spec.overdue, (request) => listOverdue(tables, request)),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
