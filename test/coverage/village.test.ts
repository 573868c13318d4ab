import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CoverageClass, countIn } from '../../functions/core/coverage.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import { addUp } from '../../functions/coverage/area.ts';
import { sumPorts } from '../../functions/coverage/port.ts';
import { getCoverage, getHouseholdRows } from '../../functions/coverage/table.ts';
import { correct, home, poor } from '../snapshot/ground.ts';
import { granted } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, storeOf, write } from '../support/store.ts';
import { Desk, itIs, published, received } from './ground.ts';
import { policyItem } from './item.ts';

const TODAY = '2017-10-23';
let tables: Tables;
let desk: Desk;
let next = 0;

beforeAll(async () => {
  tables = await freshTables();
});
beforeEach(() => {
  itIs(TODAY);
  desk = new Desk(tables);
});

/** A county of its own, with items in force. */
async function county(items: Parameters<typeof policyItem>[0][]) {
  next += 1;
  const code = `35${1000 + next}`;
  const own = items.map((item) => policyItem({ ...item, area: code }));
  await published(tables, own);
  return { code, village: `${code}101201`, other: `${code}101202` };
}

async function counted(area: string, item: string, of: CoverageClass) {
  const row = await getCoverage(tables.policy, area);
  const found = row?.coverage.items.find((one) => one.item === item);
  return found && countIn(found, of);
}

const young = { id: 'young', condition: { fact: 'person.age', op: 'below', value: 16 } } as const;
const water = {
  id: 'water',
  subject: 'household',
  condition: { fact: 'household.waterSafe', op: 'is', value: false },
} as const;

describe('a village is evaluated', () => {
  it('every household, and counted by item', async () => {
    const { village } = await county([young, water]);
    await home(tables, village);
    await home(tables, village, { waterSafe: false });
    expect(await desk.bringUp(village)).toEqual({ evaluated: 2, isWhole: true });
    expect(await counted(village, 'young', 'missed')).toEqual({ wide: 2, persons: 2 });
    expect(await counted(village, 'young', 'not-eligible')).toEqual({ wide: 2, persons: 2 });
    expect(await counted(village, 'water', 'missed')).toEqual({ wide: 1, persons: 2 });
    expect(await counted(village, 'water', 'unknown')).toEqual({ wide: 1, persons: 2 });
  });

  it('not at all before anything is published, and then whoever lives there', async () => {
    next += 1;
    const area = `35${1000 + next}`;
    const village = `${area}101201`;
    await home(tables, village);
    expect(await desk.bringUp(village)).toEqual({ evaluated: 0, isWhole: true });
    expect(await getCoverage(tables.policy, village)).toBeUndefined();
    await published(tables, [policyItem({ ...young, area })]);
    expect(await desk.bringUp(village)).toEqual({ evaluated: 1, isWhole: true });
    expect(await counted(village, 'young', 'missed')).toEqual({ wide: 1, persons: 1 });
  });

  it('and once it is, nobody is looked at again until something happens', async () => {
    const { village } = await county([young]);
    await home(tables, village);
    await desk.bringUp(village);
    expect(await desk.bringUp(village)).toEqual({ evaluated: 0, isWhole: true });
  });

  it('a household that was named is evaluated by what has changed of it alone', async () => {
    const { village } = await county([young, water]);
    const file = await home(tables, village);
    await desk.bringUp(village);
    await correct(tables, file, { facts: { waterSafe: false }, heldFrom: '2017-01-01' });
    const named = new Set([file.household.id]);
    expect(await desk.bringUp(village, { named })).toMatchObject({ evaluated: 1 });
    expect(await counted(village, 'water', 'missed')).toEqual({ wide: 1, persons: 2 });
  });

  it('money that came since turns a miss into a receipt, and without a right to it shows', async () => {
    const { village } = await county([young]);
    const { household } = await home(tables, village);
    const [grown, child] = household.members;
    await desk.bringUp(village);
    const common = { household: household.id, item: 'young', on: '2017-03-01', amountFen: 70_000 };
    await received(tables, { ...common, person: child?.id ?? '' });
    await received(tables, { ...common, person: grown?.id ?? '' });
    await desk.bringUp(village, { named: new Set([household.id]) });
    expect(await counted(village, 'young', 'received')).toEqual({ wide: 1, persons: 1 });
    expect(await counted(village, 'young', 'received-not-eligible')).toEqual({
      wide: 1,
      persons: 1,
    });
    expect(await counted(village, 'young', 'missed')).toEqual({ wide: 0, persons: 0 });
    const rows = await getHouseholdRows(tables.policy, village);
    expect(rows.get(household.id)?.nextOn).toBe('2018-01-01');
  });

  it('a household that left is counted where it went, and has no row where it was', async () => {
    const { village, other } = await county([young]);
    const file = await home(tables, village);
    await desk.bringUp(village);
    const move = { village: other, heldFrom: '2017-05-01', reason: 'work' };
    granted(await write(storeOf(tables), file, granted(moveHousehold(file, move, doing()))));
    const named = new Set([file.household.id]);
    await desk.bringUp(other, { named });
    await desk.bringUp(village, { named });
    expect(await counted(village, 'young', 'missed')).toEqual({ wide: 0, persons: 0 });
    expect(await counted(other, 'young', 'missed')).toEqual({ wide: 1, persons: 1 });
    expect((await getHouseholdRows(tables.policy, village)).size).toBe(0);
  });

  it('a town and its county add up', async () => {
    const { code, village, other } = await county([young]);
    await home(tables, village);
    await home(tables, other);
    for (const one of [village, other]) await desk.bringUp(one);
    await addUp(sumPorts(tables), [village.slice(0, 9)], TODAY);
    expect(await counted(code, 'young', 'missed')).toEqual({ wide: 2, persons: 2 });
    const row = await getCoverage(tables.policy, code);
    expect(row?.coverage.rules).toBe((await desk.ports.rules(village)).mark);
  });

  it('an item of villages is judged by the village’s facts', async () => {
    const road = {
      id: 'road',
      subject: 'village',
      condition: { fact: 'village.poor', op: 'is', value: true },
    } as const;
    const { village, other } = await county([road]);
    await home(tables, village);
    await poor(tables, village);
    await home(tables, other);
    const given = `${village.slice(0, 10)}99`;
    for (const one of [village, other, given]) await desk.bringUp(one);
    expect(await counted(village, 'road', 'missed')).toEqual({ wide: 1, persons: 0 });
    expect(await counted(other, 'road', 'unknown')).toEqual({ wide: 1, persons: 0 });
    // A code that was given up, with nobody and nothing left under it, is no village.
    expect(await counted(given, 'road', 'unknown')).toEqual({ wide: 0, persons: 0 });
    expect(await counted(given, 'road', 'not-eligible')).toEqual({ wide: 0, persons: 0 });
  });

  it('a village that became poor has those evaluated of whom an item asks that', async () => {
    const listed = {
      id: 'listed',
      subject: 'household',
      condition: { fact: 'village.poor', op: 'is', value: true },
    } as const;
    const { village } = await county([listed]);
    await home(tables, village);
    await desk.bringUp(village);
    expect(await counted(village, 'listed', 'unknown')).toEqual({ wide: 1, persons: 2 });
    await poor(tables, village);
    expect(await desk.bringUp(village)).toMatchObject({ evaluated: 1 });
    expect(await counted(village, 'listed', 'missed')).toEqual({ wide: 1, persons: 2 });
  });
});

