import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { county, requestDesk, requestGround, town, village } from '../support/request-desk.ts';

beforeAll(async () => {
  await requestGround();
});
afterEach(() => dynamo().middlewareStack.remove('fault'));

const { ask, filed, decide, shown, change, households } = requestDesk();
const { registered } = households;
const typed = { kind: 'change', facts: { type: 'low-income' }, heldFrom: '2017-06-01' };

/** Does something once, just before the next transaction is sent. */
function beforeWriting(act: () => Promise<unknown>): void {
  let isDone = false;
  dynamo().middlewareStack.add(
    (next, context) => async (input) => {
      if (context.commandName === TransactWriteItemsCommand.name && !isDone) {
        isDone = true;
        await act();
      }
      return next(input);
    },
    { step: 'initialize', name: 'fault' },
  );
}

/** Lets the next transaction through and loses its reply. */
function loseReply(): void {
  let isLost = false;
  dynamo().middlewareStack.add(
    (next, context) => async (input) => {
      const answer = await next(input);
      if (context.commandName !== TransactWriteItemsCommand.name || isLost) return answer;
      isLost = true;
      throw new Error('the line is dead');
    },
    { step: 'initialize', name: 'fault' },
  );
}

describe('two at once', () => {
  it('who approve: one makes the change, the other is told that it is done', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    const answers = await Promise.all([
      decide(request, 'approval'),
      decide(request, 'approval', { by: county }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.body.code).toBe('request-not-open');
    const won = answers.find(({ status }) => status === 200);
    const { events, version } = await households.shown(id);
    expect(version).toBe(2);
    expect(events[0]?.actor).toBe(won?.body.decidedBy);
    expect((await shown(request)).decidedBy).toBe(won?.body.decidedBy);
  });

  it.each(['rejection', 'withdrawal'])(
    'a %s in the moment of the approval wins, and nothing is changed',
    async (how) => {
      const id = await registered();
      const request = await filed(id, typed);
      const by = how === 'withdrawal' ? village : county;
      beforeWriting(() => decide(request, how, { by, body: { reason: '不实' } }));
      expect(await decide(request, 'approval')).toMatchObject({
        status: 409,
        body: { code: 'request-not-open' },
      });
      expect((await households.shown(id)).version).toBe(1);
      expect((await shown(request)).state).toBe(how === 'withdrawal' ? 'withdrawn' : 'rejected');
    },
  );

  it('an approval in the moment of a rejection wins', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    beforeWriting(() => decide(request, 'approval', { by: county }));
    const body = { reason: '不实' };
    expect(await decide(request, 'rejection', { body })).toMatchObject({
      status: 409,
      body: { code: 'request-not-open' },
    });
    expect(await shown(request)).toMatchObject({ state: 'approved', made: 2 });
  });

  it('a change of the household in the moment of the approval makes the request lapse', async () => {
    const id = await registered();
    const request = await filed(id, typed);
    beforeWriting(() => change(id, { facts: { mainCause: 'skill' } }, 1));
    expect(await decide(request, 'approval')).toMatchObject({
      status: 409,
      body: { code: 'request-stale' },
    });
    expect((await shown(request)).state).toBe('stale');
    const file = await households.shown(id);
    expect(file).toMatchObject({ version: 2, facts: { mainCause: 'skill' } });
  });
});

describe('a repetition', () => {
  it('of the filing is one request, of a decision one decision, and gets the same answer', async () => {
    const id = await registered();
    const key = crypto.randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => ask(id, typed, { key })));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const request: string = answers[0]?.body.id;
    const again = { key: crypto.randomUUID() };
    const decided = await Promise.all([1, 2, 3].map(() => decide(request, 'approval', again)));
    decided.push(await decide(request, 'approval', again));
    expect(decided.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(decided.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await households.shown(id)).version).toBe(2);
  });

  it.each(['approval', 'rejection', 'withdrawal'])(
    'of a %s whose reply was lost gets the answer of the first time',
    async (how) => {
      const id = await registered();
      const request = await filed(id, typed);
      const by = how === 'withdrawal' ? village : town;
      const asked = { key: crypto.randomUUID(), by, body: { reason: '不实' } };
      loseReply();
      expect((await decide(request, how, asked)).status).toBe(500);
      dynamo().middlewareStack.remove('fault');
      const answer = await decide(request, how, asked);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual(await shown(request));
      expect((await households.shown(id)).version).toBe(how === 'approval' ? 2 : 1);
    },
  );

  it('of a filing whose reply was lost files nothing more', async () => {
    const id = await registered();
    const key = crypto.randomUUID();
    loseReply();
    expect((await ask(id, typed, { key })).status).toBe(500);
    dynamo().middlewareStack.remove('fault');
    const answer = await ask(id, typed, { key });
    expect(answer.status).toBe(201);
    expect((await shown(answer.body.id)).state).toBe('open');
  });
});
