import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import { dayOf } from '../../functions/core/day.ts';
import { dynamo, type Item, putItem } from '../../functions/lib/dynamo.ts';
import { useLog } from '../../functions/lib/log.ts';
import { loadRequest } from '../../functions/request/table.ts';
import { identityOf } from '../support/build.ts';
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
import { storeOf } from '../support/store.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await requestGround();
});

const { ask, filed, decide, shown, change, households } = requestDesk();
const { registered } = households;
const typed = { kind: 'change', facts: { type: 'low-income' }, heldFrom: '2017-06-01' };

async function rowsOf(table: string): Promise<readonly Item[]> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: table }));
  return Items.map((item) => unmarshall(item));
}

describe('a request', () => {
  it('is shown before and after, changes nothing until it is approved, and then is made by who approved it', async () => {
    const id = await registered();
    const answer = await ask(id, typed);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        state: 'open',
        level: 'town',
        isOvertaken: false,
        parts: [{ changes: [{ field: 'type', before: null, after: 'low-income' }] }],
      },
    });
    const request: string = answer.body.id;
    expect(await households.shown(id)).toMatchObject({
      version: 1,
      facts: { mainCause: 'illness' },
    });
    const approved = await decide(request, 'approval');
    expect(approved).toMatchObject({
      status: 200,
      body: { state: 'approved', decidedBy: 'town', requestedBy: 'village', made: 2 },
    });
    const file = await households.shown(id);
    expect(file).toMatchObject({ version: 2, facts: { type: 'low-income' } });
    expect(file.events[0]).toMatchObject({
      actor: 'town',
      source: request,
      requestedBy: 'village',
      heldOn: '2017-06-01',
    });
    expect(await shown(request)).toEqual(approved.body);
  });

  it('what the town may not do either is approved by the county', async () => {
    const id = await registered();
    const moving = {
      kind: 'change',
      facts: { village: FAR },
      reason: '搬迁',
      heldFrom: '2017-06-01',
    };
    const request = await filed(id, moving);
    expect((await shown(request)).level).toBe('county');
    const refused = await decide(request, 'approval');
    expect(refused).toMatchObject({ status: 403, body: { code: 'above-right' } });
    expect(refused.body.title).toContain('由县');
    expect((await decide(request, 'approval', { by: county })).status).toBe(200);
    expect(await households.shown(id, county)).toMatchObject({ village: FAR });
  });

  it('a move inside the town is asked for by a village that has no say in the other', async () => {
    const id = await registered();
    const moving = {
      kind: 'change',
      facts: { village: NEAR },
      reason: '搬迁',
      heldFrom: '2017-06-01',
    };
    const request = await filed(id, moving);
    expect((await decide(request, 'approval')).status).toBe(200);
    const nowhere = { ...moving, facts: { village: `${NEAR.slice(0, 9)}999` } };
    expect(await ask(await registered(), nowhere)).toMatchObject({
      body: { code: 'area-unknown' },
    });
  });

  it('a wrong entry is asked to be struck off, and the last member to have gone', async () => {
    const wrong = await registered();
    const request = await filed(wrong, { kind: 'strike-off', reason: 'error' });
    expect((await decide(request, 'approval', { by: county })).status).toBe(200);
    expect((await households.shown(wrong)).status).toBe('struck-off');
    const alone = await registered();
    const [only] = (await households.shown(alone)).members;
    const end = { kind: 'member-end', personId: only?.id, reason: 'death', heldTo: '2017-06-01' };
    expect((await decide(await filed(alone, end), 'approval')).status).toBe(200);
    expect((await households.shown(alone)).events[0]).toMatchObject({ kind: 'struck-off' });
  });

  it('is frozen: it means the day it was filed on, and no route changes it', async () => {
    const id = await registered();
    const request = await filed(id, { kind: 'change', facts: { planYear: 2018 } });
    expect((await shown(request)).heldOn).toBe(dayOf(new Date()));
    const routes = catalogue.flatMap(({ functions }) =>
      functions.flatMap((one) => one.routes ?? []),
    );
    const own = routes.filter(({ path }) => path.startsWith('/change-requests'));
    expect(own.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /change-requests',
      'GET /change-requests/{id}',
      'POST /change-requests',
      'POST /change-requests/{id}/approval',
      'POST /change-requests/{id}/rejection',
      'POST /change-requests/{id}/withdrawal',
    ]);
  });

  it('is rejected with a reason, or taken back by who filed it, and that is the end of it', async () => {
    const id = await registered();
    const first = await filed(id, typed);
    const rejected = await decide(first, 'rejection', { body: { reason: '情况不实' } });
    expect(rejected).toMatchObject({ body: { state: 'rejected', decisionReason: '情况不实' } });
    const second = await filed(id, typed);
    const other = { ...village, sub: 'other' };
    expect(await decide(second, 'withdrawal', { by: other })).toMatchObject({
      status: 403,
      body: { code: 'request-not-yours' },
    });
    expect((await decide(second, 'withdrawal', { by: village })).body.state).toBe('withdrawn');
    for (const request of [first, second]) {
      const again = await decide(request, 'approval');
      expect(again).toMatchObject({ status: 409, body: { code: 'request-not-open' } });
    }
    expect((await households.shown(id)).version).toBe(1);
  });

  it('is not decided on by who filed it, whatever else they may', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    const both = { ...town, sub: 'village' };
    for (const how of ['approval', 'rejection'])
      expect(await decide(request, how, { by: both, body: { reason: '不实' } })).toMatchObject({
        status: 403,
        body: { code: 'request-same-person' },
      });
  });

  it('is not filed for what one may do, for nothing, or for what a procedure decides', async () => {
    const id = await registered();
    const living = { kind: 'change', facts: { food: true } };
    expect(await ask(id, living)).toMatchObject({
      status: 409,
      body: { code: 'request-not-needed' },
    });
    const known = { kind: 'change', facts: { mainCause: 'illness' } };
    expect(await ask(id, known)).toMatchObject({ body: { code: 'request-nothing' } });
    const exit = { kind: 'change', facts: { status: 'exited', exitYear: 2017 }, reason: '达标' };
    expect(await ask(id, exit)).toMatchObject({ body: { code: 'procedure-required' } });
    const gone = { kind: 'strike-off', reason: 'not-eligible' };
    expect(await ask(id, gone)).toMatchObject({ body: { code: 'procedure-required' } });
  });

  it('is refused at once for what its route would be refused for', async () => {
    const id = await registered();
    expect(await ask(id, typed, { version: 9 })).toMatchObject({ status: 412 });
    expect(await ask(id, { ...typed, heldFrom: '2999-01-01' })).toMatchObject({
      body: { code: 'date-future' },
    });
    const members = [{ id: 'per_none', name: '样' }];
    expect(await ask(id, { kind: 'change', members })).toMatchObject({
      body: { code: 'member-unknown' },
    });
    const [head] = (await households.shown(id)).members;
    const number = { id: head?.id, identityNumber: '350199197001010010' };
    expect(await ask(id, { kind: 'change', members: [number] })).toMatchObject({
      status: 400,
      body: { code: 'request-invalid', errors: [{ code: 'identity-checksum' }] },
    });
    expect(await ask(id, { kind: 'change', colour: 'red' })).toMatchObject({ status: 400 });
  });

  it('lapses when the household has changed since, and is never made on another file', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    expect((await change(id, { facts: { mainCause: 'skill' } }, 1)).status).toBe(200);
    expect((await shown(request)).isOvertaken).toBe(true);
    for (let turn = 0; turn < 2; turn += 1)
      expect(await decide(request, 'approval')).toMatchObject({
        status: 409,
        body: { code: 'request-stale' },
      });
    expect(await shown(request)).toMatchObject({ state: 'stale', made: null, isOvertaken: false });
    const file = await households.shown(id);
    expect(file).toMatchObject({ version: 2, facts: { mainCause: 'skill' } });
    expect(file.facts).not.toHaveProperty('type');
  });

  it('cannot be approved where the change is refused by then, and stays open', async () => {
    const birth = '1960-01-02';
    const number = identityOf(birth, 871);
    const id = await registered();
    const [head] = (await households.shown(id)).members;
    const members = [{ id: head?.id, identityNumber: number }];
    const request = await filed(id, { kind: 'change', members, reason: '录错' });
    await registered({ members: [{ name: '样他', relation: 'head', identityNumber: number }] });
    expect(await decide(request, 'approval')).toMatchObject({ body: { code: 'person-elsewhere' } });
    expect((await shown(request)).state).toBe('open');
  });
});

