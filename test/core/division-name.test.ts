import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelOf, parentOf } from '../../functions/core/division.ts';
import { findVillage, placeIndex, shortName, stemOf } from '../../functions/core/division-name.ts';
import { type Division, newDivision } from '../../functions/core/division-register.ts';

const sample = readFileSync(join(import.meta.dirname, '../../sample/divisions.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([code = '', name = '']) => newDivision(code, name, null));
const county = placeIndex(sample);
const villages = sample.filter((division) => levelOf(division.code) === 'village');
const nameOf = new Map(sample.map((division) => [division.code, division.name]));

describe('short names', () => {
  it.each([
    ['东湾村委会', '东湾村'],
    ['东湾村村民委员会', '东湾村'],
    ['东湾村', '东湾村'],
    ['北门社区居委会', '北门社区'],
    ['北门社区居民委员会', '北门社区'],
    ['北门居委会', '北门社区'],
    ['罗山（畲族）社区居委会', '罗山畲族社区'],
    ['长龙华侨农场生活区', '长龙华侨农场生活区'],
  ])('%s is written %s', (full, short) => {
    expect(shortName(full)).toBe(short);
  });

  it.each([
    ['潘渡乡', '潘渡'],
    ['潘渡镇', '潘渡'],
    ['小沧畲族乡', '小沧'],
    ['罗山畲族社区', '罗山'],
    ['鼓东街道办事处', '鼓东'],
    ['村', '村'],
  ])('%s has the stem %s', (name, stem) => {
    expect(stemOf(name)).toBe(stem);
  });
});

describe('a village in a ledger', () => {
  it('of the sample county is found by its town and its short name, each one', () => {
    for (const village of villages) {
      const town = nameOf.get(parentOf(village.code) ?? '') ?? '';
      const place = { county: '连江县', town, village: shortName(village.name) };
      expect(findVillage(county, place)).toEqual({ ok: village.code });
    }
  });

  it('is found by its code whatever the names say', () => {
    const [village] = villages;
    const code = village?.code ?? '';
    expect(findVillage(county, { code: ` ${code}`.trim(), village: '别处' })).toEqual({ ok: code });
    expect(findVillage(county, { code: '350122999999' })).toMatchObject({
      refused: 'area-unknown',
    });
    expect(findVillage(county, { code: '350122100' })).toMatchObject({
      refused: 'area-not-village',
    });
  });

  it('needs its town where the name stands for several', () => {
    const times = new Map<string, number>();
    for (const { name } of villages)
      times.set(shortName(name), (times.get(shortName(name)) ?? 0) + 1);
    const [twice] = [...times].find(([, count]) => count > 1) ?? [];
    const [once] = [...times].find(([, count]) => count === 1) ?? [];
    expect(findVillage(county, { village: twice ?? '' })).toMatchObject({
      refused: 'village-ambiguous',
    });
    expect(findVillage(county, { village: once ?? '' })).toHaveProperty('ok');
  });

  it('is unknown where the town has none of that name, or the row names none', () => {
    expect(findVillage(county, { town: '凤城镇', village: '没有村' })).toEqual({
      refused: 'village-unknown',
      values: { town: '凤城镇', village: '没有村' },
    });
    expect(findVillage(county, { town: '没有镇', village: '东湾村' })).toHaveProperty('refused');
    expect(findVillage(county, {})).toMatchObject({ refused: 'village-unknown' });
  });

  it('is looked for in its own county where two counties have a town of that name', () => {
    const two = placeIndex([
      newDivision('350122', '连江县', null),
      newDivision('350121', '闽侯县', null),
      newDivision('350122101', '城关镇', null),
      newDivision('350121101', '城关镇', null),
      newDivision('350122101201', '东村村委会', null),
      newDivision('350121101201', '东村村委会', null),
    ]);
    const place = { town: '城关镇', village: '东村' };
    expect(findVillage(two, place)).toMatchObject({ refused: 'village-ambiguous' });
    expect(findVillage(two, { ...place, county: '闽侯县' })).toEqual({ ok: '350121101201' });
    expect(findVillage(two, { ...place, county: '没有县' })).toMatchObject({
      refused: 'village-ambiguous',
    });
  });

  it('is not taken for one whose name only begins alike', () => {
    const town = placeIndex([
      newDivision('350122101', '敖江镇', null),
      newDivision('350122101001', '白沙社区居委会', null),
      newDivision('350122101201', '白沙村委会', null),
    ]);
    const at = (village: string) => findVillage(town, { town: '敖江', village });
    expect(at('白沙村')).toEqual({ ok: '350122101201' });
    expect(at('白沙社区')).toEqual({ ok: '350122101001' });
    expect(at('白沙')).toMatchObject({ refused: 'village-ambiguous' });
  });
});

describe('a village that was closed', () => {
  const old = (successors: readonly string[]): Division => ({
    ...newDivision('350122204201', '仁山村委会', null),
    validTo: '2018-01-01',
    successors,
  });
  const next = newDivision('350122116201', '仁山村委会', null);
  const other = newDivision('350122116202', '仁水村委会', null);
  const named = { code: '350122204201' };

  it('leads to the one that took its place', () => {
    const places = placeIndex([old([next.code]), next]);
    expect(findVillage(places, named)).toEqual({ ok: next.code });
    expect(findVillage(places, { village: '仁山村' })).toEqual({ ok: next.code });
    const abroad = placeIndex([old(['350121101201'])]);
    expect(findVillage(abroad, named)).toEqual({ ok: '350121101201' });
  });

  it('is refused with the names of those that did where there are several or none', () => {
    const places = placeIndex([old([next.code, other.code]), next, other]);
    expect(findVillage(places, named)).toEqual({
      refused: 'area-closed',
      values: { area: '350122204201', successors: `${next.code}、${other.code}` },
    });
    expect(findVillage(placeIndex([old([])]), { village: '仁山村' })).toMatchObject({
      refused: 'area-closed',
    });
  });
});
