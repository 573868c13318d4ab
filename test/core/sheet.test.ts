import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { personDimensions } from '../../functions/core/dimension-person.ts';
import {
  askedWords,
  columnsOf,
  type Listing,
  listing,
  originRow,
  placeName,
  sheetWord,
  titleRow,
} from '../../functions/core/sheet.ts';
import * as care from '../../functions/core/sheet-care.ts';
import * as help from '../../functions/core/sheet-help.ts';
import * as household from '../../functions/core/sheet-household.ts';
import * as policy from '../../functions/core/sheet-policy.ts';
import { isList, sheetRoute } from '../../functions/core/sheet-route.ts';

const Shape = z.object({
  properties: z.record(z.string(), z.object({ enum: z.array(z.string()).optional() })),
});
const every: readonly Listing[] = Object.values({ ...care, ...help, ...household, ...policy });
const VILLAGE = '350122101201';

const row = columnsOf<{ name?: string; fen?: number; is?: boolean | null; all: string[] }>();
const Some = z.object({
  area: z.string(),
  items: z.array(
    z.object({
      name: z.string().exactOptional(),
      fen: z.int().exactOptional(),
      is: z.boolean().nullable().exactOptional(),
      all: z.array(z.string()),
    }),
  ),
  cursor: z.string().optional(),
});
const some = listing(Some, {
  title: { zh: '名单', en: 'A list' },
  about: ({ area }) => ({ area }),
  rows: ({ items }) => items,
  columns: [
    row.text('headName', ({ name }) => name),
    row.yuan('due', ({ fen }) => fen),
    row.answered('certificate', ({ is }) => is),
    row.word('state', ({ name }) => name),
    row.labels('status', 'status', ({ name }) => [name ?? null]),
    row.texts('papers', ({ all }) => all),
    row.allWords('lacks', ({ all }) => all),
    row.said('item', ({ name }) => (name === undefined ? null : { zh: '甲', en: 'one' })),
    row.count('persons', ({ fen }) => fen),
  ],
});

