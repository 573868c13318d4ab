import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { freshTables } from '../support/database.ts';
import { householdDesk } from '../support/household-desk.ts';
import { keyFile } from '../support/store.ts';

const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const near = '350122101202';
let client: DynamoDBClient;

beforeAll(async () => {
  const tables = await freshTables();
  client = dynamo();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  for (const sk of [VILLAGE, near]) {
    const base = { name: sk, validFrom: null, validTo: null, successors: [], change: null };
    await putItem(tables.area, { pk: 'A#350122101', sk, v: 1, code: sk, ...base, version: 1 });
  }
});
afterEach(() => client.middlewareStack.remove('fault'));

const { call, registered, shown } = householdDesk(county);

let count = 0;
async function home() {
  count += 1;
  const born = ['1961-01-01', '1990-03-03'];
  const members = born.map((birth, place) => ({
    name: `争${count}${place}`,
    relation: place === 0 ? 'head' : 'son',
    identityNumber: identityOf(birth, 400 + count),
  }));
  const id = await registered({ members });
  const [head = '', son = ''] = (await shown(id, county)).members.map((member) => member.id);
  return { id, head, son };
}

type Home = Awaited<ReturnType<typeof home>>;

function asked(what: string, { id }: Pick<Home, 'id'>, asking: object) {
  return { route: `POST /households/{id}/${what}`, params: { id }, ifMatch: 1, ...asking };
}

const splitOf = (one: Home, more: object = {}) => {
  count += 1;
  const body = { persons: { [one.son]: 'head' }, number: `C${count}`, reason: 'own-household' };
  return asked('split', one, { body, ...more });
};
const mergerOf = (one: Home, other: Home, more: object = {}) => {
  const relations = { [other.head]: 'sibling', [other.son]: 'other' };
  const body = { household: other.id, version: 1, relations, reason: 'care' };
  return asked('merger', one, { body, ...more });
};

/** Lets the next write through and loses its reply for good. */
function loseReply(): void {
  client.middlewareStack.add(
    (next, context) => async (input) => {
      const answer = await next(input);
      if (context.commandName === TransactWriteItemsCommand.name)
        throw new Error('the line is dead');
      return answer;
    },
    { step: 'deserialize', name: 'fault', priority: 'high' },
  );
}

describe('two clerks at once', () => {
  it('of two splits of a household one is done, the other is told that somebody was faster', async () => {
    const one = await home();
    const answers = await Promise.all([call(splitOf(one)), call(splitOf(one))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 412]);
    expect(await shown(one.id, county)).toMatchObject({ version: 2, past: [{ id: one.son }] });
  });

  it('a household merged into two others at once joins one of them', async () => {
    const [one, two, both] = [await home(), await home(), await home()];
    const answers = await Promise.all([call(mergerOf(one, both)), call(mergerOf(two, both))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const lost = answers.find(({ status }) => status === 412);
    expect(lost?.body).toMatchObject({ code: 'version-stale', errors: [{ field: 'version' }] });
    const files = [await shown(one.id, county), await shown(two.id, county)];
    expect(files.map(({ members }) => members.length).sort()).toEqual([2, 4]);
  });

  it('a household that is split while it is merged away does one of both', async () => {
    const [one, both] = [await home(), await home()];
    const answers = await Promise.all([call(mergerOf(one, both)), call(splitOf(both))]);
    const stale = answers.filter(({ status }) => status === 412);
    expect(stale).toHaveLength(1);
    const persons = [one.id, both.id].map(async (id) => (await shown(id, county)).members.length);
    const [here = 0, there = 0] = await Promise.all(persons);
    expect([4, 3].includes(here + there)).toBe(true);
  });

  it('two who merge each other’s households into theirs end with one household, not with none', async () => {
    const [one, two] = [await home(), await home()];
    const answers = await Promise.all([call(mergerOf(one, two)), call(mergerOf(two, one))]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const files = [await shown(one.id, county), await shown(two.id, county)];
    expect(files.map(({ members }) => members.length).sort()).toEqual([0, 4]);
    expect(files.filter(({ status }) => status === 'struck-off')).toHaveLength(1);
  });

  it('of two who put a household back one is told that somebody was faster', async () => {
    const one = await home();
    await call(asked('striking-off', one, { body: { reason: 'error' } }));
    const back = { status: 'unexited', reason: 'mistaken' };
    const again = () => call(asked('reinstatement', one, { body: back, ifMatch: 2 }));
    const answers = await Promise.all([again(), again()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });
});

describe('a reply that was lost', () => {
  it.each([
    ['split', async () => splitOf(await home(), { key: 'lost-split' })],
    ['merger', async () => mergerOf(await home(), await home(), { key: 'lost-merger' })],
    [
      'relocation',
      async () =>
        asked('relocation', await home(), {
          body: { village: near, reason: 'work' },
          key: 'lost-move',
        }),
    ],
    [
      'reinstatement',
      async () => {
        const one = await home();
        await call(asked('striking-off', one, { body: { reason: 'error' } }));
        const body = { status: 'unexited', reason: 'mistaken' };
        return asked('reinstatement', one, { body, key: 'lost-return', ifMatch: 2 });
      },
    ],
  ])(
    'the same %s again gets the answer of the first time, and nothing is done twice',
    async (_, ask) => {
      const request = await ask();
      loseReply();
      expect(await call(request)).toMatchObject({ status: 500 });
      client.middlewareStack.remove('fault');
      const [one, two] = [await call(request), await call(request)];
      expect([200, 201]).toContain(one.status);
      expect(two).toMatchObject({ status: one.status, body: one.body });
      const { version } = one.body;
      expect(await shown(request.params.id, county)).toMatchObject({ version });
      if (one.body.other !== undefined)
        expect(await shown(one.body.other.id, county)).toMatchObject(one.body.other);
    },
  );

  it('three times the same split at once is one split', async () => {
    const request = splitOf(await home(), { key: 'thrice' });
    const answers = await Promise.all([call(request), call(request), call(request)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.other.id)).size).toBe(1);
  });
});
