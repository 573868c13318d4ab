import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formerCodes,
  reachOf,
  type Standing,
  successorsOf,
} from '../../functions/core/division-scope.ts';

const open: Standing = { validTo: null, successors: [] };
const closed = (...successors: string[]): Standing => ({ validTo: '2018-01-01', successors });
const leaving = (...successors: string[]): Standing => ({ validTo: null, successors });

function lookUp(table: Readonly<Record<string, Standing>>) {
  return (code: string) => table[code] ?? null;
}

describe('a token with a closed code', () => {
  it('acts as the successors, and theirs in turn', () => {
    const table = { 350122204: closed('350122116'), 350122116: closed('350122117', '350122118') };
    expect(successorsOf('350122204', lookUp(table))).toEqual(['350122117', '350122118']);
  });

  it('keeps the old code beside the new one while households are being moved', () => {
    expect(successorsOf('350122204', lookUp({ 350122204: leaving('350122116') }))).toEqual([
      '350122204',
      '350122116',
    ]);
  });

  it('stays as it is where nothing is known of the code, or nothing took its place', () => {
    expect(successorsOf('350122', lookUp({}))).toEqual(['350122']);
    expect(successorsOf('350122', lookUp({ 350122: closed() }))).toEqual(['350122']);
  });

  it('names a place once: what lies inside another of its areas adds nothing', () => {
    const table = { 350122204: closed('350122116201'), 350122116: open };
    expect(reachOf(['350122116', '350122204', '350122116'], lookUp(table)).codes).toEqual([
      '350122116',
    ]);
  });

  it('says which codes still have to be looked up', () => {
    const table: Readonly<Record<string, Standing>> = { 350122204: closed('350122116') };
    expect(reachOf(['350122204'], (code) => table[code]).missing).toEqual(['350122116']);
  });
});

describe('codes a place had before', () => {
  it('are those that lead to it, in however many steps and whatever their order, and none that lead elsewhere', () => {
    const place = (code: string, ...successors: string[]) => ({ code, successors });
    const siblings = [
      place('350123', '350124'),
      place('350122', '350123'),
      place('350124'),
      place('350125', '350126'),
    ];
    expect(formerCodes('350124', siblings).toSorted()).toEqual(['350122', '350123', '350124']);
    expect(formerCodes('350125', siblings)).toEqual(['350125']);
  });
});

const codes = ['11', '12', '13', '14', '15'];
const standing = fc.record({
  validTo: fc.constantFrom(null, '2018-01-01'),
  successors: fc.subarray(codes),
});
const anyTable = fc.record(Object.fromEntries(codes.map((code) => [code, standing])));

it('whatever the succession, cycles included, acting twice is acting once', () => {
  fc.assert(
    fc.property(anyTable, fc.subarray(codes, { minLength: 1 }), (table, own) => {
      const once = reachOf(own, lookUp(table)).codes;
      expect(reachOf(once, lookUp(table)).codes.toSorted()).toEqual(once.toSorted());
    }),
  );
});
