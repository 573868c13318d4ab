import { describe, expect, it } from 'vitest';
import {
  type Division,
  type DivisionRow,
  nameFromCode,
  newDivision,
  placementRefusal,
  planDivisions,
} from '../../functions/core/division-register.ts';

const nothing = () => undefined;

function row(code: string, name: string, more: Partial<DivisionRow> = {}): DivisionRow {
  return { row: 1, code, name, level: null, parent: null, ...more };
}
function register(...divisions: readonly Division[]) {
  return (code: string) => divisions.find((division) => division.code === code);
}
function codesOf(rows: readonly DivisionRow[], known: (code: string) => Division | undefined) {
  return planDivisions(rows, known).outcomes.map((one) =>
    one.outcome === 'refused' ? one.fault.code : one.outcome,
  );
}
const county = newDivision('350122', '连江县', null);
const town = newDivision('350122116', '潘渡镇', null);
const closed: Division = {
  ...newDivision('350122204', '潘渡乡', null),
  validTo: '2018-01-01',
  successors: ['350122116'],
};

describe('a divisions file', () => {
  it('brings its own divisions, and those above its root come from the code', () => {
    const plan = planDivisions([row('350122', '连江县'), row('350122116', '潘渡镇')], nothing);
    expect(plan.outcomes.map((one) => one.outcome)).toEqual(['new', 'new']);
    expect(plan.ancestors.map(({ code, name }) => [code, name])).toEqual([
      ['35', '福建省'],
      ['3501', '3501'],
    ]);
  });

  it('read again changes nothing', () => {
    const rows = [row('350122', '连江县'), row('350122116', '潘渡镇')];
    const first = planDivisions(rows, nothing);
    const all = [
      ...first.ancestors,
      ...first.outcomes.flatMap((one) => ('division' in one ? [one.division] : [])),
    ];
    const again = planDivisions(rows, register(...all));
    expect(again.outcomes.map((one) => one.outcome)).toEqual(['unchanged', 'unchanged']);
    expect(again.ancestors).toEqual([]);
  });

  it('gives a known division its new name and version', () => {
    const plan = planDivisions([row('350122116', '潘渡镇镇')], register(county, town));
    expect(plan.outcomes[0]).toMatchObject({
      outcome: 'changed',
      division: { name: '潘渡镇镇', version: 2 },
    });
  });

  it('may list a town before its county', () => {
    expect(codesOf([row('350122116', '潘渡镇'), row('350122', '连江县')], nothing)).toEqual([
      'new',
      'new',
    ]);
  });

  it('is told which rows are wrong and why', () => {
    const known = register(county, town, closed);
    const cases: readonly [DivisionRow, string][] = [
      [row('35012', '某地'), 'division-code-invalid'],
      [row('350122117', ''), 'value-missing'],
      [row('350122117', '某镇', { level: '村' }), 'division-level-mismatch'],
      [row('350122117', '某镇', { level: '怪' }), 'division-level-mismatch'],
      [row('350122117', '某镇', { parent: '350123' }), 'division-level-mismatch'],
      [row('35', '福建省', { parent: '1' }), 'division-level-mismatch'],
      [row('350122204', '潘渡乡'), 'area-closed'],
    ];
    for (const [one, code] of cases) expect(codesOf([one], known)).toEqual([code]);
    expect(codesOf([row('350122', '连江县'), row('350122999201', '某村')], known)).toEqual([
      'unchanged',
      'division-parent-unknown',
    ]);
    expect(codesOf([row('350122', '连江县'), row('350122204201', '某村')], known)[1]).toBe(
      'area-closed',
    );
  });

  it('understands levels in Chinese and in English, and an empty parent of a province', () => {
    const rows = [
      row('35', '福建省', { level: '省', parent: '' }),
      row('3501', '福州市', { level: '地级' }),
      row('350122', '连江县', { level: 'County', parent: '3501' }),
      row('350122116', '潘渡镇', { level: '乡镇（街道）' }),
      row('350122116201', '仁华村', { level: '行政村' }),
    ];
    expect(codesOf(rows, nothing)).toEqual(Array(5).fill('new'));
  });

  it('may repeat a row, but not give a code two names', () => {
    const same = [row('350122', '连江县'), row('350122', '连江县')];
    expect(codesOf(same, nothing)).toEqual(['new', 'unchanged']);
    expect(codesOf([row('350122', '连江县'), row('350122', '闽侯县')], nothing)).toEqual([
      'new',
      'division-exists',
    ]);
  });

  it('of nothing but faulty codes brings nothing', () => {
    expect(planDivisions([row('x', 'y')], nothing).ancestors).toEqual([]);
    expect(planDivisions([], nothing)).toEqual({ outcomes: [], ancestors: [] });
  });
});

describe('placing a household', () => {
  const village = newDivision('350122116201', '仁华村', null);

  it('needs a village in use', () => {
    expect(placementRefusal(village.code, village)).toBeUndefined();
    expect(placementRefusal(village.code, undefined)?.refused).toBe('area-unknown');
    expect(placementRefusal(town.code, town)?.refused).toBe('area-not-village');
  });

  it('is refused while a change is moving the households of the village away', () => {
    const leaving = { ...village, successors: ['350122117201'] };
    expect(placementRefusal(village.code, leaving)).toEqual({
      refused: 'area-closed',
      values: { area: village.code, successors: '350122117201' },
    });
  });
});

it('only provinces have names of their own before a file names them', () => {
  expect(nameFromCode('35')).toBe('福建省');
  expect(nameFromCode('3501')).toBe('3501');
});
