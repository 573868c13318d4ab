import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { saveDivisions } from '../../functions/area/table.ts';
import { putRow } from '../../functions/board/table.ts';
import type { Day } from '../../functions/core/day.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { countVillage } from '../../functions/core/figure.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import type { HouseholdChange } from '../../functions/core/household-event.ts';
import { HouseholdQuery, PersonQuery } from '../../functions/core/list-view.ts';
import { endMember } from '../../functions/core/member.ts';
import type { Resident } from '../../functions/core/resident.ts';
import {
  asOfPorts,
  candidatesOf,
  residentsOn,
  villageProfileOn,
} from '../../functions/household/as-of.ts';
import { loadFile } from '../../functions/household/table.ts';
import { dynamo, useDynamo } from '../../functions/lib/dynamo.ts';
import { PastPages, type PastSource } from '../../functions/list/past.ts';
import { listHouseholds, listPersons } from '../../functions/list/service.ts';
import { granted } from '../support/build.ts';
import { figuresOf, inParallel, membersOf, type Named } from '../support/figures.ts';
import { readOnce } from '../support/read-once.ts';
import { roster } from '../support/roster.ts';
import { type Row, rowsOf, SAMPLE_COUNTY, SAMPLE_DAY, villageCodes } from '../support/sample.ts';
import { doing, write } from '../support/store.ts';
import { office } from './answer.ts';
import { type ImportedCounty, importSample } from './imported-county.ts';

const DAY = '2016-12-31';
/** A town, and a village of it. */
const TOWN = '350122106';
const Count = z.object({ registered: z.number(), exited: z.number(), unexited: z.number() });
const Headline = z.object({ households: Count, persons: Count });
const Board = Headline.extend({
  byAgeBand: z.record(z.string(), z.object({ persons: z.number() })),
  byIdentifiedYear: z.record(z.string(), z.object({ households: z.number() })),
  children: z.array(Headline.extend({ area: z.object({ code: z.string() }) })),
});
const Listed = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

let county: ImportedCounty;
let villageOfTown: string;
/** The county's board of the day, before anything has happened. */
let whole: Record<string, unknown>;

const pathOf = (area: string, day: Day = DAY) => `/areas/${area}/board?asOf=${day}`;
const boardOf = async (area: string, day: Day = DAY) => (await county.ask(pathOf(area, day))).json;
const asking = {
  ask: async (path: string): Promise<unknown> => (await county.ask(path)).json,
};

beforeAll(async () => {
  county = await importSample();
  whole = await boardOf(SAMPLE_COUNTY);
}, 240_000);
afterAll(() => county.close());

/** What the workbook itself says of an area on the day, found without the registry's rules: its persons born by then, by their households. */
async function byWorkbook(): Promise<(area: string) => z.infer<typeof Headline>> {
  const places = villageCodes();
  const rows = await rowsOf('贫困人口台账.xlsx', '贫困人口台账');
  const text = (row: Row, heading: string) => String(row.get(heading) ?? '');
  const births = (row: Row) => text(row, '证件号码').slice(6, 14);
  const kept = rows.filter((row) => Number(text(row, '识别年度')) <= 2016);
  return (area) => {
    const inside = kept.filter((row) =>
      places.get(`${text(row, '乡镇')} ${text(row, '行政村')}`)?.startsWith(area),
    );
    const left = inside.filter(
      (row) => text(row, '脱贫属性').startsWith('已脱贫') && Number(text(row, '脱贫年度')) <= 2016,
    );
    const counted = (some: readonly Row[], key: (row: Row) => string) =>
      new Set(some.map(key)).size;
    const here = (some: readonly Row[]) => some.filter((row) => births(row) <= '20161231').length;
    const homes = (some: readonly Row[]) => counted(some, (row) => text(row, '户编号'));
    const of = (how: (some: readonly Row[]) => number) => ({
      registered: how(inside),
      exited: how(left),
      unexited: how(inside) - how(left),
    });
    return { households: of(homes), persons: of(here) };
  };
}

