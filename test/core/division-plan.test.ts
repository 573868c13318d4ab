import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOf, liesWithin, parentOf } from '../../functions/core/division.ts';
import { codesNamed, DivisionChange } from '../../functions/core/division-change.ts';
import {
  type ChangePlan,
  type DivisionTree,
  destinationOf,
  destinationsOf,
  divides,
  planChange,
  remadeBy,
} from '../../functions/core/division-plan.ts';
import { type Division, newDivision } from '../../functions/core/division-register.ts';
import { successorsOf } from '../../functions/core/division-scope.ts';
import { isRefused } from '../../functions/core/refusal.ts';

const today = '2017-10-23';
const common = { effective: '2017-10-01', reason: '撤乡设镇' };
const codes = [
  '35',
  '3501',
  '350121',
  '350122',
  '350122101',
  '350122101201',
  '350122101202',
  '350122102',
  '350122102201',
  '350122102203',
  '350122204',
];
const register = codes.map((code) => newDivision(code, `名${code}`, null));

function treeOf(divisions: readonly Division[]): DivisionTree {
  return {
    get: (code) => divisions.find((division) => division.code === code),
    children: (code) => divisions.filter((division) => parentOf(division.code) === code),
  };
}
const tree = treeOf(register);

function plan(asked: Record<string, unknown>, on: DivisionTree = tree) {
  return planChange(DivisionChange.parse({ ...common, ...asked }), on, today);
}
function made(asked: Record<string, unknown>): ChangePlan {
  const planned = plan(asked);
  if (isRefused(planned)) throw new Error(planned.refused);
  return planned.ok;
}
function refusedAs(asked: Record<string, unknown>, on: DivisionTree = tree) {
  const planned = plan(asked, on);
  return isRefused(planned) ? planned.refused : 'planned';
}
const village = '350122101201';
const rename = { kind: 'rename', code: '350122101', name: '新镇', newCode: '350122111' };

describe('a rename', () => {
  it('without a new code changes the name and nothing else', () => {
    const onlyName = { opens: [], renames: [{ code: '350122204', name: '潘渡镇' }] };
    expect(made({ kind: 'rename', code: '350122204', name: '潘渡镇' })).toEqual({
      ...onlyName,
      closes: [],
      moves: [],
    });
    expect(refusedAs({ kind: 'rename', code: '350122204', name: '名350122204' })).toBe(
      'division-change-nothing',
    );
  });

  it('with a new code brings every village along', () => {
    const planned = made(rename);
    expect(planned.opens.map((one) => one.code)).toEqual([
      '350122111',
      '350122111201',
      '350122111202',
    ]);
    expect(planned.opens[0]?.name).toBe('新镇');
    expect(planned.moves).toEqual([
      { from: village, to: '350122111201', hamlets: {} },
      { from: '350122101202', to: '350122111202', hamlets: {} },
    ]);
    expect(planned.closes.map((one) => one.code)).toEqual([
      '350122101',
      '350122101201',
      '350122101202',
    ]);
  });

  it('may give a village inside other last digits', () => {
    const planned = made({ ...rename, renumber: { [village]: '350122111299' } });
    expect(planned.moves[0]).toEqual({ from: village, to: '350122111299', hamlets: {} });
  });

  it('may not put a village elsewhere on the way, nor use a code in use, nor change parent or level', () => {
    expect(refusedAs({ ...rename, renumber: { [village]: '350122102299' } })).toBe(
      'division-level-mismatch',
    );
    expect(refusedAs({ ...rename, renumber: { [village]: '350122111' } })).toBe(
      'division-level-mismatch',
    );
    expect(refusedAs({ ...rename, newCode: '350122102' })).toBe('division-exists');
    expect(refusedAs({ ...rename, newCode: '350121101' })).toBe('division-level-mismatch');
    expect(refusedAs({ ...rename, newCode: '3502' })).toBe('division-level-mismatch');
  });

  it('of a province needs nothing above it', () => {
    const planned = made({ kind: 'rename', code: '35', name: '新省', newCode: '36' });
    expect(planned.moves).toHaveLength(codes.filter((code) => levelOf(code) === 'village').length);
  });
});