describe('a list as a sheet', () => {
  it('has every heading in both languages, and none twice', () => {
    expect(every.length).toBe(11);
    for (const { title, columns } of every) {
      const headings = columns.map(({ heading }) => heading);
      expect([title.zh, new Set(headings).size]).toEqual([title.zh, headings.length]);
      const silent = headings.filter(
        (heading) =>
          sheetWord(heading, 'zh') === heading || !/\p{Script=Han}/u.test(sheetWord(heading, 'zh')),
      );
      expect([title.zh, silent]).toEqual([title.zh, []]);
      expect(
        headings.filter((heading) => /\p{Script=Han}/u.test(sheetWord(heading, 'en'))),
      ).toEqual([]);
    }
  });

  it('writes money in yuan, words in the reader’s language, and nothing where nothing is known', () => {
    const items = [
      { name: 'running', fen: 1_234_567, is: true, all: ['resident-team', 'one-of-four'] },
      { is: false, all: [] },
      { name: 'exited', is: null, all: ['户口簿'] },
    ];
    const { rows, cursor } = some.draw({ area: '35', items, cursor: 'on' }, 'zh');
    expect(rows).toEqual([
      ...[['running', 12_345.67, '是', '在执行', 'running', 'resident-team、one-of-four']].map(
        (one) => [...one, '第一书记及驻村工作队、领导、单位、龙头企业、强村之一', '甲', 1_234_567],
      ),
      [null, null, '否', null, null, null, null, null, null],
      ['exited', null, null, '是否脱贫', '已脱贫', '户口簿', '户口簿', '甲', null],
    ]);
    expect(cursor).toBe('on');
    expect(some.draw({ area: '35', items: items.slice(0, 1) }, 'en').rows[0]?.slice(2, 7)).toEqual([
      ...['yes', 'under way', 'running', 'resident-team, one-of-four'],
      'first secretary and resident team, one of cadre, department, leading enterprise, strong village',
    ]);
  });

  it('shows nothing that the schema of its list does not have', () => {
    expect(() => some.draw({ items: [] }, 'zh')).toThrow();
    expect(
      listing(z.any(), {
        ...some,
        about: () => ({ area: '35' }),
        rows: () => [],
        columns: [],
      }).draw(null, 'zh').cursor,
    ).toBeUndefined();
  });

  it('says what it is, of where and when, by whom it was drawn, of how many and for what', () => {
    const about = { area: VILLAGE, title: { zh: '助学金', en: 'a grant' } };
    expect(titleRow(some, about, 'zh')).toBe('名单：助学金');
    expect(titleRow(some, about, 'en')).toBe('A list: a grant');
    expect(titleRow(some, { area: VILLAGE }, 'en')).toBe('A list');
    const origin = { place: '敖江镇下园村', day: '2017-10-23', by: 'lin', rows: 3, asked: '' };
    expect(originRow(origin, 'zh')).toBe(
      '区划：敖江镇下园村　日期：2017-10-23　制表人：lin　共 3 行',
    );
    expect(originRow({ ...origin, asked: 'x' }, 'en')).toBe(
      'Area: 敖江镇下园村; day: 2017-10-23; drawn by: lin; rows: 3; asked for: x',
    );
    expect(originRow({ ...origin, asked: '脱贫状态：未脱贫' }, 'zh')).toMatch(
      /条件：脱贫状态：未脱贫$/,
    );
    expect(originRow(origin, 'en')).toMatch(/rows: 3$/);
  });

  it('puts filters in words as far as there are any', () => {
    const asked = {
      area: '35',
      status: 'unexited,exited',
      otherCause: 'illness',
      which: 'overdue',
    };
    expect(askedWords({ ...asked, unmet: 'yes', helper: 'hp_1' }, 'zh')).toBe(
      '脱贫状态：未脱贫、已脱贫；其他致贫原因：因病；名单：已逾期；致贫原因无对应措施：是；帮扶人：hp_1',
    );
    expect(askedWords({ area: '35', snapshot: undefined }, 'en')).toBe('frozen year: ');
    expect(askedWords({ area: '35', kind: 'training', state: 'ended' }, 'en')).toMatch(
      /; state: ended$/,
    );
  });

  it('asks for a guarantee, and for a mode by the name its county gave it, in words', () => {
    const asked = { guarantee: 'housing:not-met,pension:unknown', mode: 'cooperative' };
    expect(askedWords(asked, 'zh')).toBe(
      '保障情况：住房安全 未达到、养老保险 不明；产业模式：合作社带动',
    );
    expect(askedWords(asked, 'zh', new Map([['cooperative', '村社共建']]))).toMatch(/村社共建$/);
  });

  it('has a Chinese word for every value that any list may be asked for', () => {
    const own = [...householdDimensions, ...personDimensions].flatMap(({ param, values }) =>
      values.map((value) => [param, value] as const),
    );
    const others = lists.flatMap(({ query = z.object({}) }) => {
      const { properties } = Shape.parse(z.toJSONSchema(query, { io: 'input' }));
      return Object.entries(properties).flatMap(([name, { enum: values = [] }]) =>
        values.map((value) => [name, value] as const),
      );
    });
    const raw = [...own, ...others].filter(([name, value]) =>
      /[a-z]/.test(askedWords({ [name]: value }, 'zh')),
    );
    expect([raw, own.length > 300, others.length > 50]).toEqual([[], true, true]);
  });

  it('calls a village by its town and its own name, and what has no name by its code', () => {
    const names = new Map([
      [VILLAGE, '下园村'],
      ['350122101', '敖江镇'],
      ['3', '?'],
    ]);
    expect(placeName(VILLAGE, names)).toBe('敖江镇下园村');
    expect(placeName('350122101', names)).toBe('敖江镇');
    expect(placeName('350122102201', names)).toBe('350122102201');
  });
});

const lists = catalogue
  .flatMap(({ functions }) => functions.flatMap(({ routes = [] }) => routes))
  .filter(isList);

describe('the route of a sheet', () => {
  it('is for the very callers, place and filters of its list, without pages', () => {
    expect(lists.length).toBe(every.length);
    for (const list of lists) {
      const sheet = sheetRoute(list);
      const { access, params, area, keepsCode } = list;
      expect(sheet).toMatchObject({
        id: `${list.id}.sheet`,
        path: list.sheet,
        status: 303,
        access,
      });
      expect([sheet.params, sheet.area, sheet.keepsCode]).toEqual([params, area, keepsCode]);
      const filters = Object.keys(list.query?.shape ?? {}).filter(
        (name) => !['cursor', 'limit'].includes(name),
      );
      expect(Object.keys(sheet.query?.shape ?? {})).toEqual(filters);
      expect(sheet.refusals).toContain('sheet-too-long');
      expect(sheet.refusals).not.toContain('cursor-invalid');
    }
  });
});