describe('the sample county on 31 December 2016, as known on 23 October 2017', () => {
  it('has 586 households that have exited and 159 that have not, with the persons born by then', async () => {
    const board = Board.parse(whole);
    expect(board.households).toEqual({ registered: 745, exited: 586, unexited: 159 });
    // The ledger of October 2017 has 1,865 and 487 persons; 16 of them were born in 2017.
    expect(board.persons).toEqual({ registered: 2352 - 16, exited: 1865 - 11, unexited: 487 - 5 });
  });

  it('says what it is: known now about that day, with nobody out of reach; the plain board is the present one', async () => {
    const about = { asOf: DAY, basis: 'known-now', outOfReach: 0 };
    expect(whole).toMatchObject(about);
    for (const path of ['households', 'persons', 'villages'])
      expect(await asking.ask(`/${path}?area=${TOWN}&asOf=${DAY}`)).toMatchObject(about);
    const now = { asOf: SAMPLE_DAY, basis: 'current' };
    for (const path of ['households', 'persons', 'villages'])
      expect(await asking.ask(`/${path}?area=${TOWN}&asOf=${SAMPLE_DAY}`)).toMatchObject(now);
    const today = await boardOf(TOWN, SAMPLE_DAY);
    expect(today).toMatchObject(now);
    expect(today).toEqual((await county.ask(`/areas/${TOWN}/board`)).json);
  });

  it('agrees in every town and village with the workbook, counted by other code', async () => {
    const truth = await byWorkbook();
    expect(Headline.parse(whole)).toEqual(truth(SAMPLE_COUNTY));
    for (const { area, ...figures } of Board.parse(whole).children)
      expect([area.code, figures]).toEqual([area.code, truth(area.code)]);
    const town = Board.parse(await boardOf(TOWN));
    for (const { area, ...figures } of town.children)
      expect([area.code, figures]).toEqual([area.code, truth(area.code)]);
    villageOfTown = town.children.find((one) => one.households.registered > 3)?.area.code ?? '';
    expect(Board.parse(await boardOf(villageOfTown)).children).toEqual([]);
  });

  it('takes ages on that day, and leaves unknown what the ledger tells from its own day on', async () => {
    const { byAgeBand, byIdentifiedYear } = Board.parse(whole);
    const rows = await rowsOf('贫困人口台账.xlsx', '贫困人口台账');
    const births = rows.map((row) => String(row.get('证件号码')).slice(6, 14));
    const old = births.filter((birth) => birth <= '19561231').length;
    expect(byAgeBand['60+']?.persons).toBe(old);
    const years = Object.values(byIdentifiedYear).reduce((sum, one) => sum + one.households, 0);
    expect([years, byIdentifiedYear.unknown?.households ?? 0]).toEqual([745, 0]);
    expect(whole).toMatchObject({
      byCause: { unknown: { households: 745 } },
      income: { households: 0 },
      villages: { withHouseholds: 175, withProfile: 0, poor: 0 },
    });
  });

  it('is empty before the first record, and not told for a day to come', async () => {
    const board = Board.parse(await boardOf(SAMPLE_COUNTY, '2012-12-31'));
    expect(board.households).toEqual({ registered: 0, exited: 0, unexited: 0 });
    expect(board.children).toHaveLength(22);
    for (const path of [
      pathOf(TOWN, '2017-10-24'),
      `/households?area=${TOWN}&asOf=2017-10-24`,
      `/persons?area=${TOWN}&asOf=2017-10-24`,
      `/villages?area=${TOWN}&asOf=2017-10-24`,
    ])
      expect(await county.ask(path)).toMatchObject({ status: 422, json: { code: 'date-future' } });
    expect((await county.ask(pathOf(TOWN, '2016-02-30'))).status).toBe(400);
    expect((await county.ask(pathOf('350122999'))).status).toBe(404);
  });
});

