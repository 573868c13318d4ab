import { describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import { changeModes, Mode, shippedModes } from '../../functions/core/measure-mode.ts';
import { granted } from '../support/build.ts';

const own = { code: 'own-1', zh: '共享渔排', en: 'shared fish rafts', closed: false };
const { modes } = shippedModes;
const tried = (wanted: readonly Mode[], version = 0) => {
  const decided = changeModes(shippedModes, { version, modes: wanted });
  return 'refused' in decided ? decided.refused : 'granted';
};

describe('the industry modes of a county', () => {
  it('are six neutral ones until it names its own', () => {
    expect(modes).toHaveLength(6);
    expect(modes.every(({ code, closed }) => !closed && codesOf('mode').includes(code))).toBe(true);
  });

  it('are renamed, closed and added to, up to four', () => {
    const wanted = modes.map((one, at) => ({
      ...one,
      zh: at === 0 ? '企业带户' : one.zh,
      closed: at === 5,
    }));
    const more = ['own-1', 'own-2', 'own-3', 'own-4'].map((code) => ({
      ...own,
      code,
      zh: code,
      en: code,
    }));
    const next = granted(changeModes(shippedModes, { version: 0, modes: [...wanted, ...more] }));
    expect(next).toMatchObject({ version: 1 });
    expect(next.modes).toHaveLength(10);
    expect(Mode.safeParse({ ...own, code: 'own-5' }).success).toBe(false);
    expect(Mode.safeParse({ ...own, zh: '' }).success).toBe(false);
  });

  it('none is left out, since measures name it, and no two are called the same', () => {
    expect(tried(modes.slice(1))).toBe('mode-missing');
    expect(tried([...modes, ...modes.slice(0, 1)])).toBe('mode-twice');
    const [first, second, ...others] = modes;
    if (!first || !second) throw new Error('no modes');
    expect(tried([{ ...second, code: first.code }, second, ...others])).toBe('mode-twice');
    expect(tried([{ ...second, code: first.code, closed: true }, second, ...others])).toBe(
      'granted',
    );
  });

  it('of a version somebody changed meanwhile are not overwritten', () => {
    expect(tried(modes, 1)).toBe('version-stale');
  });
});
