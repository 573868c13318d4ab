import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamo, type Item, putItem, useDynamo } from '../../functions/lib/dynamo.ts';
import { handler, type Report } from '../../functions/restore/handler.ts';
import { keyOf } from '../../functions/restore/rule.ts';
import { freshTables, type Tables, testClient } from '../support/database.ts';
import { contents, fileOf, locksOf, lose, putAll, village } from './county.ts';

const hasTime = { getRemainingTimeInMillis: () => 900_000 };
const isLate = { getRemainingTimeInMillis: () => 1000 };

let tables: Tables;
let mark = 0;

/** A table as point-in-time recovery would have made it. */
async function recovered(rows: readonly Item[], sorted = true): Promise<string> {
  mark += 1;
  const name = `bangfu-test-restored-${crypto.randomUUID().slice(0, 8)}-${mark}`;
  const keys = sorted ? ['pk', 'sk'] : ['pk'];
  await dynamo().send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: keys.map((key) => ({
        AttributeName: key,
        KeyType: key === 'pk' ? 'HASH' : 'RANGE',
      })),
    }),
  );
  await putAll(name, rows);
  return name;
}

async function restored(event: unknown, context = hasTime): Promise<Report> {
  const answer = await handler(event, context);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer;
}

function total({ counts }: Report): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const ids = Array.from({ length: 70 }, (_, index) => `hh_${String(index).padStart(3, '0')}`);
const county = ids.flatMap((id, index) => fileOf(id, 1 + (index % 4), 1 + (index % 6)));
const profile = { pk: `V#${village}`, sk: '0', v: 1, version: 3, poor: true };

beforeEach(async () => {
  process.env.STAGE = 'test';
  tables = await freshTables();
});

describe('a table that was lost comes back', () => {
  it('every row of every household, its roster and its village, exactly as they were', async () => {
    const rows = [...county, profile];
    const from = await recovered(rows);
    const report = await restored({ from, to: 'household', mode: 'missing' });
    expect(report.state).toBe('done');
    expect(report.counts.put).toBe(rows.length);
    expect(total(report)).toBe(rows.length);
    expect(await contents(tables.household)).toEqual(await contents(from));
  });

  it('done twice, nothing changes and the report says so', async () => {
    const from = await recovered(county);
    await restored({ from, to: 'household', mode: 'missing' });
    const before = await contents(tables.household);
    const again = await restored({ from, to: 'household', mode: 'missing', segments: 3 });
    expect(again.counts).toMatchObject({ put: 0, present: county.length });
    expect(await contents(tables.household)).toEqual(before);
  });

  it('segment by segment, in any order, as well as all at once', async () => {
    const from = await recovered(county);
    const order = { from, to: 'household', mode: 'missing', segments: 5 };
    const reports: Report[] = [];
    for (const segment of [3, 0, 4, 1, 2]) reports.push(await restored({ ...order, segment }));
    expect(reports.reduce((sum, report) => sum + total(report), 0)).toBe(county.length);
    expect(await contents(tables.household)).toEqual(await contents(from));
  });
});

describe('what was done for a household and its persons', () => {
  it('comes back row by row, and a visit corrected since stays corrected', async () => {
    const pk = 'H#hh_visited';
    const visit = { pk, sk: 'V#2017-10-20#vs_1', v: 1, version: 1, found: '屋顶漏雨' };
    const rows = [
      { pk, sk: '0#visit', v: 1, version: 1, lastOn: '2017-10-20', count: 1 },
      visit,
      { pk: 'I#vs_1', sk: '0', v: 1, version: 1 },
      { pk: 'N#per_1', sk: '0', v: 1, version: 2 },
      { pk: 'N#per_1', sk: 'W#000001', v: 1, version: 1 },
      { pk: 'N#per_1', sk: 'F#2017-10-01#fu_1', v: 1 },
    ];
    const from = await recovered(rows);
    const corrected = { ...visit, version: 2, found: '屋顶已修' };
    await putAll(tables.care, [corrected]);
    for (const mode of ['missing', 'overwrite'] as const)
      expect((await restored({ from, to: 'care', mode })).state).toBe('done');
    const standing = [...(await contents(tables.care)).values()];
    expect(standing).toHaveLength(rows.length);
    expect(standing).toContainEqual(corrected);
  });
});

