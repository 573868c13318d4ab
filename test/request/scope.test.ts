import { beforeAll, describe, expect, it } from 'vitest';
import { putItem } from '../../functions/lib/dynamo.ts';
import { VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import type { Tables } from '../support/database.ts';
import {
  county,
  FAR,
  NEAR,
  requestDesk,
  requestGround,
  town,
  village,
} from '../support/request-desk.ts';

const TOWN = VILLAGE.slice(0, 9);
const typed = { kind: 'change', facts: { type: 'low-income' }, heldFrom: '2017-06-01' };
const neighbour: Caller = { ...town, sub: 'next', areas: FAR.slice(0, 9) };
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '3501' };
const city: Caller = { ...county, sub: 'city', areas: '3501' };

let tables: Tables;
beforeAll(async () => {
  tables = await requestGround();
});

const { call, filed, decide, shown, list, households } = requestDesk();
const { registered } = households;

const ids = (answer: { body: { requests: readonly { id: string }[] } }) =>
  answer.body.requests.map(({ id }) => id);

describe('a request outside one’s area', () => {
  it('is as if it did not exist, for who reads and for who decides', async () => {
    const request = await filed(await registered(), typed);
    const params = { id: request };
    for (const by of [neighbour, { ...neighbour, areas: NEAR }])
      expect(await call({ route: 'GET /change-requests/{id}', params, by })).toMatchObject({
        status: 404,
      });
    expect(await decide(request, 'approval', { by: neighbour })).toMatchObject({ status: 404 });
    const body = { reason: '不实' };
    expect(await decide(request, 'rejection', { by: neighbour, body })).toMatchObject({
      status: 404,
    });
    expect(await decide(request, 'withdrawal', { by: neighbour })).toMatchObject({ status: 404 });
    expect(await list({ area: TOWN }, neighbour)).toMatchObject({ status: 404 });
    expect(await decide('cr_none', 'approval')).toMatchObject({ status: 404 });
    const none = { route: 'GET /change-requests/{id}', params: { id: 'cr_none' } };
    expect(await call(none)).toMatchObject({ status: 404 });
  });

  it('is read, and not decided on, by auditors and by the city', async () => {
    const request = await filed(await registered(), typed);
    for (const by of [auditor, city]) {
      expect((await shown(request, by)).id).toBe(request);
      expect(ids(await list({ area: VILLAGE }, by))).toContain(request);
      expect(await decide(request, 'approval', { by })).toMatchObject({ status: 403 });
    }
    const helper: Caller = { sub: 'helper', role: 'helper', areas: '350122' };
    const params = { id: request };
    expect(await call({ route: 'GET /change-requests/{id}', params, by: helper })).toMatchObject({
      status: 403,
    });
  });
});

describe('where a household has moved', () => {
  it('the request is seen where it lives now, and listed where it was filed to who may see it', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    const body = { facts: { village: FAR }, reason: '搬迁', heldFrom: '2017-06-01' };
    const move = { route: 'PATCH /households/{id}', params: { id }, body, ifMatch: 1, by: county };
    expect((await households.call(move)).status).toBe(200);
    expect((await shown(request, neighbour)).isOvertaken).toBe(true);
    const params = { id: request };
    expect(await call({ route: 'GET /change-requests/{id}', params })).toMatchObject({
      status: 404,
    });
    expect(ids(await list({ area: VILLAGE }, village))).not.toContain(request);
    expect(ids(await list({ area: VILLAGE }, county))).toContain(request);
    expect(await decide(request, 'withdrawal', { by: village })).toMatchObject({ status: 404 });
  });
});

describe('the list', () => {
  it('has those that wait unless another state is asked for, page by page, each once', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push(await filed(await registered(), typed));
    const [first = '', second = ''] = made;
    await decide(first, 'approval');
    await decide(second, 'rejection', { body: { reason: '不实' } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? {} : { cursor };
      const page = await list({ area: TOWN, limit: '2', ...more });
      expect(page.status).toBe(200);
      seen.push(...ids(page));
      cursor = page.body.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => made.includes(id)).toSorted()).toEqual(made.slice(2).toSorted());
    expect(ids(await list({ area: '350122', state: 'approved' }))).toContain(first);
    expect(ids(await list({ area: VILLAGE, state: 'rejected' }))).toEqual([second]);
    expect(ids(await list({ area: NEAR }))).toEqual([]);
  });

  it('is of a county or a place in it, and goes on only where it stopped', async () => {
    expect(await list({ area: '3501' }, city)).toMatchObject({
      status: 422,
      body: { code: 'area-above-county' },
    });
    const stray = Buffer.from(`open#${FAR}#cr_1`).toString('base64url');
    expect(await list({ area: TOWN, cursor: stray })).toMatchObject({
      body: { code: 'cursor-invalid' },
    });
  });

  it('passes over an entry that a restore brought back', async () => {
    const request = await filed(await registered(), typed);
    await decide(request, 'withdrawal', { by: village });
    const entry = { pk: 'W#350122#request', sk: `open#${VILLAGE}#${request}` };
    await putItem(tables.case, { ...entry, v: 1, request });
    expect(ids(await list({ area: VILLAGE }))).not.toContain(request);
  });
});
