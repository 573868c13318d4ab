import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { getRow, getVillage } from '../../functions/board/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { registeredIn } from '../../functions/core/figure.ts';
import type { Import, Outcome, Tally } from '../../functions/core/import.ts';
import { refusalsKey } from '../../functions/import/place.ts';
import { approve } from '../../functions/import/service.ts';
import { imports } from '../../functions/import/spec.ts';
import { getObject } from '../../functions/lib/objects.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { granted } from '../support/build.ts';
import { readAlone, type Taken, workAlone } from '../support/import-functions.ts';
import {
  countyGround,
  countyOffice,
  type ImportGround,
  MEMORY,
  townClerk,
} from '../support/import-ground.ts';
import { COUNTY, households, ledgerBook, type Person, villages } from '../support/ledger.ts';
import { fileMaker } from '../support/sheet.ts';

/** Persons in the ledger: a large county's in `npm run soak`, a town's otherwise. */
const PERSONS = process.env.SOAK ? 100_000 : 5000;
/** Instances of the chunk function at once: what two cores bear, of the ten it may have. */
const INSTANCES = 3;
const MINUTES = process.env.SOAK ? 60 : 5;
const families = households(PERSONS);
const persons = families.flat();
const file = await fileMaker();
let ground: ImportGround;

beforeAll(async () => {
  ground = await countyGround();
});
afterAll(() => ground.close());

type Tell = (message: string) => Promise<unknown>;

/** Every invocation stayed within the memory and the time of its function, and none failed. */
async function expectWithin(id: string, taken: Taken, tell: Tell): Promise<void> {
  const seconds = imports.functions.find((one) => one.id === id)?.timeoutSeconds ?? 0;
  const { invocations, megabytes } = taken;
  await tell(`${invocations} × ${id} ≤ ${taken.seconds.toFixed(1)} s, ≤ ${megabytes} MB`);
  expect(taken).toMatchObject({ failed: 0 });
  expect(taken.invocations).toBeGreaterThan(0);
  expect(taken.megabytes).toBeGreaterThan(0);
  expect(taken.megabytes).toBeLessThan(MEMORY);
  expect(taken.seconds).toBeLessThan(seconds);
}

/** Heads first, then everyone else: every household is torn apart over the whole file. */
function scattered(): readonly Person[] {
  const isHead = (one: Person) => Number(one.relation === '户主');
  return persons.toSorted((one, two) => isHead(two) - isHead(one));
}

/** Announces, uploads and reads. */
async function read(rows: readonly Person[], tell: Tell): Promise<Import> {
  const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
  const id = await ground.importer.upload(ledgerBook(rows), about, townClerk);
  await expectWithin('import-read', await readAlone(id, await ground.environment()), tell);
  return ground.importer.load(id);
}

async function work(id: string, tell: Tell): Promise<Import> {
  const taken = await workAlone(ground.post.sent, INSTANCES, await ground.environment());
  await expectWithin('import-chunk', taken, tell);
  const found = await ground.importer.load(id);
  // One message to begin with, then one for every chunk.
  expect(taken.invocations).toBe((found.chunks ?? 0) + 1);
  return found;
}

async function apply({ id, plan = '' }: Import, tell: Tell): Promise<Import> {
  granted(await approve(ground.importer.ports, countyOffice, { id, plan }));
  ground.post.sent.push(
    ...ground.importer.queue.splice(0).map((message) => JSON.stringify(message)),
  );
  return work(id, tell);
}

/** All rows and all households with one outcome, none with another. */
function all(outcome: Outcome): Tally {
  const none = { new: 0, changed: 0, unchanged: 0, conflicting: 0, refused: 0 };
  return {
    rows: { ...none, [outcome]: persons.length },
    entries: { ...none, [outcome]: families.length },
  };
}

/** The registry holds every household of the ledger in its village, each written once. */
async function expectRegistered(): Promise<void> {
  for (const { code, town, name } of villages) {
    const { rosters } = await getVillage(ground.tables.household, code);
    const own = families.filter(([head]) => head?.town === town && head.village === name);
    expect(rosters).toHaveLength(own.length);
    const members = rosters.reduce((sum, roster) => sum + roster.members.length, 0);
    expect(members).toBe(own.flat().length);
    expect(rosters.filter(({ version }) => version !== 1)).toEqual([]);
  }
}

/** Rows of the workbook that gives back what was refused, without its heading. */
async function rowsGivenBack(id: string): Promise<number> {
  const place = { bucket: ground.bucket.bucket, key: refusalsKey(id, 'match') };
  const path = await file(Buffer.from(await getObject(place)));
  let rows = -1;
  for await (const _ of readSheet(path, 'refusals.xlsx')) rows += 1;
  return rows;
}

describe('a long ledger with its rows scattered goes through, within the memory and the time of each function', () => {
  let planned: Import;

  it(
    'read, and matched chunk by chunk into a plan that holds every row',
    async ({ annotate }) => {
      const found = await read(scattered(), annotate);
      expect(found.fault).toBeUndefined();
      expect(found).toMatchObject({ state: 'matching' });
      expect(found.chunks).toBeGreaterThanOrEqual(Math.floor(families.length / 50));
      expect(ground.post.sent.map((text) => JSON.parse(text))).toEqual([
        { import: found.id, phase: 'match' },
      ]);
      planned = await work(found.id, annotate);
      expect(planned).toMatchObject({ state: 'planned', counts: all('new') });
    },
    MINUTES * 60_000,
  );

  it(
    'approved, and applied so that every household stands in its village, written once',
    async ({ annotate }) => {
      const applied = await apply(planned, annotate);
      expect(applied).toMatchObject({ state: 'applied', applied: all('new') });
      await expectRegistered();
    },
    MINUTES * 60_000,
  );

  it(
    'counted: the summary of the county says how many they are',
    async () => {
      const codes = villages.map(({ code }) => code);
      const above = new Set(codes.flatMap((code) => ancestorsOf(code)));
      const upwards = [...above].toSorted((one, two) => two.length - one.length);
      const store = summaryStore(ground.tables);
      for (const area of [...codes, ...upwards]) await recompute(store, area, '2019-03-01');
      const row = await getRow(ground.tables.summary, COUNTY);
      expect(row?.figures && registeredIn(row.figures)).toEqual({
        households: families.length,
        persons: persons.length,
      });
    },
    MINUTES * 60_000,
  );

  // A smaller one is taken in again by test/journey in every run.
  if (process.env.SOAK)
    it(
      'and taken in again it changes nothing',
      async ({ annotate }) => {
        const { id } = await read(scattered(), annotate);
        const again = await work(id, annotate);
        expect(again).toMatchObject({ state: 'planned', counts: all('unchanged') });
        const applied = await apply(again, annotate);
        expect(applied).toMatchObject({ state: 'applied', applied: all('unchanged') });
        await expectRegistered();
      },
      MINUTES * 60_000,
    );
});

it(
  'a long ledger of which nothing is taken is given back whole, within the memory and the time of each function',
  async ({ annotate }) => {
    const nowhere = scattered().map((one) => ({ ...one, village: '无此村' }));
    const { id } = await read(nowhere, annotate);
    const planned = await work(id, annotate);
    expect(planned).toMatchObject({ state: 'planned', counts: all('refused') });
    expect(await rowsGivenBack(id)).toBe(persons.length);
  },
  MINUTES * 60_000,
);