describe('a merge', () => {
  it('of villages into one of them closes the others only', () => {
    const into = { code: village, name: '大村' };
    const planned = made({ kind: 'merge', codes: [village, '350122101202'], into });
    expect(planned.closes).toEqual([{ code: '350122101202', successors: [village] }]);
    expect(planned.renames).toEqual([into]);
    expect(planned.moves).toEqual([{ from: '350122101202', to: village, hamlets: {} }]);
  });

  it('of towns into a new one needs new codes where last digits meet', () => {
    const asked = {
      kind: 'merge',
      codes: ['350122101', '350122102'],
      into: { code: '350122120', name: '合镇' },
    };
    expect(refusedAs(asked)).toBe('division-exists');
    const planned = made({ ...asked, renumber: { '350122102201': '350122120204' } });
    expect(planned.moves.map((move) => move.to)).toEqual([
      '350122120201',
      '350122120202',
      '350122120204',
      '350122120203',
    ]);
  });

  it('of one with itself is nothing', () => {
    const into = { code: village, name: '名' };
    expect(refusedAs({ kind: 'merge', codes: [village], into })).toBe('division-change-nothing');
  });

  it('of divisions of two levels is refused', () => {
    const into = { code: '350122102', name: '名' };
    expect(refusedAs({ kind: 'merge', codes: [village], into })).toBe('division-level-mismatch');
  });
});

describe('a split', () => {
  const parts = [
    { code: village, name: '老村' },
    { code: '350122101203', name: '新村', hamlets: ['东头'] },
  ];

  it('of a village sends the hamlets named to the new one and keeps the rest', () => {
    const planned = made({ kind: 'split', code: village, parts });
    expect(planned.closes).toEqual([]);
    const [move] = planned.moves;
    expect(move && destinationOf(move, ' 东头 ')).toBe('350122101203');
    expect(move && destinationOf(move, '西头')).toBe(village);
    expect(move && destinationOf(move, undefined)).toBe(village);
    expect(move && destinationOf(move, 'constructor')).toBe(village);
    expect(move && destinationsOf(move)).toEqual([village, '350122101203']);
    expect(move && divides(move)).toBe(true);
  });

  it('of a village may close it altogether', () => {
    const both = [{ ...parts[1] }, { code: '350122101204', name: '另村' }];
    const planned = made({ kind: 'split', code: village, parts: both });
    expect(planned.closes).toEqual([
      { code: village, successors: ['350122101203', '350122101204'] },
    ]);
  });

  it('must say where the rest goes, once, and name a hamlet once', () => {
    const named = [{ ...parts[1] }, { code: '350122101204', name: '另村', hamlets: ['西头'] }];
    expect(refusedAs({ kind: 'split', code: village, parts: named })).toBe('division-part-missing');
    const twice = [...parts, { code: '350122101204', name: '另村', hamlets: ['东头'] }];
    expect(refusedAs({ kind: 'split', code: village, parts: twice })).toBe('division-part-twice');
    const rests = [...parts, { code: '350122101204', name: '另村' }];
    expect(refusedAs({ kind: 'split', code: village, parts: rests })).toBe('division-part-missing');
  });

  it('of a village is by hamlets, of anything else by what lies directly inside', () => {
    const members = [parts[0], { ...parts[1], members: ['350122101202'] }];
    expect(refusedAs({ kind: 'split', code: village, parts: members })).toBe(
      'division-level-mismatch',
    );
    const town = [
      { code: '350122101', name: '镇' },
      { code: '350122121', name: '新镇', hamlets: ['东头'] },
    ];
    expect(refusedAs({ kind: 'split', code: '350122101', parts: town })).toBe(
      'division-level-mismatch',
    );
  });

  it('of a town sends each village to its part', () => {
    const town = [
      { code: '350122101', name: '镇' },
      { code: '350122121', name: '新镇', members: ['350122101202'] },
    ];
    const planned = made({ kind: 'split', code: '350122101', parts: town });
    expect(planned.moves).toEqual([{ from: '350122101202', to: '350122121202', hamlets: {} }]);
    expect(planned.closes).toEqual([{ code: '350122101202', successors: ['350122121202'] }]);
  });

  it('of a town must place each village inside and no other', () => {
    const of = (first: string[], second: string[]) => ({
      kind: 'split',
      code: '350122101',
      parts: [
        { code: '350122121', name: '甲镇', members: first },
        { code: '350122122', name: '乙镇', members: second },
      ],
    });
    expect(refusedAs(of([village], ['350122101202']))).toBe('planned');
    expect(refusedAs(of([village], ['350122102201']))).toBe('area-unknown');
    expect(refusedAs(of([village], [village]))).toBe('division-part-twice');
    const some = of([village], ['350122101202']);
    const grown = treeOf([...register, newDivision('350122101209', '后来村', null)]);
    expect(refusedAs(some, grown)).toBe('division-part-missing');
  });

  it('has parts of its own level', () => {
    const lower = [parts[0], { code: '350122109', name: '镇', hamlets: ['东头'] }];
    expect(refusedAs({ kind: 'split', code: village, parts: lower })).toBe(
      'division-level-mismatch',
    );
  });
});

