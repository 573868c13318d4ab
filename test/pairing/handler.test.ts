import { beforeAll, describe, expect, it } from 'vitest';
import { loadFile } from '../../functions/household/table.ts';
import { queryAll } from '../../functions/lib/dynamo.ts';
import type { Caller } from '../support/call.ts';
import {
  COUNTY,
  county,
  otherTown,
  type PairingDesk,
  pairingDesk,
  town,
  VILLAGES,
} from '../support/pairing-desk.ts';

const [first, second, third, strong] = VILLAGES;
const end = 'POST /helpers/{id}/pairings/{pairingId}/end';
const deliver = 'POST /helpers/{id}/pairings/{pairingId}/deliveries';
let desk: PairingDesk;

beforeAll(async () => {
  desk = await pairingDesk();
});

const seenBy = (sub: string, id: string) =>
  desk.call({
    route: 'GET /households/{id}',
    params: { id },
    by: { sub, role: 'helper', areas: COUNTY },
  });

describe('a responsible helper and a household', () => {
  it('the helper sees the household from the moment they are paired, and no longer once that ends', async () => {
    const { household } = await desk.household();
    const id = await desk.helper({ sub: 'helper-a' });
    expect((await seenBy('helper-a', household.id)).status).toBe(404);
    const pairing = await desk.paired(id, { household: household.id, duty: '入户帮扶' });
    expect((await seenBy('helper-a', household.id)).status).toBe(200);
    const file = await loadFile(desk.store, household.id);
    expect(file?.household).toMatchObject({ paired: true, helperSubs: ['helper-a'], version: 2 });
    const ended = await desk.act(end, { id, pairing }, { reason: '调离' });
    expect(ended.status).toBe(200);
    expect((await seenBy('helper-a', household.id)).status).toBe(404);
    expect((await loadFile(desk.store, household.id))?.household.paired).toBe(false);
  });

  it('a household is covered by one without a token, and a leader who helps does not cover it', async () => {
    const { household } = await desk.household();
    const leader = await desk.helper({ kind: 'leader', name: '陈领导', sub: 'leader-a' });
    await desk.paired(leader, { household: household.id });
    expect((await loadFile(desk.store, household.id))?.household).toMatchObject({
      paired: false,
      helperSubs: ['leader-a'],
    });
    await desk.paired(await desk.helper(), { household: household.id });
    expect((await loadFile(desk.store, household.id))?.household).toMatchObject({
      paired: true,
      helperSubs: ['leader-a'],
    });
    const { body } = await desk.call({
      route: 'GET /households/{id}/helpers',
      params: { id: household.id },
      by: town,
    });
    expect(body.lacks).toEqual([]);
    expect(body.items).toHaveLength(2);
    expect(body.items[0].pairing.subject).toMatchObject({
      village: first,
      number: household.number,
    });
  });

  it('a helper has at most as many households as the rule says', async () => {
    const id = await desk.helper();
    for (let count = 0; count < 5; count += 1)
      await desk.paired(id, { household: (await desk.household()).household.id });
    const { household } = await desk.household();
    const { status, body } = await desk.pair(id, { household: household.id });
    expect([status, body.code]).toEqual([422, 'pairing-over-limit']);
    expect(body.title).toContain('5');
    expect((await desk.show(id)).helper.households).toBe(5);
  });

  it('two requests at once do not exceed the limit together', async () => {
    const id = await desk.helper();
    for (let count = 0; count < 4; count += 1)
      await desk.paired(id, { household: (await desk.household()).household.id });
    const files = await Promise.all([desk.household(), desk.household(), desk.household()]);
    const answers = await Promise.all(
      files.map(({ household }) => desk.pair(id, { household: household.id })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422, 422]);
    expect((await desk.show(id)).helper.households).toBe(5);
  });

  it('the same two are paired once, an ended helper and a household struck off not at all', async () => {
    const { household } = await desk.household();
    const id = await desk.helper();
    const body = { household: household.id };
    await desk.paired(id, body);
    expect((await desk.pair(id, body)).body.code).toBe('pairing-twice');
    const ended = await desk.helper();
    const stopped = await desk.call({
      route: 'POST /helpers/{id}/end',
      params: { id: ended },
      body: { reason: '退休' },
      ifMatch: 1,
    });
    expect(stopped.status).toBe(200);
    expect((await desk.pair(ended, body)).body.code).toBe('helper-ended');
    const gone = await desk.household();
    await desk.call({
      route: 'POST /households/{id}/striking-off',
      params: { id: gone.household.id },
      body: { reason: 'error' },
      ifMatch: 1,
    });
    expect((await desk.pair(id, { household: gone.household.id })).body.code).toBe(
      'household-closed',
    );
  });

  it('one who is still paired is not ended, and a pairing does not begin tomorrow or end before it began', async () => {
    const { household } = await desk.household();
    const id = await desk.helper();
    const early = await desk.pair(id, { household: household.id, from: '2099-01-01' });
    expect(early.body.code).toBe('date-future');
    const pairing = await desk.paired(id, { household: household.id });
    const route = 'POST /helpers/{id}/end';
    const still = await desk.call({ route, params: { id }, body: { reason: '退休' }, ifMatch: 2 });
    expect(still.body.code).toBe('helper-still-paired');
    const before = await desk.act(end, { id, pairing }, { on: '2016-12-31', reason: '调离' });
    expect(before.body.code).toBe('date-order');
  });

  it('a token that is given to a helper later opens the households she has', async () => {
    const { household } = await desk.household();
    const id = await desk.helper();
    await desk.paired(id, { household: household.id });
    const route = 'PATCH /helpers/{id}';
    const given = await desk.call({ route, params: { id }, body: { sub: 'late' }, ifMatch: 2 });
    expect(given.status).toBe(200);
    expect((await seenBy('late', household.id)).status).toBe(200);
    await desk.call({ route, params: { id }, body: { sub: null }, ifMatch: 3 });
    expect((await seenBy('late', household.id)).status).toBe(404);
  });
});

