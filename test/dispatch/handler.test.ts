import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRow } from '../../functions/board/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { registeredIn } from '../../functions/core/figure.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { useQueues } from '../../functions/lib/queue.ts';
import { getManifest } from '../../functions/list/table.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { roster } from '../support/roster.ts';

const one = roster({ mainCause: 'illness' });
let tables: Tables;
let queues: Readonly<Record<'summary' | 'listing' | 'recount', TestQueue>>;

/** A stream record as Lambda hands it over. */
function record(table: string, key: { readonly pk: string; readonly sk: string }, number = '1') {
  return {
    eventSourceARN: `arn:aws:dynamodb:local:0:table/${table}/stream/now`,
    dynamodb: { SequenceNumber: number, Keys: { pk: { S: key.pk }, sk: { S: key.sk } } },
  };
}

const key = { pk: `V#${one.village}`, sk: `1#${one.id}` };

async function dispatch(...Records: readonly unknown[]) {
  const { handler } = await import('../../functions/dispatch/handler.ts');
  return handler({ Records });
}

const quiet = () => undefined;

/** Everything in a queue, as one batch. */
function drain(queue: TestQueue) {
  const Records: { readonly messageId: string; readonly body: string }[] = [];
  for (let batch = queue.take(); batch; batch = queue.take()) Records.push(...batch.Records);
  return { Records };
}

beforeAll(async () => {
  tables = await freshTables();
  queues = {
    summary: await startQueue('summary'),
    listing: await startQueue('listing'),
    recount: await startQueue('recount'),
  };
  // Without an endpoint of its own the client goes where each queue's address says.
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  useQueues(new SQSClient({ region: 'local', credentials, maxAttempts: 1, logger }));
  for (const [name, { url }] of Object.entries(queues))
    process.env[`${name.toUpperCase()}_QUEUE`] = url;
  process.env.STREAM_ROUTES = JSON.stringify({
    household: { 'V#': ['summary', 'listing'] },
    summary: { 'S#': ['summary'] },
  });
});

afterAll(async () => {
  for (const queue of Object.values(queues)) await queue.close();
});

describe('a change on its way to boards and lists', () => {
  it('is told to the queues that asked for it, once however often a batch says it', async () => {
    const records = [record(tables.household, key), record(tables.household, key, '2')];
    expect(await dispatch(...records)).toEqual({ batchItemFailures: [] });
    const told = { village: one.village, household: one.id };
    const bodies = (queue: TestQueue) => drain(queue).Records.map(({ body }) => JSON.parse(body));
    expect(bodies(queues.summary)).toEqual([told]);
    expect(bodies(queues.listing)).toEqual([told]);
  });

  it('of another table, or of a key nobody asked for, goes nowhere', async () => {
    await dispatch(record('another', key), record(tables.household, { pk: 'H#hh_1', sk: '0' }));
    expect(drain(queues.summary).Records).toEqual([]);
  });

  it('reaches the summary and the lists through their consumers', async () => {
    const { version } = one;
    await putItem(tables.household, { ...key, v: 1, version, b: encodeRoster(one) });
    await dispatch(record(tables.household, key));
    const summarise = await import('../../functions/board/consumer.ts');
    const relist = await import('../../functions/list/consumer.ts');
    expect(await summarise.handler(drain(queues.summary))).toEqual({ batchItemFailures: [] });
    expect(await relist.handler(drain(queues.listing))).toEqual({ batchItemFailures: [] });
    for (const area of ancestorsOf(one.village)) {
      const body = JSON.stringify({ area });
      await summarise.handler({ Records: [{ messageId: area, body }] });
    }
    const figures = (await getRow(tables.summary, '35'))?.figures;
    expect(figures && registeredIn(figures)).toEqual({ households: 1, persons: 1 });
    expect((await getManifest(tables.list, one.id))?.keys).toContain('cause#illness');
  });

  it('a village profile alone moves figures, and no list', async () => {
    await dispatch(record(tables.household, { pk: key.pk, sk: '0' }));
    const relist = await import('../../functions/list/consumer.ts');
    const before = await getManifest(tables.list, one.id);
    expect(await relist.handler(drain(queues.listing))).toEqual({ batchItemFailures: [] });
    expect(await getManifest(tables.list, one.id)).toEqual(before);
    drain(queues.summary);
  });

  it('the nightly schedule, or an operator for one area, begins a recount that ends by its messages', async () => {
    const { handler } = await import('../../functions/board/nightly.ts');
    await expect(handler({ schedule: 'another' })).rejects.toThrow();
    expect(await handler({ schedule: 'recount', area: '350122101' })).toHaveProperty('run');
    await handler({ schedule: 'recount' });
    for (let batch = drain(queues.recount); batch.Records.length > 0; batch = drain(queues.recount))
      expect(await handler(batch)).toEqual({ batchItemFailures: [] });
    const { latestRecount, getChunks } = await import('../../functions/board/recount-table.ts');
    const latest = await latestRecount(tables.job, '350122', '350122');
    expect(latest?.finishedAt).not.toBeNull();
    expect(await getChunks(tables.job, latest?.id ?? '')).toMatchObject([
      { isDone: true, driftedLists: 0 },
    ]);
  }, 120_000);

  it('when a queue takes nothing the batch comes again from its first record', async () => {
    process.env.LISTING_QUEUE = 'http://127.0.0.1:9/000000000000/listing';
    const answer = await dispatch(record(tables.household, key, '7'));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
  }, 60_000);
});
