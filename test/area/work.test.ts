import { beforeAll, describe, expect, it } from 'vitest';
import { countyVillages } from '../../functions/area/around.ts';
import { loadChunks, loadJob, newJob, storePlan } from '../../functions/area/change-table.ts';
import { divisionPort, jobPort, profileMover, targetMover } from '../../functions/area/port.ts';
import { prepare } from '../../functions/area/service.ts';
import {
  areaResolver,
  divisionsUnder,
  eventsOf,
  getDivision,
  getDivisions,
  saveActions,
  saveDivisions,
} from '../../functions/area/table.ts';
import { type WorkPorts, work } from '../../functions/area/work.ts';
import { DivisionChange } from '../../functions/core/division-change.ts';
import type { Occasion } from '../../functions/core/division-event.ts';
import { type ChangeJob, type ChangeMessage, viewOf } from '../../functions/core/division-job.ts';
import { destinationOf } from '../../functions/core/division-plan.ts';
import { isOpen, newDivision } from '../../functions/core/division-register.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { setTarget } from '../../functions/core/target.ts';
import { asOfPorts, villageProfileOn } from '../../functions/household/as-of.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { getTarget, partTargets, saveTargets } from '../../functions/target/table.ts';
import { getProfiles, saveProfiles } from '../../functions/village/table.ts';
import { freshTables, type Tables } from '../support/database.ts';

const occasion: Occasion = {
  actor: 'county-office',
  at: '2017-10-23T01:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'sample',
  source: 'imp_1',
};
const actor = { sub: 'county-office', role: 'office', areas: ['350122'] } as const;
const today = '2017-10-23';
const facts = { poor: true, planExitYear: 2017, homes: 10, population: 100, hamlets: 2 };
let tables: Tables;

interface Home {
  village: string;
  readonly hamlet: string;
  moves: number;
}

/** A county of its own for each test: three villages of a town, each with homes in two hamlets. */
async function county(code: string) {
  const town = `${code}101`;
  const villages = ['201', '202', '203'].map((end) => town + end);
  const divisions = [code.slice(0, 2), code.slice(0, 4), code, town, ...villages].map((one) => ({
    before: null,
    after: newDivision(one, `名${one}`, null),
  }));
  await saveDivisions(tables.area, divisions, occasion);
  const homes = new Map<string, Home>();
  for (const village of villages) {
    for (let index = 0; index < 7; index += 1) {
      const hamlet = index % 2 === 0 ? '东头' : '西头';
      homes.set(`hh_${village}_${index}`, { village, hamlet, moves: 0 });
    }
  }
  const profile = {
    ...facts,
    village: villages[0] ?? '',
    version: 1,
    heldOn: today,
    poweredHamlets: 2,
    road: true,
    network: true,
    dropouts: 0,
    collectiveIncomeFen: 0,
    industries: [],
    exitedOn: null,
  };
  await saveProfiles(tables.household, [{ before: null, after: profile }], occasion);
  return { town, villages, homes, areas: [code] };
}

type County = Awaited<ReturnType<typeof county>>;

function portsFor(at: County, queue: ChangeMessage[], fault: () => void): WorkPorts {
  const shaken = async <T>(result: Promise<T>): Promise<T> => {
    fault();
    const value = await result;
    fault();
    return value;
  };
  const divisions = divisionPort(tables.area);
  const moveProfile = profileMover(tables);
  const moveTargets = targetMover(tables.target);
  return {
    divisions: { ...divisions, save: (...input) => shaken(divisions.save(...input)) },
    jobs: jobPort(tables.job, async (messages) => {
      queue.push(...messages);
      fault();
    }),
    households: {
      leaving: async (move) =>
        [...at.homes]
          .filter(([, home]) => home.village === move.from)
          .filter(([, home]) => destinationOf(move, home.hamlet) !== move.from)
          .map(([id]) => id),
      place: async (id, move) => {
        fault();
        const home = at.homes.get(id);
        if (home?.village !== move.from) return;
        home.village = destinationOf(move, home.hamlet);
        home.moves += 1;
        fault();
      },
    },
    moveProfile: (...input) => shaken(moveProfile(...input)),
    moveTargets: (...input) => shaken(moveTargets(...input)),
    now: () => new Date('2017-10-23T02:00:00Z'),
  };
}

