import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import { policyLink } from '../core/policy-view.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, once, type Remembered } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import {
  type Acting,
  decideLine,
  decidePublication,
  decideVersion,
  type PolicyPorts,
} from './service.ts';
import * as spec from './spec.ts';
import { forgetPolicies, headOf, policiesNow, publish, saveLine, saveVersion } from './table.ts';

const { POLICY_TABLE, ACCESS_TABLE, AREA_TABLE } = env({
  POLICY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  AREA_TABLE: z.string(),
});

const ports: PolicyPorts = {
  known: (area) => policiesNow(POLICY_TABLE, area),
  head: (area) => headOf(POLICY_TABLE, area),
  division: (code) => getDivision(AREA_TABLE, code),
  newMark: () => newId('pub'),
};

/** Times a decision is made anew because somebody else was faster, so that the slower one is told. */
const TURNS = 4;

async function inTurns(
  act: () => Promise<{ readonly written: Answer | false } | Refusal>,
): Promise<Answer | Refusal> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const done = await act();
    if ('refused' in done) return done;
    if (!done.written) continue;
    forgetPolicies();
    return done.written;
  }
  return refuse('busy');
}

function actingIn(area: string, { actor }: Pick<Request, 'actor'>): Acting {
  return { actor, area, at: now().toISOString() };
}

/** The same request answered once: whoever comes again gets the answer that was kept with what it wrote. */
function answered(
  { idempotency }: Pick<Request, 'idempotency'>,
  act: (remembered: Remembered) => Promise<{ readonly written: Answer | false } | Refusal>,
): Promise<Answer | Refusal> {
  return once(ACCESS_TABLE, { idempotency, now: now() }, (remembered) =>
    inTurns(() => act(remembered)),
  );
}

function publishOne(request: Request<typeof spec.publish>): Promise<Answer | Refusal> {
  const { body } = request;
  return answered(request, async (remembered) => {
    const decided = await decidePublication(ports, actingIn(body.area, request), body);
    if (isRefused(decided)) return decided;
    const { document, items } = decided.ok;
    const { area, id } = document;
    const shown = items.map((item) => {
      return { id: item.id, version: item.version, href: policyLink(item.id, area) };
    });
    const answer = { status: 201, body: { area, document: id, items: shown } };
    const isWritten = await publish(POLICY_TABLE, decided.ok, remembered(answer));
    return { written: isWritten && answer };
  });
}

function publishVersion(request: Request<typeof spec.version>): Promise<Answer | Refusal> {
  const { params, query, body, ifMatch } = request;
  return answered(request, async (remembered) => {
    const asked = { id: params.id, version: ifMatch, body };
    const decided = await decideVersion(ports, actingIn(query.area, request), asked);
    if (isRefused(decided)) return decided;
    const { area, id, version, validFrom, ended } = decided.ok.item;
    const answer = { status: 201, version, body: { area, id, version, validFrom, ended } };
    const isWritten = await saveVersion(POLICY_TABLE, decided.ok, remembered(answer));
    return { written: isWritten && answer };
  });
}

function setOne(request: Request<typeof spec.setLine>): Promise<Answer | Refusal> {
  const { params, query, body, ifMatch } = request;
  return inTurns(async () => {
    const asked = { ...params, version: ifMatch, body };
    const decided = await decideLine(ports, actingIn(query.area, request), asked);
    if (isRefused(decided)) return decided;
    const { line } = decided.ok;
    const isWritten = await saveLine(POLICY_TABLE, decided.ok);
    return { written: isWritten && { body: line, version: line.version } };
  });
}

export const handler = api(
  [
    endpoint(spec.publish, publishOne),
    endpoint(spec.version, publishVersion),
    endpoint(spec.setLine, setOne),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
