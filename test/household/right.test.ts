import { beforeAll, describe, expect, it } from 'vitest';
import { putItem } from '../../functions/lib/dynamo.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { freshTables } from '../support/database.ts';
import { householdDesk } from '../support/household-desk.ts';
import { keyFile } from '../support/store.ts';

const NEAR = '350122101202';
const FAR = '350122102203';
const village: Caller = { sub: 'village', role: 'office', areas: VILLAGE };
const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
const county: Caller = { sub: 'county', role: 'office', areas: '350122' };

beforeAll(async () => {
  const tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const base = { name: '村', validFrom: null, validTo: null, successors: [], change: null };
  for (const code of [VILLAGE, NEAR, FAR]) {
    const key = { pk: `A#${code.slice(0, 9)}`, sk: code };
    await putItem(tables.area, { ...key, v: 1, code, ...base, version: 1 });
  }
});

const { call, bodyOf, registered, shown } = householdDesk(town);

/** One change of a new household, by each level in turn until one may make it. */
async function levelsRefused(body: object): Promise<readonly string[]> {
  const id = await registered();
  const refused: string[] = [];
  for (const by of [village, town, county]) {
    const patch = { route: 'PATCH /households/{id}', params: { id }, body, ifMatch: 1, by };
    const answer = await call(patch);
    if (answer.status === 200) return refused;
    expect(answer).toMatchObject({ status: 403, body: { code: 'above-right' } });
    refused.push(by.sub);
  }
  return refused;
}

describe('a change above one’s right', () => {
  it.each([
    ['living conditions', { facts: { housingGrade: 'C' } }, []],
    ['contact', { contact: { phone: '10000000018' } }, []],
    ['causes', { facts: { mainCause: 'skill' } }, ['village']],
    ['a move inside the town', { facts: { village: NEAR }, reason: '搬迁' }, ['village']],
    ['a move to another town', { facts: { village: FAR }, reason: '搬迁' }, ['village', 'town']],
    ['the year of identification', { facts: { identifiedYear: 2015 } }, ['village', 'town']],
    ['both at once', { facts: { food: true, identifiedYear: 2015 } }, ['village', 'town']],
  ])('%s', async (_, body, refused) => {
    expect(await levelsRefused(body)).toEqual(refused);
  });

  it('is told which level makes it and that it may be asked for', async () => {
    const id = await registered();
    const body = { facts: { village: FAR }, reason: '搬迁' };
    const move = { route: 'PATCH /households/{id}', params: { id }, body, ifMatch: 1 };
    const { body: problem } = await call(move);
    expect(problem.title).toContain('由县办理');
    expect(problem.title).toContain('变更申请');
    expect((await shown(id)).version).toBe(1);
  });

  it('a household enters the register by its procedure; what was identified before, the county enters', async () => {
    for (const by of [village, town]) {
      const answer = await call({ route: 'POST /households', body: bodyOf(), by });
      expect(answer).toMatchObject({ status: 403, body: { code: 'register-above-right' } });
      expect(answer.body.title).toContain('识别');
    }
    const answer = await call({ route: 'POST /households', body: bodyOf(), by: county });
    expect(answer.status).toBe(201);
  });

  it('a household ends by the town when its last member goes; a wrong entry is struck off by the county', async () => {
    const id = await registered();
    const [only] = (await shown(id)).members;
    const params = { id, personId: only?.id ?? '' };
    const end = { route: 'POST /households/{id}/members/{personId}/end', params, ifMatch: 1 };
    expect(await call({ ...end, body: { reason: 'death' }, by: village })).toMatchObject({
      status: 403,
    });
    expect(await call({ ...end, body: { reason: 'error' } })).toMatchObject({ status: 403 });
    expect((await call({ ...end, body: { reason: 'death' } })).status).toBe(200);
    expect((await shown(id)).status).toBe('struck-off');
  });

  it('a first identity number is entered by the village, a wrong one put right by the town', async () => {
    const id = await registered();
    const [head] = (await shown(id)).members;
    const newborn = {
      name: '样子',
      sex: 'male',
      birth: '2017-01-01',
      relation: 'son',
      reason: 'birth',
    };
    const joining = { route: 'POST /households/{id}/members', params: { id }, body: newborn };
    const joined = await call({ ...joining, ifMatch: 1, by: village });
    expect(joined.status).toBe(201);
    const put = (person: string, number: string, more: { ifMatch: number; by: Caller }) => {
      const members = [{ id: person, identityNumber: number }];
      const body = { members, reason: '办证' };
      return call({ route: 'PATCH /households/{id}', params: { id }, body, ...more });
    };
    const first = identityOf('2017-01-01', 811);
    expect((await put(joined.body.person, first, { ifMatch: 2, by: village })).status).toBe(200);
    const other = identityOf('1950-01-01', 813);
    expect((await put(head?.id ?? '', other, { ifMatch: 3, by: village })).status).toBe(403);
    expect((await put(head?.id ?? '', other, { ifMatch: 3, by: town })).status).toBe(200);
  });
});

describe('what a procedure decides', () => {
  it.each([
    ['exited', { status: 'exited', exitYear: 2017 }],
    ['struck-off', { status: 'struck-off' }],
    ['exited without its year', { status: 'exited' }],
  ])('is no correction, by whomever: %s', async (to, facts) => {
    const id = await registered();
    const body = { facts, reason: '核实' };
    const patch = { route: 'PATCH /households/{id}', params: { id }, body, ifMatch: 1, by: county };
    expect(await call(patch)).toMatchObject({ status: 409, body: { code: 'procedure-required' } });
    expect((await shown(id)).status).toBe('unexited');
    expect(to).not.toBe('unexited');
  });

  it('striking off for another reason than a wrong entry goes through it', async () => {
    const id = await registered();
    const route = 'POST /households/{id}/striking-off';
    const strike = (reason: string, by: Caller) =>
      call({ route, params: { id }, body: { reason }, ifMatch: 1, by });
    const gone = await strike('not-eligible', county);
    expect(gone).toMatchObject({ status: 409, body: { code: 'procedure-required' } });
    expect(gone.body.title).toContain('贫困户注销');
    expect(await strike('error', town)).toMatchObject({ body: { code: 'above-right' } });
    expect(await strike('error', county)).toMatchObject({ status: 200 });
  });
});
