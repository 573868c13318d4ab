import { addDays } from '../../functions/core/day.ts';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { addUp } from '../../functions/coverage/area.ts';
import { ruleBook, sumPorts, villagePorts } from '../../functions/coverage/port.ts';
import { bringUp } from '../../functions/coverage/village.ts';
import { today } from '../../functions/lib/clock.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { published } from '../coverage/ground.ts';
import { policyItem } from '../coverage/item.ts';
import { VILLAGE } from '../support/build.ts';
import type { Call, Caller } from '../support/call.ts';
import { county, town } from '../support/case-desk.ts';
import type { Tables } from '../support/database.ts';
import { receipt } from '../support/receipt.ts';
import { phoneId } from '../support/visit-desk.ts';
import type { witness } from '../support/witness.ts';

/** What is needed to plant: the routes, words and numbers found nowhere else. */
export interface Planting {
  readonly ask: ReturnType<typeof witness>['ask'];
  /** A word only these routes may say. */
  readonly own: (what: string, ...routes: readonly string[]) => string;
  readonly secretNumber: (form: string) => string;
  /** The household it all is about, with its head and another member. */
  readonly home: { readonly id: string; readonly people: readonly string[] };
}

/** What was planted, by its ids. */
export interface Planted {
  readonly household: string;
  readonly person: string;
  readonly helpers: readonly string[];
  readonly pairings: readonly { readonly id: string; readonly pairingId: string }[];
  readonly visits: readonly string[];
  readonly measures: readonly string[];
  readonly item: string;
}

type Asked = Omit<Call, 'by' | 'route'> & { readonly by?: Caller };

function doer({ ask }: Planting) {
  return async (route: string, asked: Asked) => {
    const answer = await ask({ route, by: town, ...asked });
    if (answer.status >= 300) throw new Error(`${route}: ${answer.text}`);
    return answer.body;
  };
}

/** What is written in the household's own file as well, since its facts change with it. */
const inFile = ['household.read', 'household.events'];

/** Helpers with phones, paired with the household and its village, with what they promised, brought and took back. */
async function plantHelpers(planting: Planting) {
  const { own, secretNumber, home } = planting;
  const make = doer(planting);
  const shown = ['helper.read', 'helper.list', 'pairing.of-household', 'pairing.of-village'];
  const named = [...shown, 'pairing.gaps', 'pairing.read', 'helper.events', 'visit.overdue'];
  const told = [...shown, 'pairing.read', 'helper.events'];
  const helperBody = (kind: string) => ({
    ...{ kind, area: county.areas, name: own('帮扶人', ...named, ...inFile) },
    ...{ organisation: own('帮扶单位', ...named), post: own('职务', ...named) },
    phone: secretNumber('100'),
    sub: kind === 'responsible' ? 'helper-lin' : null,
  });
  const pairings: { id: string; pairingId: string }[] = [];
  const pair = async (kind: string, subject: object) => {
    const { id } = await make('POST /helpers', { by: county, body: helperBody(kind) });
    const duty = own('职责', ...told, ...inFile);
    const promised = { moneyFen: 1_000, goods: own('许诺', ...told) };
    const body = { ...subject, from: '2017-01-01', duty, promised };
    const { id: pairingId } = await make('POST /helpers/{id}/pairings', {
      ...{ by: county, params: { id }, body },
    });
    pairings.push({ id, pairingId });
    return id;
  };
  const helpers = [
    await pair('responsible', { household: home.id }),
    await pair('resident-team', { village: VILLAGE }),
  ];
  const [first = { id: '', pairingId: '' }] = pairings;
  const delivery = {
    what: own('到位', 'pairing.read'),
    goods: own('物资', 'pairing.read', 'helper.events'),
  };
  await make('POST /helpers/{id}/pairings/{pairingId}/deliveries', {
    ...{ by: county, params: first, body: delivery, ifMatch: 1 },
  });
  const why = { reason: own('核对电话', 'access.log') };
  const disclosure = 'POST /helpers/{id}/contact-disclosures';
  const asked = { route: disclosure, by: county, params: { id: first.id }, body: why };
  const { body: shownInFull } = await planting.ask(asked, false);
  if (!/^\d{11}$/.test(shownInFull.phone)) throw new Error('the phone is not shown in full');
  return { helpers, pairings };
}

/** Visits: one that was put right, one that was withdrawn. */
async function plantVisits(planting: Planting): Promise<readonly string[]> {
  const { own, home } = planting;
  const make = doer(planting);
  const says = (...routes: readonly string[]) => ({
    ...{ heldOn: addDays(today(), -60), purposes: ['routine'], visitors: [{ sub: 'helper-lin' }] },
    ...{ found: own('发现', ...routes), promised: own('承诺', ...routes) },
    next: { what: own('下步', ...routes), by: '2018-01-31' },
    demand: own('诉求', ...routes),
  });
  const now = ['visit.of-household', 'visit.read'];
  const enter = async (...routes: readonly string[]) => {
    const body = { id: phoneId(), ...says(...routes) };
    const by = { sub: 'helper-lin', role: 'helper', areas: VILLAGE } as const;
    await make('POST /households/{id}/visits', { by, params: { id: home.id }, body });
    return body.id;
  };
  const [put, taken] = [await enter('visit.read'), await enter(...now)];
  const params = { id: home.id, visitId: put };
  const correction = { ...says(...now), reason: own('更正走访', ...now) };
  await make('PUT /households/{id}/visits/{visitId}', { params, body: correction, ifMatch: 1 });
  await make('POST /households/{id}/visits/{visitId}/withdrawal', {
    ...{ params: { id: home.id, visitId: taken }, ifMatch: 1 },
    body: { reason: own('撤销走访', ...now) },
  });
  return [put, taken];
}

