import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { recompute, type SummaryStore, summaryStore } from '../../functions/board/recompute.ts';
import { getRow } from '../../functions/board/table.ts';
import { parentOf } from '../../functions/core/division.ts';
import { equalFigures } from '../../functions/core/figure.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { inParallel } from '../support/figures.ts';
import { roster } from '../support/roster.ts';
import { type Message, random, staged, stagedList, Theatre, TODAY, World } from './world.ts';

/** `npm run soak` plays a thousand stories, `npm test` twenty. */
const SEEDS = process.env.SOAK ? 1000 : 20;
/** Stories that share tables: each plays in a province of its own, told by two digits. */
const PROVINCES = 80;
const FIRST_PROVINCE = 11;
/** Stories told side by side: most of a story is waiting for the database, and none can see another. */
const LANES = 4;
const ACTS = 9;
const OVERLAP = 4;

interface Place {
  readonly tables: Tables;
  readonly province: number;
}

interface Rules {
  /** Share of messages told twice. */
  readonly twice: number;
  /** Share of steps after or before which the consumer is killed; its message comes again. */
  readonly killed: number;
  /** What is done to the store, to show what happens without a rule. */
  readonly without?: (store: SummaryStore) => SummaryStore;
}

/** Tells the parent of each summary that was put with other figures, as the dispatcher does. */
function telling(store: SummaryStore, tell: (message: Message) => void): SummaryStore {
  return {
    ...store,
    put: async (before, area, found) => {
      const isPut = await store.put(before, area, found);
      const isSame =
        before?.figures !== undefined &&
        equalFigures(before.figures, found.tally.figures) &&
        before.until === found.tally.until;
      const parent = parentOf(area);
      if (isPut && !isSame && parent !== undefined) tell({ to: 'summary', area: parent });
      return isPut;
    },
  };
}

/** Plays one story: writes, messages in any order, some twice, overlapping consumers, some killed; until nothing is left to do. */
async function play(seed: number, { tables, province }: Place, rules: Rules): Promise<World> {
  const next = random(seed);
  const world = new World(tables, province, next);
  const theatre = new Theatre(next, rules.killed);
  const inbox = world.told;
  const plain = rules.without?.(summaryStore(tables)) ?? summaryStore(tables);
  const summaries = staged(
    telling(plain, (message) => inbox.push(message)),
    theatre,
  );
  const lists = stagedList(listStore(tables), theatre);
  let acts = 0;
  const consume = (message: Message) => {
    const work = () =>
      message.to === 'summary'
        ? recompute(summaries, message.area, TODAY)
        : relist(lists, message, TODAY);
    if (next() < rules.twice) inbox.push(message);
    theatre.start(work, (isKilled) => {
      if (isKilled) inbox.push(message);
    });
  };
  const one = async (lot: number) => {
    if (acts < ACTS && lot < 0.2) {
      await world.act();
      acts += 1;
    } else if (theatre.size < OVERLAP && lot < 0.6) {
      for (const message of inbox.splice(Math.floor(next() * inbox.length), 1)) consume(message);
    }
  };
  while (acts < ACTS || inbox.length > 0 || !theatre.isEmpty) {
    await one(next());
    await theatre.proceed(acts === ACTS && inbox.length === 0);
  }
  return world;
}

/** Every entry of the index by province, as `<partition> <sort key>`. */
async function entriesByProvince(list: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found: string[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = new ScanCommand({ TableName: list, ...(from && { ExclusiveStartKey: from }) });
    const { Items = [], LastEvaluatedKey } = await dynamo().send(page);
    found.push(...Items.map((item) => `${item.pk?.S} ${item.sk?.S}`));
    from = LastEvaluatedKey;
  } while (from);
  return Map.groupBy(found.toSorted(), (place) => place.slice(0, 2));
}

/** Plays the stories of some seeds in the same tables and looks whether each ended true. */
async function expectTrue(seeds: readonly number[], rules: Rules): Promise<void> {
  const tables = await freshTables();
  const worlds = new Map<number, World>();
  await inParallel(LANES, [...seeds.entries()], async ([at, seed]) => {
    const world = await play(seed, { tables, province: FIRST_PROVINCE + at }, rules);
    expect(await world.drift(tables.summary), `seed ${seed}`).toEqual([]);
    worlds.set(seed, world);
  });
  expect(worlds.size).toBe(seeds.length);
  const entries = await entriesByProvince(tables.list);
  for (const [seed, world] of worlds)
    expect(entries.get(world.province) ?? [], `seed ${seed}`).toEqual(world.entries());
}

