import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { householdsIn, registeredIn } from '../../functions/core/figure.ts';
import { figuresOf } from '../../functions/core/figure-name.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import type { SnapshotMessage } from '../../functions/core/snapshot.ts';
import { deleteItem, putItem, queryAll } from '../../functions/lib/dynamo.ts';
import { check } from '../../functions/snapshot/check.ts';
import { loadVillage } from '../../functions/snapshot/object.ts';
import { getSnapshots, unfinished } from '../../functions/snapshot/table.ts';
import { work } from '../../functions/snapshot/work.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, storeOf, write } from '../support/store.ts';
import { correct, Desk, home, open, poor } from './ground.ts';

let bucket: TestBucket;
let tables: Tables;
let desk: Desk;
let next = 0;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
});
beforeEach(() => {
  desk = new Desk(tables, bucket.bucket);
});
afterAll(() => bucket.close());

/** A county of its own with two towns, three villages and four households, two of them exited. */
async function county() {
  next += 1;
  const code = `3501${String(next).padStart(2, '0')}`;
  const villages = ['101201', '101202', '102201'].map((rest) => code + rest);
  const [first = '', second = '', third = ''] = villages;
  await open(tables, villages);
  const exited = { status: 'exited', exitYear: 2016 };
  const files = [
    await home(tables, first, exited),
    await home(tables, first),
    await home(tables, second),
    await home(tables, third, exited),
  ];
  await poor(tables, first);
  return { code, villages, first, files };
}

async function frozenIn(area: string, year = 2016) {
  const row = await desk.ports.row(year, area);
  if (!row) return undefined;
  const figures = figuresOf(row.figures);
  const exited = householdsIn(figures, { id: 'exited', values: ['yes', 'no'] }, 'yes');
  return [registeredIn(figures).households, exited.households];
}

/** Everything that is stored of a frozen county. */
async function everything({ code, villages }: { code: string; villages: readonly string[] }) {
  const rows = [];
  for (const area of [code.slice(0, 4), code, `${code}101`, `${code}102`])
    for await (const item of queryAll(tables.summary, { pk: `Y#2016#${area}` }))
      if (String(item.sk).startsWith(code)) rows.push(item);
  const objects = [];
  for (const one of villages) objects.push(await loadVillage(bucket.bucket, 2016, one));
  return { rows, objects, snapshots: await getSnapshots(tables.job, code) };
}

