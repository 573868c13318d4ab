import { describe, expect, it } from 'vitest';
import { freeText, hasLongNumber } from '../../functions/core/free-text.ts';
import { identityOf } from '../support/build.ts';

const number = identityOf('1962-07-15', 21);

describe('words of a clerk', () => {
  it.each([
    ['an identity number', `户主 ${number}`],
    ['a phone', '电话10000000017'],
    ['a phone in groups', '100 0000 0017'],
    ['an account in groups with hyphens', '6222-0000-0000-0000'],
    ['hyphens of another kind', '100–0000—0017'],
    ['full-width digits', '电话１００００００００１７'],
    ['digits with marks nobody sees between them', [...'10000000017'].join('\u200b')],
  ])('are refused with %s in them', (_, text) => {
    expect(hasLongNumber(text)).toBe(true);
    expect(freeText(500).safeParse(text)).toMatchObject({ success: false });
  });

  it.each([
    ['a day', '2017年10月23日入户核实'],
    ['a period', '自2017-10-01至2017-10-07'],
    ['a document', '连扶贫〔2017〕12号'],
    ['an amount', '补偿款 1200000 元'],
  ])('may name %s', (_, text) => {
    expect(freeText(500).parse(text)).toBe(text);
  });

  it('have the length their field takes', () => {
    expect(freeText(4).safeParse('一').success).toBe(false);
    expect(freeText(4).safeParse('一二三四五').success).toBe(false);
    expect(freeText(4, 1).safeParse('一').success).toBe(true);
  });
});
