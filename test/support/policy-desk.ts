import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { type Caller, callOf } from './call.ts';
import { freshTables, type Tables } from './database.ts';
import { itemTerms, policyDocument } from './policy-item.ts';

export const county = '350122';
export const office: Caller = { sub: 'county-office', role: 'office', areas: county };
export const second: Caller = { ...office, sub: 'second-clerk' };
export const town: Caller = { sub: 'town-clerk', role: 'office', areas: '350122101' };
export const beside: Caller = { sub: 'other-county', role: 'office', areas: '350121' };
export const province: Caller = { sub: 'province', role: 'office', areas: '35' };
export const reason = '年初发布';

type Handler = (...input: never[]) => unknown;

/** A county with its policy functions, at its own date. */
export interface PolicyDesk {
  readonly tables: Tables;
  readonly writer: Handler;
  readonly reader: Handler;
}

export async function openPolicyDesk(): Promise<PolicyDesk> {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse('2017-10-23T01:00:00Z') - Date.now());
  const tables = await freshTables();
  const villages = ['350122101201', '350122101202', '350122102201', '350121101201'];
  const above = villages.flatMap((code) => [2, 4, 6, 9].map((end) => code.slice(0, end)));
  const codes = [...new Set([...above, ...villages])];
  const closed = { ...newDivision('350123', '旧县', null), validTo: '2017-01-01' };
  const all = [
    ...codes.map((code) => newDivision(code, `名${code}`, null)),
    { ...closed, successors: [county, '350121'] },
  ];
  const occasion = { actor: 'seed', at: 'x', heldOn: '2017-01-01', reason, source: 'imp_0' };
  await saveDivisions(
    tables.area,
    all.map((after) => ({ before: null, after })),
    occasion,
  );
  const { handler: writer } = await import('../../functions/policy/handler.ts');
  const { handler: reader } = await import('../../functions/policy/reader.ts');
  return { tables, writer, reader };
}

/** A document as an office sends it in: for the county with one item, unless told otherwise. */
export function documentOf(
  id: string,
  items: readonly Partial<PolicyItem>[],
  given: Readonly<Record<string, unknown>> = {},
) {
  const { area, publication, enacted: _, ...terms } = policyDocument({ id });
  return { area: county, reason, document: terms, items: items.map(itemTerms), ...given };
}

export interface Sent {
  readonly by?: Caller;
  readonly key?: string;
}

export function publish({ writer }: PolicyDesk, body: unknown, { by = office, key }: Sent = {}) {
  const call = { route: 'POST /policy-documents', by, body };
  return callOf(writer, key === undefined ? call : { ...call, key });
}

export function addVersion(
  { writer }: PolicyDesk,
  asked: { readonly id: string; readonly ifMatch: number; readonly body: object },
  { by = office, key, area = county }: Sent & { readonly area?: string } = {},
) {
  const { id, ifMatch, body } = asked;
  const call = {
    route: 'POST /policies/{id}/versions',
    by,
    params: { id },
    query: { area },
    body: { reason, ...body },
    ifMatch,
  };
  return callOf(writer, key === undefined ? call : { ...call, key });
}

export function readPolicy(
  { reader }: PolicyDesk,
  id: string,
  {
    by = office,
    ...query
  }: { readonly by?: Caller; readonly area?: string; readonly date?: string } = {},
) {
  const asked = { area: county, ...query };
  return callOf(reader, { route: 'GET /policies/{id}', by, params: { id }, query: asked });
}

export function listPolicies(
  { reader }: PolicyDesk,
  {
    by = office,
    ...query
  }: { readonly by?: Caller; readonly area?: string; readonly date?: string } = {},
) {
  return callOf(reader, { route: 'GET /policies', by, query: { area: county, ...query } });
}
