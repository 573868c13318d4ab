import { beforeAll, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { caseActions } from '../../functions/case/table.ts';
import { catalogue } from '../../functions/catalogue.ts';
import { CaseTaken } from '../../functions/core/case-view.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { procedureKinds } from '../../functions/core/procedure-kind.ts';
import { loadFile, type Store } from '../../functions/household/table.ts';
import { today } from '../../functions/lib/clock.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { log, useLog } from '../../functions/lib/log.ts';
import { Problem } from '../../functions/lib/problem.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { describe as describeApi } from '../../functions/system/document.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import type { Caller } from '../support/call.ts';
import { proposed, upTo } from '../support/case.ts';
import { county, seedPlaces, setDay, town, village } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { keyFile, storeOf } from '../support/store.ts';
import { leaksIn, type Said, witness } from '../support/witness.ts';
import { evaluated, type Planted, plantCare } from './leak-care.ts';
import { family, marked, owned, secretNumber, secrets } from './leak-secret.ts';

const NEAR = '350122101202';
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '350122' };
const { ask, said } = witness();
const lines: string[] = [];
const { identities, numbers, words, heads, own } = secrets;

interface Home {
  readonly id: string;
  readonly people: readonly string[];
}

async function registered(given: object = {}): Promise<Home> {
  const body = { ...family({ status: 'unexited', ...given }), heldFrom: '2016-01-01' };
  const made = await ask({ route: 'POST /households', by: county, body });
  expect(made.status).toBe(201);
  const file = await ask({
    route: 'GET /households/{id}',
    by: county,
    params: { id: made.body.id },
  });
  return { id: made.body.id, people: file.body.members.map((one: { id: string }) => one.id) };
}

const post = (path: string, id: string, more: { body?: object; ifMatch?: number; by?: Caller }) =>
  ask({ route: `POST ${path}`, by: county, params: { id }, ...more });

const opened: string[] = [];
const requests: string[] = [];

async function propose(body: object): Promise<CaseTaken> {
  const reason = marked('理由');
  const answer = await ask({ route: 'POST /cases', by: village, body: { reason, ...body } });
  expect([answer.status, answer.body]).toEqual([201, answer.body]);
  opened.push(answer.body.id);
  return CaseTaken.parse(answer.body);
}

/** Takes steps up to the one named, with an objection settled at each notice. */
async function take(begun: CaseTaken, act: string, head?: string): Promise<CaseTaken> {
  let found = begun;
  while (found.awaits && ![found.awaits.act, found.awaits.id].includes(act)) {
    if (found.dueOn !== null) setDay(found.dueOn);
    const { id: step, levels, quorum, act: own } = found.awaits;
    const areas = levels.some((level) => level === 'town') ? town.areas : '350122';
    const body = {
      ...{ step, outcome: 'passed', note: marked('备注'), document: marked('文号') },
      ...(quorum && { votes: { of: 30, present: 25, agreed: 20 } }),
      ...(own === 'confirm' && { confirmedBy: head }),
    };
    const by = { sub: `${step} office`, role: 'office' as const, areas };
    const route = '/cases/{id}/steps';
    const taken = await post(route, found.id, { body, ifMatch: found.version, by });
    expect([step, taken.status]).toEqual([step, 200]);
    found = CaseTaken.parse(taken.body);
    if (own === 'notice') found = await objected(found);
  }
  return found;
}

async function objected({ id, version }: CaseTaken): Promise<CaseTaken> {
  const note = { note: marked('异议') };
  const raised = await post('/cases/{id}/objections', id, { body: note, ifMatch: version });
  expect(raised.status).toBe(201);
  const settled = await ask({
    ...{ route: 'POST /cases/{id}/objections/{objectionId}/settlement', by: county },
    ...{ params: { id, objectionId: raised.body.objection }, ifMatch: raised.body.version },
    body: { upheld: false, resolution: marked('处理') },
  });
  expect(settled.status).toBe(200);
  return CaseTaken.parse(settled.body);
}