describe('what happened since the backup stays', () => {
  it('a household changed since keeps its newer state, also the members it no longer has', async () => {
    const old = fileOf('hh_moved_on', 4, 5);
    const from = await recovered(old);
    const now = fileOf('hh_moved_on', 6, 2);
    await putAll(tables.household, now);
    const before = await contents(tables.household);
    const report = await restored({ from, to: 'household', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: 0, newer: 7, present: 4 });
    const forced = await restored({ from, to: 'household', mode: 'overwrite' });
    expect(forced.counts).toMatchObject({ put: 0, newer: 7, present: 4 });
    expect(await contents(tables.household)).toEqual(before);
  });

  it('rows lost from a file that has not changed since are put back one by one', async () => {
    const file = fileOf('hh_torn', 3, 4);
    const from = await recovered(file);
    await putAll(tables.household, file);
    const gone = file.filter((row) => /^(1#per|3#)/.test(String(row.sk)));
    await lose(tables.household, gone);
    const report = await restored({ from, to: 'household', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: gone.length, present: file.length - gone.length });
    expect(await contents(tables.household)).toEqual(await contents(from));
  });

  it('a lost event comes back even where the household has moved on', async () => {
    const old = fileOf('hh_event', 3);
    const from = await recovered(old);
    const now = fileOf('hh_event', 5);
    await putAll(tables.household, now);
    await lose(tables.household, [{ pk: 'H#hh_event', sk: '3#999999997' }]);
    const report = await restored({ from, to: 'household', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: 1, present: 2 });
    expect((await contents(tables.household)).size).toBe(now.length);
  });

  it('an older file is replaced as a whole only when asked, stray members and its roster elsewhere included', async () => {
    const from = await recovered(fileOf('hh_back', 5, 2));
    const elsewhere = '350122101299';
    const stale = fileOf('hh_back', 2, 4).map((row) =>
      row.sk === '0'
        ? { ...row, facts: [{ heldFrom: '2016-05-01', values: { village: elsewhere } }] }
        : { ...row, ...(String(row.pk).startsWith('V#') && { pk: `V#${elsewhere}` }) },
    );
    await putAll(tables.household, stale);
    const careful = await restored({ from, to: 'household', mode: 'missing' });
    expect(careful.counts).toMatchObject({ older: 4 });
    const asked = await restored({ from, to: 'household', mode: 'overwrite' });
    expect(asked.counts.put).toBe(4);
    expect(await contents(tables.household)).toEqual(await contents(from));
  });

  it('the roster of a household struck off comes back with its file, and not where the household has moved since', async () => {
    const struckOff = (id: string) =>
      fileOf(id, 3).map((row) => {
        const values = { village, status: 'struck-off' };
        return row.sk === '0' ? { ...row, facts: [{ heldFrom: '2016-05-01', values }] } : row;
      });
    const from = await recovered([...struckOff('hh_gone'), ...struckOff('hh_moved')]);
    const elsewhere = '350122101209';
    const moved = fileOf('hh_moved', 4).map((row) =>
      String(row.pk).startsWith('V#') ? { ...row, pk: `V#${elsewhere}` } : row,
    );
    await putAll(tables.household, moved);
    const report = await restored({ from, to: 'household', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: struckOff('hh_gone').length, newer: 5 });
    const rosters = [...(await contents(tables.household)).values()]
      .filter(({ pk }) => String(pk).startsWith('V#'))
      .map(({ pk, sk }) => [pk, sk]);
    expect(rosters.sort()).toEqual([
      [`V#${village}`, '1#hh_gone'],
      [`V#${elsewhere}`, '1#hh_moved'],
    ]);
  });

  it('who left a village is found there again, also where the household has changed since', async () => {
    const left = { pk: `V#${village}`, sk: '2#hh_left', v: 1, leftOn: '2017-03-01' };
    const from = await recovered([left]);
    expect((await restored({ from, to: 'household', mode: 'missing' })).counts.put).toBe(1);
    await putItem(tables.household, { ...left, leftOn: '2017-06-01' });
    expect((await restored({ from, to: 'household', mode: 'overwrite' })).counts.present).toBe(1);
    const standing = [...(await contents(tables.household)).values()];
    expect(standing).toContainEqual({ ...left, leftOn: '2017-06-01' });
  });

  it('a division of a lower version is put back only when asked', async () => {
    const saved = { pk: 'A#350122101', sk: '0', v: 1, version: 4, name: '潘渡镇' };
    const from = await recovered([saved]);
    await putItem(tables.area, { ...saved, version: 2, name: '潘渡乡' });
    expect((await restored({ from, to: 'area', mode: 'missing' })).counts.present).toBe(1);
    expect((await restored({ from, to: 'area', mode: 'overwrite' })).counts.put).toBe(1);
    await putItem(tables.area, { ...saved, version: 5, name: '潘渡街道' });
    const late = await restored({ from, to: 'area', mode: 'overwrite', segments: 2 });
    expect(late.counts.present).toBe(1);
    expect([...(await contents(tables.area)).values()]).toMatchObject([{ name: '潘渡街道' }]);
  });

  it('the lock of a person who has left comes back freed and keeps her out of no household', async () => {
    const freed = {
      pk: 'P#hash-of-freed',
      v: 1,
      household: 'hh_lock',
      person: 'per_gone',
      live: false,
    };
    const locks = [...locksOf('hh_lock', 3), freed];
    const from = await recovered(locks, false);
    await putAll(tables.household, fileOf('hh_lock', 2, 2));
    const report = await restored({ from, to: 'identity', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: locks.length, orphan: 0 });
    const inForce = [...(await contents(tables.identity)).values()]
      .filter(({ live }) => live)
      .map(({ pk }) => pk);
    expect(inForce.sort()).toEqual([
      'N#350122#hh_lock',
      'P#hash-of-hh_lock-0',
      'P#hash-of-hh_lock-1',
    ]);
  });

  it('answers kept for a day are not brought back after it', async () => {
    const rows = [
      { pk: 'X#sub#route#1', sk: '0', v: 1, expiresAt: 1 },
      { pk: 'L#350122#2017-10-23', sk: '09:00#1', v: 1 },
    ];
    const from = await recovered(rows);
    const report = await restored({ from, to: 'access', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: 1, expired: 1 });
  });

  it('frozen figures come back, those of boards come again by themselves', async () => {
    const rows = [
      { pk: 'Y#2016#350122', sk: '350122101', v: 1, figures: '{}' },
      { pk: 'S#350122', sk: '350122101', v: 1, version: 3 },
    ];
    const from = await recovered(rows);
    const report = await restored({ from, to: 'summary', mode: 'missing' });
    expect(report.counts).toMatchObject({ put: 1, present: 1 });
    expect([...(await contents(tables.summary)).values()]).toEqual(rows.slice(0, 1));
  });
});

describe('a job that is stopped goes on where it was', () => {
  it('out of time again and again, every row is looked at once and comes back', async () => {
    const from = await recovered(county);
    const order = { from, to: 'household', mode: 'missing', segments: 2 };
    let report = await restored(order, isLate);
    let turns = 1;
    for (; report.state !== 'done'; turns += 1) report = await restored(order, isLate);
    expect(turns).toBeGreaterThan(1);
    expect(total(report)).toBe(county.length);
    expect(await contents(tables.household)).toEqual(await contents(from));
  });

  it.each([3, 57, 150])('killed at write %i, then called again', async (fatal) => {
    const from = await recovered(county);
    const order = { from, to: 'household', mode: 'missing', segments: 2 };
    let writes = 0;
    const mortal = await testClient();
    mortal.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          if (/Put|Transact/.test(commandName)) writes += 1;
          if (writes >= fatal) throw new Error('killed');
          return next(args);
        },
      { step: 'build' },
    );
    const healthy = dynamo();
    useDynamo(mortal);
    await expect(handler(order, hasTime)).rejects.toThrow('killed');
    useDynamo(healthy);
    const report = await restored(order);
    expect(report.state).toBe('done');
    expect(await contents(tables.household)).toEqual(await contents(from));
  });

  it('two workers at the same segment do not harm each other', async () => {
    const from = await recovered(county);
    const order = { from, to: 'household', mode: 'missing', segments: 1 };
    const both = await Promise.all([restored(order), restored(order)]);
    expect(both.map(({ state }) => state)).toContain('done');
    expect(await contents(tables.household)).toEqual(await contents(from));
  });
});

