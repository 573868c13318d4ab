import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPersons } from '../../functions/household/table.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { births, householdDesk } from '../support/household-desk.ts';
import { keyFile, storeOf } from '../support/store.ts';

const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };

let tables: Tables;

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  const base = { name: '村', validFrom: null, validTo: null, successors: [], change: null };
  const key = { pk: `A#${VILLAGE.slice(0, 9)}`, sk: VILLAGE };
  await putItem(tables.area, { ...key, v: 1, code: VILLAGE, ...base, version: 1 });
});

const { call, bodyOf, registered, shown } = householdDesk(town);

describe('what went wrong is put right', () => {
  it('a repetition that arrives while the first try is being written gets the answer of that one', async () => {
    const id = await registered();
    const closing = {
      route: 'POST /households/{id}/striking-off',
      params: { id },
      body: { reason: 'error' },
      ifMatch: 1,
      key: crypto.randomUUID(),
    };
    let first: Awaited<ReturnType<typeof call>> | undefined;
    let isHeld = false;
    const stack = dynamo().middlewareStack;
    // The repetition has just seen that no answer is stored when the first try is written.
    stack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (!isHeld && JSON.stringify(args.input).includes('"X#')) {
          isHeld = true;
          first = await call(closing);
        }
        return answer;
      },
      { step: 'initialize', name: 'hold' },
    );
    const second = await call(closing);
    stack.remove('hold');
    expect(first).toMatchObject({ status: 200, body: { id, version: 2 } });
    expect(second).toMatchObject({ status: 200, body: first?.body });
  });

  it('one who comes back does so after the day they left, and the membership that ended stays on record', async () => {
    const [one, two] = births.map((birth, place) => identityOf(birth, 720 + place));
    const members = [
      { name: '样甲', relation: 'head', identityNumber: one },
      { name: '样乙', relation: 'spouse', identityNumber: two },
    ];
    const id = await registered({ members });
    const back = (ifMatch: number, heldFrom: string) =>
      call({
        route: 'POST /households/{id}/members',
        params: { id },
        body: { ...members[1], reason: 'moved-in', heldFrom },
        ifMatch,
      });
    const end = (ifMatch: number, heldTo: string) =>
      call({
        route: 'POST /households/{id}/members/{personId}/end',
        params: { id, personId: spouse?.id ?? '' },
        body: { reason: 'moved-out', heldTo },
        ifMatch,
      });
    const [, spouse] = (await shown(id)).members;
    expect((await end(1, '2017-01-01')).status).toBe(200);
    for (const day of ['2016-01-01', '2016-12-31'])
      expect(await back(2, day)).toMatchObject({ status: 422, body: { code: 'date-order' } });
    expect((await back(2, '2017-01-01')).status).toBe(201);
    expect((await end(3, '2017-06-01')).status).toBe(200);
    expect((await shown(id)).past).toMatchObject([
      { id: spouse?.id, heldFrom: '2016-01-01', heldTo: '2017-01-01' },
      { id: spouse?.id, heldFrom: '2017-01-01', heldTo: '2017-06-01' },
    ]);
  });

  it('identity numbers entered the wrong way round are put right by one change, and nobody is called elsewhere', async () => {
    const [one, two] = births.map((birth, place) => identityOf(birth, 700 + place));
    const members = [
      { name: '样甲', relation: 'head', identityNumber: one },
      { name: '样乙', relation: 'spouse', identityNumber: two },
    ];
    const id = await registered({ members });
    const [head, spouse] = (await shown(id)).members;
    const swap = [
      { id: head?.id, identityNumber: two },
      { id: spouse?.id, identityNumber: one },
    ];
    const right = {
      route: 'PATCH /households/{id}',
      params: { id },
      body: { members: swap, reason: '录反' },
      ifMatch: 1,
    };
    expect(await call(right)).toMatchObject({ status: 200, body: { version: 2 } });
    const holders = await findPersons(storeOf(tables), [one ?? '', two ?? '']);
    expect([holders.get(one ?? ''), holders.get(two ?? '')]).toMatchObject([
      { household: id, person: spouse?.id, live: true },
      { household: id, person: head?.id, live: true },
    ]);
    const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: tables.access }));
    const lines = Items.map((item) => unmarshall(item)).filter((line) => line.household === id);
    expect(lines.filter((line) => line.kind === 'person-elsewhere')).toEqual([]);
    // The numbers are held as before: nobody else can take one.
    const again = bodyOf({ members: [{ name: '样丙', relation: 'head', identityNumber: one }] });
    expect(await call({ route: 'POST /households', body: again })).toMatchObject({
      body: { code: 'person-elsewhere' },
    });
  });

  /** A household whose head was entered under somebody else's number, which was put right. */
  async function corrected([wrong, right]: readonly string[]) {
    const members = [{ name: '样甲', relation: 'head', identityNumber: wrong }];
    const id = await registered({ members });
    const [head] = (await shown(id)).members;
    const fix = { members: [{ id: head?.id, identityNumber: right }], reason: '录错' };
    const patch = { route: 'PATCH /households/{id}', params: { id }, body: fix, ifMatch: 1 };
    expect(await call(patch)).toMatchObject({ status: 200 });
    return { id, person: head?.id ?? '' };
  }

  const pairOf = (order: number) => [order, order + 2].map((one) => identityOf('1960-01-02', one));

  it('a number somebody was entered under by mistake is free for its owner, who is a person of their own', async () => {
    const [wrong = '', right = ''] = pairOf(740);
    const first = await corrected([wrong, right]);
    expect([...(await findPersons(storeOf(tables), [wrong])).keys()]).toEqual([]);
    const members = [{ name: '样乙', relation: 'head', identityNumber: wrong }];
    const [owner] = (await shown(await registered({ members }))).members;
    expect(owner?.id).not.toBe(first.person);
    const found = await findPersons(storeOf(tables), [wrong, right]);
    expect([found.get(wrong)?.person, found.get(right)?.person]).toEqual([owner?.id, first.person]);
  });

  it('a number that was freed in the name of somebody who lives under another is nobody’s either', async () => {
    const [wrong = '', right = ''] = pairOf(750);
    const { id, person } = await corrected([wrong, right]);
    const { current } = await storeOf(tables).lookup.hashesOf(wrong);
    // As corrections left it at first.
    const left = { pk: `P#${current}`, v: 1, household: id, person, live: false };
    await putItem(tables.identity, left);
    const members = [{ name: '样乙', relation: 'spouse', identityNumber: wrong }];
    const body = { ...members[0], reason: 'marriage', heldFrom: '2017-01-01' };
    const home = await registered();
    const params = { id: home };
    const joining = { route: 'POST /households/{id}/members', params, body, ifMatch: 1 };
    expect(await call(joining)).toMatchObject({ status: 201 });
    const ids = (await shown(home)).members.map((member) => member.id);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain(person);
  });

  it('who left under the right number keeps the id elsewhere, whatever number was entered first', async () => {
    const [wrong = '', right = ''] = pairOf(760);
    const { id, person } = await corrected([wrong, right]);
    const closing = { route: 'POST /households/{id}/striking-off', params: { id }, ifMatch: 2 };
    expect(await call({ ...closing, body: { reason: 'error' } })).toMatchObject({ status: 200 });
    const members = [{ name: '样甲', relation: 'head', identityNumber: right }];
    expect((await shown(await registered({ members }))).members[0]?.id).toBe(person);
  });
});
