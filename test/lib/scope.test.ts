import { describe, expect, it } from 'vitest';
import type { Standing } from '../../functions/core/division-scope.ts';
import { asGiven, cachedScope } from '../../functions/lib/scope.ts';

const closed: Standing = { validTo: '2018-01-01', successors: ['350122116'] };
const open: Standing = { validTo: null, successors: [] };

describe('areas of a token', () => {
  it('are looked up once a minute, unknown ones too', async () => {
    let time = 0;
    const asked: string[] = [];
    const register = new Map([
      ['350122204', closed],
      ['350122116', open],
    ]);
    const load = async (codes: readonly string[]) => {
      asked.push(...codes);
      return register;
    };
    const resolve = cachedScope(load, () => new Date(time));
    expect(await resolve(['350122204', '350199'])).toEqual(['350122116', '350199']);
    expect(await resolve(['350122204', '350199'])).toEqual(['350122116', '350199']);
    expect(asked).toEqual(['350122204', '350199', '350122116']);
    register.set('350122116', { validTo: '2019-01-01', successors: ['350122117'] });
    time = 60_000;
    expect(await resolve(['350122204'])).toEqual(['350122117']);
  });

  it('are not looked up where no division can have such a code', async () => {
    const asked: string[] = [];
    const load = async (codes: readonly string[]) => {
      asked.push(...codes);
      return new Map();
    };
    const resolve = cachedScope(load, () => new Date(0));
    expect(await resolve(['everything', '35012', '0'])).toEqual(['everything', '35012', '0']);
    expect(asked).toEqual([]);
  });

  it('are forgotten when more codes were asked for than there are divisions', async () => {
    const asked: string[] = [];
    const load = async (codes: readonly string[]) => {
      asked.push(...codes);
      return new Map([['350122204', closed]]);
    };
    const resolve = cachedScope(load, () => new Date(0));
    for (let village = 0; village < 20_000; village += 1)
      await resolve([String(350122101000 + village)]);
    asked.length = 0;
    expect(await resolve(['350122101000', '350122101001'])).toEqual([
      '350122101000',
      '350122101001',
    ]);
    expect(asked).toEqual(['350122101000', '350122101001']);
    expect(await resolve(['350122204', '350122101000'])).toEqual(['350122116', '350122101000']);
  });

  it('stay as given where no register is asked', async () => {
    expect(await asGiven(['350122'])).toEqual(['350122']);
  });
});
