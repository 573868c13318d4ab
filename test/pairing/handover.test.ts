import { beforeAll, describe, expect, it } from 'vitest';
import { isCurrent, type Pairing } from '../../functions/core/pairing.ts';
import { loadFile } from '../../functions/household/table.ts';
import { pairingsOf } from '../../functions/pairing/table.ts';
import { type PairingDesk, pairingDesk, town, VILLAGES } from '../support/pairing-desk.ts';

const [first, , third] = VILLAGES;
const route = 'POST /helpers/{id}/handover';
let desk: PairingDesk;

beforeAll(async () => {
  desk = await pairingDesk();
});

/** A leader with so many households, and two villages where told. */
async function loaded(households: number, villages: readonly string[] = []) {
  const id = await desk.helper({ kind: 'leader', name: '陈移交', sub: `giver-${households}` });
  const ids: string[] = [];
  for (let count = 0; count < households; count += 1) {
    const { household } = await desk.household(count % 2 === 0 ? first : third);
    await desk.paired(id, { household: household.id });
    ids.push(household.id);
  }
  for (const village of villages) await desk.paired(id, { village });
  return { id, households: ids };
}

const hand = (id: string, body: object, more: object = {}) =>
  desk.call({ route, params: { id }, body: { reason: '换届', ...body }, ...more });

/** Pairings of a household, the current one first. */
async function ofHousehold(id: string): Promise<readonly Pairing[]> {
  const all = await pairingsOf(desk.tables.pairing, id);
  return all.toSorted((one, other) => Number(isCurrent(other)) - Number(isCurrent(one)));
}

describe('a caseload', () => {
  it('goes to another helper in one act: every pairing ends and its successor begins', async () => {
    const { id, households } = await loaded(3, [first, third]);
    const to = await desk.helper({ kind: 'leader', name: '林接任', sub: 'taker' });
    const { status, body } = await hand(id, { to, from: '2017-06-01' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ done: 5, refused: 0, waiting: 0, from: id, to });
    for (const household of households) {
      const [now, before] = await ofHousehold(household);
      expect(now).toMatchObject({ helper: to, from: '2017-06-01', predecessor: before?.id });
      expect(before).toMatchObject({ helper: id, to: '2017-06-01', successor: now?.id });
      expect((await loadFile(desk.store, household))?.household.helperSubs).toEqual(['taker']);
    }
    expect((await desk.show(id)).helper).toMatchObject({ households: 0, villages: 0 });
    expect((await desk.show(to)).helper).toMatchObject({ households: 3, villages: 2 });
  });

  it('of a part is that part, and the same request again changes nothing', async () => {
    const { id, households } = await loaded(3);
    const [one = ''] = households;
    const to = await desk.helper({ kind: 'leader', name: '林接任' });
    const asked = [id, { to, households: [one] }, { key: 'part' }] as const;
    const { body } = await hand(...asked);
    expect(body).toMatchObject({ done: 1 });
    expect((await hand(...asked)).body).toEqual(body);
    expect((await desk.show(id)).helper.households).toBe(2);
    expect(await ofHousehold(one)).toHaveLength(2);
    expect((await hand(id, { to, households: [one] })).body.code).toBe('handover-none');
  });

  it('is not begun where the other one would have too much, is ended, or is the same', async () => {
    const { id } = await loaded(6);
    const to = await desk.helper({ name: '林责任' });
    expect((await hand(id, { to })).body.code).toBe('pairing-over-limit');
    expect((await hand(id, { to: id })).body.code).toBe('handover-same');
    const team = await desk.helper({ kind: 'resident-team', name: '驻村队' });
    expect((await hand(id, { to: team })).body.code).toBe('pairing-kind');
    expect((await hand(id, { to, from: '2099-01-01' })).body.code).toBe('date-future');
    expect((await desk.show(id)).helper.households).toBe(6);
  });

  it('weighs as many households as it adds: what both have already is refused by itself', async () => {
    const { id, households } = await loaded(3);
    const to = await desk.helper({ name: '林责任' });
    const [shared = ''] = households;
    for (const household of [
      shared,
      ...(await Promise.all([1, 2].map(() => desk.household()))).map(
        ({ household }) => household.id,
      ),
    ])
      await desk.paired(to, { household });
    const { body } = await hand(id, { to });
    expect(body).toMatchObject({ done: 2, refused: 1 });
    expect((await desk.show(to)).helper.households).toBe(5);
    const { body: more } = await hand((await loaded(1)).id, { to });
    expect(more.title).toContain('现有 5 户，还要增加 1 户');
  });

  it('tells what stands in the way of each row, and hands the rest over', async () => {
    const { id, households } = await loaded(2);
    const [one = '', two = ''] = households;
    const to = await desk.helper({ kind: 'leader', name: '林接任' });
    await desk.paired(to, { household: one });
    const { body } = await hand(id, { to });
    expect(body).toMatchObject({ done: 1, refused: 1 });
    const [row] = body.rows.filter(({ outcome }: { outcome: string }) => outcome === 'refused');
    expect(row).toMatchObject({ subject: one, code: 'pairing-twice' });
    expect((await ofHousehold(two))[0]?.helper).toBe(to);
  });

  it('asked for twice at once under different keys is handed over once', async () => {
    const { id, households } = await loaded(4);
    const to = await desk.helper({ kind: 'leader', name: '林接任' });
    const other = await desk.helper({ kind: 'leader', name: '黄接任' });
    const answers = await Promise.all([hand(id, { to }), hand(id, { to: other })]);
    const done = answers.map(({ body }) => body.done ?? 0);
    expect(done[0] + done[1]).toBe(4);
    for (const household of households) {
      const all = await ofHousehold(household);
      expect(all.filter(isCurrent)).toHaveLength(1);
      expect(all).toHaveLength(2);
    }
    const counts = [await desk.show(to), await desk.show(other)].map(
      ({ helper }) => helper.households,
    );
    expect(counts).toEqual(done);
  });

  it('of a town is what lies in the town', async () => {
    const id = await desk.helper({ name: '陈两镇' });
    const to = await desk.helper({ name: '林两镇' });
    const near = await desk.household(first);
    const far = await desk.household(third);
    for (const { household } of [near, far]) await desk.paired(id, { household: household.id });
    const { body } = await hand(id, { to }, { by: town });
    expect(body).toMatchObject({ done: 1, refused: 0 });
    expect(JSON.stringify(body)).not.toContain(far.household.id);
    expect((await ofHousehold(far.household.id))[0]?.helper).toBe(id);
  });

  it('that only the county keeps is not a town’s to hand over, to its own people either', async () => {
    const { id, households } = await loaded(1);
    const to = await desk.helper({ name: '林本镇', area: '350122101' }, town);
    const { body } = await hand(id, { to }, { by: town });
    expect(body).toMatchObject({ done: 0, rows: [{ code: 'helper-above-right' }] });
    expect((await ofHousehold(households[0] ?? ''))[0]?.helper).toBe(id);
  });

  it('is handed over fast enough for hundreds in one answer', async () => {
    const { id } = await loaded(0);
    const made = await Promise.all(Array.from({ length: 40 }, () => desk.household(first)));
    for (const { household } of made) await desk.paired(id, { household: household.id });
    const to = await desk.helper({ kind: 'leader', name: '林接任' });
    const began = performance.now();
    const { body } = await hand(id, { to });
    expect(body).toMatchObject({ done: 40, waiting: 0 });
    // Some hundreds must fit into the half minute an answer may take.
    expect((performance.now() - began) / 40).toBeLessThan(150);
  }, 60_000);
});