async function begin(at: County, asked: Record<string, unknown>): Promise<ChangeJob> {
  const common = { effective: '2017-10-01', reason: '撤乡设镇' };
  const change = DivisionChange.parse({ ...common, ...asked });
  const register = {
    get: (codes: readonly string[]) => getDivisions(tables.area, codes),
    under: (code: string) => divisionsUnder(tables.area, code),
  };
  const planned = await prepare(register, { change, actor: { ...actor, areas: at.areas }, today });
  if (isRefused(planned)) throw new Error(planned.refused);
  const { plan, claims } = planned.ok;
  const job: ChangeJob = {
    id: `dc_${crypto.randomUUID()}`,
    change,
    state: 'opening',
    actor: actor.sub,
    role: 'office',
    at: occasion.at,
    doneAt: null,
    chunks: plan.moves.length,
    version: 1,
  };
  await storePlan(tables.job, job.id, plan);
  const claimed = claims.flatMap((before) => {
    const after = { ...before, change: job.id, version: before.version + 1 };
    return saveActions(tables.area, { before, after }, occasion);
  });
  expect(await transact([newJob(tables.job, job), ...claimed])).toEqual([]);
  return job;
}

/** Delivers messages until none is left; one that fails comes again, as a queue does it. */
async function drain(at: County, job: ChangeJob, fault: () => void = () => undefined) {
  const queue: ChangeMessage[] = [{ job: job.id, step: 'open' }];
  const ports = portsFor(at, queue, fault);
  let crashes = 0;
  for (let next = queue.shift(); next; next = queue.shift()) {
    const due = next;
    await work(ports, due).catch(() => {
      crashes += 1;
      queue.push(due);
    });
  }
  return crashes;
}

beforeAll(async () => {
  tables = await freshTables();
});

describe('a town that gets a new code', () => {
  it('brings its households, its villages and their profiles along', async () => {
    const at = await county('350122');
    const job = await begin(at, {
      kind: 'rename',
      code: at.town,
      name: '新镇',
      newCode: '350122111',
    });
    expect(await areaResolver(tables.area)([at.town])).toEqual([at.town]);
    await drain(at, job);
    for (const home of at.homes.values()) {
      expect(home.village.startsWith('350122111')).toBe(true);
      expect(home.moves).toBe(1);
    }
    const done = await loadJob(tables.job, job.id);
    if (!done) throw new Error('unreachable');
    expect(viewOf(done, await loadChunks(tables.job, job.id))).toMatchObject({
      state: 'done',
      villages: { all: 3, done: 3 },
      households: at.homes.size,
    });
    expect(await getDivision(tables.area, at.town)).toMatchObject({
      validTo: '2017-09-30',
      successors: ['350122111'],
      change: null,
    });
    expect(await getDivision(tables.area, '350122111')).toMatchObject({
      name: '新镇',
      validFrom: '2017-10-01',
      validTo: null,
      change: null,
    });
    expect(await areaResolver(tables.area)([at.town])).toEqual(['350122111']);
    const profiles = await getProfiles(tables.household, [`${at.town}201`, '350122111201']);
    expect([...profiles.keys()]).toEqual(['350122111201']);
    const kinds = (await eventsOf(tables.area, at.town)).map((event) => event.kind);
    expect(kinds).toEqual(['closed', 'leaving', 'claimed', 'opened']);
  });

  it('takes a second change only when the first is done', async () => {
    const at = await county('350123');
    const asked = { kind: 'rename', code: at.town, name: '新镇', newCode: '350123111' };
    const job = await begin(at, asked);
    await expect(begin(at, { ...asked, newCode: '350123112' })).rejects.toThrow(
      'division-change-running',
    );
    await drain(at, job);
    await expect(begin(at, asked)).rejects.toThrow('area-closed');
    await expect(begin({ ...at, areas: ['350199'] }, asked)).rejects.toThrow('not-found');
  });
});

