import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { type Actor, mayEnter } from '../core/access.ts';
import type { Case } from '../core/case.ts';
import { caseView } from '../core/case-view.ts';
import { ancestorAt } from '../core/division.ts';
import { procedureOn } from '../core/procedure.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { codesOfVillages, publishedFor } from './former.ts';
import { ofHousehold, ofVillage, procedures, read } from './spec.ts';
import { casesOf, getCase } from './table.ts';

const settings = env({
  CASE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { CASE_TABLE, AREA_TABLE } = settings;
const store = { tables: { household: settings.HOUSEHOLD_TABLE } };

const resolve = areaResolver(AREA_TABLE);
const codesOf = codesOfVillages(AREA_TABLE);

async function mayRead(actor: Actor, household: string): Promise<boolean> {
  return !('refused' in (await readFile(store, actor, household)));
}

/** A case is its subject's: it is seen by whoever may see that today. */
async function maySee(actor: Actor, { subject }: Case): Promise<boolean> {
  if (subject.type === 'household') return mayRead(actor, subject.id);
  return (await resolve([subject.code])).some((code) => mayEnter(actor, code));
}

async function show({ actor, params }: Request<typeof read>): Promise<Answer | Refusal> {
  const found = await getCase(CASE_TABLE, params.id);
  if (!found || !(await maySee(actor, found))) return refuse('not-found');
  return { body: caseView(found), version: found.version };
}

async function list({ actor, params }: Request<typeof ofHousehold>): Promise<Answer | Refusal> {
  if (!(await mayRead(actor, params.id))) return refuse('not-found');
  return { body: { cases: (await casesOf(CASE_TABLE, params.id)).map(caseView) } };
}

async function listOfVillage({ params }: Request<typeof ofVillage>): Promise<Answer> {
  const cases = await casesOf(CASE_TABLE, ...(await codesOf(params.code)));
  return { body: { cases: cases.map(caseView) } };
}

async function showProcedure({ query }: Request<typeof procedures>): Promise<Answer | Refusal> {
  const { area, kind } = query;
  const county = ancestorAt(area, 'county');
  const versions = await publishedFor({ cases: CASE_TABLE, area: AREA_TABLE }, county, kind);
  const current = procedureOn(kind, versions, today());
  return { body: { area: county, kind, current, versions } };
}

export const handler = api(
  [
    endpoint(read, show),
    endpoint(ofHousehold, list),
    endpoint(ofVillage, listOfVillage),
    endpoint(procedures, showProcedure),
  ],
  { resolve },
);
