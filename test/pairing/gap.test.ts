import { beforeAll, describe, expect, it } from 'vitest';
import { getDivision, saveDivisions } from '../../functions/area/table.ts';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import { decideVillage } from '../../functions/core/village.ts';
import { loadFile } from '../../functions/household/table.ts';
import { saveProfiles } from '../../functions/village/table.ts';
import { granted } from '../support/build.ts';
import {
  COUNTY,
  otherTown,
  type PairingDesk,
  pairingDesk,
  town,
  VILLAGES,
} from '../support/pairing-desk.ts';
import { doing, write } from '../support/store.ts';

const [first, second, third, fourth] = VILLAGES;
const occasion = {
  actor: 'test',
  at: '2017-10-23T00:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'test',
  source: 'test',
};
const end = 'POST /helpers/{id}/pairings/{pairingId}/end';
let desk: PairingDesk;

beforeAll(async () => {
  desk = await pairingDesk();
  const poor = [first, third].map((village) => {
    const row = { village, heldOn: '2017-10-23', facts: { poor: true } };
    return { before: null, after: granted(decideVillage(undefined, row)).profile };
  });
  await saveProfiles(desk.tables.household, poor, occasion);
});

const gaps = async (area: string, by = { sub: 'county', role: 'office', areas: COUNTY } as const) =>
  (await desk.call({ route: 'GET /pairings/gaps', query: { area }, by })).body;
const summary = async (code: string) =>
  (await desk.call({ route: 'GET /areas/{code}/helpers', params: { code } })).body.kinds;
const villageHelpers = async (code: string) =>
  (await desk.call({ route: 'GET /villages/{code}/helpers', params: { code } })).body;

describe('where help is lacking', () => {
  it('a poor village needs one of the four kinds and a resident team; the lists say which is missing', async () => {
    expect((await gaps(COUNTY)).villages).toEqual([
      {
        village: first,
        lacks: ['one-of-four', 'resident-team'],
        href: `/villages/${first}/helpers`,
      },
      {
        village: third,
        lacks: ['one-of-four', 'resident-team'],
        href: `/villages/${third}/helpers`,
      },
    ]);
    const department = await desk.helper({ kind: 'department', name: '县农业局' });
    await desk.paired(department, { village: first });
    expect((await gaps('350122101')).villages).toMatchObject([
      { village: first, lacks: ['resident-team'] },
    ]);
    const team = await desk.helper({ kind: 'resident-team', name: '驻村队' });
    const pairing = await desk.paired(team, { village: first });
    expect((await gaps('350122101')).villages).toEqual([]);
    expect((await gaps('350122101')).withoutSuccessor).toEqual([]);
    await desk.act(end, { id: team, pairing }, { reason: '任满' });
    const after = await gaps('350122101');
    expect(after.withoutSuccessor).toMatchObject([{ id: pairing, subject: { village: first } }]);
    const next = await desk.helper({ kind: 'resident-team', name: '新驻村队' });
    await desk.paired(next, { village: first });
    expect((await gaps('350122101')).withoutSuccessor).toEqual([]);
  });

  it('households nobody answers for are counted on the board and named by the list it leads to', async () => {
    const covered = await desk.household(second);
    await desk.household(second);
    const helper = await desk.helper();
    await desk.paired(helper, { household: covered.household.id });
    const store = summaryStore(desk.tables);
    for (const area of [second, ...ancestorsOf(second)].toSorted((a, b) => b.length - a.length))
      await recompute(store, area, '2017-10-23');
    const { households } = await gaps(COUNTY);
    expect(households).toEqual({ count: 1, list: `/households?area=${COUNTY}&responsible=no` });
  });

  it('a household that was struck off leaves its pairing to be ended, and then it is gone', async () => {
    const { household } = await desk.household(second);
    const helper = await desk.helper();
    const pairing = await desk.paired(helper, { household: household.id });
    await desk.call({
      route: 'POST /households/{id}/striking-off',
      params: { id: household.id },
      body: { reason: 'error' },
      ifMatch: 2,
    });
    const ids = async () => (await gaps(COUNTY)).toEnd.map(({ id }: { id: string }) => id);
    expect(await ids()).toContain(pairing);
    expect((await desk.show(helper)).pairings).toMatchObject([{ toEnd: true }]);
    expect((await desk.act(end, { id: helper, pairing }, { reason: '已注销' })).status).toBe(200);
    expect(await ids()).not.toContain(pairing);
  });
});

describe('who lives elsewhere since', () => {
  it('a household that moves keeps its helper, and is seen and counted where it is now', async () => {
    const file = await desk.household(first);
    const { household } = file;
    const helper = await desk.helper({ kind: 'leader', name: '陈随迁' });
    await desk.paired(helper, { household: household.id });
    const before = (await summary('350122102')).leader;
    const now = await loadFile(desk.store, household.id);
    if (!now) throw new Error('no file');
    const move = { village: third, heldFrom: '2017-05-01', reason: '搬迁' };
    granted(await write(desk.store, now, granted(moveHousehold(now, move, doing()))));
    const route = 'GET /households/{id}/helpers';
    const seen = await desk.call({ route, params: { id: household.id }, by: otherTown });
    expect(seen.body.items).toMatchObject([{ pairing: { subject: { village: third } } }]);
    expect((await desk.call({ route, params: { id: household.id }, by: town })).status).toBe(404);
    const shown = await desk.call({ route: 'GET /helpers/{id}', params: { id: helper }, by: town });
    expect(shown.body.pairings).toEqual([]);
    expect(before).toBeUndefined();
    expect((await summary('350122102')).leader).toMatchObject({ households: 1 });
  });

  it('a village that another took the place of is helped under its new code', async () => {
    const fresh = '350122102299';
    const department = await desk.helper({ kind: 'department', name: '县水利局' });
    await desk.paired(department, { village: fourth, promised: { moneyFen: 500 } });
    const known = await getDivision(desk.tables.area, fourth);
    if (!known) throw new Error('no division');
    await saveDivisions(
      desk.tables.area,
      [
        { before: null, after: newDivision(fresh, '新村', null) },
        {
          before: known,
          after: {
            ...known,
            validTo: '2017-10-01',
            successors: [fresh],
            version: known.version + 1,
          },
        },
      ],
      occasion,
    );
    const { items } = await villageHelpers(fresh);
    expect(items).toMatchObject([{ pairing: { subject: { village: fresh } } }]);
    expect((await summary('350122102')).department).toMatchObject({
      villages: 1,
      promisedFen: 500,
    });
  });
});
