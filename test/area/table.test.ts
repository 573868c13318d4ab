import { beforeAll, describe, expect, it } from 'vitest';
import {
  areaResolver,
  childrenOf,
  divisionsUnder,
  eventsOf,
  getDivision,
  getDivisions,
  saveDivisions,
} from '../../functions/area/table.ts';
import type { Occasion } from '../../functions/core/division-event.ts';
import { type Division, newDivision } from '../../functions/core/division-register.ts';
import { freshTables } from '../support/database.ts';

const occasion: Occasion = {
  actor: 'county-office',
  at: '2017-10-23T01:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'sample',
  source: 'imp_1',
};
const codes = ['35', '3501', '350122', '350122101', '350122101201', '350122101202', '350122102'];
const divisions = codes.map((code) => newDivision(code, `名${code}`, null));
const fresh = (list: readonly Division[]) => list.map((after) => ({ before: null, after }));
let table: string;

beforeAll(async () => {
  table = (await freshTables()).area;
  expect(await saveDivisions(table, fresh(divisions), occasion)).toEqual([]);
});

describe('the register of divisions', () => {
  it('gives back what was put, and nothing for a code nobody put', async () => {
    expect(await getDivision(table, '350122')).toEqual(divisions[2]);
    expect(await getDivision(table, '350123')).toBeUndefined();
    expect(await getDivision(table, 'no code')).toBeUndefined();
    const several = await getDivisions(table, ['35', '35', '350122101201', '350123', 'x']);
    expect([...several.keys()].toSorted()).toEqual(['35', '350122101201']);
  });

  it('lists what lies directly inside, in order', async () => {
    const children = await childrenOf(table, '350122');
    expect(children.map((child) => child.code)).toEqual(['350122101', '350122102']);
    expect(await childrenOf(table, '350122101201')).toEqual([]);
  });

  it('reads a whole tree', async () => {
    const all = await divisionsUnder(table, '35');
    expect(all.map((division) => division.code).toSorted()).toEqual(codes.toSorted());
    expect(await divisionsUnder(table, '36')).toEqual([]);
  });

  it('may be written again after a crash without a second event', async () => {
    expect(await saveDivisions(table, fresh(divisions), occasion)).toEqual([]);
    expect(await eventsOf(table, '350122')).toHaveLength(1);
  });

  it('keeps who changed a name, when, why and what it was', async () => {
    const before = newDivision('350122103', '旧镇', null);
    await saveDivisions(table, fresh([before]), occasion);
    const after = { ...before, name: '新镇', version: 2 };
    await saveDivisions(table, [{ before, after }], { ...occasion, reason: '撤乡设镇' });
    const [newest, first] = await eventsOf(table, before.code);
    expect(newest).toMatchObject({ kind: 'renamed', reason: '撤乡设镇', before, version: 2 });
    expect(first).toMatchObject({ kind: 'opened', before: null, version: 1 });
  });

  it('one that was changed meanwhile does not hold up the others', async () => {
    const [town, other] = ['350122104', '350122105'].map((code) => newDivision(code, '镇', null));
    if (!town || !other) throw new Error('unreachable');
    await saveDivisions(table, fresh([town, other]), occasion);
    await saveDivisions(
      table,
      [{ before: town, after: { ...town, name: '甲', version: 2 } }],
      occasion,
    );
    const late = [town, other].map((before) => ({
      before,
      after: { ...before, name: '乙', version: 2 },
    }));
    expect(await saveDivisions(table, late, occasion)).toEqual(['350122104']);
    expect((await getDivision(table, '350122105'))?.name).toBe('乙');
    expect((await getDivision(table, '350122104'))?.name).toBe('甲');
  });

  it('lets a token with a closed code act as the successors', async () => {
    const closed = {
      ...newDivision('350122204', '潘渡乡', null),
      validTo: '2018-01-01',
      successors: ['350122101'],
    };
    await saveDivisions(table, fresh([closed]), occasion);
    const resolve = areaResolver(table);
    expect(await resolve(['350122204', '350199'])).toEqual(['350122101', '350199']);
  });
});