describe('every figure of a past day has a list with exactly its members', () => {
  /** Lists as the function makes them, of files that are read and opened once for all of them. */
  function listing(): (link: string) => Promise<readonly string[]> {
    const ports = asOfPorts({ household: county.tables.household, area: county.tables.area });
    const residents = new Map<string, Promise<Resident | undefined>>();
    const found = new Map<string, ReturnType<typeof candidatesOf>>();
    const residentOf = async (one: { village: string; household: string }) =>
      (await residentsOn(ports, [one], DAY)).get(one.household);
    const source: PastSource = {
      villages: async (area) => (await ports.villages(area)).present,
      inside: () => Promise.resolve([]),
      candidates: (village) => {
        const known = found.get(village) ?? candidatesOf(ports, village);
        found.set(village, known);
        return known;
      },
      residents: async (candidates) => {
        const all = candidates.map((one) => {
          const known = residents.get(one.household) ?? residentOf(one);
          residents.set(one.household, known);
          return known;
        });
        const there = (await Promise.all(all)).filter((one) => one !== undefined);
        return new Map(there.map((one) => [one.roster.id, one]));
      },
      profile: (village) => villageProfileOn(ports, village, DAY),
    };
    return (link) => (link.startsWith('/villages') ? codesIn(link) : idsIn(source, link));
  }

  async function codesIn(link: string): Promise<readonly string[]> {
    const villages = z.array(z.object({ code: z.string() })).parse(await membersOf(asking, link));
    return villages.map(({ code }) => code);
  }

  async function idsIn(source: PastSource, link: string): Promise<readonly string[]> {
    const actor = { sub: 'clerk', role: 'office', areas: [SAMPLE_COUNTY] } as const;
    const { pathname, searchParams } = new URL(link, 'http://localhost');
    const [list, Query] =
      pathname === '/persons' ? [listPersons, PersonQuery] : [listHouseholds, HouseholdQuery];
    const ids: string[] = [];
    let more: object = {};
    for (;;) {
      const query = Query.parse({ ...Object.fromEntries(searchParams), limit: '100', ...more });
      const pages = new PastPages(source, { actor, day: DAY });
      const page = await list(pages, { query, actor, day: DAY, isPast: true });
      if ('refused' in page) throw new Error(`${link}: ${page.refused}`);
      ids.push(...Listed.parse(page).items.map(({ id }) => id));
      if (page.cursor === undefined) return ids;
      more = { cursor: page.cursor };
    }
  }

  async function allBelow(): Promise<readonly string[]> {
    const towns = Board.parse(whole).children.map(({ area }) => area.code);
    const inside = await Promise.all(towns.map(async (one) => Board.parse(await boardOf(one))));
    return [...towns, ...inside.flatMap(({ children }) => children.map(({ area }) => area.code))];
  }

  async function follow(
    figures: readonly Named[],
    list: (link: string) => Promise<readonly string[]>,
  ) {
    const wrong: unknown[] = [];
    await inParallel(4, figures, async ({ path, value, list: link }) => {
      const ids = await list(link);
      if (ids.length !== value || new Set(ids).size !== value)
        wrong.push({ path, value, link, listed: ids.length });
    });
    return wrong;
  }

  it('in the county, in a town and in a village; in all of them in the long run', async () => {
    const before = dynamo();
    useDynamo(readOnce(before));
    const list = listing();
    const town = Board.parse(await boardOf(TOWN));
    const some = [SAMPLE_COUNTY, TOWN, villageOfTown];
    const areas = process.env.SOAK ? [SAMPLE_COUNTY, ...(await allBelow())] : some;
    expect(town.children.length).toBeGreaterThan(1);
    for (const area of areas) {
      const figures = figuresOf(area === SAMPLE_COUNTY ? whole : await boardOf(area));
      expect(figures.length).toBeGreaterThan(250);
      expect([area, await follow(figures, list)]).toEqual([area, []]);
    }
    useDynamo(before);
  }, 600_000);

  it('page by page, however small, everyone comes once and in order, and leads to the file of that day', async () => {
    const path = `/persons?area=${TOWN}&exited=no&asOf=${DAY}`;
    const small = await membersOf(asking, path, { limit: 3 });
    const large = await membersOf(asking, path, { limit: 100 });
    expect(small).toEqual(large);
    expect(small).toHaveLength(Board.parse(await boardOf(TOWN)).persons.unexited);
    const { items } = Listed.parse(await asking.ask(`/households?area=${TOWN}&asOf=${DAY}`));
    expect(items[0]?.href).toBe(`/households/${items[0]?.id}?asOf=${DAY}`);
    const villages = await membersOf(asking, `/villages?area=${TOWN}&asOf=${DAY}`, { limit: 2 });
    expect(villages).toEqual(await membersOf(asking, `/villages?area=${TOWN}&asOf=${DAY}`));
  });

  it('a page goes on with the question of the same day only', async () => {
    for (const path of ['households', 'villages']) {
      const { cursor } = z
        .object({ cursor: z.string() })
        .parse(await asking.ask(`/${path}?area=${SAMPLE_COUNTY}&asOf=${DAY}&limit=1`));
      for (const other of ['', '&asOf=2016-12-30'])
        expect(
          (await county.ask(`/${path}?area=${SAMPLE_COUNTY}&limit=1${other}&cursor=${cursor}`))
            .json,
        ).toMatchObject({ code: 'cursor-invalid' });
    }
  });
});