/** A measure with everything that can be said of it, and a loan. */
async function plantMeasures(planting: Planting): Promise<readonly string[]> {
  const { own, home } = planting;
  const make = doer(planting);
  const [, , son = ''] = home.people;
  const shown = ['measure.of-household', 'measure.read'];
  const named = () => own('措施', ...shown);
  const responsible = () => ({
    name: own('负责人', ...shown),
    organisation: own('单位', ...shown),
  });
  const common = () => ({ name: named(), note: own('措施注', ...shown, ...inFile), person: son });
  const training = {
    ...{ type: 'training', course: own('课程', ...shown), dayCount: 10 },
    organiser: own('主办', ...shown),
  };
  const loan = {
    ...{
      type: 'loan',
      bank: own('贷款行', ...shown),
      principalFen: 3_000_000,
      purpose: 'planting',
    },
    ...{ grantedOn: '2017-03-01', dueOn: '2018-03-01' },
  };
  const open = (body: object) =>
    make('POST /households/{id}/measures', {
      ...{ by: county, params: { id: home.id } },
      body: { ...common(), responsible: responsible(), startedOn: '2017-03-01', ...body },
    });
  const trained = await open({ kind: 'training', batch: 'production', details: training });
  const lent = await open({ kind: 'micro-credit', details: loan });
  await make('POST /households/{id}/measures/{measureId}/end', {
    ...{ by: county, params: { id: home.id, measureId: trained.id }, ifMatch: trained.version },
    body: { result: 'achieved', note: own('成效', ...shown) },
  });
  return [trained.id, lent.id];
}

/** A contract that was ended, a file with diseases, a follow-up. */
async function plantHealth(planting: Planting, person: string): Promise<void> {
  const { own, home } = planting;
  const make = doer(planting);
  const params = { id: home.id, personId: person };
  const ofMember = '/households/{id}/members/{personId}';
  const shown = 'health.of-household';
  const contract = { team: own('团队', shown), doctor: own('医生', shown) };
  const [from, to] = ['2017-01-01', '2018-12-31'];
  const contracts = `${ofMember}/doctor-contracts`;
  const body = { ...contract, from, to };
  await make(`POST ${contracts}`, { params, body, ifMatch: 0 });
  const ended = { on: today(), reason: own('解约', shown) };
  await make(`POST ${contracts}/end`, { params, body: ended, ifMatch: 1 });
  const diseases = [{ disease: 'tuberculosis', since: '2015-02-01' }];
  await make(`PUT ${ofMember}/health-file`, {
    ...{ params, ifMatch: 2, body: { setUpOn: '2017-01-02', diseases } },
  });
  const followUp = { on: '2017-04-02', by: own('随访人', 'health.follow-ups'), way: 'home' };
  await make(`POST ${ofMember}/follow-ups`, { params, body: followUp });
}

/** What was paid: by the department's own words, corrected once and taken back once. */
async function plantReceipts(planting: Planting, tables: Tables, item: string): Promise<void> {
  const { own, home } = planting;
  const [head = '', spouse = ''] = home.people;
  const source = () => ({
    ...{ import: 'imp_0', sheet: own('补助表', 'receipt.list'), row: 4 },
    allocation: own('分配', 'receipt.list'),
    document: own('资金文', 'receipt.list'),
  });
  const told = ['rc_leak_1', 'rc_leak_2'].map((id) => ({
    before: null,
    after: receipt({
      ...{ id, household: home.id, person: spouse, payee: head, item, source: source() },
      ...{ reference: own('凭证', 'receipt.list'), department: own('部门', 'receipt.list') },
    }),
    reason: 'seed',
  }));
  await saveReceipts(tables.policy, told);
  const make = doer(planting);
  const correct = (receiptId: string, body: object) =>
    make('PATCH /households/{id}/receipts/{receiptId}', {
      ...{ by: county, params: { id: home.id, receiptId }, ifMatch: 1 },
      body: { ...body, reason: own('更正补助', 'receipt.list') },
    });
  await correct('rc_leak_1', { amountFen: 40_000 });
  await correct('rc_leak_2', { withdrawn: true });
}

/** Items everybody, or whoever is ill, is entitled to; one of them was paid. */
const items: readonly Partial<PolicyItem>[] = [
  { id: 'for-all', condition: { fact: 'person.age', op: 'above', value: 0 } },
  { id: 'for-the-ill', condition: { fact: 'person.health', op: 'has', value: 'serious' } },
];

/** A household about which helpers, visits, measures, health files and receipts say what nobody else may read. */
export async function plantCare(planting: Planting, tables: Tables): Promise<Planted> {
  const [, person = ''] = planting.home.people;
  await published(
    tables,
    items.map((one) => policyItem(one)),
  );
  const { helpers, pairings } = await plantHelpers(planting);
  const visits = await plantVisits(planting);
  const measures = await plantMeasures(planting);
  await plantHealth(planting, person);
  await plantReceipts(planting, tables, 'for-all');
  return {
    household: planting.home.id,
    person,
    helpers,
    pairings,
    visits,
    measures,
    item: 'for-all',
  };
}

/** Every household of these villages evaluated, up to their province. */
export async function evaluated(tables: Tables, areas: readonly string[]): Promise<void> {
  const ports = villagePorts(tables, ruleBook(tables));
  for (const village of areas.filter(({ length }) => length === 12))
    await bringUp(ports, { village });
  const above = areas.filter(({ length }) => length < 12);
  await addUp(sumPorts(tables), above, today());
}