describe('a move', () => {
  const move = { kind: 'move', code: village, parent: '350122102', newCode: '350122102209' };

  it('brings a village under another town with a code of that town', () => {
    const planned = made(move);
    expect(planned.opens).toEqual([{ code: '350122102209', name: `名${village}` }]);
    expect(planned.moves).toEqual([{ from: village, to: '350122102209', hamlets: {} }]);
  });

  it('is refused to a town whose code the new one does not carry, or that does not exist', () => {
    expect(refusedAs({ ...move, newCode: '350122101209' })).toBe('division-level-mismatch');
    const nowhere = { parent: '350122103', newCode: '350122103209' };
    expect(refusedAs({ ...move, ...nowhere })).toBe('division-parent-unknown');
    expect(refusedAs({ ...move, code: '350122101299' })).toBe('area-unknown');
  });
});

describe('any change', () => {
  it('is not made before its day', () => {
    expect(refusedAs({ ...rename, effective: '2017-10-24' })).toBe('date-future');
  });

  it('waits for one under way around it, inside it or at its target', () => {
    for (const busy of ['350122', '350122101', village]) {
      const changing = register.map((one) => (one.code === busy ? { ...one, change: 'j' } : one));
      expect(refusedAs(rename, treeOf(changing))).toBe('division-change-running');
    }
  });

  it('does not touch what is closed', () => {
    const closed = register.map((one) =>
      one.code === '350122101' ? { ...one, validTo: today, successors: ['350122102'] } : one,
    );
    expect(refusedAs(rename, treeOf(closed))).toBe('area-closed');
  });

  it('names the codes that must lie in the areas of whoever asks', () => {
    const named = (asked: Record<string, unknown>) =>
      codesNamed(DivisionChange.parse({ ...common, ...asked }));
    expect(named(rename)).toEqual(['350122101', '350122111']);
    expect(named({ ...rename, newCode: undefined })).toEqual(['350122101']);
    expect(named({ kind: 'merge', codes: [village], into: { code: village, name: '名' } })).toEqual(
      [village],
    );
    const parts = [
      { code: village, name: '甲' },
      { code: '350122101203', name: '乙' },
    ];
    expect(named({ kind: 'split', code: village, parts })).toEqual([village, '350122101203']);
    expect(
      named({ kind: 'move', code: village, parent: '350122102', newCode: '350122102209' }),
    ).toEqual([village, '350122102', '350122102209']);
  });
});

/** The register after a plan was carried out. */
function after(planned: ChangePlan, before: readonly Division[]): readonly Division[] {
  const closes = new Map(planned.closes.map((one) => [one.code, one.successors]));
  const kept = before.map((one) => {
    const successors = closes.get(one.code);
    return successors ? { ...one, validTo: today, successors } : one;
  });
  return [...kept, ...planned.opens.map((one) => newDivision(one.code, one.name, today))];
}

it('whatever town is renamed, no village is lost and none is reached by two old codes', () => {
  const suffix = fc.integer({ min: 1, max: 400 }).map((n) => String(n).padStart(3, '0'));
  fc.assert(
    fc.property(fc.uniqueArray(suffix, { minLength: 1, maxLength: 12 }), (numbers) => {
      const villages = numbers.map((n) => newDivision(`350122300${n}`, `村${n}`, null));
      const before = [...register, newDivision('350122300', '镇', null), ...villages];
      const planned = planChange(
        DivisionChange.parse({ ...common, ...rename, code: '350122300' }),
        treeOf(before),
        today,
      );
      if (isRefused(planned)) throw new Error(planned.refused);
      const now = after(planned.ok, before);
      const standings = (code: string) => now.find((one) => one.code === code) ?? null;
      const ends = villages.flatMap((one) => successorsOf(one.code, standings));
      expect(new Set(ends).size).toBe(villages.length);
      expect(ends.every((code) => liesWithin(code, '350122111'))).toBe(true);
    }),
  );
});

describe('villages that will not be the village they were', () => {
  const second = '350122101202';
  const common = { code: village, kind: 'split' };
  it('are those that are divided or joined, and not those that get another code', () => {
    expect(remadeBy(made(rename))).toEqual([]);
    expect(remadeBy(made({ kind: 'rename', code: '350122204', name: '潘渡镇' }))).toEqual([]);
    const into = { code: second, name: '名' };
    expect(remadeBy(made({ kind: 'merge', codes: [village, second], into }))).toEqual([
      village,
      second,
    ]);
    const fresh = { code: '350122101209', name: '新村' };
    expect(remadeBy(made({ kind: 'merge', codes: [village, second], into: fresh }))).toEqual([
      village,
      fresh.code,
      second,
    ]);
    const parts = [
      { code: village, name: '名' },
      { code: fresh.code, name: '东头', hamlets: ['东头'] },
    ];
    expect(remadeBy(made({ ...common, parts }))).toEqual([village, fresh.code]);
  });
});
