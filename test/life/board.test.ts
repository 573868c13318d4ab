import { beforeAll, describe, expect, it } from 'vitest';
import { getRow } from '../../functions/board/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { registeredIn } from '../../functions/core/figure.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { villageOf } from '../../functions/core/household.ts';
import { mergeHouseholds } from '../../functions/core/household-merge.ts';
import { relocate } from '../../functions/core/household-relocation.ts';
import { splitHousehold } from '../../functions/core/household-split.ts';
import { commitTogether, type Store, type Write } from '../../functions/household/table.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { County } from '../board/county.ts';
import { family, granted, TODAY, VILLAGE } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, settle, storeOf } from '../support/store.ts';

const near = '350122101202';
const far = '350122102203';
const clerk: Caller = { sub: 'clerk', role: 'office', areas: '350122' };
const on = '2017-06-01';

let tables: Tables;
let store: Store;
let county: County;
let file: HouseholdFile;

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  county = new County(tables, TODAY);
  const base = { validFrom: null, validTo: null, successors: [], change: null, version: 1 };
  for (const code of [VILLAGE, near, far].flatMap((one) => [one, ...ancestorsOf(one)])) {
    const parent = ancestorsOf(code)[0] ?? '0';
    const row = { pk: `A#${parent}`, sk: code, v: 1, code, name: code, ...base };
    await putItem(tables.area, row);
  }
  file = await settle(store, { number: 'B1', members: family() });
  tell(file);
  await county.settle();
});

/** What the streams say of a household that was written. */
function tell(...files: readonly HouseholdFile[]): void {
  for (const { household } of files) {
    county.summary.push(villageOf(household));
    county.listing.push({ village: villageOf(household), household: household.id });
  }
}

async function write(writes: readonly [Write, ...Write[]]): Promise<void> {
  expect(await commitTogether(store, writes)).toEqual({ ok: 'written' });
  tell(...writes.flatMap(({ before, next }) => (before ? [before, next] : [next])));
  await county.settle();
}

/** Households and persons on the boards of an area. */
async function counted(area: string): Promise<readonly [number, number]> {
  const row = await getRow(tables.summary, area);
  if (!row?.figures) return [0, 0];
  const { households, persons } = registeredIn(row.figures);
  return [households, persons];
}

/** Households and persons in the lists of an area. */
async function listed(area: string): Promise<readonly [number, number]> {
  const { handler } = await import('../../functions/list/handler.ts');
  const count = async (route: string) => {
    const asked = { route, by: clerk, query: { area, status: 'unexited' } };
    return (await callOf(handler, asked)).body.items.length;
  };
  return [await count('GET /households'), await count('GET /persons')];
}

async function both(area: string) {
  const [board, list] = [await counted(area), await listed(area)];
  expect(list).toEqual(board);
  return board;
}

describe('boards and lists', () => {
  it('agree before and after a split, a move and a merger; persons are conserved', async () => {
    expect(await both('350122')).toEqual([1, 4]);
    const son = file.household.members[2]?.id ?? '';
    const wanted = { number: 'B2', village: near, heldFrom: on, reason: 'marriage', note: null };
    const order = { ...wanted, persons: { [son]: 'head' }, facts: {}, succession: {} };
    const { stays, parts } = granted(splitHousehold(file, order, doing()));
    await write([
      { ...stays, before: file },
      { ...parts, before: undefined },
    ]);
    expect([await both(VILLAGE), await both(near), await both('350122')]).toEqual([
      [1, 3],
      [1, 1],
      [2, 4],
    ]);
    const move = { village: far, heldFrom: '2017-07-01', reason: 'work', note: null };
    const moved = granted(relocate(parts.next, move, doing()));
    await write([{ ...moved, before: parts.next }]);
    expect([await both(near), await both(far), await both('350122102')]).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
    ]);
    const relations = { [son]: 'son' };
    const joining = { relations, heldFrom: '2017-08-01', reason: 'shared-living', note: null };
    const asked = { order: joining, context: doing() };
    const merged = granted(mergeHouseholds(stays.next, moved.next, asked));
    await write([
      { ...merged.stays, before: stays.next },
      { ...merged.gone, before: moved.next },
    ]);
    expect([await both(VILLAGE), await both(far), await both('350122')]).toEqual([
      [1, 4],
      [0, 0],
      [1, 4],
    ]);
    await county.recount('rc_1', '350122');
    expect(county.drifts).toEqual([]);
  });
});
