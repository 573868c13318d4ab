import * as z from 'zod';
import { BulkResult } from '../functions/core/case-bulk.ts';
import { inLanes } from '../functions/lib/lanes.ts';
import { type LocalRun, startLocal } from '../infra/local/run.ts';
import { takeIn } from '../scripts/take-in.ts';
import { identityOf } from '../test/support/build.ts';
import { provenFacts } from '../test/support/proven.ts';
import { type Figure, median } from './ratio.ts';

const COUNTY = '350122';
const TOWN = '350122101';
const VILLAGE = '350122101201';
const ROWS = 500;
/** The county's own date: the line of that year is known. */
const DAY = '2017-11-20';
const Made = z.object({ id: z.string() });
const Opened = z.object({ id: z.string(), version: z.int() });

interface Api {
  readonly url: string;
  readonly token: string;
}

async function post({ url, token }: Api, path: string, about: { body: unknown; version?: number }) {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      ...(about.version !== undefined && { 'if-match': `"${about.version}"` }),
    },
    body: JSON.stringify(about.body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function settle(office: Api, order: number): Promise<string> {
  const birth = `${1940 + (order % 60)}-0${1 + (order % 9)}-15`;
  const { facts, cover } = provenFacts(DAY);
  const member = { name: `样${order}`, relation: 'head', facts: cover };
  const body = {
    ...{ number: `97${String(order).padStart(6, '0')}`, village: VILLAGE, facts },
    heldFrom: '2016-01-01',
    members: [{ ...member, identityNumber: identityOf(birth, order % 1000) }],
  };
  return Made.parse(await post(office, '/households', { body })).id;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / ROWS;
}

const reason = '达到脱贫标准';
const first = { step: 'village-review', outcome: 'passed' };

/** One household after the other, as a clerk without bulk actions does it: milliseconds a row of proposing, and of the first step. */
async function singles(town: Api, ids: readonly string[]): Promise<readonly number[]> {
  const opened: z.infer<typeof Opened>[] = [];
  const proposing = await timed(async () => {
    for (const household of ids) {
      const body = { kind: 'household-exit', household, reason };
      opened.push(Opened.parse(await post(town, '/cases', { body })));
    }
  });
  const stepping = await timed(async () => {
    for (const { id, version } of opened)
      await post(town, `/cases/${id}/steps`, { body: first, version });
  });
  return [proposing, stepping];
}

/** The same two for as many households in one request each. */
async function together(town: Api, households: readonly string[]): Promise<readonly number[]> {
  const procedure = 'household-exit';
  const acts = [
    { kind: 'propose', procedure, reason },
    { kind: 'step', procedure, ...first },
  ];
  const times: number[] = [];
  for (const act of acts)
    times.push(
      await timed(async () => {
        let left = households;
        while (left.length > 0) {
          const body = { area: TOWN, households: left, act };
          const { rows, refused } = BulkResult.parse(await post(town, '/bulk-actions', { body }));
          if (refused > 0) throw new Error(`${refused} of ${left.length} refused`);
          left = rows.filter(({ outcome }) => outcome === 'waiting').map((row) => row.household);
        }
      }),
    );
  return times;
}

async function officesOf(run: LocalRun) {
  const api = async (areas: string, sub: string): Promise<Api> => {
    return { url: run.url, token: await run.token({ role: 'office', areas, sub }) };
  };
  return { county: await api(COUNTY, 'county'), town: await api(TOWN, 'town') };
}

/** A bulk action of 500 rows against the same rows as single calls, HTTP included; each row is one transaction on both sides. */
export async function bulkFigures(place: {
  readonly assembly: string;
  readonly dataDir: string;
}): Promise<readonly Figure[]> {
  const run = await startLocal({ ...place, now: DAY });
  try {
    const { county, town } = await officesOf(run);
    const approver = await run.token({ role: 'office', areas: COUNTY, sub: 'approver' });
    const office = { url: run.url, uploader: county.token, approver };
    const divisions = new URL('../sample/divisions.csv', import.meta.url).pathname;
    await takeIn(office, { kind: 'divisions', path: divisions }, () => undefined);
    const ids: string[] = [];
    await inLanes(
      Array.from({ length: 2 * ROWS }, (_, order) => order),
      8,
      async (order) => {
        ids[order] = await settle(county, order);
      },
    );
    await run.idle(120_000);
    const base = await singles(town, ids.slice(0, ROWS));
    await run.idle(120_000);
    const ours = await together(town, ids.slice(ROWS));
    return [
      {
        name: `a row of a bulk action of ${ROWS} / of single calls, HTTP included`,
        unit: 'ms',
        ours: median(ours),
        base: median(base),
        goal: 0.3,
        note: 'proposing and the first step; one transaction a row on both sides, local run',
      },
    ];
  } finally {
    await run.stop();
  }
}
