import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { dayOf } from '../core/day.ts';
import { villageOf } from '../core/household.ts';
import { personFound } from '../core/household-view.ts';
import { readIdentity } from '../core/identity-number.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { findPersons, openStore, readFile } from '../household/table.ts';
import { writeAccess } from '../lib/access-log.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { lookup } from './spec.ts';
import { countLookup } from './table.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  AREA_TABLE: z.string(),
  LOOKUP_LIMIT: z.coerce.number().int().positive().default(60),
  LOOKUP_WINDOW_SECONDS: z.coerce.number().int().positive().default(600),
});
const { ACCESS_TABLE, AREA_TABLE } = settings;
const rate = { limit: settings.LOOKUP_LIMIT, seconds: settings.LOOKUP_WINDOW_SECONDS };
const store = openStore({
  household: settings.HOUSEHOLD_TABLE,
  identity: settings.IDENTITY_TABLE,
  access: ACCESS_TABLE,
});

/**
 * Who is registered under an identity number, inside the actor's areas; anybody else is not found, wherever they are. Every attempt
 * counts and is logged, whatever it finds, without the number.
 */
async function find({ actor, body }: Request<typeof lookup>): Promise<Answer | Refusal> {
  const seconds = await countLookup(ACCESS_TABLE, actor.sub, { rate, now: now() });
  if (seconds !== undefined) return refuse('too-many-lookups', { seconds });
  const read = readIdentity(body.identityNumber, dayOf(now()));
  if (isRefused(read))
    return {
      refused: 'request-invalid',
      faults: [{ field: 'identityNumber', code: read.refused }],
    };
  const { number } = read.ok;
  const holder = (await findPersons(store, [number])).get(number);
  // Who left is not found; who was struck off with the household still stands in its file.
  const file = holder && (await readFile(store, actor, holder.household));
  const known = file && !isRefused(file) ? file.ok.household : undefined;
  const found = holder && known && personFound(known, holder.person);
  await writeAccess(ACCESS_TABLE, {
    kind: 'lookup',
    sub: actor.sub,
    role: actor.role,
    area: known ? villageOf(known) : (actor.areas[0] ?? ''),
    household: found?.household.id ?? null,
    person: found?.person.id ?? null,
    reason: null,
    reference: null,
    fields: ['identityNumber'],
  });
  return found ? { body: found } : refuse('not-found');
}

export const handler = api([endpoint(lookup, find)], { resolve: areaResolver(AREA_TABLE) });
