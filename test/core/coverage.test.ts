import { describe, expect, it } from 'vitest';
import {
  addCoverages,
  type Coverage,
  CoverageCount,
  countIn,
  type Finding,
  fenOf,
  noCoverage,
  packItems,
  unpackItems,
} from '../../functions/core/coverage.ts';
import { figuresView, isCurrent, itemIn, itemView } from '../../functions/core/coverage-view.ts';
import { NEVER } from '../../functions/core/figure.ts';
import { policyItem } from '../coverage/item.ts';

const items = [
  { id: 'road', subject: 'village' },
  { id: 'grant', subject: 'person' },
  { id: 'house', subject: 'household' },
] as const;

const finding = (given: Partial<Finding>): Finding => ({
  item: 'grant',
  person: 0,
  outcome: 'missed',
  dueFen: 100,
  receivedFen: 0,
  ...given,
});

function counted(homes: readonly { persons: number; findings: readonly Finding[] }[]): Coverage {
  const count = new CoverageCount(items);
  for (const home of homes) count.add(home);
  return count.result(NEVER, 'rules');
}

const of = (coverage: Coverage, item: string) => {
  const found = itemIn(coverage, item);
  if (!found) throw new Error(`${item} was not counted`);
  return found;
};

describe('coverage counts households and persons by what an item means for them', () => {
  it('a household in which one receives and one misses is in both, and entitled once', () => {
    const coverage = counted([
      {
        persons: 3,
        findings: [
          finding({ outcome: 'received', receivedFen: 80 }),
          finding({ person: 1, outcome: 'missed' }),
        ],
      },
    ]);
    const grant = of(coverage, 'grant');
    expect(countIn(grant, 'received')).toEqual({ wide: 1, persons: 1 });
    expect(countIn(grant, 'missed')).toEqual({ wide: 1, persons: 1 });
    expect(countIn(grant, 'entitled')).toEqual({ wide: 1, persons: 2 });
    expect(countIn(grant, 'not-eligible')).toEqual({ wide: 1, persons: 1 });
    expect(fenOf(grant)).toEqual({ dueFen: 200, receivedFen: 80, missedFen: 100 });
  });

  it('an item of households counts everybody who lives there', () => {
    const coverage = counted([
      { persons: 4, findings: [finding({ item: 'house', person: -1, outcome: 'unknown' })] },
      { persons: 2, findings: [] },
    ]);
    expect(countIn(of(coverage, 'house'), 'unknown')).toEqual({ wide: 1, persons: 4 });
    expect(countIn(of(coverage, 'house'), 'not-eligible')).toEqual({ wide: 1, persons: 2 });
    expect(coverage).toMatchObject({ households: 2, persons: 6, rules: 'rules' });
  });

  it('whoever is not named is not eligible; a household all of whose members are named is not', () => {
    const coverage = counted([
      { persons: 1, findings: [finding({ outcome: 'unknown', dueFen: null })] },
      { persons: 2, findings: [] },
      { persons: 0, findings: [] },
    ]);
    expect(countIn(of(coverage, 'grant'), 'not-eligible')).toEqual({ wide: 1, persons: 2 });
    expect(countIn(of(coverage, 'grant'), 'unknown')).toEqual({ wide: 1, persons: 1 });
  });

  it('what was received without a right to it counts as received money, and as nobody entitled', () => {
    const coverage = counted([
      {
        persons: 1,
        findings: [finding({ outcome: 'received-not-eligible', receivedFen: 500 })],
      },
    ]);
    expect(countIn(of(coverage, 'grant'), 'received-not-eligible')).toEqual({
      wide: 1,
      persons: 1,
    });
    expect(countIn(of(coverage, 'grant'), 'entitled')).toEqual({ wide: 0, persons: 0 });
    expect(fenOf(of(coverage, 'grant'))).toEqual({ dueFen: 0, receivedFen: 500, missedFen: 0 });
  });

  it('an entitlement without a known amount adds no money', () => {
    const coverage = counted([{ persons: 1, findings: [finding({ dueFen: null })] }]);
    expect(fenOf(of(coverage, 'grant'))).toEqual({ dueFen: 0, receivedFen: 0, missedFen: 0 });
  });

  it('a village is counted once, by the items of villages alone', () => {
    const count = new CoverageCount(items);
    const road = finding({ item: 'road', person: -1, outcome: 'received' });
    count.addVillage('1', [road, finding({ item: 'house' }), finding({ item: 'gone' })]);
    count.addVillage('1', [road]);
    count.addVillage('2', []);
    const coverage = count.result(NEVER, null);
    expect(countIn(of(coverage, 'road'), 'received')).toEqual({ wide: 1, persons: 0 });
    expect(countIn(of(coverage, 'road'), 'not-eligible')).toEqual({ wide: 1, persons: 0 });
    expect(countIn(of(coverage, 'house'), 'missed')).toEqual({ wide: 0, persons: 0 });
  });

  it('what was found for an item that is no longer in force is left out', () => {
    const coverage = counted([{ persons: 1, findings: [finding({ item: 'gone' })] }]);
    expect(itemIn(coverage, 'gone')).toBeUndefined();
  });
});

