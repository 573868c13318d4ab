import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { mayEnter } from '../core/access.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { snapshotView } from '../core/snapshot-view.ts';
import { now, today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type Answer, once } from '../lib/idempotency.ts';
import { faultFields, log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import type { Request } from '../lib/request.ts';
import { beginPorts } from './port.ts';
import { type BeginPorts, begin } from './service.ts';
import { askSnapshot } from './spec.ts';
import { createSnapshot } from './table.ts';

const { AREA_TABLE, JOB_TABLE, ACCESS_TABLE, SNAPSHOT_QUEUE } = env({
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  SNAPSHOT_QUEUE: z.string(),
});
const tables = { area: AREA_TABLE, job: JOB_TABLE };
const resolve = areaResolver(AREA_TABLE);

const answerOf = (snapshot: Snapshot): Answer => ({
  status: 202,
  body: snapshotView(snapshot, 0),
});

/** The snapshot exists by now and is noted as unfinished; a queue that fails only makes it begin later. */
async function tellFirst({ county, year }: Snapshot): Promise<void> {
  try {
    await sendAll(SNAPSHOT_QUEUE, [{ step: 'open', county, year }]);
  } catch (fault) {
    log.error('snapshot.untold', { county, year, ...faultFields(fault) });
  }
}

async function ask(request: Request<typeof askSnapshot>): Promise<Answer | Refusal> {
  const { body, actor, idempotency } = request;
  const acting = await resolve([body.area]);
  if (!acting.every((one) => mayEnter(actor, one))) return refuse('not-found');
  return once(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    const ports: BeginPorts = {
      ...beginPorts(tables),
      create: (snapshot, chunks) =>
        createSnapshot(JOB_TABLE, { snapshot, chunks }, remembered(answerOf(snapshot))),
    };
    const begun = await begin(ports, {
      ...{ county: body.area, year: body.year, reason: body.reason },
      ...{ actor: actor.sub, role: actor.role, at: now().toISOString(), today: today() },
    });
    if (isRefused(begun)) return begun;
    await tellFirst(begun.ok);
    return answerOf(begun.ok);
  });
}

export const handler = api([endpoint(askSnapshot, ask)], { resolve, answers: ACCESS_TABLE });
