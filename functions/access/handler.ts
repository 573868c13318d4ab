import * as z from 'zod';
import { areaResolver, recordsOf } from '../area/table.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { list } from './spec.ts';
import { listLines } from './table.ts';

const { ACCESS_TABLE, AREA_TABLE } = env({ ACCESS_TABLE: z.string(), AREA_TABLE: z.string() });

const resolve = areaResolver(AREA_TABLE);

/** The sort key a cursor names; a cursor is base64url of it. */
function keyOf(cursor: string): string | undefined {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z#log_\w+$/.test(key) ? key : undefined;
}

async function show({ query }: Request<typeof list>): Promise<Answer | Refusal> {
  const { cursor, area, ...asked } = query;
  const after = cursor === undefined ? undefined : keyOf(cursor);
  if (cursor !== undefined && after === undefined) return refuse('cursor-invalid');
  const records = await recordsOf(AREA_TABLE, area, resolve);
  const from = after !== undefined && { after };
  const page = await listLines(ACCESS_TABLE, { ...asked, ...records, ...from });
  const next =
    page.next === undefined ? {} : { cursor: Buffer.from(page.next).toString('base64url') };
  return { body: { lines: page.lines, ...next } };
}

export const handler = api([endpoint(list, show)], { resolve });
