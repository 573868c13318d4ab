import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { recompute, type SummaryStore, summaryStore } from '../../functions/board/recompute.ts';
import { getRow } from '../../functions/board/table.ts';
import { parentOf } from '../../functions/core/division.ts';
import { equalFigures } from '../../functions/core/figure.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { roster } from '../support/roster.ts';
import { type Message, random, staged, stagedList, Theatre, TODAY, World } from './world.ts';

/** `npm run soak` plays a thousand stories, `npm test` twenty. */
const SEEDS = process.env.SOAK ? 1000 : 20;
/** Two-digit codes of provinces: one per story in the same tables. */
const PROVINCES = 80;
const ACTS = 9;
const OVERLAP = 4;

let tables: Tables;
let stories = 0;

interface Rules {
  /** Share of messages told twice. */
  readonly twice: number;
  /** Share of steps after or before which the consumer is killed; its message comes again. */
  readonly killed: number;
  /** What is done to the store, to show what happens without a rule. */
  readonly without?: (store: SummaryStore) => SummaryStore;
}

async function freshWorld(next: () => number): Promise<World> {
  if (stories % PROVINCES === 0) tables = await freshTables();
  stories += 1;
  return new World(tables, 11 + (stories % PROVINCES), next);
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
async function play(seed: number, rules: Rules): Promise<World> {
  const next = random(seed);
  const world = await freshWorld(next);
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

async function entriesOf(province: string): Promise<readonly string[]> {
  const answer = await dynamo().send(new ScanCommand({ TableName: tables.list }));
  return (answer.Items ?? [])
    .map((item) => `${item.pk?.S} ${item.sk?.S}`)
    .filter((place) => place.startsWith(province))
    .sort();
}

beforeAll(() => {
  stories = 0;
});

describe('whatever happens to messages, summaries and lists end true', () => {
  it(
    'told twice, out of order, by overlapping consumers of which some are killed',
    async () => {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const world = await play(seed, { twice: 0.2, killed: 0.04 });
        expect(await world.drift(tables.summary), `seed ${seed}`).toEqual([]);
        const [village = ''] = world.villages;
        expect(await entriesOf(village.slice(0, 2)), `seed ${seed}`).toEqual(world.entries());
      }
    },
    SEEDS * 10_000,
  );

  it('without the version guard some summary ends wrong, so the stories are hard enough to tell', async () => {
    const unguarded = (store: SummaryStore): SummaryStore => ({
      ...store,
      put: async (_, area, found) => store.put(await getRow(tables.summary, area), area, found),
    });
    let wrong = 0;
    for (let seed = 1; seed <= 20 && wrong === 0; seed += 1) {
      const world = await play(seed, { twice: 0.2, killed: 0.04, without: unguarded });
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
    const world = await freshWorld(random(7));
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
