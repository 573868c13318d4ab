import { createHash } from 'node:crypto';
import * as z from 'zod';
import { areaResolver, recordsOf } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import type { Import, ImportKind } from '../core/import.ts';
import { mayHandle, mayInspect } from '../core/import.ts';
import { entryView, importView } from '../core/import-view.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { writeAccess } from '../lib/access-log.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { expiryOf, presignGet, presignPut, uploadHeaders } from '../lib/objects.ts';
import { sendAll } from '../lib/queue.ts';
import type { Request } from '../lib/request.ts';
import { planEntries } from './account.ts';
import { refusalsKey, uploadKey } from './place.ts';
import { announce, approve, find, listEntries, type Ports, reject } from './service.ts';
import { routes } from './spec.ts';
import { createImport, listImports, loadImport, loadProgress, saveImport } from './table.ts';

const settings = env({
  JOB_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  BUCKET: z.string(),
  IMPORT_QUEUE: z.string(),
});
const { JOB_TABLE, IDENTITY_TABLE, AREA_TABLE, ACCESS_TABLE, IMPORT_QUEUE } = settings;
const bucket = settings.BUCKET;
const vault = { bucket, keys: dataKeys(IDENTITY_TABLE, houseWrapper()) };
/** Seconds an address is good for: an upload over a village line takes its time, a download starts at once. */
const UPLOAD_SECONDS = 3600;
const DOWNLOAD_SECONDS = 120;

const resolve = areaResolver(AREA_TABLE);
const ports: Ports = {
  now,
  create: (created) => createImport(JOB_TABLE, created),
  load: (id) => loadImport(JOB_TABLE, id),
  save: (found, changes) => saveImport(JOB_TABLE, found, changes),
  entries: (found, chunk, outcome) =>
    planEntries({ jobTable: JOB_TABLE, vault }, found, { chunk, outcome }),
  present: (area) => resolve([area]),
  send: (messages) => sendAll(IMPORT_QUEUE, messages),
};

const types: Readonly<Record<string, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
};

async function uploadOf(found: Import) {
  const type = types[found.fileName.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'text/csv';
  const place = { bucket, key: uploadKey(found.id), type, length: found.size };
  const url = await presignPut({ ...place, seconds: UPLOAD_SECONDS });
  const headers = uploadHeaders({ type });
  return { method: 'PUT', url, headers, expiresAt: expiryOf(url).toISOString() };
}

async function take(request: Request<typeof routes.newImport>): Promise<Answer | Refusal> {
  const { actor, body, idempotency } = request;
  const id = `imp_${createHash('sha256').update(idempotency.id).digest('hex').slice(0, 32)}`;
  const found = await announce(ports, actor, { ...body, id });
  if (isRefused(found)) return found;
  return { body: { ...importView(found.ok), upload: await uploadOf(found.ok) } };
}

/** The sort key a cursor names; a cursor is base64url of it. */
function keyOf(cursor: string): string | undefined {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z#imp_[0-9a-f]{32}$/.test(key) ? key : undefined;
}

async function list(request: Request<typeof routes.list>): Promise<Answer | Refusal> {
  const { actor, query } = request;
  const { area, limit, cursor } = query;
  const after = cursor === undefined ? undefined : keyOf(cursor);
  if (cursor !== undefined && after === undefined) return refuse('cursor-invalid');
  const records = await recordsOf(AREA_TABLE, area, resolve);
  const page = { limit, ...(after !== undefined && { after }) };
  const { imports, next } = await listImports(JOB_TABLE, records, page);
  const more = next !== undefined && { cursor: Buffer.from(next).toString('base64url') };
  const own = imports.filter((one) => mayHandle(actor, one));
  return { body: { imports: own.map((one) => importView(one)), ...more } };
}

async function show({ actor, params }: Request<typeof routes.one>): Promise<Answer | Refusal> {
  const found = await find(ports, actor, params.id);
  if (isRefused(found)) return found;
  const { id, state, version } = found.ok;
  const phase = state === 'matching' ? 'match' : 'apply';
  const busy = state === 'matching' || state === 'applying';
  const progress = busy ? await loadProgress(JOB_TABLE, id, phase) : undefined;
  return { body: importView(found.ok, progress), version };
}

async function rows(request: Request<typeof routes.rows>): Promise<Answer | Refusal> {
  const { actor, params, query } = request;
  const page = await listEntries(ports, actor, { id: params.id, ...query });
  if (isRefused(page)) return page;
  return { body: { ...page.ok, rows: page.ok.rows.map((row) => entryView(row, actor.role)) } };
}

/** Kinds whose rows hold identity numbers. */
const disclosing: ReadonlySet<ImportKind> = new Set(['registry', 'receipts', 'helpers']);

/** The faulty rows come back as they were, numbers in the clear, so that fetching them is on record first. */
async function record(actor: Actor, { id, area }: Import): Promise<void> {
  await writeAccess(ACCESS_TABLE, {
    kind: 'refusals',
    sub: actor.sub,
    role: actor.role,
    area,
    household: null,
    person: null,
    reason: null,
    reference: id,
    fields: ['identityNumber', 'phone', 'bankAccount'],
  });
}

async function refusals(request: Request<typeof routes.refusals>): Promise<Answer | Refusal> {
  const found = await find(ports, request.actor, request.params.id);
  const ready = isRefused(found) ? found : mayInspect(found.ok, now());
  if (isRefused(ready)) return ready;
  const { id, kind, state, fileName } = ready.ok;
  if (disclosing.has(kind)) await record(request.actor, ready.ok);
  const key = refusalsKey(id, state === 'applied' ? 'apply' : 'match');
  const name = `未导入_${fileName.replace(/\.\w+$/, '')}.xlsx`;
  const place = { bucket, key, fileName: name, seconds: DOWNLOAD_SECONDS };
  return { headers: { location: await presignGet(place) } };
}

async function approval(request: Request<typeof routes.approval>): Promise<Answer | Refusal> {
  const asked = { id: request.params.id, ...request.body };
  const approved = await approve(ports, request.actor, asked);
  return isRefused(approved) ? approved : { body: importView(approved.ok) };
}

async function rejection(request: Request<typeof routes.rejection>): Promise<Answer | Refusal> {
  const asked = { id: request.params.id, ...request.body };
  const rejected = await reject(ports, request.actor, asked);
  return isRefused(rejected) ? rejected : { body: importView(rejected.ok) };
}

export const handler = api(
  [
    endpoint(routes.newImport, take),
    endpoint(routes.list, list),
    endpoint(routes.one, show),
    endpoint(routes.rows, rows),
    endpoint(routes.refusals, refusals),
    endpoint(routes.approval, approval),
    endpoint(routes.rejection, rejection),
  ],
  { resolve },
);
