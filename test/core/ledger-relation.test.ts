import { describe, expect, it } from 'vitest';
import { readRelation } from '../../functions/core/ledger-relation.ts';

const heading = '与户主关系';

describe('a relation in the words of a family', () => {
  it.each([
    ['head', ['户主', '本人', '户主本人']],
    ['spouse', ['妻', '老伴', '户主之妻', '之夫']],
    ['son', ['儿子', '四子', '大儿子', '之五子', '养子', '户主的小儿子']],
    ['daughter', ['四女', '小女儿', '之长女', '继女']],
    ['daughter-in-law', ['长媳', '儿媳妇', '二儿媳']],
    ['son-in-law', ['上门女婿', '大女婿']],
    ['grandson', ['长孙', '大孙子', '次孙']],
    ['granddaughter', ['次孙女']],
    ['grandson-by-daughter', ['外孙', '长外孙']],
    ['mother-in-law', ['岳母']],
    ['parent-in-law', ['公公', '婆婆']],
    ['mother', ['户主之母', '养母']],
    ['sibling', ['哥哥', '三弟', '小妹']],
    ['other', ['侄子', '弟媳', '孙媳', '曾孙', '外婆', '其他']],
  ])('is %s', (code, words) => {
    for (const word of words)
      expect([word, readRelation(word, { heading })]).toEqual([word, { ok: code }]);
  });

  it('says nothing where the cell says nothing, and is refused as it was written where nobody knows it', () => {
    expect(readRelation(null, { heading })).toEqual({ ok: null });
    for (const text of ['户主之友', '老大', '长', '前妻'])
      expect(readRelation(text, { heading })).toMatchObject({
        refused: 'value-unknown',
        values: { field: heading, text },
      });
  });
});
