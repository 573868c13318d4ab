import { createHash } from 'node:crypto';
import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { type Actor, mayEnter } from '../core/access.ts';
import { type BulkAction, type BulkRow, bulkResult, MOST_ROWS } from '../core/case-bulk.ts';
import type { Position } from '../core/list-cursor.ts';
import { ALL, isKeyed } from '../core/list-entry.ts';
import { filtersOf } from '../core/list-filter.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { Language } from '../core/refusal-text.ts';
import {
  allEvents,
  commit,
  eventSince,
  loadFile,
  openStore,
  storeEnv,
} from '../household/table.ts';
import { now, today } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, type Beginning, beginning, remember, replay } from '../lib/idempotency.ts';
import { inLanes } from '../lib/lanes.ts';
import { faultFields, log } from '../lib/log.ts';
import { problemOf } from '../lib/problem.ts';
import type { Request } from '../lib/request.ts';
import { pageOf } from '../list/page.ts';
import { pagePorts } from '../list/ports.ts';
import { bulkRow, type RowPorts } from './bulk-service.ts';
import { publishedFor } from './former.ts';
import { bulk } from './spec.ts';
import { caseActions, getCase } from './table.ts';

const settings = env({
  CASE_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
  LIST_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
});
const { CASE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const tables = { cases: CASE_TABLE, area: AREA_TABLE };
const store = openStore(settings);
const index = pagePorts({
  list: settings.LIST_TABLE,
  household: settings.HOUSEHOLD_TABLE,
  summary: settings.SUMMARY_TABLE,
});

/** Rows under way at once. */
const LANES = 16;
/** After this long no further row is begun, ms: the API gives up after thirty seconds. */
const PATIENCE_MS = 22_000;
const PAGE = 100;

/** Clocks of two functions may differ by as much, ms. */
const SKEW_MS = 300_000;

const Chosen = z.object({ ids: z.array(z.string()), more: z.boolean() });
type Chosen = z.infer<typeof Chosen>;

/** The households a list query names, at most as many as one action takes. */
async function choose(actor: Actor, body: BulkAction): Promise<Decided<Chosen>> {
  const { area, households } = body;
  if (households) return { ok: { ids: [...new Set(households)], more: false } };
  const asked = filtersOf('households', body.filters ?? {});
  if (isRefused(asked)) return asked;
  const filters = asked.ok;
  const question = { kind: 'households', area, filters } as const;
  const key = filters.find(isKeyed) ?? ALL;
  const ids: string[] = [];
  let position: Position | undefined;
  do {
    const limit = Math.min(PAGE, MOST_ROWS - ids.length);
    const page = await pageOf(index, { question, actor, day: today(), key, position, limit });
    ids.push(...page.hits.map(({ roster }) => roster.id));
    position = page.next;
  } while (position && ids.length < MOST_ROWS);
  return { ok: { ids, more: position !== undefined } };
}

const published = new Map<string, ReturnType<typeof publishedFor>>();

/** The ports of one row. What a county published is asked for once per request. */
function portsFor({ seed, begunAt, isAgain }: Beginning, household: string): RowPorts {
  const own = createHash('sha256').update(`${seed} ${household}`).digest('hex').slice(0, 24);
  const since = new Date(Date.parse(begunAt) - SKEW_MS).toISOString();
  return {
    isAgain,
    now,
    newId: (kind) => (kind === 'ev' || kind === 'cs' ? `${kind}_${own}` : newId(kind)),
    file: (id) => loadFile(store, id),
    events: (id) => allEvents(store, id),
    found: (id) => getCase(CASE_TABLE, id),
    published: (county, kind) => {
      const name = `${county} ${kind}`;
      const known = published.get(name) ?? publishedFor(tables, county, kind);
      published.set(name, known);
      return known;
    },
    done: async (id) => (await eventSince(store, id, { id: `ev_${own}`, since }))?.case?.id,
    commit: (decision) =>
      commit(store, decision, caseActions(CASE_TABLE, decision.was, decision.found)),
  };
}

function wordsIn(language: Language) {
  return (refusal: Refusal): Pick<BulkRow, 'code' | 'detail' | 'errors'> => {
    const { code, title, errors = [] } = problemOf(refusal, language);
    return { code, detail: title, errors };
  };
}

type Asked = Request<typeof bulk>;

/** One row; what no rule foresaw stands in the log, and is told of as something to be tried again. */
async function rowOf(
  { actor, body, language }: Asked,
  begun: Beginning,
  household: string,
): Promise<{ readonly row: BulkRow; readonly isFault: boolean }> {
  const wordsOf = wordsIn(language);
  try {
    const asked = { actor, household, act: body.act };
    return { row: await bulkRow(portsFor(begun, household), asked, wordsOf), isFault: false };
  } catch (fault) {
    log.error('bulk.row', { household, ...faultFields(fault) });
    const row = { household, number: null, outcome: 'refused', case: null } as const;
    return { row: { ...row, ...wordsOf(refuse('busy')) }, isFault: true };
  }
}

interface Acted {
  readonly rows: readonly BulkRow[];
  /** Of some rows it is not known what became of them. */
  readonly isFaulty: boolean;
}

async function actOnAll(request: Asked, begun: Beginning, ids: readonly string[]): Promise<Acted> {
  let isFaulty = false;
  const until = performance.now() + PATIENCE_MS;
  const unread = {
    number: null,
    outcome: 'waiting',
    case: null,
    code: null,
    detail: null,
  } as const;
  const rows = await inLanes(ids, LANES, async (household): Promise<BulkRow> => {
    if (performance.now() > until) return { household, ...unread, errors: [] };
    const { row, isFault } = await rowOf(request, begun, household);
    isFaulty ||= isFault;
    return row;
  });
  return { rows, isFaulty };
}

async function act(request: Asked): Promise<Answer | Refusal> {
  const { actor, body, idempotency } = request;
  if (!mayEnter(actor, body.area)) return refuse('not-found');
  const begun = await beginning(
    ACCESS_TABLE,
    { idempotency, now: now(), seed: newId('bulk') },
    () => choose(actor, body),
  );
  if (isRefused(begun)) return begun;
  const { ids, more } = Chosen.parse(begun.ok.choice);
  published.clear();
  const { rows, isFaulty } = await actOnAll(request, begun.ok, ids);
  const answer = { status: 200, body: bulkResult(rows, more) };
  // Sent again, the request finds out what became of every row.
  if (isFaulty) return answer;
  const kept = await transact([remember(ACCESS_TABLE, idempotency, { answer, now: now() })]);
  return kept.length === 0 ? answer : ((await replay(ACCESS_TABLE, idempotency, now())) ?? answer);
}

export const handler = api([endpoint(bulk, act)], {
  answers: ACCESS_TABLE,
  resolve: areaResolver(AREA_TABLE),
});
