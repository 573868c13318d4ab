import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fieldCalled, fieldReason } from '../../functions/core/field-reason.ts';

const day = z.string().refine((text) => /^\d{4}-\d\d-\d\d$/.test(text));
const Form = z.object({
  name: z.string().min(1).max(3),
  wagesFen: z.int().min(0).max(9),
  members: z.array(z.string()).min(1).max(2),
  relation: z.enum(['head', 'spouse']),
  village: z.string().regex(/^\d{12}$/),
  fileName: z.string().regex(/xlsx$/),
  id: z.string().regex(/^hh_/),
  note: z.string().refine((text) => !/\d{11}/.test(text), { error: 'no-long-number' }),
  area: z.int().positive(),
  heldFrom: day,
  renumber: z.record(z.string(), day),
  size: z.number().multipleOf(5),
  seen: z.boolean(),
  other: z.undefined().optional(),
  mixed: z.union([z.string(), z.number()]),
  act: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('a') }),
    z.object({ kind: z.literal('b') }),
  ]),
});
const good = {
  name: '甲',
  wagesFen: 1,
  members: ['a'],
  relation: 'head',
  village: '350122101202',
  fileName: 'a.xlsx',
  id: 'hh_1',
  note: '核实',
  area: 1,
  heldFrom: '2017-10-23',
  renumber: {},
  size: 5,
  seen: true,
  mixed: 1,
  act: { kind: 'a' },
};

function reasons(given: object, language: 'zh' | 'en' = 'zh') {
  const { error } = Form.safeParse({ ...good, ...given }, { reportInput: true });
  return error?.issues.map((issue) => fieldReason(issue, language)) ?? [];
}

describe('why a value does not fit, in words a clerk understands', () => {
  it.each([
    [{ name: undefined }, '不能缺少', 'it is missing'],
    [{ name: '' }, '不能缺少', 'it is missing'],
    [{ relation: undefined }, '不能缺少', 'it is missing'],
    [{ name: 7 }, '应为文字', 'a text is expected'],
    [{ name: '甲乙丙丁' }, '至多 3 个字', 'at most 3 letters'],
    [{ wagesFen: -1 }, '至少为 0', 'at least 0'],
    [{ wagesFen: 1.5 }, '应为整数', 'a whole number is expected'],
    [{ wagesFen: 10 }, '至多为 9', 'at most 9'],
    [{ members: [] }, '至少 1 项', 'at least 1 of them'],
    [{ members: ['a', 'b', 'c'] }, '至多 2 项', 'at most 2 of them'],
    [{ relation: 'uncle' }, '可填：head、spouse', 'it can be head, spouse'],
    [{ id: 'a.doc' }, '格式不对', 'not of the form expected'],
    [{ area: 0 }, '须大于 0', 'more than 0'],
    [{ size: 7 }, '格式不对', 'not of the form expected'],
    [{ other: 7 }, '格式不对', 'not of the form expected'],
    [{ act: { kind: 'c' } }, '可填：a、b', 'it can be a, b'],
    [{ act: {} }, '可填：a、b', 'it can be a, b'],
    [{ mixed: true }, '格式不对', 'not of the form expected'],
  ])('%j: %s', (given, zh, en) => {
    expect(reasons(given)).toEqual([zh]);
    expect(reasons(given, 'en')).toEqual([en]);
  });

  it('a place asks for a division code, a day for a real day', () => {
    expect(reasons({ village: '350122101' })).toEqual([expect.stringContaining('区划代码')]);
    expect(reasons({ renumber: { a: 'b' } })).toEqual([expect.stringContaining('区划代码')]);
    expect(reasons({ fileName: 'a.xls' })).toEqual([expect.stringContaining('.xlsx')]);
    expect(reasons({ heldFrom: '2018-2-30' })).toEqual([expect.stringContaining('日期')]);
  });

  it('words of a clerk ask for no long numbers', () => {
    expect(reasons({ note: '电话 10000000017' })).toEqual([
      '请勿填写身份证号、电话或账号等长串数字',
    ]);
  });

  it('a fault of the whole names the whole', () => {
    const { error } = z.object({}).safeParse([], { reportInput: true });
    expect(error?.issues.map((issue) => fieldReason(issue, 'zh'))).toEqual(['应为一组字段']);
    expect(fieldCalled('', 'zh')).toBe('提交的内容');
    expect(fieldCalled('', 'en')).toBe('The body');
    expect(fieldCalled('members.0.name', 'zh')).toBe('姓名或名称');
    // A policy item's department is the one in charge, no helper; what is called otherwise inside something is called so there.
    expect(fieldCalled('items.0.department', 'zh')).toBe('负责部门');
    expect(fieldCalled('details.type', 'zh')).toBe('明细类别');
    expect(fieldCalled('facts.type', 'zh')).toBe('贫困户属性');
    expect(fieldCalled('colour', 'zh')).toBe('colour');
  });
});