describe('what the job does not do', () => {
  it('it reads no table that is not a recovered one of this stage', async () => {
    const other = { to: 'household', mode: 'missing' };
    for (const from of [tables.household, 'bangfu-prod-restored-x', 'bangfu-test-restored-none']) {
      expect(await handler({ ...other, from }, hasTime)).toMatchObject({
        refused: 'restore-table-unknown',
      });
    }
  });

  it('an order it does not understand is refused with the field that is wrong', async () => {
    const order = { from: 'bangfu-test-restored-x', to: 'household', mode: 'missing' };
    expect(await handler({ ...order, mode: 'force' }, hasTime)).toMatchObject({
      refused: 'request-invalid',
      faults: [{ field: 'mode' }],
    });
    expect(await handler({ ...order, to: 'list' }, hasTime)).toMatchObject({
      faults: [{ field: 'to' }],
    });
    expect(await handler({ ...order, segments: 2, segment: 2 }, hasTime)).toMatchObject({
      refused: 'request-invalid',
    });
  });

  it('control: without its household in view a member would be raised from the dead', async () => {
    const old = fileOf('hh_control', 1, 2);
    const now = fileOf('hh_control', 2, 1);
    const live = new Set(now.map((row) => JSON.stringify(keyOf(row))));
    const naive = old.filter((row) => !live.has(JSON.stringify(keyOf(row))));
    expect(naive).toHaveLength(1);
    await putAll(tables.household, now);
    const report = await restored({
      from: await recovered(old),
      to: 'household',
      mode: 'missing',
    });
    expect(report.counts.put).toBe(0);
  });
});