describe('whatever happens to messages, summaries and lists end true', () => {
  it(
    'told twice, out of order, by overlapping consumers of which some are killed',
    async () => {
      for (let first = 1; first <= SEEDS; first += PROVINCES) {
        const lot = Math.min(PROVINCES, SEEDS - first + 1);
        const seeds = Array.from({ length: lot }, (_, at) => first + at);
        await expectTrue(seeds, { twice: 0.2, killed: 0.04 });
      }
    },
    SEEDS * 10_000,
  );

  it('without the version guard some summary ends wrong, so the stories are hard enough to tell', async () => {
    const tables = await freshTables();
    const without = (store: SummaryStore): SummaryStore => ({
      ...store,
      put: async (_, area, found) => store.put(await getRow(tables.summary, area), area, found),
    });
    let wrong = 0;
    for (let seed = 1; seed <= 20 && wrong === 0; seed += 1) {
      const place = { tables, province: FIRST_PROVINCE + seed };
      const world = await play(seed, place, { twice: 0.2, killed: 0.04, without });
      wrong += (await world.drift(tables.summary)).length;
    }
    expect(wrong).toBeGreaterThan(0);
  }, 200_000);
});

describe('a pass that finds equal figures still counts as a pass', () => {
  /** The first consumer is held up after it has read the village; meanwhile the change it saw is undone and the message of that is worked on. */
  async function undoneMeanwhile(
    second: (store: SummaryStore, village: string) => Promise<unknown>,
  ) {
    const tables = await freshTables();
    const world = new World(tables, FIRST_PROVINCE, random(7));
    const [village = ''] = world.villages;
    const put = (one: Roster) => putItem(tables.household, world.item(one));
    const before = roster({ id: 'hh_1', village, mainCause: 'illness' });
    await put(before);
    const store = summaryStore(tables);
    await recompute(store, village, TODAY);
    await put({ ...before, version: 2, mainCause: 'schooling' });
    let isFirst = true;
    const slow: SummaryStore = {
      ...store,
      count: async (area, day) => {
        const tally = await store.count(area, day);
        if (isFirst) {
          isFirst = false;
          await put({ ...before, version: 3 });
          await second(store, village);
        }
        return tally;
      },
    };
    await recompute(slow, village, TODAY);
    world.rosters.set('hh_1', { ...before, version: 3 });
    return (await world.drift(tables.summary)).filter((area) => area === village);
  }

  it('so figures that were undone meanwhile are not put back', async () => {
    expect(await undoneMeanwhile((store, village) => recompute(store, village, TODAY))).toEqual([]);
  });

  it('leaving the row alone when figures are equal would end wrong', async () => {
    const lazy = async (store: SummaryStore, village: string) => {
      const row = await store.row(village);
      const tally = await store.count(village, TODAY);
      expect(row?.figures).toEqual(tally.figures);
    };
    expect(await undoneMeanwhile(lazy)).toHaveLength(1);
  });
});

describe('many passes over one village', () => {
  const village = '350122101201';
  const sick = (id: number, version = 1) =>
    roster({ id: `hh_${id}`, village, version, mainCause: 'illness' });

  it('count at most twice each, none fails, and the figures end true', async () => {
    const tables = await freshTables();
    const world = new World(tables, FIRST_PROVINCE, random(7));
    const ids = Array.from({ length: 30 }, (_, at) => at);
    await Promise.all(ids.map((id) => putItem(tables.household, world.item(sick(id)))));
    const store = summaryStore(tables);
    let counts = 0;
    const counting: SummaryStore = {
      ...store,
      count: (area, day) => {
        counts += 1;
        return store.count(area, day);
      },
    };
    for (const version of [2, 3, 4, 5])
      await inParallel(10, ids, async (id) => {
        const healed = {
          ...sick(id, version),
          ...(id % version === 0 && { mainCause: 'schooling' as const }),
        };
        await putItem(tables.household, world.item(healed));
        await recompute(counting, village, TODAY);
      });
    expect(counts).toBeLessThanOrEqual(2 * 4 * ids.length);
    const row = await store.row(village);
    expect(row?.figures).toEqual((await store.count(village, TODAY)).figures);
  });

  it('a pass that lost once counts again, since the winner may have looked before the change', async () => {
    const tables = await freshTables();
    const world = new World(tables, FIRST_PROVINCE, random(7));
    const store = summaryStore(tables);
    await putItem(tables.household, world.item(sick(1)));
    const before = await store.count(village, TODAY);
    await putItem(tables.household, world.item({ ...sick(1, 2), mainCause: 'schooling' }));
    let isFirst = true;
    const overtaken: SummaryStore = {
      ...store,
      put: async (row, area, found) => {
        if (isFirst) {
          isFirst = false;
          expect(await store.put(row, area, { tally: before, day: TODAY })).toBe(true);
        }
        return store.put(row, area, found);
      },
    };
    await recompute(overtaken, village, TODAY);
    const row = await store.row(village);
    expect(row?.figures).toEqual((await store.count(village, TODAY)).figures);
    expect(row?.figures).not.toEqual(before.figures);
  });
});
