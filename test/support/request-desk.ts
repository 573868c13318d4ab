import { expect } from 'vitest';
import type { ChangeRequest } from '../../functions/core/change-request.ts';
import { type HouseholdFile, villageOf } from '../../functions/core/household.ts';
import { RequestView } from '../../functions/core/request-view.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { VILLAGE } from './build.ts';
import { type Call, type Caller, callOf } from './call.ts';
import { freshTables, type Tables } from './database.ts';
import { householdDesk } from './household-desk.ts';
import { keyFile } from './store.ts';

/** A village of the same town, and one of another. */
export const NEAR = '350122101202';
export const FAR = '350122102203';

const office = (sub: string, areas: string): Caller => ({ sub, role: 'office', areas });
export const village = office('village', VILLAGE);
export const town = office('town', VILLAGE.slice(0, 9));
export const county = office('county', '350122');

/** Tables with the divisions that requests are about; the handlers are imported afterwards. */
export async function requestGround(): Promise<Tables> {
  const tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const base = { name: '村', validFrom: null, validTo: null, successors: [], change: null };
  for (const code of [VILLAGE, NEAR, FAR]) {
    const key = { pk: `A#${code.slice(0, 9)}`, sk: code };
    await putItem(tables.area, { ...key, v: 1, code, ...base, version: 1 });
  }
  return tables;
}

/** A request about a household in a state, whatever the household has become. */
export function askedFor(
  { household }: HouseholdFile,
  state: ChangeRequest['state'],
): ChangeRequest {
  const { id, version } = household;
  const changes = [{ field: 'type', person: null, before: 'general', after: 'low-income' }];
  return {
    id: `cr_${id.slice('hh_'.length)}${state.slice(0, 1)}`,
    version: 1,
    state,
    kind: 'change',
    household: id,
    village: villageOf(household),
    level: 'town',
    heldOn: '2017-06-01',
    reason: '入户核实',
    note: null,
    parts: [{ household: id, version, changes, past: [] }],
    requestedBy: 'seed',
    requestedAt: '2017-10-23T01:00:00.000Z',
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
    made: null,
  };
}

type Asked = Partial<Pick<Call, 'key' | 'query'>> & { readonly by?: Caller };

/** The routes of change requests, and those of the households they are about. */
export function requestDesk() {
  const households = householdDesk(town);

  const call = async (asked: Omit<Call, 'by'> & { by?: Caller }) => {
    const { handler } = asked.route.startsWith('GET')
      ? await import('../../functions/request/reader.ts')
      : await import('../../functions/request/handler.ts');
    return callOf(handler, { by: village, ...asked });
  };

  /** Files a request, by the village unless told. */
  const ask = (household: string, change: object, more: Asked & { version?: number } = {}) => {
    const { version = 1, ...asked } = more;
    const body = { household, version, change, reason: '入户核实' };
    return call({ route: 'POST /change-requests', body, ...asked });
  };

  async function filed(household: string, change: object, version = 1): Promise<string> {
    const answer = await ask(household, change, { version });
    expect(answer).toMatchObject({ status: 201, body: { state: 'open' } });
    return answer.body.id;
  }

  const decide = (id: string, how: string, more: Asked & { body?: object } = {}) =>
    call({ route: `POST /change-requests/{id}/${how}`, params: { id }, by: town, ...more });

  const shown = async (id: string, by: Caller = village): Promise<RequestView> => {
    const answer = await call({ route: 'GET /change-requests/{id}', params: { id }, by });
    expect(answer.status).toBe(200);
    return RequestView.parse(answer.body);
  };

  const list = (query: Readonly<Record<string, string>>, by: Caller = county) =>
    call({ route: 'GET /change-requests', query, by });

  const change = (id: string, body: object, ifMatch: number) =>
    households.call({ route: 'PATCH /households/{id}', params: { id }, body, ifMatch });

  return { call, ask, filed, decide, shown, list, change, households };
}
