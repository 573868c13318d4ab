import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import type { HouseholdChange } from '../../functions/core/household-event.ts';
import { commit, loadFile, readStored, type Store } from '../../functions/household/table.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { granted, identityOf, VILLAGE, wantedMember } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, keyFile, settle, storeOf } from '../support/store.ts';

let tables: Tables;
let store: Store;
let client: DynamoDBClient;
beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  client = dynamo();
});
afterEach(() => client.middlewareStack.remove('fault'));

let count = 0;
function household() {
  count += 1;
  const members = [wantedMember({ identity: identityOf('1962-07-15', count) })];
  return settle(store, { number: `F${count}`, members });
}

function change(file: HouseholdFile, housingGrade: string): HouseholdChange {
  const patch = {
    heldFrom: '2017-06-01',
    heldTo: null,
    reason: null,
    cleared: [],
    contact: {},
    members: [],
  };
  const changed = granted(changeHousehold(file, { ...patch, facts: { housingGrade } }, doing()));
  if (!changed) throw new Error('nothing new');
  return changed;
}

/** Lets the write through and then loses the reply, for the first `times` attempts of the client. */
function loseReplies(times: number, fault: () => Error): () => number {
  let attempts = 0;
  client.middlewareStack.add(
    (next, context) => async (input) => {
      const answer = await next(input);
      if (context.commandName !== TransactWriteItemsCommand.name) return answer;
      attempts += 1;
      if (attempts <= times) throw fault();
      return answer;
    },
    // Inside the client's own retries: each attempt passes here.
    { step: 'deserialize', name: 'fault', priority: 'high' },
  );
  return () => attempts;
}

/** What a socket says that was closed before the reply came: the client tries again by itself. */
const reset = () =>
  Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });

/** Answers the first attempts as DynamoDB does while an earlier one under the same token is at work; the local one is never that slow. */
function inProgress(times: number): () => number {
  const fault = () => new TransactionInProgressException({ message: 'at work', $metadata: {} });
  let attempts = 0;
  client.middlewareStack.add(
    (next, context) => async (input) => {
      if (context.commandName !== TransactWriteItemsCommand.name) return next(input);
      attempts += 1;
      if (attempts <= times) throw fault();
      return next(input);
    },
    { step: 'deserialize', name: 'fault', priority: 'high' },
  );
  return () => attempts;
}

/** Cancels the first writes as DynamoDB does when another transaction holds an item; the local one never does. */
function conflict(times: number, code = 'TransactionConflict', message = ''): () => number {
  let attempts = 0;
  client.middlewareStack.add(
    (next, context) => async (input) => {
      if (context.commandName !== TransactWriteItemsCommand.name) return next(input);
      attempts += 1;
      if (attempts > times) return next(input);
      throw new TransactionCanceledException({
        message: 'cancelled',
        $metadata: {},
        CancellationReasons: [{ Code: 'None' }, { Code: code, Message: message }],
      });
    },
    { step: 'initialize', name: 'fault' },
  );
  return () => attempts;
}