describe('a year of a county that is frozen', () => {
  it('holds who was on the register on its last day and in what status, village by village and added up, with all that is known by then', async () => {
    const at = await county();
    const [, later] = at.files;
    if (!later) throw new Error('unreachable');
    const facts = { waterSafe: true, status: 'pre-exit' };
    await correct(tables, later, { facts, heldFrom: '2017-05-01' });
    const snapshot = await desk.freeze(at.code);
    expect(snapshot).toMatchObject({ day: '2016-12-31', actor: 'county-office', chunks: 2 });
    expect(await frozenIn(at.first)).toEqual([2, 1]);
    expect(await frozenIn(`${at.code}101`)).toEqual([3, 1]);
    expect(await frozenIn(at.code)).toEqual([4, 2]);
    const object = await loadVillage(bucket.bucket, 2016, at.first);
    expect(object).toMatchObject({ isWhole: true, profile: { poor: true, population: 1000 } });
    expect(object?.rosters.map(({ waterSafe }) => waterSafe)).toEqual([null, true]);
    expect(object?.rosters.map(({ status }) => status)).toEqual(['exited', 'unexited']);
    expect(await unfinished(tables.job)).toEqual([]);
    expect(await check(desk.checks, { area: at.code, year: 2016 })).toMatchObject({
      drift: 0,
      faults: [],
      ...{ villages: 3, households: 4, persons: 8 },
      hashes: [{ county: at.code, hash: snapshot.hash }],
    });
  });

  it('stays as it is whatever is entered, asked or told afterwards', async () => {
    const at = await county();
    await desk.freeze(at.code);
    const before = await everything(at);
    for (const file of at.files.slice(1, 3))
      await correct(tables, file, {
        facts: { status: 'exited', exitYear: 2016 },
        heldFrom: '2016-11-01',
      });
    await home(tables, at.first);
    expect(await desk.ask(at.code)).toMatchObject({ refused: 'snapshot-exists' });
    const told: SnapshotMessage[] = [
      { step: 'year', area: at.code, year: 2016 },
      { step: 'open', county: at.code, year: 2016 },
      { step: 'town', county: at.code, year: 2016, chunk: 0 },
      { step: 'town', county: at.code, year: 2016, chunk: 1 },
      { step: 'close', county: at.code, year: 2016 },
    ];
    desk.queue.push(...told, ...told);
    await desk.drain();
    const [town] = before.snapshots;
    if (!town) throw new Error('unreachable');
    // Not even one whose state was set back is frozen anew: objects and rows stand.
    const key = { pk: `Y#${at.code}`, sk: '2016' };
    await putItem(tables.job, { ...key, v: 1, ...town, state: 'running' });
    for (const chunk of await desk.ports.chunks(town.job))
      await desk.ports.saveChunk(town.job, { ...chunk, isDone: false });
    desk.queue.push({ step: 'town', county: at.code, year: 2016, chunk: 0 });
    desk.queue.push({ step: 'town', county: at.code, year: 2016, chunk: 1 });
    await expect(desk.drain()).rejects.toThrow('changed while it was being ended');
    await putItem(tables.job, { ...key, v: 1, ...town });
    expect(await everything(at)).toEqual(before);
    expect(await check(desk.checks, { area: at.code, year: 2016 })).toMatchObject({ drift: 0 });
  });

  it('cannot be asked for while the year runs, twice, or of a place nobody knows', async () => {
    const at = await county();
    expect(await desk.ask(at.code, 2017)).toEqual({
      refused: 'snapshot-year-not-over',
      values: { year: 2017, day: '2017-12-31' },
    });
    expect(await desk.ask('350199')).toMatchObject({ refused: 'area-unknown' });
    const both = await Promise.all([desk.ask(at.code), desk.ask(at.code, 2016, 'second')]);
    expect(both.filter((one) => 'ok' in one)).toHaveLength(1);
    expect(both).toContainEqual(expect.objectContaining({ refused: 'snapshot-exists' }));
    const [only] = await getSnapshots(tables.job, at.code);
    const [won] = both.flatMap((one) => ('ok' in one ? [one.ok] : []));
    expect(only).toEqual(won);
    expect(await desk.ports.chunks(won?.job ?? '')).toHaveLength(2);
  });

  it('goes by the messages, however often and in whatever order they come', async () => {
    const at = await county();
    granted(await desk.ask(at.code));
    const all: SnapshotMessage[] = [
      { step: 'close', county: at.code, year: 2016 },
      { step: 'town', county: at.code, year: 2016, chunk: 1 },
      { step: 'town', county: at.code, year: 2016, chunk: 0 },
      { step: 'open', county: at.code, year: 2016 },
    ];
    await Promise.all([...all, ...all].map((one) => work(desk.ports, one)));
    const [running] = await getSnapshots(tables.job, at.code);
    if (running?.state === 'running') {
      const again = desk.queue.splice(0);
      await Promise.all([...again, ...again].map((one) => work(desk.ports, one)));
    }
    await desk.drain();
    expect(await getSnapshots(tables.job, at.code)).toMatchObject([{ state: 'frozen' }]);
    expect(await frozenIn(at.code)).toEqual([4, 2]);
    expect(await check(desk.checks, { area: at.code, year: 2016 })).toMatchObject({ drift: 0 });
  });

  it('is the year that is over in every county with households, when the schedule asks', async () => {
    const at = await county();
    desk.now = new Date('2017-12-31T16:10:00Z');
    const today = () => '2018-01-01';
    const inside = async (area: string) => (area === '0' ? ['35'] : area === '35' ? [at.code] : []);
    const ports = { ...desk.ports, today, inside };
    await work(ports, { step: 'year', area: '0', year: 2017 });
    await work(ports, { step: 'year', area: '0', year: 2017 });
    for (let due = desk.queue.shift(); due; due = desk.queue.shift()) await work(ports, due);
    expect(await getSnapshots(tables.job, at.code)).toMatchObject([
      { year: 2017, state: 'frozen', actor: 'schedule', role: null, reason: null },
    ]);
  });
});

