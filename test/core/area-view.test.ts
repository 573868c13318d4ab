import { describe, expect, it } from 'vitest';
import { AreaPath, AreaView, aboveOf, areaView } from '../../functions/core/area-view.ts';
import { newDivision } from '../../functions/core/division-register.ts';

describe('a division as people see it', () => {
  it('carries its level and the one above it', () => {
    const town = areaView(newDivision('350122116', '潘渡镇', null));
    expect(town).toMatchObject({ level: 'town', parent: '350122' });
    expect(AreaView.safeParse(town).success).toBe(true);
    expect(areaView(newDivision('35', '福建省', null))).toMatchObject({
      level: 'province',
      parent: null,
    });
  });

  it('has no level when its code has none', () => {
    expect(areaView(newDivision('35012', '某地', null))).toMatchObject({ level: null });
  });

  it('stands under the names of those around it', () => {
    const known = new Map([['35', newDivision('35', '福建省', null)]]);
    expect(aboveOf('350122', known)).toEqual([
      { code: '35', name: '福建省' },
      { code: '3501', name: '3501' },
    ]);
  });

  it('is asked for by a code of one of the levels', () => {
    expect(AreaPath.safeParse({ code: '350122' }).success).toBe(true);
    expect(AreaPath.safeParse({ code: '35012' }).success).toBe(false);
  });
});
