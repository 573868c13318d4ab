import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { householdPort } from '../../functions/area/household-port.ts';
import { DivisionChange } from '../../functions/core/division-change.ts';
import type { ChangeJob } from '../../functions/core/division-job.ts';
import { villageOf } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { householdsIn, readStored, type Store } from '../../functions/household/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { freshTables } from '../support/database.ts';
import { runs } from '../support/seed.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';

const now = () => new Date('2018-02-01T02:00:00Z');
const change = DivisionChange.parse({
  kind: 'rename',
  code: '350122101',
  name: '新镇',
  newCode: '350122111',
  effective: '2018-01-01',
  reason: '撤乡设镇',
});
const job: ChangeJob = {
  id: 'dc_1',
  change,
  state: 'moving',
  actor: 'county-office',
  role: 'office',
  at: '2018-02-01T01:00:00.000Z',
  doneAt: null,
  chunks: 1,
  version: 1,
};
let store: Store;
let count = 0;

/** A household in a village, with a number and a person of its own. */
function home(village: string, hamlet?: string) {
  count += 1;
  const identity = identityOf('1950-01-01', count);
  return settle(store, {
    village,
    number: `35012290${String(count).padStart(4, '0')}`,
    members: [wantedMember({ birth: '1950-01-01', identity })],
    facts: hamlet === undefined ? { status: 'unexited' } : { status: 'unexited', hamlet },
  });
}

beforeAll(async () => {
  store = storeOf(await freshTables());
});

describe('a household whose village gets a new code', () => {
  it('keeps its file and gets one event that says why', async () => {
    const { household } = await home('350122101211', '东头');
    const move = { from: '350122101211', to: '350122111211', hamlets: {} };
    const port = householdPort(store, now);
    expect(await port.leaving(move)).toEqual([household.id]);
    await port.place(household.id, move, job);
    await port.place(household.id, move, job);
    const after = await readStored(store, household.id);
    expect(after && villageOf(after.household)).toBe(move.to);
    expect(after?.household.version).toBe(household.version + 1);
    expect(after?.events[0]).toMatchObject({
      kind: 'moved',
      source: 'dc_1',
      reason: '撤乡设镇',
      heldOn: '2018-01-01',
    });
    expect(after?.household.members.map((member) => member.id)).toEqual(
      household.members.map((member) => member.id),
    );
    expect(await port.leaving(move)).toEqual([]);
    expect(await householdsIn(store.tables.household, move.to)).toEqual([household.id]);
  });

  it('comes along when it has been struck off', async () => {
    const file = await home('350122101212');
    const order = { heldFrom: '2017-06-01', reason: '死亡' };
    granted(await write(store, file, granted(strikeOff(file, order, doing()))));
    const move = { from: '350122101212', to: '350122111212', hamlets: {} };
    const port = householdPort(store, now);
    for (const id of await port.leaving(move)) await port.place(id, move, job);
    expect(await householdsIn(store.tables.household, move.to)).toEqual([file.household.id]);
  });

  it('stays where its hamlet is not named', async () => {
    const east = await home('350122101213', '东头');
    await home('350122101213', '西头');
    await home('350122101213');
    const to = '350122101213';
    const move = { from: to, to, hamlets: { 东头: '350122101299' } };
    const port = householdPort(store, now);
    expect(await port.leaving(move)).toEqual([east.household.id]);
    expect(await port.leaving({ ...move, hamlets: {} })).toEqual([]);
  });

  it('is not moved twice by two workers at once', async () => {
    const { household } = await home('350122101214');
    const move = { from: '350122101214', to: '350122111214', hamlets: {} };
    const workers = [1, 2, 3].map(() => householdPort(store, now));
    await Promise.all(workers.map((port) => port.place(household.id, move, job)));
    expect((await readStored(store, household.id))?.household.version).toBe(household.version + 1);
  });
});

it('whatever the hamlets, a split keeps every household, in exactly one of the parts', async () => {
  let village = 300;
  const hamlets = fc.array(fc.constantFrom('东头', '西头', '岭下', undefined), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(hamlets, fc.subarray(['东头', '西头']), async (homes, named) => {
      village += 2;
      const [from, part] = [`350122103${village}`, `350122103${village + 1}`];
      const ids: string[] = [];
      for (const hamlet of homes) ids.push((await home(from, hamlet)).household.id);
      const move = { from, to: from, hamlets: Object.fromEntries(named.map((one) => [one, part])) };
      const port = householdPort(store, now);
      for (const id of await port.leaving(move)) await port.place(id, move, job);
      const stayed = await householdsIn(store.tables.household, from);
      const left = await householdsIn(store.tables.household, part);
      expect([...stayed, ...left].toSorted()).toEqual(ids.toSorted());
      expect(left.length).toBe(homes.filter((one) => one && named.includes(one)).length);
    }),
    runs(8, 100),
  );
});
