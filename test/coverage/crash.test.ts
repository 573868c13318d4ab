import { beforeAll, expect, test } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { countIn } from '../../functions/core/coverage.ts';
import type { Evaluation, EvaluationMessage } from '../../functions/core/evaluation.ts';
import { work } from '../../functions/coverage/job.ts';
import { getEvaluation, newEvaluation, unfinished } from '../../functions/coverage/job-table.ts';
import { jobPorts } from '../../functions/coverage/port.ts';
import { getCoverage, getHouseholdRows } from '../../functions/coverage/table.ts';
import { home } from '../snapshot/ground.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { Death, Reaper } from '../support/death.ts';
import { itIs, published } from './ground.ts';
import { policyItem } from './item.ts';

/** Every await is tried by `npm run soak`, every ninth otherwise. */
const STRIDE = process.env.SOAK ? 1 : 9;
const TODAY = '2017-10-23';
const reaper = new Reaper();
let tables: Tables;
let next = 0;

beforeAll(async () => {
  itIs(TODAY);
  tables = await freshTables();
  reaper.watch();
});

/** A county of two villages that nobody has been evaluated in. */
async function county(): Promise<string> {
  next += 1;
  const code = `35${1000 + next}`;
  const villages = [`${code}101201`, `${code}102201`];
  await published(tables, [policyItem({ area: code })]);
  for (const village of villages) await home(tables, village);
  const store = summaryStore(tables);
  for (const village of villages) {
    await recompute(store, village, TODAY);
    await recompute(store, village.slice(0, 9), TODAY);
  }
  await recompute(store, code, TODAY);
  return code;
}

/** Does a piece of work as its platform does: killed in the middle, it is started again. */
async function survive(piece: () => Promise<unknown>): Promise<void> {
  try {
    await piece();
  } catch (fault) {
    if (!(fault instanceof Death)) throw fault;
    reaper.revive();
    await piece();
  }
}

function asked(code: string): Evaluation {
  return {
    ...{ id: `ev_${code}`, area: code, state: 'planning', plan: null, isWhole: true },
    ...{ chunks: 0, villages: 0, households: 0, actor: 'office', role: 'office', reason: '核对' },
    ...{ startedAt: new Date(Date.now()).toISOString(), finishedAt: null, version: 1 },
  };
}

/** From the question to the end; where its first message was lost with who asked, the hourly look sends it. */
async function whole(code: string): Promise<void> {
  const queue: EvaluationMessage[] = [];
  const send = async (messages: readonly EvaluationMessage[]) => {
    for (const message of messages) {
      reaper.tick();
      queue.push(message);
    }
    reaper.tick();
  };
  const tell = async () => reaper.tick();
  const post = { send, tellVillages: async () => undefined, tellSums: tell };
  const ports = { ...jobPorts(tables, post), perChunk: 1 };
  const evaluation = { ...asked(code), startedAt: ports.now().toISOString() };
  await survive(() => newEvaluation(tables.job, evaluation));
  await survive(async () => {
    for (const job of await unfinished(tables.job)) await send([{ step: 'open', job }]);
  });
  for (let due = queue.shift(); due; due = queue.shift()) {
    const message = due;
    await survive(() => work(ports, message));
  }
}

test('an evaluation killed at any await goes on, and ends with everybody evaluated and counted', async ({
  annotate,
}) => {
  const calm = await county();
  reaper.arm();
  await whole(calm);
  const { steps } = reaper;
  reaper.revive();
  expect(steps).toBeGreaterThan(40);
  await annotate(`${Math.ceil(steps / STRIDE)} of ${steps} awaits`);
  for (let at = 1; at <= steps; at += STRIDE) {
    const code = await county();
    reaper.arm(at);
    await whole(code);
    reaper.revive();
    expect(await getEvaluation(tables.job, `ev_${code}`), `await ${at}`).toMatchObject({
      ...{ state: 'done', chunks: 2, villages: 2, households: 2 },
    });
    expect(await unfinished(tables.job)).toEqual([]);
    for (const village of [`${code}101201`, `${code}102201`]) {
      expect((await getHouseholdRows(tables.policy, village)).size).toBe(1);
      const row = await getCoverage(tables.policy, village);
      const [item] = row?.coverage.items ?? [];
      expect(item && countIn(item, 'missed'), `await ${at}`).toEqual({ wide: 1, persons: 1 });
    }
  }
}, 1_800_000);
