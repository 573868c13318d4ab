import { expect, it } from 'vitest';
import { filtersOf } from '../../functions/core/list-filter.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { type Page, type PageInput, type PagePorts, pageOf } from '../../functions/list/page.ts';
import { roster } from '../support/roster.ts';

const village = '350122101201';
const order = (index: number) => String(index).padStart(4, '0');

/** A village of so many households of which those named have exited, and how often each was read. */
function place(count: number, exited: readonly number[]) {
  const all: readonly Roster[] = Array.from({ length: count }, (_, index) =>
    roster({ id: order(index), status: exited.includes(index) ? 'exited' : 'unexited' }),
  );
  const read = new Map<string, number>();
  const ports: PagePorts = {
    entries: async ({ after, limit }) => {
      const rest = all.filter(({ id }) => after === undefined || id > after.household);
      const pointers = rest.slice(0, limit).map(({ id }) => ({ village, household: id }));
      return { pointers, isEnd: pointers.length === rest.length };
    },
    rosters: async (pointers) => {
      for (const { household } of pointers) read.set(household, (read.get(household) ?? 0) + 1);
      const asked = new Set(pointers.map(({ household }) => household));
      return new Map(all.filter(({ id }) => asked.has(id)).map((one) => [one.id, one]));
    },
    profiles: async () => new Map(),
    counties: async function* counties() {
      yield '350122';
    },
  };
  return { all, read, ports };
}

async function pages(ports: PagePorts): Promise<readonly Page[]> {
  const filters = filtersOf('households', { status: 'exited' });
  if (isRefused(filters)) throw new Error(filters.refused);
  const input: PageInput = {
    question: { kind: 'households', area: village, filters: filters.ok },
    actor: { sub: 'clerk', role: 'office', areas: ['350122'] },
    day: '2017-10-23',
    key: undefined,
    position: undefined,
    limit: 20,
  };
  const found: Page[] = [];
  for (let position: Page['next'], isFirst = true; isFirst || position; isFirst = false) {
    const page = await pageOf(ports, { ...input, position });
    found.push(page);
    position = page.next;
  }
  return found;
}

it('a rare combination goes on from page to page, and no household is read twice on the way', async () => {
  const exited = [3, 599, 600, 1234];
  const { all, read, ports } = place(1500, exited);
  const found = await pages(ports);
  const hits = found.flatMap((page) => page.hits.map((hit) => hit.roster.id));
  expect(hits).toEqual(exited.map(order));
  expect(found.length).toBeGreaterThan(1);
  expect(found[0]?.next?.household).toBe(order((found[0]?.read ?? 0) - 1));
  expect([...read.values()].filter((times) => times > 1)).toEqual([]);
  expect(read.size).toBe(all.length);
});