describe('an area adds up its parts', () => {
  const one = counted([{ persons: 1, findings: [finding({})] }]);
  const two = counted([{ persons: 2, findings: [finding({ outcome: 'received' })] }]);

  it('item by item, and holds as long as the first of them', () => {
    const sum = addCoverages([
      { ...one, until: '2018-01-01' },
      { ...two, until: '2017-12-01' },
    ]);
    expect(sum).toMatchObject({ households: 2, persons: 3, until: '2017-12-01', rules: 'rules' });
    expect(countIn(of(sum, 'grant'), 'entitled')).toEqual({ wide: 2, persons: 2 });
    expect(sum.items.map(({ item }) => item)).toEqual(['grant', 'house', 'road']);
  });

  it('an item only one part has stays', () => {
    const own = { ...two, items: two.items.filter(({ item }) => item === 'road') };
    expect(addCoverages([own, one]).items.map(({ item }) => item)).toEqual([
      'grant',
      'house',
      'road',
    ]);
  });

  it('parts by different rules leave open by which', () => {
    expect(addCoverages([one, { ...two, rules: 'others' }]).rules).toBeNull();
  });

  it('nothing adds up to nothing', () => {
    expect(addCoverages([])).toEqual(noCoverage);
  });
});

describe('figures as they are stored', () => {
  it('come back as they were', () => {
    const { items: figures } = counted([
      { persons: 3, findings: [finding({ dueFen: 123_456_789_012 })] },
    ]);
    expect(unpackItems(packItems(figures))).toEqual(figures);
    expect(unpackItems(packItems([]))).toEqual([]);
  });

  it.each(['grant x 1', 'grant p ~', `grant p ${'1 '.repeat(16).trim()}`])(
    'in another shape they are a fault: %s',
    (text) => {
      expect(() => unpackItems(text)).toThrow('another shape');
    },
  );
});

describe('coverage for people', () => {
  it('counts villages of a village’s item, households and persons of any other', () => {
    const village = policyItem({ id: 'road', subject: 'village' });
    expect(figuresView(village, undefined).missed).toEqual({ villages: 0 });
    const person = policyItem({ id: 'grant', subject: 'person' });
    expect(
      figuresView(person, of(counted([{ persons: 1, findings: [finding({})] }]), 'grant')),
    ).toMatchObject({
      missed: { households: 1, persons: 1 },
      missedFen: 100,
    });
    expect(itemView(person)).toMatchObject({ id: 'grant', subject: 'person' });
  });

  it('is current where it goes by the rules of the day and nothing has run out', () => {
    const coverage = counted([]);
    expect(isCurrent(coverage, { today: '2017-10-23', rules: 'rules' })).toBe(true);
    expect(isCurrent(coverage, { today: '2017-10-23', rules: 'others' })).toBe(false);
    expect(isCurrent(coverage, { today: '2017-10-23', rules: undefined })).toBe(true);
    expect(
      isCurrent({ ...coverage, until: '2017-10-23' }, { today: '2017-10-23', rules: 'rules' }),
    ).toBe(false);
    expect(isCurrent(undefined, { today: '2017-10-23', rules: undefined })).toBe(false);
  });
});