describe('what happens afterwards', () => {
  async function fileOf(area: string, filter: string): Promise<HouseholdFile> {
    const { items } = Listed.parse(
      await asking.ask(`/households?area=${area}&${filter}&asOf=${DAY}&limit=1`),
    );
    const file = await loadFile(county.store, items[0]?.id ?? '');
    if (!file) throw new Error('nobody there');
    return file;
  }

  async function take(file: HouseholdFile, change: HouseholdChange | undefined) {
    granted(await write(county.store, file, change));
  }

  function stated(file: HouseholdFile, facts: object, heldFrom: Day) {
    const about = { heldFrom, heldTo: null, reason: '核实', facts };
    const patch = { ...about, cleared: [], contact: {}, members: [] };
    return granted(changeHousehold(file, patch, doing({ today: SAMPLE_DAY })));
  }

  const another = '350122100202';

  it('changes nothing of a past day when it holds from a later one', async () => {
    const file = await fileOf(TOWN, 'exited=no');
    await take(file, stated(file, { status: 'exited', exitYear: 2017 }, '2017-09-01'));
    expect(await boardOf(SAMPLE_COUNTY)).toEqual(whole);
    expect(await boardOf(TOWN, '2017-09-01')).not.toEqual(await boardOf(TOWN, '2017-08-31'));
  });

  it('changes the past day when it is a correction that holds from before it', async () => {
    const path = `/households?area=${TOWN}&cause=disaster&asOf=`;
    expect(await membersOf(asking, path + DAY)).toEqual([]);
    const file = await fileOf(TOWN, 'exited=no');
    await take(file, stated(file, { mainCause: 'disaster' }, '2016-06-01'));
    expect(await membersOf(asking, path + DAY)).toMatchObject([{ id: file.household.id }]);
    expect(await membersOf(asking, `${path}2016-05-31`)).toEqual([]);
    expect(await boardOf(TOWN)).toMatchObject({ byCause: { disaster: { households: 1 } } });
  });

  it('counts a death by its day, however late it was entered', async () => {
    const { persons } = Board.parse(await boardOf(TOWN, '2016-12-31'));
    const path = `/households?area=${TOWN}&size=3&asOf=${DAY}&limit=1`;
    const { items } = Listed.parse(await asking.ask(path));
    const file = await loadFile(county.store, items[0]?.id ?? '');
    const person = file?.household.members.at(-1)?.id ?? '';
    if (!file) throw new Error('nobody there');
    const [own, other] = file.household.members.map(({ heldFrom }) => heldFrom).toSorted();
    expect([own, other].every((day) => day !== undefined && day < '2016-12-31')).toBe(true);
    const end = { person, heldTo: '2016-12-31', endReason: 'death' };
    await take(file, granted(endMember(file, end, doing({ today: SAMPLE_DAY }))));
    const after = Board.parse(await boardOf(TOWN, '2016-12-31')).persons;
    expect(after.registered).toBe(persons.registered - 1);
  });

  it('leaves a household that has moved where it was that day, for those who may still see it', async () => {
    const before = await boardOf(TOWN);
    const file = await fileOf(TOWN, 'exited=yes');
    const { id, members } = file.household;
    const move = { village: another, heldFrom: '2017-10-01', reason: '搬迁' };
    await take(file, granted(moveHousehold(file, move, doing({ today: SAMPLE_DAY }))));
    expect(await boardOf(TOWN)).toEqual(before);
    const listed = await membersOf(asking, `/households?area=${TOWN}&asOf=${DAY}`);
    expect(listed).toContainEqual(expect.objectContaining({ id }));

    // The town's own clerk no longer reaches it: one less in figures and lists, and told how many.
    const clerk = { ...office, areas: TOWN };
    const own = (await county.ask(pathOf(TOWN), clerk)).json;
    expect(own).toMatchObject({ outOfReach: 1 });
    const [all, rest] = [Board.parse(before), Board.parse(own)];
    expect(rest.households.registered).toBe(all.households.registered - 1);
    expect(rest.persons.exited).toBe(
      all.persons.exited - members.filter(({ birth }) => birth <= DAY).length,
    );
    const path = `/households?area=${TOWN}&asOf=${DAY}&limit=100`;
    const { items, outOfReach } = Listed.extend({ outOfReach: z.number() }).parse(
      (await county.ask(path, clerk)).json,
    );
    expect([items.length, outOfReach]).toEqual([rest.households.registered, 1]);
    expect(JSON.stringify(items)).not.toContain(id);
    const helper = { sub: 'helper', role: 'helper', areas: TOWN };
    const asHelper = (await county.ask(path, helper)).json;
    expect(asHelper).toMatchObject({ items: [] });
    expect(asHelper).not.toHaveProperty('outOfReach');
  });
});

