import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { call } from '../../scripts/take-in.ts';
import { type County, openCounty } from '../support/county.ts';
import { figuresOf, inParallel, membersOf } from '../support/figures.ts';
import { COUNTY, divisionsCsv, households, ledgerBook, type Person } from '../support/ledger.ts';

const oldTown = `${COUNTY}101`;
const newTown = `${COUNTY}111`;
const otherTown = `${COUNTY}102`;
const folder = mkdtempSync(join(tmpdir(), 'bangfu-ledger-'));
const book = households(120);
const everybody = book.flat();

const Counted = z.looseObject({
  area: z.looseObject({ code: z.string(), name: z.string() }),
  households: z.looseObject({ registered: z.number() }),
  persons: z.looseObject({ registered: z.number() }),
});
const Board = Counted.extend({ children: z.array(Counted) });
const Rows = z.array(z.looseObject({ id: z.string() }));
const File = z.looseObject({
  id: z.string(),
  number: z.string(),
  village: z.string(),
  members: z.array(z.looseObject({ id: z.string() })),
  events: z.array(z.looseObject({ kind: z.string(), source: z.string().nullable() })),
});
const Change = z.looseObject({ id: z.string(), state: z.string(), households: z.number() });
const Recounts = z.looseObject({
  drift: z.number(),
  recounts: z.array(
    z.looseObject({ id: z.string(), finishedAt: z.string().nullable(), households: z.number() }),
  ),
});

let county: County;
/** Households of the old town before the change: id -> village. */
const homes = new Map<string, string>();
let before: z.infer<typeof Board>;
let change: z.infer<typeof Change>;

function ledger(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const board = async (code: string, token?: string) =>
  Board.parse(await county.ask(`/areas/${code}/board`, token));
const listed = async (area: string, token?: string) =>
  Rows.parse(await membersOf(county, `/households?area=${area}`, { token }))
    .map(({ id }) => id)
    .toSorted();
const file = async (id: string, token?: string) =>
  File.parse(await county.ask(`/households/${id}`, token));
const post = async (path: string, body: unknown, areas = COUNTY) =>
  call(`${county.run.url}${path}`, await county.token(areas), { method: 'POST', body });
/** Someone whose token was made before the change. */
const holderOf = (code: string) => county.token(code, 'office', `clerk-${randomUUID()}`);
const inNewTown = (village: string) => village.replace(oldTown, newTown);

function inTown(town: string): readonly (readonly Person[])[] {
  return book.filter(([head]) => head?.town === town);
}

/** Waits until nothing is under way; what a dead worker held, or a fault sent back, is handed out again at once. */
async function settle(): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    county.run.faults.redeliver();
    const isQuiet = await county.run.idle(2000).then(
      () => true,
      () => false,
    );
    if (isQuiet) return;
    if (Date.now() > until) throw new Error('the county does not come to rest');
  }
}

async function latestRecount(): Promise<z.infer<typeof Recounts>> {
  return Recounts.parse(await county.ask(`/recounts/latest?area=${COUNTY}`));
}

/** The account of a recount that has ended, of every household there is, and is not the one before. */
async function expectNoDrift(previous: string | undefined): Promise<void> {
  await settle();
  const { drift, recounts } = await latestRecount();
  expect(recounts).toHaveLength(1);
  const [last] = recounts;
  expect(last?.id).not.toBe(previous);
  expect(last?.finishedAt).not.toBeNull();
  expect(last?.households).toBe(book.length);
  expect(drift).toBe(0);
}

async function recount(): Promise<void> {
  const previous = (await latestRecount()).recounts[0]?.id;
  await county.run.trigger('recount');
  await expectNoDrift(previous);
}

