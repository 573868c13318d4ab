import { describe, expect, it } from 'vitest';
import { labelledLists } from '../../functions/core/code-label.ts';
import { levelCodes, readCode, readCodes, readYesNo } from '../../functions/core/ledger-code.ts';

const heading = '主要致贫原因';
const cause = { heading, codes: labelledLists.cause };
const unknown = (text: string, options = labelledLists.cause.map(({ zh }) => zh).join('、')) => ({
  refused: 'value-unknown',
  values: { field: heading, text, options },
});

describe('yes and no', () => {
  it('are understood in the ways clerks write them', () => {
    for (const one of ['是', ' 有 ', 'Y', 'yes', 1, '１', '√', true, '已签约']) {
      expect(readYesNo(one, { heading })).toEqual({ ok: true });
    }
    for (const one of ['否', '无', 'N', 'no', 0, '×', false, '未参加', '没有']) {
      expect(readYesNo(one, { heading })).toEqual({ ok: false });
    }
  });

  it('silence is not no; anything else is refused', () => {
    for (const one of [null, '', '-', '/'])
      expect(readYesNo(one, { heading })).toEqual({ ok: null });
    expect(readYesNo('也许', { heading })).toEqual(unknown('也许', '是、否'));
    expect(readYesNo(2, { heading })).toEqual(unknown('2', '是、否'));
  });
});

describe('what nobody knows', () => {
  it('is told with the options, a long list with its first ones', () => {
    const told = (codes: typeof labelledLists.cause) => {
      const read = readCode('火星', { heading, codes });
      return 'values' in read ? String(read.values?.options) : '';
    };
    expect(told(labelledLists.cause).split('、')).toEqual(labelledLists.cause.map(({ zh }) => zh));
    const nations = told(labelledLists.nation);
    expect(nations).toMatch(/ 等$/);
    expect(nations.split('、').length).toBeLessThan(labelledLists.nation.length);
  });
});

describe('labels become codes', () => {
  it.each([...Object.entries(labelledLists), ['level', levelCodes] as const])(
    'by every label of the list %s, its code and its English; the first to claim a label keeps it',
    (_, codes) => {
      const labels = codes.flatMap(({ code, zh, en, also = [] }) =>
        [zh, code, en, ...also].map((label) => ({ label, code })),
      );
      const first = new Map(
        labels.toReversed().map(({ label, code }) => [label.toLowerCase(), code]),
      );
      for (const { label } of labels) {
        const code = first.get(label.toLowerCase());
        expect([label, readCode(label, { heading, codes })]).toEqual([label, { ok: code }]);
      }
    },
  );

  it('a label as people read it is always that of its own code', () => {
    for (const codes of [...Object.values(labelledLists), levelCodes]) {
      for (const { code, zh } of codes)
        expect(readCode(zh, { heading, codes })).toEqual({ ok: code });
    }
  });

  it('however blanks, width and the numbering of the form go', () => {
    for (const one of [' 因 病', '1.因病', '01、因病', 'A) 因病']) {
      expect(readCode(one, cause)).toEqual({ ok: 'illness' });
    }
    expect(readCode('脱贫（享受政策）', { heading, codes: labelledLists.status })).toEqual({
      ok: 'exited',
    });
  });

  it('nothing is unknown, an unknown label is refused and quoted', () => {
    expect(readCode(null, cause)).toEqual({ ok: null });
    expect(readCode('无', cause)).toEqual({ ok: null });
    expect(readCode('因懒', cause)).toEqual(unknown('因懒'));
  });

  it('a label that means nothing elsewhere may be one of the list', () => {
    const codes = [{ code: 'no', zh: '无', en: 'none' }];
    expect(readCode('无', { heading, codes })).toEqual({ ok: 'no' });
  });

  it('several labels in one cell, each once', () => {
    expect(readCodes('因病、缺技术;因病', cause)).toEqual({ ok: ['illness', 'skill'] });
    expect(readCodes('因病/因残 缺水', cause)).toEqual({ ok: ['illness', 'disability', 'water'] });
    expect(readCodes('弱/半劳动力', { heading, codes: labelledLists.labour })).toEqual({
      ok: ['weak'],
    });
    expect(readCodes(null, cause)).toEqual({ ok: [] });
    expect(readCodes('无', cause)).toEqual({ ok: [] });
    expect(readCodes('因病、因懒', cause)).toEqual(unknown('因懒'));
    expect(readCodes('因病/因懒', cause)).toEqual(unknown('因病/因懒'));
  });
});