describe('a reply that was lost', () => {
  it('is asked for again by the client, and the change is written once', async () => {
    const file = await household();
    const attempts = loseReplies(2, reset);
    expect(await commit(store, { before: file, ...change(file, 'B') })).toEqual({ ok: 'written' });
    expect(attempts()).toBe(3);
    const stored = await readStored(store, file.household.id);
    expect(stored?.household.version).toBe(2);
    expect(stored?.events).toHaveLength(2);
  });

  it('for good leaves a write that is recognised as one’s own when it is tried again', async () => {
    const file = await household();
    const write = { before: file, ...change(file, 'C') };
    loseReplies(1, () => new Error('the line is dead'));
    await expect(commit(store, write)).rejects.toThrow('dead');
    client.middlewareStack.remove('fault');
    expect(await commit(store, write)).toEqual({ ok: 'written' });
    expect((await loadFile(store, file.household.id))?.household.version).toBe(2);
    // Somebody else's change of the same version is not taken for one's own.
    expect(await commit(store, { before: file, ...change(file, 'D') })).toMatchObject({
      refused: 'version-stale',
    });
  });

  it('costs the clerk nothing: the same key again gets the answer of the first time', async () => {
    for (const [pk, sk] of [['A#350122101', VILLAGE]] as const) {
      const base = { name: sk, validFrom: null, validTo: null, successors: [], change: null };
      await putItem(tables.area, { pk, sk, v: 1, code: sk, ...base, version: 1 });
    }
    Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
    const { handler } = await import('../../functions/household/handler.ts');
    const asked = {
      route: 'POST /households',
      by: { sub: 'clerk', role: 'office', areas: '350122' },
      key: 'lost',
      body: {
        number: 'F-lost',
        village: VILLAGE,
        facts: { status: 'new' },
        members: [{ name: '样', relation: 'head', identityNumber: identityOf('1944-04-04', 1) }],
      },
    } as const;
    loseReplies(1, () => new Error('the line is dead'));
    const lost = await callOf(handler, asked);
    expect(lost).toMatchObject({
      status: 500,
      body: { code: 'fault', errorId: expect.any(String) },
    });
    client.middlewareStack.remove('fault');
    const [one, two] = [await callOf(handler, asked), await callOf(handler, asked)];
    expect(one).toMatchObject({ status: 201 });
    expect(two.body).toEqual(one.body);
    expect((await readStored(store, one.body.id))?.events).toHaveLength(1);
  });
});

describe('a try that is still at work when the client tries again', () => {
  it('is waited for', async () => {
    const file = await household();
    const attempts = inProgress(2);
    expect(await commit(store, { before: file, ...change(file, 'B') })).toEqual({ ok: 'written' });
    expect(attempts()).toBe(3);
  });

  it('and never ends is told as busy, not as a fault of ours', { timeout: 60_000 }, async () => {
    const file = await household();
    inProgress(Number.POSITIVE_INFINITY);
    expect(await commit(store, { before: file, ...change(file, 'B') })).toEqual({
      refused: 'busy',
    });
  });
});

describe('a record beyond what the database takes', () => {
  const long = '长'.repeat(140_000);

  it.each([
    ['the change', true],
    ['what goes with it', false],
  ])('is refused as such where %s is too long, and nothing is written', async (_, own) => {
    const file = await household();
    const { next, event } = change(file, 'B');
    const also = { table: tables.access, put: { pk: 'A#long', long } };
    const written = own
      ? await commit(store, { before: file, next, event: { ...event, reason: long } })
      : await commit(store, { before: file, next, event }, [also]);
    expect(written).toEqual({ refused: 'record-too-large' });
    expect((await loadFile(store, file.household.id))?.household.version).toBe(1);
  });

  it('told by the cancellation of the transaction it is the same', async () => {
    const file = await household();
    conflict(1, 'ValidationError', 'Item size to update has exceeded the maximum allowed size');
    expect(await commit(store, { before: file, ...change(file, 'B') })).toEqual({
      refused: 'record-too-large',
    });
    client.middlewareStack.remove('fault');
    conflict(1, 'ValidationError', 'One or more parameter values were invalid');
    await expect(commit(store, { before: file, ...change(file, 'B') })).rejects.toThrow();
  });

  it('what fits goes through', async () => {
    const file = await household();
    const { next, event } = change(file, 'B');
    const reason = long.slice(0, 100_000);
    expect(await commit(store, { before: file, next, event: { ...event, reason } })).toEqual({
      ok: 'written',
    });
  });
});

describe('a busy table', () => {
  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'that says %s is asked again until it has time',
    async (code) => {
      const file = await household();
      const attempts = conflict(3, code);
      expect(await commit(store, { before: file, ...change(file, 'B') })).toEqual({
        ok: 'written',
      });
      expect(attempts()).toBe(4);
    },
  );

  it('that never has time is told to the clerk as such, and nothing is written', async () => {
    const file = await household();
    conflict(Number.POSITIVE_INFINITY);
    expect(await commit(store, { before: file, ...change(file, 'B') })).toEqual({
      refused: 'busy',
    });
    client.middlewareStack.remove('fault');
    expect((await loadFile(store, file.household.id))?.household.version).toBe(1);
  });
});
