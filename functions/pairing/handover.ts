import { createHash } from 'node:crypto';
import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { nameOfSubject } from '../core/pairing.ts';
import type { HandoverRow } from '../core/pairing-view.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { openStore, storeEnv } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, type Beginning, beginning, remember, replay } from '../lib/idempotency.ts';
import { problemOf } from '../lib/problem.ts';
import type { Request } from '../lib/request.ts';
import { type Both, choose, findBoth, handRow, type Row } from './handover-service.ts';
import { handover } from './spec.ts';
import { portsOf, write } from './write.ts';

const settings = env({
  PAIRING_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
});
const { ACCESS_TABLE, AREA_TABLE } = settings;
const store = openStore(settings);
const ground = { pairing: settings.PAIRING_TABLE, area: AREA_TABLE, store };
const ports = portsOf(ground);

/** After this long no further pairing is begun, ms: the API gives up after thirty seconds. */
const PATIENCE_MS = 22_000;
/** How often a pairing is tried that others change at the same time. */
const TURNS = 6;

const Chosen = z.object({ pairings: z.array(z.string()), from: z.string() });

type Asked = Request<typeof handover>;

/** The id of a successor follows from the request and the pairing, so that a repetition knows its own work. */
function successorOf({ seed }: Beginning, pairing: string): string {
  const digest = createHash('sha256').update(`${seed} ${pairing}`).digest('hex');
  return `pr_${digest.slice(0, 22)}`;
}

interface Tried {
  readonly both: Both;
  readonly decided: Decided<'done'>;
}

/** @param isFresh what was refused may have been done, or changed, since the helpers were read; of fresh ones it counts */
async function tryOnce(
  { actor }: Asked,
  { both, row }: { readonly both: Both; readonly row: Row },
  isFresh: boolean,
): Promise<Tried | 'again'> {
  const decided = await handRow(ports, { actor, both, row });
  if (isRefused(decided)) return isFresh ? { both, decided } : 'again';
  if (decided.ok === 'done') return { both, decided: { ok: 'done' } };
  const done = await write(ground, decided.ok, []);
  if (isRefused(done)) return { both, decided: done };
  return done.ok === 'written' ? { both: decided.ok.after, decided: { ok: 'done' } } : 'again';
}

/** Hands one pairing over: all of it or nothing. Both helpers change with every row, so rows go one after the other. */
async function handOne(request: Asked, known: Both, row: Row): Promise<Tried> {
  const { actor, params, body } = request;
  let both = known;
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const tried = await tryOnce(request, { both, row }, turn > 1);
    if (tried !== 'again') return tried;
    const fresh = await findBoth(ports, actor, { id: params.id, to: body.to });
    if (isRefused(fresh)) return { both, decided: fresh };
    both = fresh.ok;
  }
  return { both, decided: refuse('busy') };
}

type Told = Pick<HandoverRow, 'outcome' | 'successor' | 'code' | 'detail'>;
const waiting: Told = { outcome: 'waiting', successor: null, code: null, detail: null };

async function handAll(
  request: Asked,
  begun: Beginning,
  both: Both,
): Promise<readonly HandoverRow[]> {
  const { pairings, from } = Chosen.parse(begun.choice);
  const { reason } = request.body;
  const until = performance.now() + PATIENCE_MS;
  const rows: HandoverRow[] = [];
  let known = both;
  for (const pairing of pairings) {
    const { subject } = known.giver.pairings.find(({ id }) => id === pairing) ?? {};
    const about = {
      pairing,
      type: subject?.type ?? 'household',
      subject: subject ? nameOfSubject(subject) : '',
    } as const;
    if (performance.now() > until) {
      rows.push({ ...about, ...waiting });
      continue;
    }
    const successor = successorOf(begun, pairing);
    const tried = await handOne(request, known, { pairing, successor, from, reason });
    known = tried.both;
    rows.push({ ...about, ...toldOf(tried.decided, successor, request) });
  }
  return rows;
}

function toldOf(decided: Decided<'done'>, successor: string, { language }: Asked): Told {
  if (!isRefused(decided)) return { outcome: 'done', successor, code: null, detail: null };
  const { code, title: detail } = problemOf(decided, language);
  return { outcome: 'refused', successor: null, code, detail };
}

async function act(request: Asked): Promise<Answer | Refusal> {
  const { actor, body, params, idempotency } = request;
  const both = await findBoth(ports, actor, { id: params.id, to: body.to });
  if (isRefused(both)) return both;
  const asked = { idempotency, now: now(), seed: newId('hand') };
  const begun = await beginning(ACCESS_TABLE, asked, () =>
    choose(ports, { actor, body, both: both.ok }),
  );
  if (isRefused(begun)) return begun;
  const rows = await handAll(request, begun.ok, both.ok);
  const count = (outcome: HandoverRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length;
  const counts = { done: count('done'), refused: count('refused'), waiting: count('waiting') };
  const answer = { status: 200, body: { from: params.id, to: body.to, rows, ...counts } };
  // Sent again with its key, the request goes on with what waits and tries anew what was in the way.
  if (counts.waiting > 0 || rows.some(({ code }) => code === 'busy')) return answer;
  const kept = await transact([remember(ACCESS_TABLE, idempotency, { answer, now: now() })]);
  return kept.length === 0 ? answer : ((await replay(ACCESS_TABLE, idempotency, now())) ?? answer);
}

export const handler = api([endpoint(handover, act)], {
  answers: ACCESS_TABLE,
  resolve: areaResolver(AREA_TABLE),
});
