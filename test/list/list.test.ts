import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settingOf } from '../../functions/core/figure.ts';
import { filtersOf, isIn, membersIn } from '../../functions/core/list-filter.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { membersOf } from '../support/figures.ts';
import { SAMPLE_COUNTY, SAMPLE_DAY } from '../support/sample.ts';
import { office, type Shown, showSample } from './answer.ts';

let shown: Shown;
let rosters: readonly Roster[];
let units = 0;

const Units = z.object({ output: z.object({ ConsumedCapacity: z.unknown() }) });
const Capacity = z.object({ CapacityUnits: z.number() });

/** Counts the read units of everything the client asks. */
function countUnits(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(args);
      const used = Units.safeParse(answer).data?.output.ConsumedCapacity;
      for (const one of Array.isArray(used) ? used : [used])
        units += Capacity.safeParse(one).data?.CapacityUnits ?? 0;
      return answer;
    },
    { step: 'initialize' },
  );
}

async function ask(link: string, claims: Readonly<Record<string, string>> = office) {
  const { status, body } = await shown.answer(link, claims);
  return { status, size: body.length, json: JSON.parse(body) };
}

const Page = z.looseObject({
  items: z.array(z.looseObject({ id: z.string() })),
  cursor: z.string().optional(),
});

/** Every page of a list, as ids in the order shown. */
async function all(
  link: string,
  { limit = 100, claims = office } = {},
): Promise<readonly string[]> {
  const shows = async (path: string) => {
    const { status, json } = await ask(path, claims);
    expect(status, path).toBe(200);
    return json;
  };
  const members = await membersOf({ ask: shows }, link, { limit });
  return Page.shape.items.parse(members).map(({ id }) => id);
}

/** What the list must hold, found by looking at every household. */
function truth(link: string): readonly string[] {
  const url = new URL(link, 'http://localhost');
  const { area = '', ...query } = Object.fromEntries(url.searchParams);
  const kind = url.pathname === '/persons' ? 'persons' : 'households';
  const filters = filtersOf(kind, query);
  if (isRefused(filters)) throw new Error(link);
  return rosters
    .filter((one) => one.village.startsWith(area))
    .flatMap((one) => {
      const setting = settingOf(shown.profiles.get(one.village), SAMPLE_DAY);
      if (!isIn(one, filters.ok, setting)) return [];
      const members = membersIn(one, filters.ok, setting).map(({ id }) => id);
      return kind === 'persons' ? members : [one.id];
    })
    .sort();
}

beforeAll(async () => {
  shown = await showSample();
  ({ rosters } = shown);
  countUnits(dynamo());
}, 240_000);

describe('the board as answered', () => {
  it('of the county: its parts are its towns by name, and add up to the whole', async () => {
    const { status, json } = await ask(`/areas/${SAMPLE_COUNTY}/board`);
    expect(status).toBe(200);
    const persons = rosters.flatMap((one) => one.members).length;
    expect(json).toMatchObject({
      area: { code: SAMPLE_COUNTY, name: '连江县' },
      asOf: SAMPLE_DAY,
      households: { registered: rosters.length },
      persons: { registered: persons },
    });
    const parts = z
      .array(
        z.looseObject({
          area: z.object({ name: z.string() }),
          persons: z.looseObject({ registered: z.number() }),
        }),
      )
      .parse(json.children);
    expect(parts).toHaveLength(22);
    expect(parts.reduce((sum, one) => sum + one.persons.registered, 0)).toBe(persons);
  });

  it('of a town shows every village, also those where nobody is registered', async () => {
    const { json } = await ask('/areas/350122101/board');
    const villages = await ask('/villages?area=350122101&withHouseholds=yes&limit=100');
    expect(json.children.length).toBeGreaterThan(villages.json.items.length);
  });

  it('costs half a read unit for four kilobytes answered, or less', async () => {
    units = 0;
    const { size } = await ask(`/areas/${SAMPLE_COUNTY}/board`);
    expect(units).toBeGreaterThan(0);
    expect(units / (size / 4096)).toBeLessThanOrEqual(0.5);
  });

  it('of an area nobody knows, or outside the own ones, does not exist', async () => {
    expect((await ask('/areas/350122999/board')).status).toBe(404);
    expect((await ask('/areas/350181/board')).status).toBe(404);
    expect((await ask('/areas/35/board', { ...office, role: 'helper' })).status).toBe(403);
  });
});

