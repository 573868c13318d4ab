import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { publishAction } from '../../functions/case/table.ts';
import type { CaseView } from '../../functions/core/case-view.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { current, type HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { loadFile, readStored, type Store } from '../../functions/household/table.ts';
import { dynamo, transact } from '../../functions/lib/dynamo.ts';
import { granted, VILLAGE } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import {
  caseDesk,
  county,
  otherTown,
  provenHousehold,
  seedPlaces,
  setDay,
  town,
  village,
} from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, keyFile, settle, storeOf, write } from '../support/store.ts';

let tables: Tables;
let store: Store;
let client: DynamoDBClient;
const desk = caseDesk();

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { LOCAL_KEY_FILE: keyFile });
  store = storeOf(tables);
  client = dynamo();
  await seedPlaces(tables);
});
beforeEach(() => setDay('2017-10-23'));
afterEach(() => client.middlewareStack.remove('fault'));

async function household(given: Parameters<typeof provenHousehold>[0] = {}) {
  const file = await settle(store, provenHousehold(given));
  const [head] = file.household.members;
  return { file, id: file.household.id, head: head?.id ?? '' };
}

async function proposed(given: object = {}) {
  const one = await household(given);
  const answer = await desk.propose(one.id);
  expect(answer).toMatchObject({ status: 201, headers: { etag: '"1"' } });
  return { ...one, found: await desk.show(answer.body.id) };
}

/** Lets somebody else be faster: does something between reading and the first write. */
function onceBeforeWriting(work: () => Promise<void>): void {
  let isFirst = true;
  client.middlewareStack.add(
    (next, at) => async (input) => {
      if (at.commandName === 'TransactWriteItemsCommand' && isFirst) {
        isFirst = false;
        await work();
      }
      return next(input);
    },
    { step: 'initialize', name: 'fault' },
  );
}

async function stored(id: string): Promise<HouseholdFile> {
  const file = await loadFile(store, id);
  if (!file) throw new Error('no such household');
  return file;
}

const factsOf = async (id: string) => current((await stored(id)).household.facts);

