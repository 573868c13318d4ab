import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseTaken } from '../../functions/core/case-view.ts';
import { type County, leaksOf, openCounty, SAMPLE_DAY, sample } from '../support/county.ts';
import {
  type CountyDesk,
  countyDesk,
  inTowns,
  listed,
  numbersOf,
  passed,
  peopleOf,
  reasonsOf,
} from '../support/county-desk.ts';
import {
  bornOn,
  countOf,
  earned,
  type Home,
  homesIn,
  incomeParts,
  lacking,
  numbers,
  say,
  villageLacks,
  within,
} from '../support/exit-judge.ts';
import { figuresOf, inParallel, membersOf } from '../support/figures.ts';
import { nextYear } from '../support/next-year.ts';
import { type Row, rowsOf } from '../support/sample.ts';
import {
  Amounts,
  Board,
  Events,
  Notices,
  type Part,
  Proposal,
  placeOf,
  shownOf,
  Target,
  wantedOf,
} from '../support/year-board.ts';

/**
 * The sample county through 2017, told over its API alone. What must come of it is worked out from the workbooks by code that knows
 * nothing of the registry (support/exit-judge.ts).
 */

const SEED = 2017;
/** The day after the sample's: the facts of 2017 come in, and the notices are put up. */
const POSTED = '2017-10-24';
/** Two days later somebody objects; two more, and it is settled. */
const OBJECTED = '2017-10-26';
const SETTLED = '2017-10-28';
/** The day of posting is the first of seven. */
const DUE = '2017-10-31';
const EVE = '2017-10-30';
/** Two days did not count while the objection was open. */
const DUE_AFTER_OBJECTION = '2017-11-02';

const folder = mkdtempSync(join(tmpdir(), 'bangfu-year-'));
let county: County;
let desk: CountyDesk;
/** Everybody of the ledger, and those who are to leave in 2017: with what was known at first, and as they were found. */
let everybody: readonly Home[];
let planned: readonly Home[];
let found: readonly Home[];
let poor: readonly Row[];
/** Towns with households that are to leave, each with the token of its clerk, and of its leader. */
let clerks: ReadonlyMap<string, string>;
let leaders: ReadonlyMap<string, string>;
let office: string;
/** Households whose exit was proposed, and of them the three that go another way: objected to with reason, without, taken back. */
let opened: readonly Home[] = [];
let cases: ReadonlyMap<string, string>;
let upheld = '';
let dismissed = '';
let withdrawn = '';
/** Cases of villages whose exit was proposed, by code. */
const villageCases = new Map<string, string>();
/** What was frozen and known of 2016 before anything happened. */
let frozen: unknown;
let past: unknown;

const proposing = { kind: 'propose', procedure: 'household-exit', reason: '达到脱贫标准' } as const;
const isDue = { planYear: '2017', exited: 'no' };
const inCase = { case: 'household-exit' };
const townOf = ({ village }: Home) => village.slice(0, 9);
const hasExited = ({ rows }: Home) => say(rows[0], '脱贫属性') === '已脱贫';
const exitedIn2017 = () =>
  opened.filter(({ number }) => ![upheld, dismissed, withdrawn].includes(number));
const caseOf = (number: string) => cases.get(number) ?? '';
const board = async (code: string) => Board.parse(await county.ask(`/areas/${code}/board`));
const target = async () => Target.parse(await county.ask('/areas/350122/targets/2017'));

