import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { textOf } from '../../functions/core/ledger-text.ts';
import type { RefusalCode } from '../../functions/core/refusal.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { identityOf } from '../support/build.ts';
import { clerkOf, type State } from '../support/clerk.ts';
import { type County, openCounty } from '../support/county.ts';
import { figuresOf, inParallel, membersOf } from '../support/figures.ts';
import { otherBook, otherCsv, otherDivisions, otherVillages } from '../support/other-county.ts';
import { type Family, familiesOf, large, memberAt, OTHER, towns } from '../support/other-family.ts';
import { bookParts, collect, fileMaker, workbook, zip } from '../support/sheet.ts';

const [mountain = [], water = [], forest = [], sea = []] = familiesOf(16);
const eastern = [...mountain, ...water];
const western = [...forest];
const FORMULA = '=HYPERLINK("http://example.invalid")';

/** Makes a family faulty, each in one row. */
function spoil(family: Family, fault: RefusalCode, how: (family: Family) => void): Family {
  family.fault = fault;
  how(family);
  return family;
}

spoil(large(eastern, 0), 'identity-checksum', (family) => {
  const head = memberAt(family, 0);
  const valid = identityOf('1970-01-01', 999);
  head.identity = valid.slice(0, 17) + (valid.endsWith('1') ? '2' : '1');
  family.hamlet = FORMULA;
});
spoil(large(eastern, 3), 'head-missing', (family) => {
  memberAt(family, 0).relation = '三子';
});
spoil(large(eastern, 6), 'head-twice', (family) => {
  memberAt(family, 1).relation = '户主';
});
spoil(large(eastern, 9), 'village-unknown', (family) => {
  family.village = '无此村';
});
spoil(large(eastern, 12), 'household-size-mismatch', (family) => {
  family.size += 1;
});
spoil(large(eastern, 15), 'date-impossible', (family) => {
  family.identified = '2015.13';
});
const original = spoil(large(western, 0), 'person-twice', () => undefined);
spoil(large(western, 2), 'person-twice', (family) => {
  const { identity, sex } = memberAt(original, 0);
  Object.assign(memberAt(family, 0), { identity, sex });
});
const first = spoil(large(western, 4), 'household-twice', () => undefined);
spoil(large(western, 8), 'household-twice', (family) => {
  family.number = first.number;
});
spoil(
  large(
    western.filter(({ exited }) => exited !== null),
    5,
  ),
  'exit-before-identification',
  (family) => {
    family.identified = '2018-03-01';
  },
);
spoil(large(western, 6), 'income-negative', (family) => {
  family.wages = '-500';
});
// A formula as text in a household that is taken stays what it is.
const oddly = large(eastern, 2);
oddly.hamlet = '=1+1坑';
// The clerk of one town states a household of another.
spoil(large(sea, 1), 'village-outside', (family) => {
  family.town = towns[2]?.name ?? '';
});

const everyone = [...eastern, ...western, ...sea];
const taken = everyone.filter(({ fault }) => !fault);
const personsOf = (families: readonly Family[]) =>
  families.reduce((sum, { members }) => sum + members.length, 0);

/** What a plan for these families has to count. */
function countsOf(families: readonly Family[]) {
  const faulty = families.filter(({ fault }) => fault);
  const sound = families.filter(({ fault }) => !fault);
  const entries = { new: sound.length, refused: new Set(faulty.map((one) => one.number)).size };
  const others = { changed: 0, unchanged: 0, conflicting: 0 };
  return {
    rows: personsOf(families),
    new: personsOf(sound),
    refused: personsOf(faulty),
    ...others,
    entries: { ...entries, ...others, total: entries.new + entries.refused },
  };
}

const units = z.object({ registered: z.number(), exited: z.number(), unexited: z.number() });
const figures = z.record(
  z.string(),
  z.looseObject({ households: z.number().optional(), persons: z.number() }),
);
const Board = z.looseObject({
  households: units,
  persons: units,
  byCause: figures,
  byType: figures,
  byMeasure: figures,
  byLabour: figures,
  income: z.looseObject({ wagesFen: z.number(), households: z.number() }),
  villages: z.looseObject({ poor: z.number() }),
});

let county: County;
let office: ReturnType<typeof clerkOf>;
let second: ReturnType<typeof clerkOf>;
let townClerk: ReturnType<typeof clerkOf>;
let ledger: State;
const book = {
  kind: 'registry',
  fileName: '榕县花名册.xlsx',
  bytes: otherBook(eastern, western),
} as const;
const seaside = { kind: 'registry', fileName: '榕海街道.csv', bytes: otherCsv(sea) } as const;
const board = async (code: string) => Board.parse(await county.ask(`/areas/${code}/board`));