async function requested(home: Home, version: number, how?: string): Promise<void> {
  const [, spouse] = home.people;
  const identityNumber = identityOf('1965-02-03', 500 + identities.length);
  identities.push(identityNumber);
  const contact = { phone: secretNumber('100'), bankAccount: secretNumber('0000') };
  const person = { id: spouse, identityNumber, facts: { skills: marked('新技能') } };
  const change = { kind: 'change', facts: { type: 'low-income' }, contact, members: [person] };
  const reason = marked('申请');
  const body = {
    ...{ household: home.id, version, reason, note: marked('说明') },
    change: { ...change, reason: marked('更正') },
  };
  const filed = await ask({ route: 'POST /change-requests', by: village, body });
  expect([filed.status, filed.body]).toEqual([201, filed.body]);
  requests.push(filed.body.id);
  if (how === undefined) return;
  const why = how === 'rejection' ? { body: { reason: marked('退回') } } : {};
  const decided = await post(`/change-requests/{id}/${how}`, filed.body.id, why);
  expect([how, decided.status]).toEqual([how, 200]);
}

let tables: Tables;
let store: Store;
const homes: Home[] = [];

async function home(given: object = {}): Promise<Home> {
  const one = await registered(given);
  homes.push(one);
  return one;
}

async function goThroughCases(): Promise<void> {
  const exiting = await home();
  const exit = { kind: 'household-exit', household: exiting.id };
  const done = await take(await propose(exit), 'end', exiting.people[0]);
  expect(done.state).toBe('done');
  const fallen = await home({ status: 'exited', exitYear: 2016 });
  await take(await propose({ kind: 'return', household: fallen.id }), 'end');
  const leaving = await home();
  const off = { kind: 'strike-off', household: leaving.id, strikeOff: 'moved-out' };
  await take(await propose(off), 'end');
  const { facts, ...application } = family();
  const { planYear: _, ...applied } = facts;
  const asked = { kind: 'identification', application: { ...application, facts: applied } };
  const applicant = await take(await propose(asked), 'end');
  expect(applicant.subject).toMatchObject({ type: 'household' });
  if (applicant.subject.type === 'household') homes.push({ id: applicant.subject.id, people: [] });
}

/** Notices that hang on the last day of it all: one as it is, one that stands still. */
async function leaveHanging(): Promise<void> {
  for (const isPaused of [false, true]) {
    const waiting = await home();
    const begun = await propose({ kind: 'household-exit', household: waiting.id });
    const { id, version } = await take(begun, 'town-review', waiting.people[0]);
    if (!isPaused) continue;
    const body = { note: marked('异议') };
    const raised = await post('/cases/{id}/objections', id, { body, ifMatch: version });
    expect([raised.status, raised.body]).toEqual([201, raised.body]);
  }
  const village = upTo(
    proposed('village-exit', { id: 'cs_village', openedOn: '2017-10-20' }),
    'decide',
  );
  const subject = { type: 'village', code: VILLAGE } as const;
  await transact(caseActions(tables.case, undefined, { ...village, subject }));
  opened.push(village.id);
}

/** Splits, mergers, relocations and returns, changes asked for, and numbers shown in full. */
async function live(): Promise<void> {
  const [one, two, three, four] = [await home(), await home(), await home(), await home()];
  const note = () => marked('说明');
  const persons = { [one.people[2] ?? '']: 'head' };
  const split = { persons, number: marked('户号'), reason: 'own-household', note: note() };
  const parted = await post('/households/{id}/split', one.id, { body: split, ifMatch: 1 });
  expect(parted.status).toBe(201);
  homes.push({ id: parted.body.other.id, people: [] });
  const relations = Object.fromEntries(two.people.map((person) => [person, 'other']));
  const merger = { household: two.id, version: 1, relations, reason: 'care', note: note() };
  const merged = await post('/households/{id}/merger', one.id, { body: merger, ifMatch: 2 });
  expect(merged.status).toBe(200);
  const move = { village: NEAR, reason: 'relocation', note: note() };
  const moved = await post('/households/{id}/relocation', three.id, { body: move, ifMatch: 1 });
  expect(moved.status).toBe(200);
  await requested(four, 1);
  await requested(four, 1, 'rejection');
  await requested(four, 1, 'approval');
  const shown = { personId: four.people[0], reason: marked('核对') };
  for (const body of [shown, { reason: marked('核对') }]) {
    const route = 'POST /households/{id}/identity-disclosures';
    const full = await ask({ route, by: county, params: { id: four.id }, body }, false);
    expect(full.status).toBe(200);
    expect(leaksIn({ where: 'disclosure', text: full.text }, secrets)).not.toEqual([]);
  }
  const identityNumber = identities.at(-1);
  await ask({ route: 'POST /persons/lookup', by: county, body: { identityNumber } });
  const act = { kind: 'propose', procedure: 'household-exit', reason: marked('理由') };
  const households = homes.map(({ id }) => id);
  const bulk = { area: VILLAGE, households, act };
  const all = await ask({ route: 'POST /bulk-actions', by: town, body: bulk });
  expect(all.body).toMatchObject({ done: 5, refused: 4 });
}