describe('a village', () => {
  it('a strong village is paired with another village, and not with itself', async () => {
    const id = await desk.helper({
      kind: 'strong-village',
      name: '北街村',
      details: { village: strong },
    });
    expect((await desk.pair(id, { village: strong })).body.code).toBe('pairing-self');
    for (const village of ['北街', '350122999999']) {
      const body = { kind: 'strong-village', area: COUNTY, name: '北街村', details: { village } };
      const unknown = await desk.call({ route: 'POST /helpers', body });
      expect(unknown.body.code).toBe('area-unknown');
      const route = 'PATCH /helpers/{id}';
      const asked = { route, params: { id }, body: { details: { village } }, ifMatch: 1 };
      expect((await desk.call(asked)).body.code).toBe('area-unknown');
    }
    const wrong = await desk.pair(id, { household: (await desk.household()).household.id });
    expect(wrong.body.code).toBe('pairing-kind');
    await desk.paired(id, { village: second, promised: { moneyFen: 20_300_000 } });
    const { body } = await desk.call({
      route: 'GET /villages/{code}/helpers',
      params: { code: second },
    });
    expect(body.items).toHaveLength(1);
    expect(body.lacks).toEqual(['resident-team']);
  });

  it('is kept by a place that is there, and paired with a household or a village, not with both', async () => {
    const body = { kind: 'responsible', name: '林样本' };
    const enter = (area: string) => desk.call({ route: 'POST /helpers', body: { ...body, area } });
    expect((await enter('350122999')).body).toMatchObject({ status: 422, code: 'area-unknown' });
    const id = await desk.helper({ area: '350122101' });
    const { household } = await desk.household();
    for (const subject of [{}, { household: household.id, village: first }]) {
      const { status, body: told } = await desk.pair(id, subject);
      expect([status, told.errors[0].detail]).toEqual([400, expect.stringContaining('行政村')]);
    }
  });

  it('only the county pairs the four kinds; a town its own people, and nobody outside the own area', async () => {
    const body = { kind: 'leader', area: '350122101', name: '陈领导' };
    const above = await desk.call({ route: 'POST /helpers', by: town, body });
    expect(above.body.code).toBe('helper-above-right');
    const team = await desk.helper({ kind: 'resident-team', area: '350122101' }, town);
    expect((await desk.pair(team, { village: third }, town)).status).toBe(404);
    expect((await desk.pair(team, { village: first }, town)).status).toBe(201);
    expect((await desk.pair(team, { village: third }, otherTown)).status).toBe(404);
    const outside = await desk.call({
      route: 'GET /helpers/{id}',
      params: { id: team },
      by: otherTown,
    });
    expect(outside.status).toBe(404);
  });
});

