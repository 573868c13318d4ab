import { randomUUID } from 'node:crypto';
import { failedItems } from './mapping.ts';
import type { StreamMapping } from './stream-mapping.ts';
import type { StreamRecord } from './stream-record.ts';

interface Portion {
  records: StreamRecord[];
  retries: number;
}
const longestPauseMs = 10_000;

/**
 * Invokes the function until every record of the batch is taken, given up after its retries, or too old. Failing
 * batches are halved, or cut at the record named by the function; the stream waits meanwhile, as in Lambda.
 */
export async function deliver(
  records: StreamRecord[],
  shardId: string,
  owner: StreamMapping,
): Promise<void> {
  const portions: Portion[] = [{ records, retries: 0 }];
  while (!owner.signal.aborted) {
    const portion = portions.shift();
    if (portion === undefined) return;
    const young = dropOld(portion.records, shardId, owner);
    const rest = young.length === 0 ? [] : await invoke(young, owner);
    if (rest.length === 0) continue;
    if (owner.signal.aborted) return;
    const next = again(young, rest, { ...portion, owner });
    if (next === 'exhausted') {
      giveUp(rest, { shardId, owner, condition: 'RetryAttemptsExhausted' });
      continue;
    }
    portions.unshift(...next);
    const [{ retries } = { retries: 0 }] = next;
    await owner.around.activity.pause(Math.min(100 * 2 ** retries, longestPauseMs), owner.signal);
  }
}

/** How to go on after a failure: halves (which cost no retry), the same again, or not at all. */
function again(
  tried: StreamRecord[],
  rest: StreamRecord[],
  { retries, owner }: { retries: number; owner: StreamMapping },
): Portion[] | 'exhausted' {
  const { bisect, maxRetries } = owner.mapping;
  const advanced = rest.length < tried.length;
  if (bisect && !advanced && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    return [rest.slice(0, middle), rest.slice(middle)].map((records) => ({ records, retries }));
  }
  const used = advanced ? 0 : retries + 1;
  return maxRetries >= 0 && used > maxRetries ? 'exhausted' : [{ records: rest, retries: used }];
}

/** Returns the records still to be delivered: none, those from the first failed one on, or all. */
async function invoke(
  records: StreamRecord[],
  { mapping }: StreamMapping,
): Promise<StreamRecord[]> {
  const event = JSON.stringify({ Records: records.map((record) => record.event) });
  const outcome = await mapping.fn.invoke(event);
  const ids = records.map(({ sequence }) => sequence);
  const failed = failedItems(mapping, outcome, ids);
  if (failed === 'none') return [];
  if (failed === 'all') return records;
  return records.slice(records.findIndex(({ sequence }) => failed.includes(sequence)));
}

function dropOld(records: StreamRecord[], shardId: string, owner: StreamMapping): StreamRecord[] {
  const { maxAgeMs } = owner.mapping;
  if (maxAgeMs < 0) return records;
  const oldest = Date.now() - maxAgeMs;
  const old = records.filter(({ at }) => at < oldest);
  if (old.length > 0) giveUp(old, { shardId, owner, condition: 'RecordAgeExceeded' });
  return records.filter(({ at }) => at >= oldest);
}

/** Tells the on-failure queue which records were passed over; the records themselves stay in the stream. */
function giveUp(
  records: StreamRecord[],
  { shardId, owner, condition }: { shardId: string; owner: StreamMapping; condition: string },
): void {
  const { mapping, around } = owner;
  around.logs.add('local', `${mapping.id}: ${condition}, ${records.length} records passed over`);
  if (mapping.onFailure === undefined) return;
  const [first] = records;
  const last = records.at(-1);
  around.queues.send(
    mapping.onFailure,
    JSON.stringify({
      requestContext: {
        requestId: randomUUID(),
        functionArn: mapping.fn.arn,
        condition,
        approximateInvokeCount: mapping.maxRetries + 1,
      },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: 'Unhandled',
      },
      version: '1.0',
      timestamp: new Date().toISOString(),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: first?.sequence,
        endSequenceNumber: last?.sequence,
        approximateArrivalOfFirstRecord: new Date(first?.at ?? 0).toISOString(),
        approximateArrivalOfLastRecord: new Date(last?.at ?? 0).toISOString(),
        batchSize: records.length,
        streamArn: mapping.source.arn,
      },
    }),
  );
}