describe('time alone changes what somebody is entitled to', () => {
  it('a sixteenth birthday', async () => {
    const { village } = await county([young]);
    await home(tables, village);
    await desk.bringUp(village);
    expect((await getCoverage(tables.policy, village))?.coverage.until).toBe('2018-01-01');
    itIs('2024-03-04');
    await new Desk(tables).bringUp(village);
    expect(await counted(village, 'young', 'missed')).toEqual({ wide: 0, persons: 0 });
  });

  it('a policy that begins later is picked up on its day', async () => {
    const { code, village } = await county([young]);
    await home(tables, village);
    await desk.bringUp(village);
    const later = policyItem({ ...water, area: code, validFrom: '2017-12-01' });
    await published(tables, [later]);
    await new Desk(tables).bringUp(village);
    expect(await counted(village, 'water', 'unknown')).toBeUndefined();
    expect((await getCoverage(tables.policy, village))?.coverage.until).toBe('2017-12-01');
    itIs('2017-12-01');
    expect(await new Desk(tables).bringUp(village)).toMatchObject({ evaluated: 1 });
    expect(await counted(village, 'water', 'unknown')).toEqual({ wide: 1, persons: 2 });
  });
});

describe('rules that were read before others were published', () => {
  it('are read anew where somebody has evaluated by those meanwhile', async () => {
    const { code, village } = await county([young]);
    const file = await home(tables, village);
    await desk.bringUp(village);
    await published(tables, [policyItem({ ...water, area: code })]);
    await new Desk(tables).bringUp(village);
    expect(await desk.bringUp(village, { named: new Set([file.household.id]) })).toMatchObject({
      evaluated: 1,
    });
    expect(await counted(village, 'water', 'unknown')).toEqual({ wide: 1, persons: 2 });
  });
});
