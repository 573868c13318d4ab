import { beforeAll, describe, expect, it } from 'vitest';
import { transact } from '../../functions/lib/dynamo.ts';
import { beginning, remember, replay } from '../../functions/lib/idempotency.ts';
import { freshTables, type Tables } from '../support/database.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await freshTables();
});

const now = new Date('2017-10-23T02:00:00Z');
const dayLater = new Date('2017-10-24T02:00:01Z');
const key = (name: string, digest = 'd') => ({ id: `X#clerk#case.bulk#${name}`, digest });

describe('an answer', () => {
  it.each([10, 8000])('is kept as it was given, however long it is (%i rows)', async (rows) => {
    const detail = '该户尚不符合退出标准：住房安全未达标。';
    const body = { rows: Array.from({ length: rows }, (_, at) => ({ id: `hh_${at}`, detail })) };
    const answer = { status: 200, version: 3, body };
    const asked = key(`long ${rows}`);
    expect(await transact([remember(tables.access, asked, { answer, now })])).toEqual([]);
    expect(await replay(tables.access, asked, now)).toEqual(answer);
  });
});

describe('a request of many writes', () => {
  const begin = (asked: ReturnType<typeof key>, choice: unknown, at = now) =>
    beginning(
      tables.access,
      { idempotency: asked, now: at, seed: `${at.getTime()}` },
      async () => ({
        ok: choice,
      }),
    );

  it('begins once: whoever comes again goes on with what was chosen first', async () => {
    const first = await begin(key('one'), { ids: ['a'] });
    expect(first).toMatchObject({ ok: { choice: { ids: ['a'] }, isAgain: false } });
    const again = await begin(key('one'), { ids: ['b'] });
    expect(again).toEqual({ ok: { ...('ok' in first && first.ok), isAgain: true } });
    expect(await begin(key('one', 'other'), {})).toEqual({ refused: 'idempotency-key-reused' });
  });

  it('begins anew once the key has run out, under other ids', async () => {
    await begin(key('two'), { ids: ['a'] });
    expect(await begin(key('two', 'other'), { ids: ['b'] }, dayLater)).toMatchObject({
      ok: { choice: { ids: ['b'] }, seed: `${dayLater.getTime()}`, isAgain: false },
    });
  });

  it('that two send at once begins with the choice of one of them', async () => {
    const both = await Promise.all(['a', 'b'].map((id) => begin(key('three'), { ids: [id] })));
    const [one, other] = both.map((begun) => ('ok' in begun ? begun.ok.choice : begun));
    expect(one).toEqual(other);
  });

  it('that chose nothing has not begun', async () => {
    const asked = { idempotency: key('four'), now, seed: 's' };
    const refused = { refused: 'not-found' } as const;
    expect(await beginning(tables.access, asked, async () => refused)).toEqual(refused);
    expect(await begin(key('four'), {})).toMatchObject({ ok: { isAgain: false } });
  });
});
