import * as z from 'zod';
import { areaResolver, childrenOf, getDivision } from '../area/table.ts';
import { type Decided, isRefused, type Refusal } from '../core/refusal.ts';
import type { Target } from '../core/target.ts';
import { now, today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { set, split, type TargetAsked, type TargetPorts } from './service.ts';
import { setRoute, splitRoute } from './spec.ts';
import { getTarget, partTargets, saveTargets } from './table.ts';

const { TARGET_TABLE, AREA_TABLE } = env({ TARGET_TABLE: z.string(), AREA_TABLE: z.string() });

const ports: TargetPorts = {
  target: (code, year) => getTarget(TARGET_TABLE, { code, year }),
  parts: (code, year) => partTargets(TARGET_TABLE, { code, year }),
  division: (code) => getDivision(AREA_TABLE, code),
  children: (code) => childrenOf(AREA_TABLE, code),
  save: (decision) => saveTargets(TARGET_TABLE, decision),
};

type Asking = Request<typeof setRoute> | Request<typeof splitRoute>;

function askedOf({ params, body, actor, ifMatch }: Asking): TargetAsked {
  const { reason, document } = body;
  return {
    ...{ ...params, version: ifMatch, actor, reason, document },
    at: now().toISOString(),
    today: today(),
  };
}

function answerOf(done: Decided<Target>): Answer | Refusal {
  return isRefused(done) ? done : { body: done.ok, version: done.ok.version };
}

export const handler = api(
  [
    endpoint(setRoute, async (request) => {
      const { households, persons, villages } = request.body;
      return answerOf(await set(ports, askedOf(request), { households, persons, villages }));
    }),
    endpoint(splitRoute, async (request) =>
      answerOf(await split(ports, askedOf(request), request.body.parts)),
    ),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
