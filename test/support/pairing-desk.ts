import { saveDivisions } from '../../functions/area/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { identityOf, wantedMember } from './build.ts';
import { type Call, type Caller, callOf } from './call.ts';
import { freshTables, type Tables } from './database.ts';
import { keyFile, settle, storeOf } from './store.ts';

export const COUNTY = '350122';
export const county: Caller = { sub: 'county-office', role: 'office', areas: COUNTY };
export const town: Caller = { sub: 'town-office', role: 'office', areas: '350122101' };
export const otherTown: Caller = { sub: 'other-town', role: 'office', areas: '350122102' };

/** Villages of two towns; the last one is economically strong. */
export const VILLAGES = ['350122101201', '350122101202', '350122102201', '350122102202'] as const;

const occasion = {
  actor: 'test',
  at: '2017-10-23T00:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'test',
  source: 'test',
};

/** The function that answers a route. */
async function handlerOf(route: string) {
  if (route.startsWith('GET /households/{id}/helpers') || route.startsWith('GET /helpers'))
    return (await import('../../functions/helper/reader.ts')).handler;
  if (route.endsWith('/handover'))
    return (await import('../../functions/pairing/handover.ts')).handler;
  if (route === 'GET /households/{id}')
    return (await import('../../functions/household/reader.ts')).handler;
  if (route.startsWith('GET')) return (await import('../../functions/helper/reader.ts')).handler;
  if (route.includes('/households'))
    return (await import('../../functions/household/handler.ts')).handler;
  return (await import('../../functions/pairing/handler.ts')).handler;
}

/** Tables with two towns of a county, and the routes of pairings on them. */
export async function pairingDesk() {
  const tables: Tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const codes = [...new Set(VILLAGES.flatMap((code) => [code, ...ancestorsOf(code)]))];
  const divisions = codes.map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  await saveDivisions(tables.area, divisions, occasion);
  const store = storeOf(tables);
  let count = 0;

  const call = async (asked: Omit<Call, 'by'> & { by?: Caller }) =>
    callOf(await handlerOf(asked.route), { by: county, ...asked });

  /** A household nobody else has. */
  async function household(village: string = VILLAGES[0]): Promise<HouseholdFile> {
    count += 1;
    const birth = '1960-01-01';
    const members = [wantedMember({ birth, identity: identityOf(birth, count) })];
    return settle(store, { village, number: `35012277${String(count).padStart(4, '0')}`, members });
  }

  /** Enters a helper and gives its id. */
  async function helper(given: object = {}, by: Caller = county): Promise<string> {
    const body = { kind: 'responsible', area: COUNTY, name: '林样本', ...given };
    const { status, body: answer } = await call({ route: 'POST /helpers', by, body });
    if (status !== 201) throw new Error(JSON.stringify(answer));
    return answer.id;
  }

  /** Pairs and gives the pairing's id. */
  const pair = (id: string, body: object, by: Caller = county) =>
    call({ route: 'POST /helpers/{id}/pairings', params: { id }, body, by });

  async function paired(id: string, body: object): Promise<string> {
    const { status, body: answer } = await pair(id, { from: '2017-01-01', ...body });
    if (status !== 201) throw new Error(JSON.stringify(answer));
    return answer.id;
  }

  /** An act on a pairing at its present version. */
  async function act(
    route: string,
    of: { id: string; pairing: string; more?: object },
    body: object,
  ) {
    const params = { id: of.id, pairingId: of.pairing, ...of.more };
    const { body: known } = await call({ route: 'GET /helpers/{id}/pairings/{pairingId}', params });
    return call({ route, params, body, ifMatch: known.pairing.version });
  }

  const show = async (id: string) =>
    (await call({ route: 'GET /helpers/{id}', params: { id } })).body;
  return { tables, store, call, household, helper, pair, paired, act, show };
}
export type PairingDesk = Awaited<ReturnType<typeof pairingDesk>>;