let planted: Planted;

async function cared(): Promise<void> {
  planted = await plantCare({ ask, own: owned, secretNumber, home: await home() }, tables);
}

/** What boards and lists are read from. */
async function counted(): Promise<void> {
  const { household, summary, list } = tables;
  const boards = summaryStore({ household, summary });
  for (const code of [VILLAGE, NEAR]) {
    for (const area of [code, ...ancestorsOf(code)]) await recompute(boards, area, today());
    await evaluated(tables, [code, ...ancestorsOf(code)]);
  }
  for (const { id } of homes) {
    const file = await loadFile(store, id);
    const at = file?.household.facts.findLast(({ values }) => values.village)?.values.village;
    await relist(
      listStore({ household, list }),
      { village: at ?? VILLAGE, household: id },
      today(),
    );
  }
}

interface Ask {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  /** Who asks, the auditor unless told. */
  readonly by?: Caller;
}

const ofArea = [{ params: { code: '350122' } }, { params: { code: VILLAGE } }];
const inArea = [{ query: { area: '350122' } }, { query: { area: VILLAGE } }];
const inCounty = (query: Record<string, string>) => ({ query: { area: '350122', ...query } });
/** Auditors have no say in health: offices read it. */
const byCounty = (asks: readonly Ask[]) => asks.map((one) => ({ ...one, by: county }));
const inYear = [{ params: { code: '350122', year: '2017' } }];
const eachHome = (query: Record<string, string>) => () =>
  homes.map(({ id }) => ({ params: { id }, query }));
const eachCase = () => opened.map((id) => ({ params: { id } }));
const listed = (...filters: readonly Record<string, string>[]) =>
  [{}, ...filters].flatMap((filter) => [
    { query: { area: '350122', limit: '100', ...filter } },
    { query: { area: VILLAGE, asOf: '2017-10-25', limit: '100', ...filter } },
  ]);
const steps = ['notice', 'first-notice', 'second-notice', 'announcement'];
const eachStep = () => opened.flatMap((id) => steps.map((step) => ({ params: { id, step } })));
const eachSheet = () =>
  procedureKinds.flatMap((kind) =>
    steps.map((step) => ({ query: { area: VILLAGE.slice(0, 9), case: kind, step } })),
  );

const eachHelper = () => planted.helpers.map((id) => ({ params: { id } }));
const eachPairing = () => planted.pairings.map((params) => ({ params }));
const ofItem = (...queries: readonly Record<string, string>[]) =>
  queries.map((query) => ({ params: { id: planted.item }, query: { area: '350122', ...query } }));