describe('a frozen year that was tampered with', () => {
  const found = async (area: string) => {
    const answer = await check(desk.checks, { area, year: 2016 });
    if ('refused' in answer) throw new Error(answer.refused);
    return answer.faults;
  };

  it('is found by its row, its sum or its digest', async () => {
    const at = await county();
    await desk.freeze(at.code);
    const row = await desk.ports.row(2016, at.first);
    if (!row) throw new Error('unreachable');
    const figures = { ...row.figures, registered: [9, 9] as [number, number] };
    const key = { pk: `Y#2016#${at.code}101`, sk: at.first };
    const item = { v: 1, named: 1, ...row, area: undefined };
    await putItem(tables.summary, { ...key, ...item, figures: JSON.stringify(figures) });
    expect(await found(at.code)).toEqual([
      { area: `${at.code}101`, fault: 'parts-differ' },
      { area: at.first, fault: 'figures-differ' },
    ]);
    await deleteItem(tables.summary, key);
    expect(await found(at.code)).toEqual([
      { area: `${at.code}101`, fault: 'parts-differ' },
      { area: at.first, fault: 'row-missing' },
    ]);
  });

  it('is found by an object that was changed, replaced by another or taken away', async () => {
    const at = await county();
    await desk.freeze(at.code);
    const { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } = await import(
      '@aws-sdk/client-s3'
    );
    const place = { Bucket: bucket.bucket, Key: `snapshots/2016/${at.code}/${at.first}.jsonl` };
    const { Body } = await bucket.client.send(new GetObjectCommand(place));
    const text = (await Body?.transformToString()) ?? '';
    const put = (body: string) =>
      bucket.client.send(new PutObjectCommand({ ...place, Body: Buffer.from(body) }));
    const changed = [{ area: at.first, fault: 'object-changed' }];
    await put(text.replace('样', '祥'));
    expect(await found(at.code)).toEqual(changed);
    await put('{"v":1}\n');
    expect(await found(at.first)).toEqual(changed);
    await put(text);
    expect(await found(at.code)).toEqual([]);
    await bucket.client.send(new DeleteObjectCommand(place));
    expect(await found(`${at.code}101`)).toEqual([{ area: at.first, fault: 'object-missing' }]);
  });

  it('is told of where a household was put elsewhere for that day while it was frozen', async () => {
    const at = await county();
    const [file] = at.files;
    const [, second = ''] = at.villages;
    if (!file) throw new Error('unreachable');
    const move = { village: second, heldFrom: '2016-09-01', reason: '更正' };
    const readers = desk.ports.villages();
    const ports: typeof desk.ports = {
      ...desk.ports,
      villages: () => async (code, day) => {
        const read = await readers(code, day);
        const change = code === at.first ? moveHousehold(file, move, doing()) : undefined;
        if (change) granted(await write(storeOf(tables), file, granted(change)));
        return read;
      },
    };
    granted(await desk.ask(at.code));
    await work(ports, { step: 'open', county: at.code, year: 2016 });
    for (let due = desk.queue.shift(); due; due = desk.queue.shift()) await work(ports, due);
    expect(await found(at.code)).toEqual([
      { area: at.first, fault: 'household-twice' },
      { area: second, fault: 'household-twice' },
    ]);
  });
});
