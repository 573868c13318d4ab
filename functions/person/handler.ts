import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import { dayOf } from '../core/day.ts';
import { type Household, villageOf } from '../core/household.ts';
import { type PersonFound, personFound } from '../core/household-view.ts';
import { readIdentity } from '../core/identity-number.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { findPersons, openStore, readFile, storeEnv } from '../household/table.ts';
import { writeAccess } from '../lib/access-log.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { lookup } from './spec.ts';
import { countLookup } from './table.ts';

const settings = env({
  ...storeEnv,
  AREA_TABLE: z.string(),
  LOOKUP_LIMIT: z.coerce.number().int().positive().default(60),
  LOOKUP_WINDOW_SECONDS: z.coerce.number().int().positive().default(600),
});
const { ACCESS_TABLE, AREA_TABLE } = settings;
const rate = { limit: settings.LOOKUP_LIMIT, seconds: settings.LOOKUP_WINDOW_SECONDS };
const store = openStore(settings);

/** A line in the access log: who looked, and whom they were shown; never the number. */
function logLookup(
  actor: Actor,
  known: Household | undefined,
  found: z.infer<typeof PersonFound> | undefined,
): Promise<void> {
  return writeAccess(ACCESS_TABLE, {
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
}

/**
 * Who is registered under an identity number, inside the actor's areas; anybody else is not found, wherever they are. Every attempt
 * counts and is logged, whatever comes of it: refused ones too, since they tell who tries numbers out.
 */
async function find({ actor, body }: Request<typeof lookup>): Promise<Answer | Refusal> {
  const seconds = await countLookup(ACCESS_TABLE, actor.sub, { rate, now: now() });
  const read = readIdentity(body.identityNumber, dayOf(now()));
  if (seconds !== undefined || isRefused(read)) await logLookup(actor, undefined, undefined);
  if (seconds !== undefined) return refuse('too-many-lookups', { seconds });
  if (isRefused(read))
    return {
      refused: 'request-invalid',
      faults: [{ field: 'identityNumber', code: read.refused }],
    };
  const { number } = read.ok;
  const isAnybody = await store.lookup.isMade();
  const holder = isAnybody ? (await findPersons(store, [number])).get(number) : undefined;
  // Who left is not found; who was struck off with the household still stands in its file.
  const file = holder && (await readFile(store, actor, holder.household));
  const known = file && !isRefused(file) ? file.ok.household : undefined;
  const found = holder && known && personFound(known, holder.person);
  await logLookup(actor, known, found);
  return found ? { body: found } : refuse('not-found');
}

export const handler = api([endpoint(lookup, find)], { resolve: areaResolver(AREA_TABLE) });