/** How every route that shows something is asked; the sheet of a list draws the list's own answers. */
const reads: Readonly<Record<string, () => readonly Ask[]>> = {
  'area.read': () => ofArea,
  'area.children': () => ofArea,
  'village.profile': () => ofArea,
  'village.exit-sheet': () => [{ params: { code: VILLAGE } }],
  'household.read': () => [...eachHome({})(), ...eachHome({ asOf: '2017-10-25' })()],
  'household.events': eachHome({ limit: '100' }),
  'household.exit-sheet': eachHome({}),
  'case.read': eachCase,
  'case.of-household': eachHome({}),
  'case.of-village': () => [{ params: { code: VILLAGE } }],
  'procedure.read': () => procedureKinds.map((kind) => ({ query: { area: VILLAGE, kind } })),
  'notice.read': eachStep,
  'notice.page': eachStep,
  'notice.list': eachSheet,
  'notice.list-page': eachSheet,
  'change-request.list': () =>
    ['open', 'approved', 'rejected'].map((state) => ({ query: { area: '350122', state } })),
  'change-request.read': () => requests.map((id) => ({ params: { id } })),
  'household.list': () =>
    listed({ case: 'household-exit' }, { status: 'struck-off' }, { cause: 'illness' }),
  'person.list': () => listed({ health: 'serious' }, { labour: 'lost' }, { health: 'disabled' }),
  'board.show': () => [...ofArea, { params: { code: '350122' }, query: { asOf: '2017-10-25' } }],
  'village.list': () => inArea,
  'recount.latest': () => inArea,
  'target.read': () => inYear,
  'target.proposal': () => inYear,
  'receipt.list': eachHome({}),
  'access.log': () => [{ query: { area: '350122', day: today(), limit: '100' } }],
  'import.list': () => inArea,
  'snapshot.list': () => inArea,
  'helper.list': () => inArea,
  'helper.read': eachHelper,
  'helper.events': eachHelper,
  'pairing.read': eachPairing,
  'helper.summary': () => [{ params: { code: '350122' } }],
  'pairing.gaps': () => inArea,
  'pairing.of-household': eachHome({}),
  'pairing.of-village': () => [{ params: { code: VILLAGE } }],
  'visit.of-household': eachHome({}),
  'visit.overdue': () => inArea,
  'visit.read': () =>
    planted.visits.map((visitId) => ({ params: { id: planted.household, visitId } })),
  'measure.of-household': eachHome({}),
  'measure.read': () =>
    planted.measures.map((measureId) => ({ params: { id: planted.household, measureId } })),
  'measure.list': () => inArea,
  'measure.loans': () => inArea,
  'measure.sum': () => ofArea,
  'measure.modes': () => ofArea,
  'measure.rules': () => inArea,
  'health.of-household': () => byCounty(eachHome({})()),
  'health.follow-ups': () =>
    byCounty([{ params: { id: planted.household, personId: planted.person } }]),
  'health.persons': () =>
    byCounty(
      ['none', 'no-file', 'file', 'chronic', 'due', 'overdue'].map((which) => inCounty({ which })),
    ),
  'health.coverage': () => byCounty(ofArea),
  'policy.list': () => inArea,
  'policy.lines': () => inArea,
  'policy.events': () => inArea,
  'policy.facts': () => [{}],
  'policy.entitlements': eachHome({}),
  'policy.card': eachHome({}),
  'coverage.show': () => inArea,
  'coverage.item': () => ofItem({}),
  'coverage.names': () => ofItem({ result: 'entitled' }, { result: 'received' }),
  'evaluation.list': () => ofArea,
  'system.code-lists': () => [{}],
  'system.health': () => [{}],
};

/** Shown elsewhere, or of places alone. */
const others: Readonly<Record<string, string>> = {
  'system.openapi': 'drawn when it is bundled; looked at below',
  'page.board': 'a page without data',
  'division-change.read': 'tells of places',
  'visit.photo': 'a photo is no text',
  'health.follow-up.read': 'says what is listed with its person',
  'policy.read': 'tells of policies alone',
  'policy.village-entitlements': 'tells of a village alone',
  'receipt.village-list': 'tells of a village alone',
  'import.read': 'tests of imports look for numbers in every row',
  'import.rows': 'tests of imports look for numbers in every row',
  'import.refusals': 'gives back what was sent to who sent it',
  'snapshot.read': 'figures alone',
  'snapshot.check': 'figures alone',
};

const shows = catalogue
  .flatMap(({ functions }) => functions)
  .flatMap(({ routes = [] }) => routes.map(({ id, method, path }) => ({ id, method, path })))
  .filter(({ method, id }) => method === 'GET' && !id.endsWith('.sheet'));

const granted = new Map<string, number>();

async function readAll(): Promise<void> {
  for (const { id, method, path } of shows) {
    for (const asked of reads[id]?.() ?? []) {
      const { status } = await ask({ route: `${method} ${path}`, by: auditor, ...asked });
      if (status === 200) granted.set(id, (granted.get(id) ?? 0) + 1);
    }
  }
}

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, {
    ...{ LOCAL_KEY_FILE: keyFile, BUCKET: 'bucket', JOB_QUEUE: 'http://none', AWS_REGION: 'local' },
    ...{ IMPORT_QUEUE: 'http://none', RECOUNT_QUEUE: 'http://none' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });
  useLog((line) => lines.push(line));
  setDay('2017-10-23');
  store = storeOf(tables);
  await seedPlaces(tables, [NEAR]);
  await goThroughCases();
  await live();
  await leaveHanging();
  await cared();
  await counted();
  await readAll();
}, 120_000);