describe('the body of a request', () => {
  const number = identityOf('1955-05-05', 881);
  const secrets = [number, '10000000077', '0000123498765'];

  it('is sealed: no number in it is stored, answered or logged in the clear, and approval still makes the change', async () => {
    const said: string[] = [];
    useLog((line) => said.push(line));
    const id = await registered();
    const [head] = (await households.shown(id)).members;
    const answers: unknown[] = [];
    const [, phone, bankAccount] = secrets;
    const members = [{ id: head?.id, identityNumber: number }];
    const contact = { phone, bankAccount };
    const asked = await ask(id, { kind: 'change', members, contact, reason: '录错' });
    answers.push(asked.body, await shown(asked.body.id));
    const before = JSON.stringify([await rowsOf(tables.case), await rowsOf(tables.access)]);
    answers.push((await decide(asked.body.id, 'approval')).body, await shown(asked.body.id));
    answers.push((await households.shown(id)).events);
    useLog(() => undefined);
    expect(said.length).toBeGreaterThan(3);
    const after = JSON.stringify([await rowsOf(tables.case), await rowsOf(tables.access)]);
    const all = [before, after, JSON.stringify(answers), said.join('')].join('\n');
    expect(answers[1]).toMatchObject({
      parts: [
        {
          changes: expect.arrayContaining([
            { field: 'phone', person: null, before: null, after: '100******77' },
            expect.objectContaining({ field: 'identityNumber', after: '350199************' }),
          ]),
        },
      ],
    });
    for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
    expect(await households.shown(id)).toMatchObject({ contact: { phoneMasked: '100******77' } });
  });

  it('that its route no longer takes lapses', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    const stored = await loadRequest(tables.case, request);
    const about = { record: request, county: '350122', shape: 1 };
    const old = Buffer.from(JSON.stringify({ kind: 'of-old' }));
    const sealed = await storeOf(tables).keys.seal(about, old);
    await putItem(tables.case, { pk: `Q#${request}`, sk: '0', v: 1, ...stored?.request, sealed });
    expect(await decide(request, 'approval')).toMatchObject({ body: { code: 'request-stale' } });
    expect((await households.shown(id)).version).toBe(1);
  });
});
