import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../functions/core/day.ts';
import { readDay, readYear } from '../../functions/core/ledger-date.ts';

const column = { heading: '识别时间' };
const impossible = (text: string) => ({
  refused: 'date-impossible',
  values: { field: column.heading, text },
});

const anyDay = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map(dayOf);

describe('days are read however they are written', () => {
  it('every writing of a day is that day', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const [year = '', month = '', date = ''] = day.split('-');
        const [m, d] = [Number(month), Number(date)];
        const writings = [
          day,
          `${year}.${m}.${d}`,
          `${year}-${m}-${d}`,
          `${year}/${month}/${d}`,
          `${year}年${m}月${d}日`,
          `${year} 年 ${m} 月 ${d} 日`,
          `${year}${month}${date}`,
          `${year}年${m}月${d}`,
          `${day} 08:30:00`,
          `${day}T00:00:00`,
        ];
        for (const one of writings) expect([one, readDay(one, column)]).toEqual([one, { ok: day }]);
        expect(readDay(Number(`${year}${month}${date}`), column)).toEqual({ ok: day });
        expect(readDay({ day }, column)).toEqual({ ok: day });
      }),
    );
  });

  it('a serial number counts days from the end of 1899', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 80_000 }), (serial) => {
        const days = (Date.UTC(1900, 2, 1) - Date.UTC(1970, 0, 1)) / 86_400_000;
        const day = addDays('1970-01-01', days + serial - 61);
        expect(readDay(serial, column)).toEqual({ ok: day });
        expect(readDay(String(serial), column)).toEqual({ ok: day });
        expect(readDay(serial + 0.5, column)).toEqual({ ok: day });
      }),
    );
  });

  it('a month alone is its first day', () => {
    for (const one of [
      '2017年9月',
      '2017.9',
      '2017-09',
      '2017/9',
      '201709',
      201709,
      '2017年09月',
    ]) {
      expect(readDay(one, column)).toEqual({ ok: '2017-09-01' });
    }
  });

  it('nothing is unknown', () => {
    expect(readDay(null, column)).toEqual({ ok: null });
    expect(readDay('-', column)).toEqual({ ok: null });
  });

  it('a day that does not exist, or that could be two, is refused', () => {
    const bad = [
      '2017-02-29',
      '2017.13.1',
      '20170230',
      '201713',
      '2017年',
      '2017',
      '17.9.1',
      '9999',
      '九月',
      '99999',
      '9月1日',
    ];
    for (const one of bad) expect(readDay(one, column)).toEqual(impossible(one));
    expect(readDay(2017.1, column)).toEqual(impossible('2017.1'));
    expect(readDay(2017, column)).toEqual(impossible('2017'));
    expect(readDay(-5, column)).toEqual(impossible('-5'));
    expect(readDay(true, column)).toEqual(impossible('是'));
  });
});

describe('years', () => {
  it('stand alone, with 年, or in a date', () => {
    for (const one of [
      2016,
      '2016',
      '2016年',
      '2016年度',
      '２０１６',
      '2016.0',
      '2016年底',
      '2016-12-30',
      '2016年12月',
      { day: '2016-05-01' },
    ]) {
      expect(readYear(one, column)).toEqual({ ok: 2016 });
    }
    expect(readYear('', column)).toEqual({ ok: null });
    expect(readYear(null, column)).toEqual({ ok: null });
  });

  it('outside what a register can mean, or no year at all, are refused', () => {
    expect(readYear(1948, column)).toEqual({
      refused: 'number-out-of-range',
      values: { field: column.heading, min: 1949, max: 2100 },
    });
    expect(readYear(2101, column)).toMatchObject({ refused: 'number-out-of-range' });
    for (const one of ['16年', '去年', '2016年13月'])
      expect(readYear(one, column)).toEqual(impossible(one));
  });
});
