import { labelledLists } from './code-label.ts';
import { readCode } from './ledger-code.ts';
import { type ColumnLabel, comparable, type GivenCell, textOf } from './ledger-text.ts';
import { type Decided, isRefused } from './refusal.ts';

/** 户主之母, 户主的父亲, 之长女: of whom is known. */
const OF_HEAD = /^(?:户主)?(?:之|的)?(?=.)/;
/** 四女, 大孙子, 小女儿: which of several the register does not keep. */
const ORDINAL = /^(?:[长大次小幺老]|[一二三四五六七八九])(?=.)/;
/** 养女, 继子, 亲弟. */
const KIND = /^[亲养继义](?=.)/;

/**
 * A relation to the head in the words of families, as its code; null where the cell says nothing. Relations for which the list has no code
 * of their own (侄子, 孙媳) are `other`. Refusals: value-unknown.
 */
export function readRelation(cell: GivenCell, column: ColumnLabel): Decided<string | null> {
  const codes = labelledLists.relation;
  const read = readCode(cell, { ...column, codes });
  if (!isRefused(read)) return read;
  let text = comparable(textOf(cell));
  for (const sign of [OF_HEAD, ORDINAL, KIND]) {
    text = text.replace(sign, '');
    const again = readCode(text, { ...column, codes });
    if (!isRefused(again)) return again;
  }
  return read;
}
