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
import { allEvents, commit, loadFile, openStore, wroteEvent } from '../household/table.ts';
import { now, today } from '../lib/clock.ts';
import { TOO_LARGE, transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, remember, replay } from '../lib/idempotency.ts';
import { problemOf } from '../lib/problem.ts';
import type { Request } from '../lib/request.ts';
import { pageOf } from '../list/page.ts';
import { pagePorts } from '../list/ports.ts';
import { bulkRow, type RowPorts } from './bulk-service.ts';
import { bulk } from './spec.ts';
import { caseActions, getCase, publishedIn } from './table.ts';

const settings = env({
  CASE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  AREA_TABLE: z.string(),
  LIST_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
});
const { CASE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const store = openStore({
  household: settings.HOUSEHOLD_TABLE,
  identity: settings.IDENTITY_TABLE,
  access: ACCESS_TABLE,
});
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

interface Chosen {
  readonly ids: readonly string[];
  readonly more: boolean;
}

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

const published = new Map<string, ReturnType<typeof publishedIn>>();

/** The ports of one row. What a county published is asked for once per request. */
function portsFor(request: string, household: string): RowPorts {
  const own = createHash('sha256').update(`${request} ${household}`).digest('hex').slice(0, 24);
  return {
    now,
    newId: (kind) => (kind === 'ev' || kind === 'cs' ? `${kind}_${own}` : newId(kind)),
    file: (id) => loadFile(store, id),
    events: (id) => allEvents(store, id),
    found: (id) => getCase(CASE_TABLE, id),
    published: (county, kind) => {
      const name = `${request} ${county} ${kind}`;
      const known = published.get(name) ?? publishedIn(CASE_TABLE, county, kind);
      published.set(name, known);
      return known;
    },
    isOwn: ({ household: { id, version } }) =>
      wroteEvent(store, { household: id, version, id: `ev_${own}` }),
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

async function actOnAll(
  { actor, body, idempotency, language }: Request<typeof bulk>,
  ids: readonly string[],
): Promise<readonly BulkRow[]> {
  const rows: BulkRow[] = [];
  const until = performance.now() + PATIENCE_MS;
  const waiting = [...ids.entries()];
  const unread = {
    number: null,
    outcome: 'waiting',
    case: null,
    code: null,
    detail: null,
  } as const;
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, household] = next;
      const isLate = performance.now() > until;
      rows[place] = isLate
        ? { household, ...unread, errors: [] }
        : await bulkRow(
            portsFor(idempotency.id, household),
            { actor, household, act: body.act },
            wordsIn(language),
          );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return rows;
}

async function act(request: Request<typeof bulk>): Promise<Answer | Refusal> {
  const { actor, body, idempotency } = request;
  if (!mayEnter(actor, body.area)) return refuse('not-found');
  const chosen = await choose(actor, body);
  if (isRefused(chosen)) return chosen;
  published.clear();
  const rows = await actOnAll(request, chosen.ok.ids);
  const answer = { status: 200, body: bulkResult(rows, chosen.ok.more) };
  const kept = await transact([remember(ACCESS_TABLE, idempotency, { answer, now: now() })]);
  // An answer too long to keep is not kept: every row knows its own work when the request comes again.
  if (kept.every(({ code }) => code === TOO_LARGE)) return answer;
  return (await replay(ACCESS_TABLE, idempotency, now())) ?? answer;
}

export const handler = api([endpoint(bulk, act)], {
  answers: ACCESS_TABLE,
  resolve: areaResolver(AREA_TABLE),
});
