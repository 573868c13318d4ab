import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { addTallies, countVillage } from '../../functions/core/figure.ts';
import {
  figuresOf,
  isCounted,
  NamedFigures,
  nameFigures,
  saysTheSame,
} from '../../functions/core/figure-name.ts';
import { anyRoster, profile, roster } from '../support/roster.ts';
import { runs } from '../support/seed.ts';

const day = '2016-12-31';
const known = profile({ population: 900, road: true, hamlets: 3, poweredHamlets: 2 });
const one = nameFigures(countVillage([roster({ status: 'exited' })], known, day).figures);

describe('figures by name', () => {
  it('are the figures they were made of, also after the database has kept them as text', () => {
    fc.assert(
      fc.property(fc.array(anyRoster, { maxLength: 5 }), fc.boolean(), (rosters, isKnown) => {
        const { figures } = countVillage(rosters, isKnown ? known : undefined, day);
        const stored = NamedFigures.parse(JSON.parse(JSON.stringify(nameFigures(figures))));
        expect(figuresOf(stored)).toEqual(figures);
        expect(saysTheSame(stored, nameFigures(figures))).toBe(true);
      }),
      runs(30),
    );
    const nobody = addTallies([]).figures;
    expect(figuresOf(nameFigures(nobody))).toEqual(nobody);
  });

  it('are read without what was not counted then, and say so', () => {
    const { status, ...others } = one.households;
    const older = { ...one, households: others, villages: {}, criteria: {}, sums: {} };
    expect(status).toEqual({ exited: [1, 1] });
    expect(householdDimensions.filter(({ id }) => !isCounted(older, id))).toMatchObject([
      { id: 'status' },
    ]);
    expect(isCounted(one, 'ageBand')).toBe(true);
    expect(nameFigures(figuresOf(older))).toMatchObject({
      registered: [1, 1],
      households: { status: {}, exited: { yes: [1, 1] } },
      villages: { withHouseholds: 0 },
    });
    expect(saysTheSame(older, one)).toBe(true);
    expect(saysTheSame(one, older)).toBe(false);
  });

  it('pass over a value that no dimension knows', () => {
    const odd = { ...one.households, status: { ...one.households.status, gone: [4, 4] } };
    const figures = figuresOf(NamedFigures.parse({ ...one, households: odd }));
    expect(nameFigures(figures).households.status).toEqual({ exited: [1, 1] });
  });

  it('differ when one amount does', () => {
    const persons = { ...one.persons, sex: { male: 2 } };
    for (const other of [
      { ...one, registered: [1, 2] as [number, number] },
      { ...one, persons },
      { ...one, sums: { ...one.sums, population: 901 } },
    ])
      expect(saysTheSame(one, other)).toBe(false);
  });

  it('are the same in whatever order the names stand', () => {
    const turned = Object.fromEntries(Object.entries(one.households).toReversed());
    const exited = { exited: { no: [0, 0], yes: [1, 1] } } as const;
    const pair = (order: object) => NamedFigures.parse({ ...one, households: order });
    expect(saysTheSame(one, pair(turned))).toBe(true);
    expect(
      saysTheSame(pair(exited), pair({ exited: { yes: [1, 1], no: [0, 0] }, status: {} })),
    ).toBe(true);
  });
});