beforeAll(async () => {
  county = await openCounty('350122', SAMPLE_DAY);
  for (const ledger of sample) await county.take(ledger);
  desk = countyDesk(county);
  everybody = await homesIn('sample/贫困人口台账.xlsx');
  poor = await rowsOf('贫困村台账.xlsx', '贫困村');
  planned = everybody.filter((home) => !hasExited(home));
  office = await county.token('350122');
  const towns = [
    ...new Set([...planned.map(townOf), ...poor.map((row) => say(row, '村编码').slice(0, 9))]),
  ];
  clerks = await peopleOf(county, towns, 'clerk');
  leaders = await peopleOf(county, towns, 'leader');
}, 600_000);
afterAll(async () => {
  await county?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('on the day of the sample', () => {
  it('the year before is frozen with the 586 households and 1,865 persons that had left; on its last day 11 of them were not born', async () => {
    await desk.done('/snapshots', {
      by: office,
      body: { area: '350122', year: 2016, reason: '年终定格' },
    });
    await county.run.idle(120_000);
    frozen = await county.ask('/areas/350122/board?snapshot=2016');
    past = await county.ask('/areas/350122/board?asOf=2016-12-31');
    const left = everybody.filter(hasExited);
    expect(countOf(left)).toEqual({ households: 586, persons: 1865 });
    const born = left.flatMap(({ rows }) => rows).filter((row) => bornOn(row) <= 2016_1231).length;
    for (const [one, persons] of [
      [frozen, 1865],
      [past, born],
    ]) {
      const shown = Board.parse(one);
      expect([shown.households.exited, shown.persons.exited]).toEqual([586, persons]);
      expect(shown.byExitYear).toMatchObject({ 2016: { households: 586, persons } });
    }
    expect((await board('350122')).byExitYear).toMatchObject({ 2016: countOf(left) });
  }, 300_000);

  it('the plans of the ledgers are the target of 2017, split to the towns', async () => {
    const path = '/areas/350122/targets/2017';
    const { parts, ...whole } = Proposal.parse(await county.ask(`${path}/proposal`));
    expect(whole).toMatchObject({ households: 159, persons: 487, villages: 50 });
    const body = { ...Amounts.parse(whole), reason: '2017年度脱贫任务' };
    await desk.done(path, { by: office, method: 'PUT', version: 0, body });
    const split = parts.map(({ code, households, persons, villages }) => ({
      ...{ code, households, persons, villages },
    }));
    const given = { parts: split, reason: '分解到乡镇' };
    await desk.done(`${path}/parts`, { by: office, method: 'PUT', version: 1, body: given });
    for (const part of (await target()).parts) {
      const villages = poor.filter((row) => say(row, '村编码').startsWith(part.code)).length;
      expect([part.code, part.target]).toEqual([
        part.code,
        { ...countOf(within(planned, part.code)), villages },
      ]);
    }
  });

  it('nobody is proven by the income of the year before: each is told by how much, and that it is too old', async () => {
    const rows = await inTowns(desk, clerks, { filters: isDue, act: proposing });
    expect(numbersOf(rows, 'refused')).toEqual(numbers(planned));
    expect(reasonsOf(rows)).toEqual(lacking(planned, { to: '2016-09-30', on: SAMPLE_DAY }));
    const told = new Map(rows.map(({ number, errors }) => [number, errors[0]?.detail ?? '']));
    for (const home of planned)
      expect(told.get(home.number)).toContain(
        `2015-10-01 – 2016-09-30：人均 ${earned(home).perHead} 元，不高于贫困线 2952.00 元；该收入期结束已超过 12 个月`,
      );
    expect(new Set(reasonsOf(rows).values())).toEqual(new Set(['income unknown']));
  }, 120_000);
});

describe('with the facts of 2017', () => {
  it('the ledger of the towns changes each household that is to leave', async () => {
    await county.run.clock('+1d');
    const path = join(folder, '2017年台账.xlsx');
    writeFileSync(path, nextYear(planned, SEED));
    found = await homesIn(path);
    const { counts } = await county.take({ kind: 'registry', path });
    // Whose income was left blank, and nothing else changed, is as before.
    const unchanged = found.filter((home) => !earned(home).isKnown).length;
    const entries = { total: 159, changed: 159 - unchanged, unchanged, conflicting: 0, refused: 0 };
    expect(counts).toMatchObject({ rows: 487, entries });
  }, 300_000);

  it('those are refused who lack something, by name of what they lack, and no others', async () => {
    const wanted = lacking(found, { to: '2017-09-30', on: POSTED });
    const rows = await inTowns(desk, clerks, { filters: isDue, act: proposing });
    expect(reasonsOf(rows)).toEqual(wanted);
    opened = found.filter(({ number }) => !wanted.has(number));
    expect(numbersOf(rows, 'done')).toEqual(numbers(opened));
    // The rule by which the year was made up leaves some of every kind.
    for (const lack of ['income', 'education', 'medical', 'housing', 'water', 'clothes'])
      expect([...wanted.values()].join()).toContain(lack);
    expect([...wanted.values()]).toContain('income not-met,housing unknown');
    expect(opened.length).toBeGreaterThan(100);
    cases = new Map(rows.flatMap((row) => (row.case ? [[row.number ?? '', row.case]] : [])));
    await county.run.idle(120_000);
    expect(await listed(county, '/households?area=350122&case=household-exit')).toEqual(
      numbers(opened),
    );
  }, 120_000);

  it('the villages review, go home to home, have it confirmed and post it; the county cannot be first', async () => {
    const early = await desk.bulk(office, {
      ...{ area: '350122', filters: inCase, act: passed('county-decision') },
    });
    expect(new Set(reasonsOf(early.rows).values())).toEqual(new Set(['step-not-next']));
    for (const act of [
      passed('village-review'),
      passed('home-check'),
      passed('household-confirmation', { confirmedBy: 'head' }),
      passed('notice'),
    ]) {
      const rows = await inTowns(desk, clerks, { filters: inCase, act });
      expect(reasonsOf(rows)).toEqual(new Map());
      expect(numbersOf(rows, 'done')).toEqual(numbers(opened));
    }
  }, 120_000);

  it('the boards of the villages name each household that is to leave, and nothing of a number', async () => {
    await county.run.idle(120_000);
    const posted: string[] = [];
    for (const [town, clerk] of clerks) {
      const asked = `/notices?area=${town}&case=household-exit&step=notice`;
      const { notices } = Notices.parse(await county.ask(asked, clerk));
      expect(notices.filter(({ lastDay, text }) => lastDay !== EVE || /\d{9}/.test(text))).toEqual(
        [],
      );
      const rows = notices.flatMap((notice) => notice.rows);
      posted.push(...rows.map(([, name, , persons]) => `${name} ${persons}`));
    }
    const wanted = opened.map(({ rows }) => `${say(rows[0], '姓名')} ${rows.length}`);
    expect(posted.toSorted()).toEqual(wanted.toSorted());
  }, 120_000);
});

describe('of the fifty poor villages', () => {
  const codeOf = (row: Row) => say(row, '村编码');
  const unexited = (row: Row) => countOf(within(planned, codeOf(row))).persons;

  it('three are refused, each for the one criterion it fails; the others are reviewed and posted in their towns', async () => {
    const wanted = new Map(
      poor
        .map((row) => [codeOf(row), villageLacks(row, unexited(row))] as const)
        .filter(([, lacks]) => lacks.length > 0),
    );
    expect(wanted).toEqual(
      new Map([
        ['350122109201', ['dropout not-met']],
        ['350122109214', ['income not-met']],
        ['350122202203', ['power not-met']],
      ]),
    );
    const refused = new Map<string, readonly string[]>();
    await inParallel(4, poor, async (row) => {
      const village = codeOf(row);
      const clerk = clerks.get(village.slice(0, 9)) ?? '';
      const body = { kind: 'village-exit', village, reason: '达到退出标准' };
      if (wanted.has(village)) {
        const [code, ...lacks] = await desk.refused('/cases', { by: clerk, body });
        refused.set(village, code === 'exit-not-proven' ? lacks : [String(code)]);
        return;
      }
      const { id } = CaseTaken.parse(await desk.done('/cases', { by: clerk, body }));
      villageCases.set(village, id);
      for (const step of ['village-review', 'town-review', 'notice'])
        await desk.step(id, { by: clerk, step });
    });
    expect(refused).toEqual(wanted);
    expect(villageCases.size).toBe(47);
  }, 300_000);
});

/** The one of these people in whose town a household lives. */
function by(people: ReadonlyMap<string, string>, number: string): string {
  const home = opened.find((one) => one.number === number);
  return (home && people.get(townOf(home))) ?? '';
}

describe('while the notices hang', () => {
  it('two are objected to and one is taken back; nobody is reviewed before the end', async () => {
    await county.run.clock('+2d');
    [upheld = '', dismissed = '', withdrawn = ''] = numbers(opened);
    for (const number of [upheld, dismissed]) {
      const body = { note: '家中有车' };
      await desk.enter(caseOf(number), 'objections', { by: by(clerks, number), body });
    }
    const body = { reason: '户主外出，改日再办' };
    await desk.enter(caseOf(withdrawn), 'withdrawal', { by: by(clerks, withdrawn), body });
    await county.run.idle(60_000);
    const rows = await inTowns(desk, leaders, { filters: inCase, act: passed('town-review') });
    const wanted = numbers(opened)
      .filter((number) => number !== withdrawn)
      .map((number) => {
        const isOpen = number === upheld || number === dismissed;
        return [number, isOpen ? 'objection-open' : 'notice-running'] as const;
      });
    expect(reasonsOf(rows)).toEqual(new Map(wanted));
  }, 300_000);

  it('the objections are settled: one ends the case, the other only makes its notice longer', async () => {
    await county.run.clock('+2d');
    for (const [number, isUpheld] of [
      [upheld, true],
      [dismissed, false],
    ] as const) {
      const id = caseOf(number);
      const { objections } = await desk.show(id);
      const body = { upheld: isUpheld, resolution: isUpheld ? '属实' : '不属实' };
      const path = `objections/${objections[0]?.id}/settlement`;
      await desk.enter(id, path, { by: by(leaders, number), body });
      expect(await desk.show(id)).toMatchObject({
        state: isUpheld ? 'refused' : 'open',
        objections: [{ raisedOn: OBJECTED, resolvedOn: SETTLED, upheld: isUpheld }],
        dueOn: isUpheld ? null : DUE_AFTER_OBJECTION,
      });
    }
  }, 300_000);
});

describe('when the notices are over', () => {
  it('the towns review, by somebody who did not propose', async () => {
    await county.run.clock('+3d');
    const act = passed('town-review');
    const leaving = exitedIn2017();
    const same = await inTowns(desk, clerks, { filters: inCase, act });
    expect(new Set(reasonsOf(same).values())).toEqual(new Set(['step-same-person']));
    const rows = await inTowns(desk, leaders, { filters: inCase, act });
    expect(numbersOf(rows, 'done')).toEqual(numbers(leaving));
    expect(reasonsOf(rows)).toEqual(new Map([[dismissed, 'notice-running']]));
  }, 300_000);

  it.each([
    ['decide', 'county-decision'],
    ['announce', 'announcement'],
    ['mark', 'marked'],
  ])(
    'the county does the next with all of them in one action: %s',
    async (awaits, step) => {
      await county.run.idle(120_000);
      const body = { area: '350122', filters: { ...inCase, awaits }, act: passed(step) };
      const key = randomUUID();
      const result = await desk.bulk(office, body, key);
      expect(numbersOf(result.rows, 'done')).toEqual(numbers(exitedIn2017()));
      expect(result).toMatchObject({ refused: 0, waiting: 0, more: false });
      expect(await desk.bulk(office, body, key)).toEqual(result);
    },
    120_000,
  );

  it('the 47 villages leave after them, judged by those who are still poor there', async () => {
    await county.run.idle(120_000);
    const stayed = planned.filter((home) => !numbers(exitedIn2017()).includes(home.number));
    await inParallel(4, [...villageCases], async ([village, id]) => {
      for (const step of ['county-decision', 'announcement', 'marked'])
        await desk.step(id, { by: office, step });
      const { state, sheet } = await desk.show(id);
      expect([village, state, sheet?.on, sheet?.passes]).toEqual([village, 'done', DUE, true]);
      const row = poor.find((one) => say(one, '村编码') === village);
      expect(sheet?.items.find(({ criterion }) => criterion === 'incidence')?.parts).toMatchObject({
        unexitedPersons: countOf(within(stayed, village)).persons,
        population: Number(say(row, '户籍人口')),
      });
    });
    await county.run.idle(120_000);
  }, 300_000);
});

describe('at the end', () => {
  const placed = (code: string) =>
    placeOf(code, {
      all: everybody,
      before: everybody.filter(hasExited),
      now: exitedIn2017(),
      onTheWay: opened.filter(({ number }) => number === dismissed),
    });
  const agrees = (parts: readonly Part[]) => {
    const shown = parts.map(shownOf);
    expect(shown).toEqual(shown.map(({ code }) => wantedOf(placed(code))));
  };

  it('county, towns and villages agree with the ledgers to the person, and to the fen', async () => {
    const shown = await board('350122');
    agrees([shown, ...shown.children]);
    expect(shown.households.registered).toBe(745);
    expect(shown.villages).toMatchObject({ exited: 47, poor: 50 });
    for (const child of shown.children) {
      const town = await board(child.area.code);
      agrees([town, ...town.children]);
    }
    const latest = everybody.map((home) => {
      const later = found.find(({ number }) => number === home.number);
      return later && earned(later).isKnown ? later : home;
    });
    expect(shown.income.netFen).toBe(latest.reduce((sum, home) => sum + earned(home).netFen, 0));
  }, 120_000);

  it('the lists behind the boards name exactly those who left, stayed, and are on their way', async () => {
    const left = numbers(exitedIn2017());
    const stayed = numbers(planned).filter((number) => !left.includes(number));
    const list = (query: string) => listed(county, `/households?area=350122&${query}`);
    expect(await list('exitYear=2017')).toEqual(left);
    expect(await list('exited=no')).toEqual(stayed);
    expect(await list('case=household-exit')).toEqual([dismissed]);
    const parts =
      /^\.(households|persons|villages|byStatus|byExitYear|byPlanYear|byCase|byAwaits)\b/;
    const figures = figuresOf(await county.ask('/areas/350122/board')).filter(({ path }) =>
      parts.test(path),
    );
    const wrong: unknown[] = [];
    await inParallel(4, figures, async (figure) => {
      const members = await membersOf(county, figure.list);
      if (members.length !== figure.value) wrong.push({ ...figure, counted: members.length });
    });
    expect(wrong).toEqual([]);
    expect(figures.length).toBeGreaterThan(40);
  }, 240_000);

  it('the target says what was reached and what is left, town by town', async () => {
    const whole = await target();
    for (const { code, ...standing } of [{ ...whole, code: '350122' }, ...whole.parts]) {
      const villages = [...villageCases.keys()].filter((one) => one.startsWith(code)).length;
      const exited = { ...countOf(within(exitedIn2017(), code)), villages };
      const due = poor.filter((row) => say(row, '村编码').startsWith(code)).length;
      const wanted = { ...countOf(within(planned, code)), villages: due };
      const units = ['households', 'persons', 'villages'] as const;
      const left = units.map((unit) => [unit, wanted[unit] - exited[unit]]);
      expect({ code, ...standing }).toMatchObject({
        ...{ code, target: wanted, exited, remaining: Object.fromEntries(left) },
      });
    }
    expect(whole.leaving).toMatchObject(
      countOf(opened.filter((home) => home.number === dismissed)),
    );
    expect(await county.ask('/areas/350122/board')).toMatchObject({
      targets: { target: whole.target, remaining: whole.remaining },
    });
  });

  it('2016 is what it was: frozen, and by what is known now', async () => {
    expect(await county.ask('/areas/350122/board?snapshot=2016')).toEqual(frozen);
    expect(await county.ask('/areas/350122/board?asOf=2016-12-31')).toEqual(past);
    expect(await county.ask('/snapshots/350122/2016/check')).toMatchObject({
      drift: 0,
      faults: [],
    });
  }, 240_000);

  it('on the day before the decision nobody had left yet', async () => {
    const eve = Board.parse(await county.ask(`/areas/350122/board?asOf=${EVE}`));
    expect(eve).toMatchObject({
      ...{ asOf: EVE, basis: 'known-now' },
      households: { registered: 745, exited: 586, unexited: 159 },
      persons: { registered: 2352, exited: 1865, unexited: 487 },
      villages: { exited: 0 },
    });
  }, 240_000);

  it('each of those who left has every step once, in order and by the day, and a proof with the income that was found', async () => {
    const steps = [
      ...[null, 'village-review', 'home-check', 'household-confirmation', 'notice'],
      ...['town-review', 'county-decision', 'announcement', 'marked'],
    ];
    const days = [...Array(5).fill(POSTED), ...Array(4).fill(DUE)];
    await inParallel(4, exitedIn2017(), async (home) => {
      const id = caseOf(home.number);
      const { subject, sheet, records } = await desk.show(id);
      const household = subject.type === 'household' ? subject.id : '';
      const { events } = Events.parse(
        await county.ask(`/households/${household}/events?limit=100`),
      );
      const told = events.toReversed();
      expect(told.map(({ version }) => version)).toEqual(told.map((_, at) => at + 1));
      expect(told.map(({ kind }) => kind)).toEqual([
        ...['registered', 'changed', 'case-opened'],
        ...[...Array(7).fill('case-step'), 'case-ended'],
      ]);
      const own = told.filter((event) => event.case?.id === id);
      expect(own.map((event) => event.case?.step)).toEqual(steps);
      expect(own.map(({ heldOn }) => heldOn)).toEqual(days);
      expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted());
      expect(records.map(({ heldOn }) => heldOn)).toEqual(days.slice(1));
      expect(sheet).toMatchObject({ on: DUE, passes: true, rule: { id: 'household-exit' } });
      expect(sheet?.items.find(({ criterion }) => criterion === 'income')).toMatchObject({
        answer: 'met',
        parts: { from: '2016-10-01', to: '2017-09-30', ...incomeParts(home) },
      });
    });
  }, 240_000);

  it('no identity number, phone or account is in any log line', () => {
    const { lines, leaks } = leaksOf(county);
    expect(leaks).toEqual([]);
    expect(lines).toBeGreaterThan(100);
  });
});
