import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { startLocal } from '../infra/local/run.ts';
import { takeIn } from '../scripts/take-in.ts';
import { type Figure, median } from './ratio.ts';

const COUNTY = '350122';
const VILLAGE = '350122101201';
const ROUNDS = 15;
const Board = z.object({ byCause: z.record(z.string(), z.looseObject({ households: z.int() })) });
const Changed = z.object({ id: z.string(), version: z.int() });

interface Api {
  readonly url: string;
  readonly token: string;
}

async function ask(
  { url, token }: Api,
  path: string,
  given: { method?: string; body?: unknown; version?: number } = {},
): Promise<unknown> {
  const { method = 'GET', body, version } = given;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function households(api: Api, cause: string): Promise<number> {
  const board = Board.parse(await ask(api, `/areas/${COUNTY}/board`));
  return board.byCause[cause]?.households ?? 0;
}

/** Seconds from the answer to a change until the county's board shows it. */
async function untilShown(api: Api, id: string, version: number): Promise<number> {
  const mainCause = version % 2 === 0 ? 'illness' : 'skill';
  const body = { facts: { mainCause } };
  await ask(api, `/households/${id}`, { method: 'PATCH', body, version });
  const began = performance.now();
  while ((await households(api, mainCause)) === 0) {
    if (performance.now() - began > 30_000) throw new Error('the board does not show the change');
    await pause(20);
  }
  return (performance.now() - began) / 1000;
}

/**
 * From a write to the county's board showing it, through stream, dispatcher, queue and three levels of summaries, on the local run.
 * @param windowSeconds batching window of the summary queue
 */
export async function freshFigures(
  place: { readonly assembly: string; readonly dataDir: string },
  windowSeconds: number,
): Promise<readonly Figure[]> {
  const run = await startLocal(place);
  try {
    const tokenOf = (sub: string) => run.token({ role: 'office', areas: COUNTY, sub });
    const api = { url: run.url, token: await tokenOf('uploader') };
    const office = { url: run.url, uploader: api.token, approver: await tokenOf('approver') };
    const divisions = new URL('../sample/divisions.csv', import.meta.url).pathname;
    await takeIn(office, { kind: 'divisions', path: divisions }, () => undefined);
    const facts = { status: 'unexited', type: 'general', mainCause: 'illness' };
    const member = { name: '样甲', sex: 'male', birth: '1970-05-04', relation: 'head' };
    const household = { number: '990001', village: VILLAGE, facts, members: [member] };
    const { id, version } = Changed.parse(
      await ask(api, '/households', { method: 'POST', body: household }),
    );
    await run.idle();
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      seconds.push(await untilShown(api, id, version + round));
      await run.idle();
    }
    return [
      {
        name: 'a write until the county board shows it, local run',
        unit: 's',
        ours: median(seconds.slice(1)),
        base: windowSeconds + 1,
        goal: 1,
        note: `batching window ${windowSeconds} s + 1 s; village, town and county one after the other`,
      },
    ];
  } finally {
    await run.stop();
  }
}