describe('the history of a helper', () => {
  it('tells a town what happened there, and not why a pairing elsewhere began or ended', async () => {
    const id = await desk.helper({ name: '林两头' });
    for (const [village, duty] of [
      [first, '近处的事'],
      [third, '远处的事'],
    ]) {
      const { household } = await desk.household(village);
      await desk.paired(id, { household: household.id, duty });
      const pairing = (await desk.show(id)).pairings[0].id;
      const route = 'POST /helpers/{id}/pairings/{pairingId}/end';
      await desk.act(route, { id, pairing }, { reason: `${duty}完了` });
    }
    const told = async (by: Caller) => {
      const { body } = await desk.call({ route: 'GET /helpers/{id}/events', params: { id }, by });
      return body.events.map((one: { kind: string; reason: string | null }) => [
        one.kind,
        one.reason,
      ]);
    };
    const near = ['pairing-ended', '近处的事完了'];
    expect(await told(county)).toContainEqual(['pairing-ended', '远处的事完了']);
    expect(await told(town)).toEqual([near, ['paired', null], ['registered', null]]);
  });
});

describe('what came of a pairing', () => {
  it('adds up, and is put right by a contrary entry', async () => {
    const id = await desk.helper({ kind: 'department', name: '县林业局' });
    const pairing = await desk.paired(id, { village: third, promised: { projects: 2 } });
    const of = { id, pairing };
    const came = { on: '2017-05-01', what: '水渠修复', moneyFen: 650_000, projects: 1 };
    const { status, body } = await desk.act(deliver, of, came);
    expect(status).toBe(201);
    await desk.act(deliver, of, { what: '鱼苗', goods: '鱼苗 2000 尾' });
    const more = { deliveryId: body.delivery };
    const route = `${deliver}/{deliveryId}/correction`;
    const back = await desk.act(route, { ...of, more }, { reason: '记错了村' });
    expect(back.status).toBe(201);
    const again = await desk.act(route, { ...of, more }, { reason: '记错了村' });
    expect(again.body.code).toBe('delivery-corrected');
    const shown = await desk.call({
      route: 'GET /helpers/{id}/pairings/{pairingId}',
      params: { id, pairingId: pairing },
    });
    expect(shown.body.deliveries).toHaveLength(3);
    expect(shown.body.pairing.delivered).toEqual({ moneyFen: 0, projects: 0, jobs: 0, count: 3 });
    const nothing = await desk.act(deliver, of, { what: '没有什么' });
    expect(nothing.body.code).toBe('delivery-empty');
  });

  it('is asked for at the version it was read, and the same request is done once', async () => {
    const id = await desk.helper({ kind: 'department', name: '县水利局' });
    const pairing = await desk.paired(id, { village: third });
    const params = { id, pairingId: pairing };
    const body = { what: '打井', moneyFen: 100 };
    const stale = await desk.call({ route: deliver, params, body, ifMatch: 7 });
    expect(stale.body.code).toBe('version-stale');
    const asked = { route: deliver, params, body, ifMatch: 1, key: 'same' };
    const answers = await Promise.all([desk.call(asked), desk.call(asked)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await desk.show(id)).totals.deliveredFen).toBe(100);
  });
});

describe('phones', () => {
  it('are masked everywhere and shown in full for a reason alone, which is on record', async () => {
    const phone = '10020000059';
    const id = await desk.helper({ kind: 'leader', name: '陈电话', phone });
    const { body } = await desk.call({
      route: 'GET /helpers',
      query: { area: COUNTY, limit: '100' },
    });
    expect(JSON.stringify(body)).not.toContain(phone);
    expect((await desk.show(id)).helper.phoneMasked).toBe('100******59');
    const events = await desk.call({ route: 'GET /helpers/{id}/events', params: { id } });
    expect(JSON.stringify(events.body)).not.toContain(phone);
    const stored: unknown[] = [];
    for await (const item of queryAll(desk.tables.pairing, { pk: `H#${id}` })) stored.push(item);
    expect(JSON.stringify(stored)).not.toContain(phone);
    const route = 'POST /helpers/{id}/contact-disclosures';
    const shown = await desk.call({
      route,
      params: { id },
      body: { reason: '联系帮扶' },
      by: county,
    });
    expect(shown.body.phone).toBe(phone);
    const log: unknown[] = [];
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    for await (const item of queryAll(desk.tables.access, { pk: `L#${COUNTY}#${day}` }))
      log.push(item);
    expect(log).toMatchObject([
      { kind: 'disclosure', sub: county.sub, fields: ['phone'], reason: '联系帮扶' },
    ]);
  });
});