it('a village that goes to another county alone has its past there, as far as it was known on each day', async () => {
  const [at, there] = [await county('350161'), await county('350162')];
  const [from = ''] = at.villages;
  const to = `${there.town}209`;
  const asked = { kind: 'move', code: from, parent: there.town, newCode: to };
  await drain(at, await begin({ ...at, areas: ['350161', '350162'] }, asked));
  const around = await countyVillages(tables.area)('350162');
  expect(around.origins(to).map(({ code }) => code)).toEqual([to, from]);
  expect(around.successors(from)).toEqual([to]);
  const ports = asOfPorts(tables);
  expect(await villageProfileOn(ports, to, today)).toMatchObject({ village: to, population: 100 });
  // The change was entered late, and what is known of the village is of a later day than the change.
  expect(await villageProfileOn(ports, to, '2017-10-22')).toBeUndefined();
});

/** What a division is to reach in 2017 and 2018. */
async function seedTargets(codes: readonly string[]): Promise<void> {
  for (const code of codes)
    for (const year of [2017, 2018]) {
      const order = { version: 0, ...occasion, today, document: null };
      const amounts = { households: 5, persons: 11, villages: 1 };
      const place = { code, year, own: undefined, above: undefined };
      const decided = setTarget(place, amounts, order);
      if (isRefused(decided) || !('steps' in decided.ok)) throw new Error('not set');
      expect(await saveTargets(tables.target, { ...decided.ok, without: undefined })).toBe(true);
    }
}

describe('targets of divisions', () => {
  it('go along with a town that gets a new code, and with its villages, of every year', async () => {
    const at = await county('350151');
    const [first = ''] = at.villages;
    await seedTargets([at.town, first]);
    const renamed = { code: at.town, name: '新镇', newCode: '350151111' };
    await drain(at, await begin(at, { kind: 'rename', ...renamed }));
    for (const year of [2017, 2018]) {
      expect(await getTarget(tables.target, { code: '350151111', year })).toMatchObject({
        persons: 11,
        reason: occasion.reason,
        movedTo: null,
      });
      const villages = await partTargets(tables.target, { code: '350151111', year });
      expect(villages).toMatchObject([{ code: '350151111201', persons: 11 }]);
      const old = await getTarget(tables.target, { code: at.town, year });
      expect(old).toMatchObject({ persons: 0, movedTo: '350151111' });
    }
  });

  it('add up where villages become one, once, however often the change crashes', async () => {
    const at = await county('350152');
    const [first = '', second = '', third = ''] = at.villages;
    await seedTargets(at.villages);
    const into = { code: first, name: '合村' };
    const job = await begin(at, { kind: 'merge', codes: [first, second, third], into });
    let calls = 0;
    const crashes = await drain(at, job, () => {
      calls += 1;
      if (calls % 7 === 0 && calls < 140) throw new Error('killed');
    });
    expect(crashes).toBeGreaterThan(0);
    const left = await partTargets(tables.target, { code: at.town, year: 2018 });
    expect(left.map(({ code, persons, villages }) => [code, persons, villages])).toEqual([
      [first, 33, 3],
      [second, 0, 0],
      [third, 0, 0],
    ]);
  });

  it('stay where they are when a village is split: nobody can say which part has how much', async () => {
    const at = await county('350153');
    const [first = ''] = at.villages;
    await seedTargets([first]);
    const parts = [
      { code: `${at.town}211`, name: '东村', hamlets: ['东头'] },
      { code: `${at.town}212`, name: '西村' },
    ];
    await drain(at, await begin(at, { kind: 'split', code: first, parts }));
    const left = await partTargets(tables.target, { code: at.town, year: 2017 });
    expect(left).toMatchObject([{ code: first, persons: 11, movedTo: null }]);
  });
});