describe('lists', () => {
  it('page by page, however small, every household comes once and in order', async () => {
    const found = await all(`/households?area=${SAMPLE_COUNTY}&cause=disability`, { limit: 7 });
    expect(found.toSorted()).toEqual(truth(`/households?area=${SAMPLE_COUNTY}&cause=disability`));
    expect(new Set(found).size).toBe(found.length);
    const persons = `/persons?area=350122109&measure=education`;
    const people = await all(persons, { limit: 3 });
    expect(people.toSorted()).toEqual(truth(persons));
  });

  it('start from the rarest filter, apply the others, and say how many were read', async () => {
    const link = `/households?area=${SAMPLE_COUNTY}&type=general&cause=land&status=exited`;
    const { json } = await ask(link);
    expect(json.key).toBe('cause=land');
    expect(json.read).toBe(truth(`/households?area=${SAMPLE_COUNTY}&cause=land`).length);
    expect(json.items.map((one: { id: string }) => one.id).sort()).toEqual(truth(link));
  });

  it('of a province walk its counties, and a cursor goes on in the next one', async () => {
    const province = { ...office, areas: '35' };
    const other = rosters.slice(0, 3).map((one, at) => ({
      ...one,
      id: `hh_other${at}`,
      village: '350181101201',
    }));
    const { recompute, summaryStore } = await import('../../functions/board/recompute.ts');
    for (const one of other) {
      const { id, village, version } = one;
      const item = { pk: `V#${village}`, sk: `1#${id}`, v: 1, version, b: encodeRoster(one) };
      await putItem(shown.tables.household, item);
      await relist(listStore(shown.tables), { village, household: id }, SAMPLE_DAY);
    }
    for (const area of ['350181101201', '350181101', '350181', '3501', '35'])
      await recompute(summaryStore(shown.tables), area, SAMPLE_DAY);
    const found = await all('/households?area=35&status=exited', { claims: province, limit: 50 });
    const expected = [...rosters, ...other].filter(({ status }) => status === 'exited');
    expect(found.length).toBe(expected.length);
    expect(found.at(-1)).toMatch(/^hh_other/);
  });

  it('a page of twenty costs little more than its items, the first as the third', async () => {
    const link = `/households?area=${SAMPLE_COUNTY}&cause=skill&limit=20`;
    let cursor = '';
    for (let turn = 0; turn < 3; turn += 1) {
      units = 0;
      const { json } = await ask(`${link}${cursor}`);
      const page = Page.parse(json);
      expect(units / (page.items.length * 0.5)).toBeLessThanOrEqual(1.5);
      cursor = `&cursor=${page.cursor}`;
    }
  });

  it('persons are shown masked: no day of birth, no identity number', async () => {
    const { json } = await ask(`/persons?area=${SAMPLE_COUNTY}&labour=skilled`);
    expect(json.items[0].identityMasked).toMatch(/^\d{6}\*{12}$/);
    expect(JSON.stringify(json.items)).not.toMatch(/\d{4}-\d{2}-\d{2}|\d{17}/);
  });

  it('a helper sees the households paired with the helper and no others', async () => {
    const [own] = rosters;
    if (!own) throw new Error('no household');
    const paired = { ...own, version: 2, helperSubs: ['anna'] };
    const { id, village, version } = paired;
    const item = { pk: `V#${village}`, sk: `1#${id}`, v: 1, version, b: encodeRoster(paired) };
    await putItem(shown.tables.household, item);
    await relist(listStore(shown.tables), { village, household: id }, SAMPLE_DAY);
    const claims = { sub: 'anna', role: 'helper', areas: SAMPLE_COUNTY };
    const link = `/households?area=${SAMPLE_COUNTY}`;
    expect(await all(link, { claims })).toEqual([id]);
    expect(await all(`${link}&helper=bo`, { claims })).toEqual([]);
    const persons = await all(`/persons?area=${SAMPLE_COUNTY}`, { claims });
    expect(persons).toHaveLength(paired.members.length);
  });

  it('refuse what they do not know: values, limits, cursors of another question', async () => {
    const link = `/households?area=${SAMPLE_COUNTY}`;
    const { json } = await ask(`${link}&cause=illness&limit=1`);
    const cursor = Page.parse(json).cursor;
    const refused = async (more: string) => (await ask(`${link}${more}`)).json.code;
    expect(await refused('&cause=bad-luck')).toBe('request-invalid');
    expect(await refused('&limit=101')).toBe('request-invalid');
    expect(await refused(`&cause=schooling&cursor=${cursor}`)).toBe('cursor-invalid');
    expect(await refused('&cursor=x')).toBe('cursor-invalid');
    expect((await ask('/households?area=350181')).status).toBe(404);
  });
});