beforeAll(async () => {
  county = await openCounty(COUNTY, '2018-12-31');
  await county.take({ kind: 'divisions', path: ledger('区划.csv', divisionsCsv()) });
  await county.take({ kind: 'registry', path: ledger('台账.xlsx', ledgerBook(everybody)) });
  before = await board(COUNTY);
  const town = Rows.parse(await membersOf(county, `/households?area=${oldTown}`));
  await inParallel(4, town, async ({ id }) => {
    homes.set(id, (await file(id)).village);
  });
}, 120_000);
afterEach(() => {
  county.run.faults.stream(undefined);
  county.run.faults.queue(undefined);
});
afterAll(async () => {
  await county?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a town that gets a new code and name', () => {
  it('moves as a whole, though records and messages come twice, in any order, and a worker dies', async () => {
    expect(before.households.registered).toBe(book.length);
    expect(before.persons.registered).toBe(everybody.length);
    expect(homes.size).toBe(inTown('样东镇').length);
    const { faults } = county.run;
    faults.stream((records) => [...records, ...records].toReversed());
    faults.queue((messages) => [...messages, ...messages].toReversed());
    faults.killNext('AreaChange', 40);
    faults.killNext('Summarise', 20);
    change = Change.parse(
      await post('/division-changes', {
        kind: 'rename',
        code: oldTown,
        newCode: newTown,
        name: '样东新镇',
        effective: '2018-12-01',
        reason: '撤乡设镇',
        document: '样政〔2018〕9号',
      }),
    );
    await expect
      .poll(
        async () => {
          await settle();
          return Change.parse(await county.ask(`/division-changes/${change.id}`));
        },
        { timeout: 60_000 },
      )
      .toMatchObject({ state: 'done', households: homes.size });
    faults.stream(undefined);
    faults.queue(undefined);
    // Everything the streams still hold is told once more, years of it at once.
    await faults.replay('Household');
    await faults.replay('Summary');
    await settle();
    // Functions believe for a minute how divisions stand.
    await county.run.clock('+2m');
  }, 120_000);

  it('has the figures it had, and so has its county', async () => {
    const after = await board(COUNTY);
    const moved = ({ area: _, ...figures }: z.infer<typeof Counted>) =>
      JSON.parse(JSON.stringify(figures).replaceAll(oldTown, newTown));
    const byCode = new Map(after.children.map((child) => [child.area.code, child]));
    expect(byCode.has(oldTown)).toBe(false);
    expect(byCode.get(newTown)?.area.name).toBe('样东新镇');
    expect(after.persons).toEqual(moved(before).persons);
    for (const child of before.children) {
      const now = byCode.get(child.area.code.replace(oldTown, newTown));
      expect(now && moved(now)).toEqual(moved(child));
    }
    const town = await board(newTown);
    const persons = inTown('样东镇').flat().length;
    expect(town.persons.registered).toBe(persons);
    const sum = town.children.reduce((all, village) => all + village.persons.registered, 0);
    expect(sum).toBe(persons);
    const [village] = [...homes.values()].map(inNewTown);
    const inVillage = [...homes.values()].filter((code) => inNewTown(code) === village);
    expect((await board(village ?? '')).households.registered).toBe(inVillage.length);
  });

  it('has behind every figure a list of as many members', async () => {
    const [village = ''] = [...homes.values()].map(inNewTown);
    const wrong: unknown[] = [];
    let followed = 0;
    const figures = figuresOf(await county.ask(`/areas/${village}/board`));
    await inParallel(4, figures, async ({ path, value, list }) => {
      followed += 1;
      const members = await membersOf(county, list);
      if (members.length !== value) wrong.push({ path, value, counted: members.length });
    });
    expect(wrong).toEqual([]);
    expect(followed).toBeGreaterThan(40);
    expect(await listed(newTown)).toEqual([...homes.keys()].toSorted());
    expect(await listed(COUNTY)).toHaveLength(book.length);
  }, 60_000);

  it('keeps the file, number and history of every household, and what was written under the old code', async () => {
    await inParallel(4, [...homes], async ([id, village]) => {
      const { events, ...found } = await file(id);
      expect(found).toMatchObject({ id, village: inNewTown(village) });
      const [move, ...earlier] = events;
      expect(move?.source).toBe(change.id);
      expect(JSON.stringify(move)).toContain(village);
      expect(earlier.length).toBeGreaterThan(0);
      expect(events.filter(({ source }) => source === change.id)).toHaveLength(1);
      const then = File.parse(await county.ask(`/households/${id}?asOf=2018-11-30`));
      expect(then.village).toBe(village);
    });
  }, 60_000);

  it('is still worked in by those whose token, bookmark or address names the old code', async () => {
    const token = await holderOf(oldTown);
    const [id = '', village = ''] = [...homes].at(0) ?? [];
    expect(await board(oldTown, token)).toEqual(await board(newTown, await holderOf(newTown)));
    expect(await listed(oldTown, token)).toEqual([...homes.keys()].toSorted());
    expect((await file(id, token)).id).toBe(id);
    const clerk = await holderOf(village);
    const neighbours = [...homes].filter(([, home]) => home === village).map(([one]) => one);
    expect(await listed(village, clerk)).toEqual(neighbours.toSorted());
    const stranger = await holderOf(otherTown);
    await expect(file(id, stranger)).rejects.toThrow('404');
    await expect(board(oldTown, stranger)).rejects.toThrow('404');
  });

  it('is found when one of its people is looked up, by the old token too', async () => {
    const [first] = inTown('样东镇');
    const [head] = first ?? [];
    const asked = { identityNumber: head?.identity };
    for (const areas of [COUNTY, oldTown, newTown]) {
      const found = await post('/persons/lookup', asked, areas);
      expect(found).toMatchObject({ household: { number: head?.number } });
      expect(JSON.stringify(found)).toContain(`"village":"${newTown}`);
    }
    await expect(post('/persons/lookup', asked, otherTown)).rejects.toThrow('404');
  });

  it('leaves an old code that is closed and leads to the new one, in the town and in its villages', async () => {
    const codes = [oldTown, ...new Set(homes.values())];
    for (const code of codes)
      expect(await county.ask(`/areas/${code}`)).toMatchObject({
        code,
        validTo: '2018-11-30',
        successors: [inNewTown(code)],
        change: null,
      });
    const children = z.object({ children: z.array(z.looseObject({ code: z.string() })) });
    const { children: open } = children.parse(await county.ask(`/areas/${COUNTY}/children`));
    expect(open.map(({ code }) => code)).toContain(newTown);
    expect(open.map(({ code }) => code)).not.toContain(oldTown);
  });

  it('shows no drift when it is recounted', recount, 60_000);

  it('takes the same ledger under its new name, and nothing changes', async () => {
    const renamed = everybody.map((person) =>
      person.town === '样东镇' ? { ...person, town: '样东新镇' } : person,
    );
    const path = ledger('台账-新名.xlsx', ledgerBook(renamed));
    const { counts } = await county.take({ kind: 'registry', path });
    expect(counts).toMatchObject({ rows: everybody.length, unchanged: everybody.length });
  }, 60_000);

  it('shows no drift after the night either, though its messages come twice', async () => {
    const previous = (await latestRecount()).recounts[0]?.id;
    county.run.faults.queue((messages) => [...messages, ...messages]);
    await county.run.clock('+1d');
    county.run.faults.queue(undefined);
    await expectNoDrift(previous);
    expect((await board(COUNTY)).households.registered).toBe(book.length);
  }, 120_000);
});