describe('the exit of a household', () => {
  it('is proposed, assessed, confirmed, posted, decided, announced and marked, each step in the history', async () => {
    const { id, head, found } = await proposed();
    const decided = await desk.upTo(found.id, 'announce', head);
    expect(decided.sheet).toMatchObject({ kind: 'household', on: '2017-10-30', passes: true });
    expect(await factsOf(id)).toMatchObject({ status: 'unexited' });
    const done = await desk.upTo(found.id, 'end', head);
    expect(done).toMatchObject({ state: 'done', awaits: null, endedOn: '2017-10-30' });
    expect(await factsOf(id)).toMatchObject({ status: 'exited', exitYear: 2017 });
    const file = await readStored(store, id);
    expect(file?.household.openCase).toBeNull();
    expect(file?.events.map((event) => event.case?.step ?? event.kind)).toEqual([
      ...done.steps.map((step) => step.id).toReversed(),
      ...['case-opened', 'registered'],
    ]);
  });

  it('is refused where the proof fails, with what is missing named in both languages', async () => {
    const { food: _, ...facts } = provenHousehold().facts ?? {};
    const { household: made } = await settle(store, {
      ...provenHousehold(),
      facts: { ...facts, housingGrade: 'D', housingRenewed: false },
    });
    const { id } = made;
    const answer = await desk.propose(id);
    expect(answer).toMatchObject({ status: 422, body: { code: 'exit-not-proven' } });
    const fields = answer.body.errors.map((one: { field: string; code: string }) => [
      ...[one.field, one.code],
    ]);
    expect(fields).toEqual([
      ['food', 'criterion-unknown'],
      ['housing', 'criterion-not-met'],
    ]);
    expect((await stored(id)).household.openCase).toBeNull();
    expect((await stored(id)).household.version).toBe(1);
  });

  it('is refused at the decision where facts changed on the way', async () => {
    const { id, head, found } = await proposed();
    const waiting = await desk.upTo(found.id, 'decide', head);
    const file = await stored(id);
    const worse = {
      ...{ heldFrom: '2017-10-29', heldTo: null, reason: null, cleared: [] },
      ...{ facts: { housingGrade: 'C' }, contact: {}, members: [] },
    };
    const today = { today: '2017-10-30' };
    granted(await write(store, file, granted(changeHousehold(file, worse, doing(today)))));
    const refused = await desk.step(waiting);
    expect(refused).toMatchObject({ status: 422, body: { code: 'exit-not-proven' } });
    expect(await desk.show(found.id)).toMatchObject({ version: waiting.version, state: 'open' });
    const no = await desk.step(waiting, { outcome: 'failed', note: '住房不安全' });
    expect(no.body).toMatchObject({ state: 'refused', awaits: null });
    expect((await desk.show(found.id)).sheet).toBeNull();
    expect((await stored(id)).household.openCase).toBeNull();
    expect(await factsOf(id)).toMatchObject({ status: 'unexited' });
  });

  it('is no business of other offices, and neither is one of theirs of who is outside', async () => {
    const { id, found } = await proposed();
    const outside = await Promise.all([
      desk.call({ route: 'GET /cases/{id}', by: otherTown, params: { id: found.id } }),
      desk.call({ route: 'GET /households/{id}/cases', by: otherTown, params: { id } }),
      desk.step(found, {}, otherTown),
      desk.propose(id, {}, otherTown),
    ]);
    expect(outside.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const mine = { route: 'GET /households/{id}/cases', by: village, params: { id } };
    expect((await desk.call(mine)).body.cases).toMatchObject([{ id: found.id, state: 'open' }]);
  });

  it('of two who act at once one wins, and the other is told', async () => {
    const { id, found } = await proposed();
    const both = await Promise.all([
      desk.step(found, { note: '同意' }, village),
      desk.step(found, { note: '同意' }, { ...village, sub: 'colleague' }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect((await desk.show(found.id)).records).toHaveLength(1);
    expect((await stored(id)).household.version).toBe(3);
    const twice = await household();
    const two = await Promise.all([desk.propose(twice.id), desk.propose(twice.id)]);
    expect(two.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('goes on though the household changes meanwhile: only the case itself must stand still', async () => {
    const { id, found } = await proposed();
    const file = await stored(id);
    const patch = {
      ...{ heldFrom: '2017-10-20', heldTo: null, reason: null, cleared: [] },
      ...{ facts: { housingArea: 90 }, contact: {}, members: [] },
    };
    onceBeforeWriting(async () => {
      granted(await write(store, file, granted(changeHousehold(file, patch, doing()))));
    });
    expect(await desk.step(found)).toMatchObject({ status: 200 });
    expect(await factsOf(id)).toMatchObject({ housingArea: 90 });
    expect((await stored(id)).household).toMatchObject({ version: 4 });
  });

  it('a step sent again after its reply was lost is answered the same and taken once', async () => {
    const { found } = await proposed();
    const { handler } = await import('../../functions/case/handler.ts');
    const asked = {
      ...{ route: 'POST /cases/{id}/steps', by: village, params: { id: found.id }, key: 'k-step' },
      ...{ ifMatch: 1, body: { step: 'village-review', outcome: 'passed' } },
    };
    const [first, again] = [await callOf(handler, asked), await callOf(handler, asked)];
    expect(again).toEqual(first);
    expect((await desk.show(found.id)).records).toHaveLength(1);
  });

  it('is objected to: the notice stands still, and an objection upheld ends it', async () => {
    const { id, head, found } = await proposed();
    const posted = await desk.upTo(found.id, 'town-review', head);
    const object = (version: number, note: string) =>
      desk.call({
        ...{ route: 'POST /cases/{id}/objections', by: village, params: { id: found.id } },
        ...{ ifMatch: version, body: { note } },
      });
    const raised = await object(posted.version, '家有轿车');
    expect(raised).toMatchObject({ status: 201, body: { dueOn: null, notice: { lastDay: null } } });
    setDay('2017-12-01');
    const wait = await desk.step(await desk.show(found.id));
    expect(wait).toMatchObject({ status: 409, body: { code: 'objection-open' } });
    const { objection } = raised.body;
    const settle = (by: typeof town, upheld: boolean) =>
      desk.call({
        route: 'POST /cases/{id}/objections/{objectionId}/settlement',
        ...{ by, params: { id: found.id, objectionId: objection } },
        ...{ ifMatch: raised.body.version, body: { upheld, resolution: '车辆属实' } },
      });
    expect((await settle(village, true)).status).toBe(403);
    expect((await settle(town, true)).body).toMatchObject({ state: 'refused' });
    expect((await stored(id)).household.openCase).toBeNull();
    expect((await object(raised.body.version + 1, '再次')).body.code).toBe('case-ended');
  });

  it('is taken back by who proposed it, and may be proposed again', async () => {
    const { id, found } = await proposed();
    const colleague = await desk.call({
      ...{ route: 'POST /cases/{id}/withdrawal', params: { id: found.id }, ifMatch: 1 },
      ...{ by: { ...village, sub: 'colleague' }, body: { reason: '不同意' } },
    });
    expect(colleague).toMatchObject({ status: 403, body: { code: 'case-not-yours' } });
    const back = await desk.call({
      ...{ route: 'POST /cases/{id}/withdrawal', by: village, params: { id: found.id } },
      ...{ ifMatch: 1, body: { reason: '材料不全' } },
    });
    expect(back.body).toMatchObject({ state: 'withdrawn' });
    expect((await desk.propose(id)).status).toBe(201);
    const all = { route: 'GET /households/{id}/cases', by: county, params: { id } };
    expect((await desk.call(all)).body.cases).toHaveLength(2);
  });

  it('takes no long number among its words', async () => {
    const { found } = await proposed();
    const answer = await desk.step(found, { note: '电话 100-0000-0017' });
    const [fault] = answer.body.errors;
    expect([answer.status, fault.field]).toEqual([400, 'note']);
    expect(fault.detail).toContain('身份证号');
  });

  it('a confirmation is that of a member', async () => {
    const { found, head } = await proposed();
    const asked = await desk.upTo(found.id, 'confirm', head);
    expect((await desk.step(asked, { confirmedBy: 'per_unknown' })).body.code).toBe(
      'member-unknown',
    );
  });
});

describe('falling back and striking off', () => {
  it('a household that fell back is registered again without an exit year', async () => {
    const facts = { status: 'exited', exitYear: 2016 };
    const { id, head } = await household({ facts });
    const opened = await desk.propose(id, { kind: 'return', reason: '因灾返贫' });
    await desk.upTo(opened.body.id, 'end', head);
    expect(await factsOf(id)).toMatchObject({ status: 'returned' });
    expect((await factsOf(id)).exitYear).toBeUndefined();
  });

  it('a wrong entry is struck off without a procedure, which would leave it on the register of past days', async () => {
    const { id } = await household();
    const answer = await desk.propose(id, { kind: 'strike-off', strikeOff: 'error' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'strikeOff' }] } });
  });

  it('a household struck off frees its persons and its number', async () => {
    const { id, head, file } = await household();
    const opened = await desk.propose(id, { kind: 'strike-off', strikeOff: 'moved-out' });
    await desk.upTo(opened.body.id, 'end', head);
    expect(await factsOf(id)).toMatchObject({ status: 'struck-off' });
    const { number } = file.household;
    const [identity] = Object.values(file.secrets.identities);
    const again = provenHousehold();
    const [member] = again.members ?? [];
    if (!member || identity === undefined) throw new Error('nobody');
    await settle(store, { ...again, number, members: [{ ...member, identity }] });
  });
});

describe('a family that applies', () => {
  const application = (given: object = {}) => {
    const { number, members = [] } = provenHousehold();
    const [head] = members;
    return {
      ...{ number, village: VILLAGE, facts: { mainCause: 'illness' } },
      members: [{ name: '陈样申', relation: 'head', identityNumber: head?.identity }],
      ...given,
    };
  };
  const apply = (given: object = {}, by = village) =>
    desk.call({
      ...{ route: 'POST /cases', by },
      body: { kind: 'identification', reason: '农户申请', application: application(given) },
    });

  it('goes through two reviews, two notices and the county before it is on the register', async () => {
    const answer = await apply();
    expect(answer.status).toBe(201);
    const { id, subject } = answer.body;
    expect(await factsOf(subject.id)).toMatchObject({ status: 'applicant' });
    const town2 = { ...town, sub: 'town-reviewer' };
    const reviewed = await desk.upTo(id, 'town-review', '');
    setDay(reviewed.dueOn ?? '');
    expect((await desk.step(reviewed)).body.code).toBe('step-same-person');
    expect((await desk.step(reviewed, {}, town2)).status).toBe(200);
    const done = await desk.upTo(id, 'end', '');
    expect(done.state).toBe('done');
    expect(await factsOf(subject.id)).toMatchObject({ status: 'new', identifiedYear: 2017 });
  });

  it('is refused as a registration is: outside, in an unknown village, twice', async () => {
    expect((await apply({}, otherTown)).body.code).toBe('village-outside');
    expect((await apply({ village: '350122101299' }, town)).body.code).toBe('area-unknown');
    const [member] = application().members;
    expect((await apply({ members: [member] })).status).toBe(201);
    expect((await apply({ members: [member] })).body.code).toBe('person-elsewhere');
    const withStatus = await apply({ facts: { status: 'unexited' } });
    expect(withStatus).toMatchObject({ status: 400 });
  });

  it('that is not identified may apply again', async () => {
    const [member] = application().members;
    const first = await apply({ members: [member] });
    const no = await desk.step(await desk.show(first.body.id), {
      outcome: 'failed',
      note: '不符合',
    });
    expect(no.body).toMatchObject({ state: 'refused' });
    expect(await factsOf(first.body.subject.id)).toMatchObject({ status: 'struck-off' });
    expect((await apply({ members: [member] })).status).toBe(201);
  });
});

describe('procedures of a county', () => {
  const asked = async (kind: string, area = '350122') =>
    desk.call({ route: 'GET /procedures', by: county, query: { area, kind } });
  const publish = (body: object, by = county) => desk.call({ route: 'POST /procedures', by, body });

  it('a new version holds for cases that begin later; those under way keep theirs', async () => {
    const { found } = await proposed();
    const { steps, source } = (await asked('household-exit')).body.current;
    const longer = steps.map((step: { act: string }) =>
      step.act === 'notice' ? { ...step, days: 10 } : step,
    );
    const body = { area: '350122', kind: 'household-exit', source, steps: longer };
    const answer = await publish({ ...body, validFrom: '2017-10-24' });
    expect(answer).toMatchObject({ status: 201, body: { version: 1, scope: '350122' } });
    expect((await asked('household-exit', VILLAGE)).body.current.version).toBe(0);
    setDay('2017-10-24');
    expect((await asked('household-exit')).body.current.version).toBe(1);
    const later = await proposed();
    const daysOf = (one: CaseView) => one.steps.flatMap(({ days }) => days ?? []);
    expect(daysOf(later.found)).toEqual([10]);
    expect(daysOf(await desk.show(found.id))).toEqual([7]);
  });

  it('is set by the county for itself, from today on, and soundly', async () => {
    const { steps, source } = (await asked('return')).body.current;
    const body = { area: '350122', kind: 'return', source, steps, validFrom: '2017-10-23' };
    expect((await publish(body, town)).status).toBe(403);
    expect((await publish({ ...body, area: '350121' })).status).toBe(404);
    expect((await publish({ ...body, area: '350122101' })).status).toBe(404);
    expect((await publish({ ...body, validFrom: '2017-10-22' })).body.code).toBe('date-past');
    const short = steps.filter(({ act }: { act: string }) => act !== 'notice');
    expect((await publish({ ...body, steps: short })).body).toMatchObject({
      code: 'request-invalid',
      errors: [{ code: 'procedure-act-missing' }],
    });
    const other: { status: number }[] = [];
    onceBeforeWriting(async () => void other.push(await publish(body)));
    expect((await publish(body)).body.code).toBe('procedure-published');
    expect(other).toMatchObject([{ status: 201 }]);
  });

  it('go along when the county gets another code, and are counted on from there', async () => {
    const [old, present] = ['350127', '350128'];
    const own = { ...county, areas: present };
    const opened = newDivision(present, '新县', null);
    const closed = {
      ...newDivision(old, '旧县', null),
      validTo: '2017-10-20',
      successors: [present],
    };
    const [{ steps, source }] = [(await asked('return')).body.current];
    const standing = {
      ...({ kind: 'return', version: 3, validFrom: '2017-01-01', validTo: null } as const),
      ...{ scope: old, source, steps },
    };
    await transact([publishAction(tables.case, standing)]);
    await saveDivisions(
      tables.area,
      [opened, closed].map((after) => ({ before: null, after })),
      {
        ...{ actor: 'seed', at: '2017-10-20T00:00:00.000Z', heldOn: '2017-10-20' },
        reason: '',
        source: '',
      },
    );
    const query = { area: present, kind: 'return' };
    const shown = await desk.call({ route: 'GET /procedures', by: own, query });
    expect(shown.body.current).toMatchObject({ version: 3, scope: old });
    const body = { area: present, kind: 'return', source, steps, validFrom: '2017-10-23' };
    expect(await publish(body, own)).toMatchObject({ status: 201, body: { version: 4 } });
  });
});