const leaks = (things: readonly Said[]) => things.flatMap((one) => leaksIn(one, secrets));
const isSaidBy = (routes: readonly string[], word: string) =>
  said.some(({ where, text }) => routes.includes(where) && text.includes(word));
const noticesSaid = () => said.filter(({ where }) => where.startsWith('notice.'));

describe('what is told of families all of whose secrets are marked', () => {
  it('is read by every route that shows anything, and is something', () => {
    const silent = shows.filter(({ id }) => !(id in reads) && !(id in others));
    expect(silent).toEqual([]);
    const unread = Object.keys(reads).filter((id) => !granted.has(id));
    expect(unread).toEqual(['village.profile', 'village.exit-sheet']);
    const [shown] = noticesSaid().filter(({ text }) => text.includes(heads[0] ?? '-'));
    expect(shown?.text).toContain('一般贫困户');
    expect(granted.get('notice.page')).toBeGreaterThan(8);
    const sheets = noticesSaid().map(({ text }) => text);
    expect(sheets.filter((text) => text.includes('截止日期另行公布'))).toHaveLength(4);
  });

  it('never gives a number away, on a board nothing of health, cause, case or file, in a log no name either', () => {
    expect(leaks(said)).toEqual([]);
    expect(lines.length).toBeGreaterThan(said.length);
    expect(leaks(lines.map((text) => ({ where: 'log', text })))).toEqual([]);
    const text = JSON.stringify(describeApi(catalogue, Problem));
    expect(leaks([{ where: 'openapi', text }])).toEqual([]);
  });

  it('is told in the files where it belongs, so that the search has something to find', () => {
    const files = said.filter(({ where }) => where === 'household.read').map(({ text }) => text);
    const all = said.map(({ text }) => text).join();
    const lost = words.filter((word) => !all.includes(word));
    // Why a change itself was made is sealed with it until somebody makes it.
    expect(lost.filter((word) => !/更正/.test(word))).toEqual([]);
    expect(files.join()).toContain('serious');
    expect(files.join()).toContain('350199');
    const unsaid = [...own].filter(([word, routes]) => !isSaidBy(routes, word));
    expect(unsaid).toEqual([]);
  });

  it('stands in every list that was asked for, so that none is silent for being empty', () => {
    const asked = said.flatMap(({ where, text }) => {
      const items: unknown = text.startsWith('{') ? JSON.parse(text).items : undefined;
      return Array.isArray(items) ? [{ where, count: items.length }] : [];
    });
    const filled = new Set(asked.filter(({ count }) => count > 0).map(({ where }) => where));
    const empty = new Set(asked.map(({ where }) => where).filter((id) => !filled.has(id)));
    expect([...empty]).toEqual([]);
  });
});

describe('a leak', () => {
  const [head = ''] = [identityOf('1962-07-15', 100)];
  const masked = `${head.slice(0, 6)}********${head.slice(14)}`;
  const notice = { where: 'notice.page', text: '<td>陈样本</td>' };

  it.each([
    ['a number in full', 'household.list', head],
    ['a number spaced out', 'household.events', [...head].join(' ')],
    [
      'a number in full-width digits',
      'case.read',
      head.replace(/\d/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
    ],
    ['a mask that leaves ten numbers to try', 'household.list', masked],
  ])('of %s is found', (_, where, text) => {
    expect(leaks([{ where, text: JSON.stringify({ text }) }])).not.toEqual([]);
  });

  it('of a phone, an account, a word, a cause, a day of birth or an id on a board is found', () => {
    expect(leaks([notice])).toEqual([]);
    const planted = [
      numbers[0],
      numbers[1]?.slice(-6),
      words[0],
      '因病',
      '残疾',
      '1962-07-15',
      'hh_1',
    ];
    for (const one of planted)
      expect([one, leaks([{ ...notice, text: `${notice.text}${one}` }])]).not.toEqual([one, []]);
  });

  it('of a name, a word or a number in the log is found, by the log as functions write it', () => {
    const from = lines.length;
    for (const one of [heads[0], words[0], numbers[0], head, masked]) log.info('planted', { one });
    const planted = lines.splice(from).map((text) => ({ where: 'log', text }));
    expect(planted.filter((line) => leaks([line]).length === 0)).toEqual([]);
    expect(planted).toHaveLength(5);
  });
});
