import { beforeAll, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { walkRosters } from '../../functions/household/walk.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { roster } from '../support/roster.ts';

const villages = ['350122101201', '350122101202', '350122102201', '350181101201'];
let tables: Tables;

async function place(village: string, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 100) {
    const actions = ids.slice(from, from + 100).map((id) => {
      const put = { pk: `V#${village}`, sk: `1#${id}`, v: 1, version: 1 };
      return {
        table: tables.household,
        put: { ...put, b: encodeRoster(roster({ id, village })) },
      };
    });
    expect(await transact(actions)).toEqual([]);
  }
}

beforeAll(async () => {
  tables = await freshTables();
  const [first = '', second = '', third = '', last = ''] = villages;
  const many = Array.from({ length: 230 }, (_, at) => `hh_a${String(at).padStart(3, '0')}`);
  await place(first, many);
  await place(third, ['hh_c1', 'hh_c2']);
  await place(last, ['hh_d1']);
  const store = summaryStore(tables);
  const codes = [first, second, third, last];
  const above = new Set(codes.flatMap((code) => [9, 6, 4, 2].map((end) => code.slice(0, end))));
  for (const area of [...codes, ...[...above].toSorted((a, b) => b.length - a.length)])
    await recompute(store, area, '2017-10-23');
});

async function walked(area: string, after?: { village: string; household: string }) {
  const ids: string[] = [];
  for await (const { village, rosters } of walkRosters(tables, { area, after }))
    for (const one of rosters) ids.push(`${village} ${one.id}`);
  return ids;
}

describe('a walk over the households of an area', () => {
  it('meets every household once, in the order of places, at every level', async () => {
    const all = await walked('35');
    expect(all).toHaveLength(233);
    expect(all).toEqual([...new Set(all)].toSorted());
    expect(await walked('350122')).toHaveLength(232);
    expect(await walked('350122102')).toEqual(['350122102201 hh_c1', '350122102201 hh_c2']);
    expect(await walked('350122101201')).toHaveLength(230);
  });

  it('goes on after the household at which it stopped', async () => {
    const all = await walked('35');
    const at = (line = '') => ({ village: line.slice(0, 12), household: line.slice(13) });
    for (const stop of [0, 99, 120, 229, 231, 232])
      expect(await walked('35', at(all[stop]))).toEqual(all.slice(stop + 1));
    expect(await walked('350122101201', at(all[229]))).toEqual([]);
  });

  it('enters no village in which nobody lives', async () => {
    expect(await walked('350122101202')).toEqual([]);
    expect(await walked('36')).toEqual([]);
  });
});