it('an area with more households than can be counted at once is refused, with the number and what to do', async () => {
  const [code, town] = ['350181', '350181101'];
  const occasion = { actor: 'seed', at: '2017-10-23T01:00:00.000Z', heldOn: SAMPLE_DAY };
  const about = { ...occasion, reason: 'seed', source: 'imp_0' };
  const steps = [code, town].map((one) => ({
    before: null,
    after: newDivision(one, '大县', null),
  }));
  await saveDivisions(county.tables.area, steps, about);
  const many = Array.from({ length: 5001 }, () => roster({ status: 'struck-off', members: [] }));
  const { figures, until } = countVillage(many, undefined, SAMPLE_DAY);
  const row = { area: code, day: SAMPLE_DAY, until, figures };
  await putRow(county.tables.summary, undefined, row);
  const city = { ...office, areas: '3501' };
  for (const path of [pathOf(code), `/villages?area=${code}&asOf=${DAY}`]) {
    const { status, json } = await county.ask(path, city);
    expect([status, json.code]).toEqual([422, 'as-of-too-wide']);
    expect(JSON.stringify(json)).toContain('5001');
  }
  expect((await county.ask(pathOf(town), city)).status).toBe(200);
  // A city is counted county by county.
  const whole = await county.ask(`/households?area=3501&asOf=${DAY}&limit=100`, city);
  expect(Listed.parse(whole.json).items).toHaveLength(100);
});