beforeAll(async () => {
  county = await openCounty(OTHER, '2019-03-01');
  office = clerkOf(county, await county.token(OTHER));
  second = clerkOf(county, await county.token(OTHER, 'office', 'second'));
  townClerk = clerkOf(county, await county.token(towns[3]?.code ?? '', 'office', 'seaside'));
  const bytes = otherDivisions();
  const divisions = await office.upload({ kind: 'divisions', fileName: '区划.csv', bytes });
  await second.approve(divisions);
  ledger = await office.upload(book);
}, 120_000);
afterAll(() => county?.close());

describe('another county, with ledgers of its own layout and its own faults', () => {
  it('has its divisions from a GBK file with headings of its own', async () => {
    const children = z
      .object({ children: z.array(z.looseObject({ code: z.string(), name: z.string() })) })
      .parse(await county.ask(`/areas/${OTHER}/children`)).children;
    expect(children.map(({ code, name }) => ({ code, name }))).toEqual(
      towns.map(({ code, name }) => ({ code, name })),
    );
  });

  it('gets a plan that takes every sound household and refuses the others', () => {
    expect(ledger).toMatchObject({ state: 'planned', heldOn: '2018-12-31' });
    expect(ledger.counts).toEqual(countsOf([...eastern, ...western]));
  });

  it('is told for each refused household why', async () => {
    const refused = await office.refused(ledger.id);
    for (const { number, fault } of [...eastern, ...western].filter((one) => one.fault)) {
      const found = refused.find(({ key }) => key === number);
      expect([number, found?.faults.map(({ code }) => code)]).toEqual([
        number,
        expect.arrayContaining([fault]),
      ]);
    }
  });

  it('gets the faulty rows back as they were, with the reasons, formulas neutralised', async () => {
    const bytes = await office.refusals(ledger.id);
    const path = await (await fileMaker())(bytes);
    const [heading, ...rows] = await collect(readSheet(path, 'refusals.xlsx'));
    const faulty = [...eastern, ...western].filter(({ fault }) => fault);
    expect(rows).toHaveLength(personsOf(faulty));
    expect(heading?.cells.slice(-2)).toEqual(['未导入原因', 'Reason']);
    const texts = rows.map(({ cells }) => cells.map(textOf));
    for (const { identity } of faulty.flatMap(({ members }) => members))
      expect(texts.filter((row) => row.includes(identity)).length).toBeGreaterThan(0);
    const told = rows.map(({ cells }) => textOf(cells.at(-2))).join('\n');
    for (const { faults } of await office.refused(ledger.id))
      for (const { reason } of faults) expect(told).toContain(reason.zh);
    expect(rows.flatMap(({ cells }) => cells)).toContain(`'${FORMULA}`);
  });

  it('has the fetching of those rows on record, without a number in it', async () => {
    const log = await county.ask(`/access-log?area=${OTHER}&day=2019-03-01`);
    expect(log).toMatchObject({ lines: [{ kind: 'refusals', reference: ledger.id }] });
    expect(JSON.stringify(log)).not.toMatch(/\d{17}[\dXx]/);
  });

  it('lets neither the uploader nor a town approve', async () => {
    await expect(office.approve(ledger)).rejects.toThrow('import-same-person');
    await expect(townClerk.approve(ledger)).rejects.toThrow('role-not-allowed');
  });

  it('has the plan written once a second person approves, and a town its own file', async () => {
    const applied = await second.approve(ledger);
    expect(applied).toMatchObject({
      state: 'applied',
      applied: countsOf([...eastern, ...western]),
    });
    const town = await townClerk.upload(seaside);
    expect(town.counts).toEqual(countsOf(sea));
    const [refused] = await townClerk.refused(town.id);
    expect(refused?.faults.map(({ code }) => code)).toEqual(['village-outside']);
    expect(await second.approve(town)).toMatchObject({ applied: countsOf(sea) });
  }, 120_000);

  it('shows on its board, at every level, exactly the households that were taken', async () => {
    const places = [
      OTHER,
      ...towns.flatMap((town) => [town.code, ...town.villages.map((one) => one.code)]),
    ];
    await inParallel(4, places, async (code) => {
      const inside = taken.filter((family) => family.code.startsWith(code));
      const exited = inside.filter(({ exited: year }) => year !== null);
      const shown = await board(code);
      const count = (of: (families: readonly Family[]) => number) => ({
        registered: of(inside),
        exited: of(exited),
        unexited: of(inside) - of(exited),
      });
      expect({ code, ...shown.households }).toMatchObject({ code, ...count((all) => all.length) });
      expect({ code, ...shown.persons }).toMatchObject({ code, ...count(personsOf) });
      expect(shown.income.wagesFen).toBe(inside.reduce((sum, { wagesFen }) => sum + wagesFen, 0));
    });
  });

  it.each([
    ['byCause', ({ cause }: Family) => [cause]],
    ['byType', ({ type }: Family) => [type]],
    ['byMeasure', (family: Family) => family.measures],
  ] as const)('counts %s as the rows say', async (heading, labelsOf) => {
    const shown = (await board(OTHER))[heading];
    for (const code of new Set(taken.flatMap(labelsOf).map((label) => label[1]))) {
      const those = taken.filter((one) => labelsOf(one).some((label) => label[1] === code));
      const { households, persons } = shown[code] ?? {};
      expect({ code, households, persons }).toEqual({
        code,
        households: those.length,
        persons: personsOf(those),
      });
    }
  });

  it('counts persons by labour as the rows say', async () => {
    const members = taken.flatMap((family) => family.members);
    const shown = (await board(OTHER)).byLabour;
    for (const [code, those] of Map.groupBy(members, ({ labour }) => labour[1]))
      expect([code, shown[code]?.persons]).toEqual([code, those.length]);
  });

  it('answers every figure of its board with a list of exactly as many', async () => {
    const named = figuresOf(await county.ask(`/areas/${OTHER}/board`)).filter(
      (one) => one.value > 0,
    );
    const wrong: unknown[] = [];
    await inParallel(4, named, async (figure) => {
      const { length } = await membersOf(county, figure.list);
      if (length !== figure.value) wrong.push({ ...figure, length });
    });
    expect(wrong).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  }, 120_000);

  it('keeps a text that looks like a formula as text, and the helper’s telephone out of the file', async () => {
    const { items } = z
      .object({ items: z.array(z.looseObject({ id: z.string(), number: z.string() })) })
      .parse(await county.ask(`/households?area=${oddly.code}&limit=100`));
    const found = items.find(({ number }) => number === oddly.number);
    const file = JSON.stringify(await county.ask(`/households/${found?.id}`));
    expect(file).toContain(oddly.hamlet);
    expect(file).not.toContain('9999');
  });

  it('takes its poor villages from a file of its own', async () => {
    const villages = { kind: 'villages', fileName: '贫困村.csv', bytes: otherVillages() } as const;
    await second.approve(await office.upload(villages));
    expect((await board(OTHER)).villages.poor).toBe(towns.length);
  });

  it('changes nothing when the same ledger comes again', async () => {
    const { counts } = await office.upload(book);
    const { new: taken, ...once } = countsOf([...eastern, ...western]);
    expect(counts).toEqual({
      ...once,
      new: 0,
      unchanged: taken,
      entries: { ...once.entries, new: 0, unchanged: once.entries.new },
    });
  });

  const good = { sheets: [{ name: '台账', rows: [['户编号', '姓名']] }] };
  const entity = bookParts(good).map((part) =>
    part.name === 'xl/worksheets/sheet1.xml'
      ? {
          ...part,
          data: `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${String(part.data)}`,
        }
      : part,
  );
  const swollen = bookParts(good).map((part) =>
    part.name === 'xl/worksheets/sheet1.xml'
      ? { ...part, data: Buffer.alloc(20 * 1024 ** 2, ' '), claimedSize: 4000 }
      : part,
  );
  const xlsx = '花名册.xlsx';
  const macro = { name: 'xl/vbaProject.bin', data: 'x' };
  it.each([
    { is: 'with entities', fileName: xlsx, bytes: zip(entity), code: 'file-xml-entity' },
    { is: 'that lies about its sizes', fileName: xlsx, bytes: zip(swollen), code: 'file-bomb' },
    {
      is: 'with macros',
      fileName: xlsx,
      bytes: workbook({ ...good, parts: [macro] }),
      code: 'file-macro',
    },
    { is: 'that is no workbook', fileName: xlsx, bytes: otherCsv(sea), code: 'file-mislabelled' },
    { is: 'that is no text', fileName: '花名册.csv', bytes: book.bytes, code: 'file-mislabelled' },
    {
      is: 'that was cut off',
      fileName: xlsx,
      bytes: book.bytes.subarray(0, 3000),
      code: 'file-truncated',
    },
    {
      is: 'without required columns',
      fileName: xlsx,
      bytes: workbook(good),
      code: 'column-missing',
    },
  ])('refuses a file $is whole', async ({ fileName, bytes, code }) => {
    const state = await office.upload({ kind: 'registry', fileName, bytes });
    expect(state).toMatchObject({ state: 'unreadable', fault: { code } });
    expect(state.plan).toBeUndefined();
  });
});
