import * as z from 'zod';
import { getDivisions } from '../area/table.ts';
import { casesOf, getCase, getCases } from '../case/table.ts';
import type { Actor } from '../core/access.ts';
import { liesWithin } from '../core/division.ts';
import type { NoticeView } from '../core/notice.ts';
import { noticePage, noticePolicy } from '../core/notice-page.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { asOfPorts, villageOn } from '../household/as-of.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import { inLanes } from '../lib/lanes.ts';
import { pageOf } from '../list/page.ts';
import { pagePorts } from '../list/ports.ts';
import { type NoticePorts, noticeOfCase, noticesHanging } from './service.ts';
import * as spec from './spec.ts';

const settings = env({
  CASE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
  LIST_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
});
const { CASE_TABLE, AREA_TABLE, HOUSEHOLD_TABLE } = settings;
const past = asOfPorts({ household: HOUSEHOLD_TABLE, area: AREA_TABLE }, true);
const index = pagePorts({
  list: settings.LIST_TABLE,
  household: HOUSEHOLD_TABLE,
  summary: settings.SUMMARY_TABLE,
});
const { resolve } = past;

type CasesUnder = NoticePorts['under'];

/** The cases that the index of lists knows of. */
async function casesUnder(
  actor: Actor,
  { area, kind, limit }: Parameters<CasesUnder>[1],
): ReturnType<CasesUnder> {
  const key = { id: 'case', value: kind };
  const question = { kind: 'households', area, filters: [key] } as const;
  const day = today();
  const asked = { question, actor, day, key, position: undefined, limit };
  const { hits, next } = await pageOf(index, asked);
  const ids = hits.flatMap(({ roster: { openCase } }) => openCase?.id ?? []);
  return { ids, more: next !== undefined };
}

/** Queries under way at once. */
const LANES = 32;

/** The cases of the villages of an area, those begun under a code that has closed since included. */
async function casesOfVillages(area: string): ReturnType<NoticePorts['ofVillages']> {
  const around = await past.villages(area);
  const codes = around.present
    .filter((code) => liesWithin(code, area))
    .flatMap((code) => around.origins(code).map((origin) => origin.code));
  const found = await inLanes([...new Set(codes)], LANES, (code) => casesOf(CASE_TABLE, code));
  return found.flat();
}

const ports: NoticePorts = {
  found: (id) => getCase(CASE_TABLE, id),
  cases: (ids) => getCases(CASE_TABLE, ids),
  under: casesUnder,
  ofVillages: casesOfVillages,
  file: past.file,
  village: (code, on) => villageOn(past, code, on),
  names: (codes) => getDivisions(AREA_TABLE, codes),
  present: (code) => resolve([code]),
  each: (items, work) => inLanes(items, LANES, work),
};

/** Shown and printed, framed by nobody; what its own policy forbids stays forbidden where it was saved. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `${noticePolicy}; frame-ancestors 'none'`,
};

function onPaper(found: Decided<readonly NoticeView[]>, step: string): Answer | Refusal {
  if (isRefused(found)) return found;
  const [first, ...others] = found.ok;
  if (!first) return refuse('notice-not-posted', { step });
  return { body: noticePage(first, ...others), headers };
}

export const handler = api(
  [
    endpoint(spec.one, async ({ actor, params }) => {
      const found = await noticeOfCase(ports, actor, params);
      return isRefused(found) ? found : { body: found.ok };
    }),
    endpoint(spec.onePaper, async ({ actor, params }) => {
      const found = await noticeOfCase(ports, actor, params);
      return onPaper(isRefused(found) ? found : { ok: [found.ok] }, params.step);
    }),
    endpoint(spec.all, async ({ actor, query }) => {
      const found = await noticesHanging(ports, actor, { query, today: today() });
      return isRefused(found) ? found : { body: { ...query, notices: found.ok } };
    }),
    endpoint(spec.allPapers, async ({ actor, query }) => {
      const found = await noticesHanging(ports, actor, { query, today: today() });
      return onPaper(found, query.step);
    }),
  ],
  { resolve },
);
