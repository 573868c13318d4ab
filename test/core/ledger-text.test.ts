import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledLists } from '../../functions/core/code-label.ts';
import { UNCALCULATED } from '../../functions/core/ledger-cell.ts';
import { readCode, readCodes, readYesNo } from '../../functions/core/ledger-code.ts';
import { readYear } from '../../functions/core/ledger-date.ts';
import { neutralise } from '../../functions/core/ledger-formula.ts';
import { readFen, readInteger } from '../../functions/core/ledger-number.ts';
import {
  comparable,
  isBlank,
  quotable,
  readIdentifier,
  readList,
  readText,
  textOf,
} from '../../functions/core/ledger-text.ts';

const column = { heading: '姓名' };

describe('texts', () => {
  it('are trimmed, letters and digits brought to one width, Chinese punctuation left alone', () => {
    expect(readText(' 　３号楼Ａ座（东）\u200B ', column)).toEqual({ ok: '3号楼A座（东）' });
    expect(readText('水泥路\n 砂石路', column)).toEqual({ ok: '水泥路 砂石路' });
  });

  it('a name set apart to the width of three is one name', () => {
    expect(readText('林　一', column)).toEqual({ ok: '林一' });
    expect(readText('欧阳 样', column)).toEqual({ ok: '欧阳样' });
    expect(readText('东村 西村', column)).toEqual({ ok: '东村 西村' });
  });

  it('what says nothing is nothing', () => {
    for (const cell of [
      null,
      undefined,
      '',
      '  ',
      '-',
      '——',
      '/',
      '无',
      '暂无',
      'N/A',
      '…',
      '＊',
    ]) {
      expect(readText(cell, column)).toEqual({ ok: null });
    }
    expect(isBlank('无业')).toBe(false);
  });

  it('numbers, ticks and dates in a text column become text', () => {
    expect(readText(0.1 + 0.2, column)).toEqual({ ok: '0.3' });
    expect(readText(true, column)).toEqual({ ok: '是' });
    expect(readText(false, column)).toEqual({ ok: '否' });
    expect(readText({ day: '2017-09-01' }, column)).toEqual({ ok: '2017-09-01' });
  });

  it('a text beyond its length is refused', () => {
    expect(readText('甲乙丙', column, 2)).toEqual({
      refused: 'value-too-long',
      values: { field: '姓名', max: 2 },
    });
    expect(readText('𠮷𠮷', column, 2)).toEqual({ ok: '𠮷𠮷' });
  });

  it('what an export neutralised comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 10 }), (text) => {
        fc.pre(!/^\s*="/.test(text));
        return textOf(neutralise(text)) === text;
      }),
    );
    expect(textOf('="350199"')).toBe('350199');
    expect(textOf('=1+1')).toBe('=1+1');
  });

  it('are compared in one width without blanks', () => {
    expect(comparable(' Ａ 级（危）')).toBe('a级(危)');
  });
});

describe('numbers that are names', () => {
  it('keep their zeros and lose their blanks', () => {
    expect(readIdentifier(' 0000 3501\t', column)).toEqual({ ok: '00003501' });
    expect(readIdentifier('３５０１９９１９９００１０１００１ｘ', column)).toEqual({
      ok: '35019919900101001x',
    });
    expect(readIdentifier(35012200225, column)).toEqual({ ok: '35012200225' });
    expect(readIdentifier('350122.0', column)).toEqual({ ok: '350122' });
    expect(readIdentifier("'0012", column)).toEqual({ ok: '0012' });
    expect(readIdentifier('-', column)).toEqual({ ok: null });
  });

  it('are refused where the spreadsheet had made them numbers and lost their end', () => {
    const lost = { refused: 'digits-lost', values: { field: '姓名' } };
    expect(readIdentifier(Number('350199199001010017'), column)).toEqual(lost);
    expect(readIdentifier('3.50199E+17', column)).toEqual(lost);
    expect(readIdentifier(999_999_999_999_999, column)).toEqual({ ok: '999999999999999' });
  });

  it('are refused beyond their length', () => {
    expect(readIdentifier('12345', column, 4)).toMatchObject({ refused: 'value-too-long' });
  });
});

describe('a formula without a result', () => {
  const coded = { ...column, codes: labelledLists.cause };
  const range = { min: 0, max: 9 };

  it.each([UNCALCULATED, '#REF!', '#DIV/0!', ' ＃VALUE! '])(
    '%s is refused by every reader and never nothing',
    (cell) => {
      const values = { field: column.heading, text: expect.stringContaining('#') };
      for (const read of [
        readText(cell, column),
        readIdentifier(cell, column),
        readFen(cell, column),
        readInteger(cell, column, range),
        readYear(cell, column),
        readYesNo(cell, column),
        readCode(cell, coded),
        readCodes(cell, coded),
      ])
        expect(read).toEqual({ refused: 'cell-failed', values });
    },
  );

  it('#N/A, with which a look-up says that there is nothing, is nothing', () => {
    expect(readFen('#N/A', column)).toEqual({ ok: null });
  });
});

describe('lists in one cell', () => {
  it('are cut at every sign clerks use, doubled ones once', () => {
    expect(readList('鱼丸加工、乡村旅游，茶叶; 海带/鲍鱼｜鱼丸加工\n水稻')).toEqual([
      '鱼丸加工',
      '乡村旅游',
      '茶叶',
      '海带',
      '鲍鱼',
      '水稻',
    ]);
    expect(readList('无')).toEqual([]);
    expect(readList(null)).toEqual([]);
  });
});

describe('what a refusal quotes', () => {
  it('is short and holds no long number', () => {
    expect(quotable('350199199001010017')).toBe('…');
    expect(quotable('长'.repeat(30))).toBe(`${'长'.repeat(20)}…`);
    expect(quotable(' 三千 ')).toBe('三千');
  });
});