describe('a change that crashes', () => {
  it('goes on where it was, moves every household once and keeps their number', async () => {
    for (let period = 2; period <= 9; period += 1) {
      const at = await county(`35013${period}`);
      const [first = '', second = '', third = ''] = at.villages;
      const into = { code: first, name: '合村' };
      const job = await begin(at, { kind: 'merge', codes: [first, second, third], into });
      let calls = 0;
      let left = 25;
      const crashes = await drain(at, job, () => {
        calls += 1;
        if (left > 0 && calls % period === 0) {
          left -= 1;
          throw new Error('killed');
        }
      });
      expect(crashes).toBeGreaterThan(0);
      const homes = [...at.homes.entries()];
      expect(homes.every(([, home]) => home.village === first)).toBe(true);
      expect(homes.every(([id, home]) => home.moves === (id.includes(first) ? 0 : 1))).toBe(true);
      const villages = (await divisionsUnder(tables.area, at.town)).slice(1);
      expect(villages.filter(isOpen).map((one) => [one.code, one.change])).toEqual([[first, null]]);
      expect(await loadJob(tables.job, job.id)).toMatchObject({ state: 'done' });
    }
  });

  it('tells all households it moved, though a message that came twice finds some of them gone', async () => {
    const at = await county('350128');
    const [first = '', second = ''] = at.villages;
    const leaving = [...at.homes.values()].filter((home) => home.village === second).length;
    expect(leaving).toBeGreaterThan(0);
    const job = await begin(at, {
      kind: 'merge',
      codes: [second],
      into: { code: first, name: '合村' },
    });
    const queue: ChangeMessage[] = [];
    const ports = portsFor(at, queue, () => undefined);
    await work(ports, { job: job.id, step: 'open' });
    const due = queue.shift();
    if (!due) throw new Error('unreachable');
    const slow: WorkPorts = {
      ...ports,
      households: {
        ...ports.households,
        leaving: async (move) => {
          await work(ports, due);
          return ports.households.leaving(move);
        },
      },
    };
    await work(slow, due);
    const done = await loadJob(tables.job, job.id);
    if (!done) throw new Error('unreachable');
    expect(viewOf(done, await loadChunks(tables.job, job.id)).households).toBe(leaving);
  });

  it('sweeps up a household that was registered on the way', async () => {
    const at = await county('350125');
    const [first = '', second = ''] = at.villages;
    const into = { code: first, name: '合村' };
    const job = await begin(at, { kind: 'merge', codes: [second], into });
    let isLate = false;
    const late = () => {
      const moved = [...at.homes.values()].every((home) => home.village !== second);
      if (moved && !isLate) at.homes.set('hh_late', { village: second, hamlet: '', moves: 0 });
      isLate ||= moved;
    };
    await drain(at, job, late);
    expect(at.homes.get('hh_late')).toEqual({ village: first, hamlet: '', moves: 1 });
  });
});

it('a village that is split keeps those whose hamlet is not named', async () => {
  const at = await county('350126');
  const [whole = ''] = at.villages;
  const parts = [
    { code: whole, name: '老村' },
    { code: `${at.town}204`, name: '新村', hamlets: ['东头'] },
  ];
  await drain(at, await begin(at, { kind: 'split', code: whole, parts }));
  const own = [...at.homes].filter(([id]) => id.includes(whole)).map(([, home]) => home);
  for (const home of own)
    expect(home.village).toBe(home.hamlet === '东头' ? `${at.town}204` : whole);
  const profiles = await getProfiles(tables.household, [whole, `${at.town}204`]);
  expect([...profiles.values()].map((one) => [one.poor, one.population])).toEqual([
    [true, null],
    [true, null],
  ]);
  expect(await getDivision(tables.area, whole)).toMatchObject({ name: '老村', change: null });
});

it('a new name alone needs no household to move', async () => {
  const at = await county('350127');
  await drain(at, await begin(at, { kind: 'rename', code: at.town, name: '新名镇' }));
  expect(await getDivision(tables.area, at.town)).toMatchObject({
    name: '新名镇',
    change: null,
    validTo: null,
  });
  expect([...at.homes.values()].every((home) => home.moves === 0)).toBe(true);
});
