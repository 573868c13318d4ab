import { beforeAll, describe, expect, it } from 'vitest';
import type { Condition } from '../../functions/core/policy-condition.ts';
import { putItem, useDynamo } from '../../functions/lib/dynamo.ts';
import { itemKey } from '../../functions/policy/key.ts';
import { policiesNow } from '../../functions/policy/table.ts';
import { callOf } from '../support/call.ts';
import { testClient } from '../support/database.ts';
import {
  addVersion,
  beside,
  county,
  documentOf,
  listPolicies,
  office,
  openPolicyDesk,
  type PolicyDesk,
  province,
  publish,
  readPolicy,
  reason,
  second,
  town,
} from '../support/policy-desk.ts';
import { policyItem } from '../support/policy-item.ts';

let desk: PolicyDesk;

beforeAll(async () => {
  desk = await openPolicyDesk();
});

const setLine = (
  fen: number,
  {
    by = office,
    ifMatch = 0,
    id = 'dibao',
    validFrom = '2017-01-01',
    validTo = null as string | null,
  } = {},
) =>
  callOf(desk.writer, {
    route: 'PUT /policy-lines/{id}/{validFrom}',
    by,
    params: { id, validFrom },
    query: { area: county },
    body: {
      ...{ name: { zh: '低保标准', en: 'allowance' }, validTo, fen, source: null },
      ...{ illustrative: true, reason },
    },
    ifMatch,
  });

const idsOf = (body: { items: readonly { id: string }[] }) => body.items.map(({ id }) => id);

describe('a policy document', () => {
  it('is published with its items, and read with the condition as a sentence', async () => {
    const done = await publish(
      desk,
      documentOf('doc-one', [{ id: 'one-grant' }, { id: 'one-aid' }]),
    );
    expect([done.status, done.body.document]).toEqual([201, 'doc-one']);
    const { body } = await listPolicies(desk);
    expect(idsOf(body)).toEqual(expect.arrayContaining(['one-aid', 'one-grant']));
    const item = body.items.find(({ id }: { id: string }) => id === 'one-grant');
    expect(item.sentence).toEqual({
      zh: expect.stringContaining('低保贫困户'),
      en: expect.stringContaining(' is '),
    });
    const one = await readPolicy(desk, 'one-grant');
    expect([one.status, one.headers.etag]).toEqual([200, '"1"']);
    expect(one.body).toMatchObject({
      ...{ inForce: true, version: 1, document: { id: 'doc-one', number: '连教〔2016〕1号' } },
      item: { condition: { fact: 'household.type', op: 'is', value: 'low-income' } },
      versions: [{ version: 1, actor: 'county-office', reason }],
    });
  });

  it('of more items than one transaction takes stands with all of them', async () => {
    const items = Array.from({ length: 130 }, (_, at) => ({ id: `many-${at}` }));
    expect((await publish(desk, documentOf('doc-many', items))).status).toBe(201);
    const { body } = await listPolicies(desk);
    expect(idsOf(body).filter((id) => id.startsWith('many-'))).toHaveLength(130);
  });

  it('with one item wrong is refused whole, every fault named with its item and path', async () => {
    const wrong = documentOf('doc-wrong', [
      { id: 'wrong-fine' },
      {
        id: 'wrong-facts',
        condition: {
          all: [
            { fact: 'household.type', op: 'is', value: 'low-income' },
            { fact: 'household.colour', op: 'is', value: 'red' },
            { fact: 'person.age', op: 'below', value: { line: 'nowhere' } },
          ],
        },
        receivedWhen: { fact: 'person.familyDoctor', op: 'above', value: 3 },
        exclusions: ['no-such', 'wrong-facts', 'wrong-fine'],
      },
      { id: 'wrong-fine', validFrom: '2015-01-01' },
      {
        id: 'wrong-land',
        subject: 'household',
        condition: { fact: 'person.age', op: 'below', value: 6 },
        benefit: { ...policyItem().benefit, unit: 'mu' },
      },
      {
        id: 'wrong-share',
        claim: 'automatic',
        claimWindow: { fromMonthDay: '01-01', toMonthDay: '02-01' },
        benefit: { ...policyItem().benefit, unit: 'percent', amountFact: 'household.farmlandMu' },
      },
    ]);
    const refused = await publish(desk, wrong);
    expect([refused.status, refused.body.code]).toEqual([422, 'policy-invalid']);
    const faults = refused.body.errors.map((one: { field: string; code: string }) => [
      one.field,
      one.code,
    ]);
    expect(faults).toEqual([
      ['items.wrong-fine.id', 'policy-item-twice'],
      ['items.wrong-facts.condition.all.1.fact', 'condition-fact-unknown'],
      ['items.wrong-facts.condition.all.2.value', 'condition-line-unfit'],
      ['items.wrong-facts.receivedWhen.op', 'condition-op-unfit'],
      ['items.wrong-facts.exclusions.0', 'policy-exclusion-unknown'],
      ['items.wrong-facts.exclusions.1', 'policy-exclusion-unknown'],
      ['items.wrong-fine.validFrom', 'policy-validity'],
      ['items.wrong-land.condition.fact', 'condition-fact-beyond'],
      ['items.wrong-land.benefit.amountFact', 'policy-amount-fact-missing'],
      ['items.wrong-share.benefit.amountFact', 'policy-amount-fact-unfit'],
      ['items.wrong-share.claimWindow', 'policy-window-unclaimed'],
    ]);
    expect(idsOf((await listPolicies(desk)).body).filter((id) => id.startsWith('wrong'))).toEqual(
      [],
    );
  });

  it('is not published over another, nor its items over others', async () => {
    await publish(desk, documentOf('doc-first', [{ id: 'first-grant' }]));
    const again = await publish(desk, documentOf('doc-first', [{ id: 'first-other' }]));
    expect([again.status, again.body.code]).toEqual([409, 'policy-document-exists']);
    const other = await publish(desk, documentOf('doc-second', [{ id: 'first-grant' }]));
    expect(other.body.errors).toMatchObject([{ code: 'policy-item-twice' }]);
  });

  it('sent again under the same key is answered the same and stands once', async () => {
    const body = documentOf('doc-again', [{ id: 'again-grant' }]);
    const first = await publish(desk, body, { key: 'again' });
    const more = await Promise.all([1, 2].map(() => publish(desk, body, { key: 'again' })));
    for (const one of more) expect([one.status, one.body]).toEqual([201, first.body]);
    const reused = await publish(desk, documentOf('doc-x', [{ id: 'x-grant' }]), { key: 'again' });
    expect(reused.body.code).toBe('idempotency-key-reused');
    const both = documentOf('doc-twin', [{ id: 'twin-grant' }]);
    const twins = await Promise.all([1, 2].map(() => publish(desk, both, { key: 'twin' })));
    expect(twins.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('of two with the same item at once one is published, and both of two that differ', async () => {
    const same = await Promise.all([
      publish(desk, documentOf('doc-l', [{ id: 'race-grant' }])),
      publish(desk, documentOf('doc-r', [{ id: 'race-grant' }]), { by: second }),
    ]);
    expect(same.map(({ status }) => status).toSorted()).toEqual([201, 422]);
    const differ = await Promise.all([
      publish(desk, documentOf('doc-l2', [{ id: 'race-l' }])),
      publish(desk, documentOf('doc-r2', [{ id: 'race-r' }]), { by: second }),
    ]);
    expect(differ.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('that broke off half-way leaves nothing to be seen, and its items do not come back later', async () => {
    const item = policyItem({ id: 'ghost', document: 'doc-ghost', publication: 'pub_ghost' });
    await putItem(desk.tables.policy, { ...itemKey(item), v: 1, ...item });
    expect((await readPolicy(desk, 'ghost')).status).toBe(404);
    expect((await publish(desk, documentOf('doc-ghost', [{ id: 'real' }]))).status).toBe(201);
    expect((await readPolicy(desk, 'ghost')).status).toBe(404);
    expect((await readPolicy(desk, 'real')).status).toBe(200);
  });

  it('whose last reply is lost stands once, and the client that tries again is told so', async () => {
    const client = await testClient();
    let sent = 0;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (context.commandName !== 'TransactWriteItemsCommand') return answer;
        sent += 1;
        // The items went first; the reply to the document itself is lost for good.
        if (sent === 2) throw Object.assign(new Error('lost'), { name: 'NetworkingError' });
        return answer;
      },
      { step: 'initialize' },
    );
    useDynamo(client);
    const body = documentOf('doc-lost', [{ id: 'lost-grant' }]);
    expect((await publish(desk, body, { key: 'lost' })).status).toBe(500);
    useDynamo(await testClient());
    const again = await publish(desk, body, { key: 'lost' });
    expect([again.status, again.body.document]).toEqual([201, 'doc-lost']);
  });
});

describe('hostile documents', () => {
  const deep = (levels: number): Condition =>
    levels === 0
      ? { fact: 'household.type', op: 'is', value: 'general' }
      : { not: deep(levels - 1) };
  const wide = Array.from({ length: 5000 }, () => ({
    fact: 'household.type',
    op: 'is',
    value: 'x',
  }));

  it.each([
    ['nested deeper than anybody reads', deep(30)],
    ['nested deeper than a stack', deep(3000)],
    ['with thousands of clauses', { all: wide }],
    ['that asks __proto__', { fact: '__proto__', op: 'is', value: true }],
    ['that asks a constructor', { fact: 'constructor', op: 'is', value: true }],
    [
      'against a line of the prototype',
      { fact: 'household.wagesFen', op: 'below', value: { line: 'constructor' } },
    ],
    ['without anything', {}],
    ['that is a list', [1]],
    ['that is no tree', 'all'],
    ['with an operator nobody knows', { fact: 'household.type', op: 'matches', value: '.*' }],
  ])('with a condition %s are refused', async (_what, condition) => {
    const body = documentOf('doc-bad', [{}], {});
    const items = body.items.map((item) => ({ ...item, id: 'bad-grant', condition }));
    const refused = await publish(desk, { ...body, items });
    expect([400, 422]).toContain(refused.status);
    expect((await readPolicy(desk, 'bad-grant')).status).toBe(404);
  });

  it('with names of the prototype are refused', async () => {
    for (const id of ['__proto__', 'a#b', 'A']) {
      expect((await publish(desk, documentOf('doc-bad', [{ id }]))).status).toBe(400);
      expect((await publish(desk, documentOf(id, [{ id: 'bad-grant' }]))).status).toBe(400);
    }
    // "constructor" is a word like others: it names what was published under it, and nothing else.
    expect((await readPolicy(desk, 'constructor')).status).toBe(404);
    expect((await publish(desk, documentOf('doc-word', [{ id: 'constructor' }]))).status).toBe(201);
    expect((await readPolicy(desk, 'constructor')).body.version).toBe(1);
  });
});

describe('a version of an item', () => {
  it('holds from its day; what stood before stays as it was', async () => {
    await publish(desk, documentOf('doc-v', [{ id: 'v-grant' }]));
    const before = (await policiesNow(desk.tables.policy, county)).items.find(
      ({ id }) => id === 'v-grant',
    );
    const benefit = { ...policyItem().benefit, amountFen: 300_000 };
    const body = { validFrom: '2018-01-01', changes: { benefit }, order: '连教〔2018〕3号' };
    const made = await addVersion(desk, { id: 'v-grant', ifMatch: 1, body });
    expect([made.status, made.headers.etag, made.body.version]).toEqual([201, '"2"', 2]);
    const amounts = async (date: string) =>
      (await readPolicy(desk, 'v-grant', { date })).body.item.benefit.amountFen;
    expect([await amounts('2017-12-31'), await amounts('2018-01-01')]).toEqual([200_000, 300_000]);
    const kept = (await policiesNow(desk.tables.policy, county)).items.filter(
      ({ id }) => id === 'v-grant',
    );
    expect(kept[0]).toEqual(before);
    expect((await readPolicy(desk, 'v-grant')).body.versions).toMatchObject([
      { version: 2, validFrom: '2018-01-01', order: '连教〔2018〕3号', amountFen: 300_000 },
      { version: 1, validFrom: '2016-01-01', amountFen: 200_000 },
    ]);
  });

  it('that ends an item leaves it to be read, in force no longer', async () => {
    await publish(desk, documentOf('doc-e', [{ id: 'e-grant' }]));
    const body = { validFrom: '2017-07-01', ends: true };
    expect((await addVersion(desk, { id: 'e-grant', ifMatch: 1, body })).status).toBe(201);
    expect(idsOf((await listPolicies(desk)).body)).not.toContain('e-grant');
    expect(idsOf((await listPolicies(desk, { date: '2017-06-30' })).body)).toContain('e-grant');
    expect((await readPolicy(desk, 'e-grant')).body).toMatchObject({ inForce: false, version: 2 });
    const again = await addVersion(desk, { id: 'e-grant', ifMatch: 2, body });
    expect(again.body.code).toBe('policy-unchanged');
  });

  it.each([
    ['no version named', undefined, {}, 428, 'if-match-required'],
    ['a version that was overtaken', 7, { changes: { evidence: [] } }, 412, 'version-stale'],
    [
      'a day before the present version',
      1,
      { validFrom: '2015-12-31', ends: true },
      422,
      'policy-version-early',
    ],
    ['nothing new', 1, {}, 422, 'policy-unchanged'],
    ['the same said again', 1, { changes: { department: '教育局' } }, 422, 'policy-unchanged'],
    [
      'a condition nobody understands',
      1,
      { changes: { condition: { fact: 'x.y', op: 'is', value: 1 } } },
      422,
      'policy-invalid',
    ],
    [
      'an end before the beginning',
      1,
      { changes: { validTo: '2016-06-01' } },
      422,
      'policy-invalid',
    ],
    ['another subject', 1, { changes: { subject: 'household' } }, 400, 'request-invalid'],
  ] as const)('with %s is refused', async (...[_what, ifMatch, given, status, code]) => {
    await publish(desk, documentOf('doc-r9', [{ id: 'r-grant' }]), { key: 'r-grant' });
    const body = { validFrom: '2018-01-01', reason, ...given };
    const call = {
      route: 'POST /policies/{id}/versions',
      by: office,
      params: { id: 'r-grant' },
      query: { area: county },
      body,
    };
    const refused = await callOf(desk.writer, ifMatch === undefined ? call : { ...call, ifMatch });
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  it('by two people at once is one of them, and the other is told; sent again it is the same', async () => {
    await publish(desk, documentOf('doc-t', [{ id: 't-grant' }]));
    const body = { validFrom: '2018-01-01', changes: { evidence: ['学生证'] } };
    const both = await Promise.all([
      addVersion(desk, { id: 't-grant', ifMatch: 1, body }),
      addVersion(desk, { id: 't-grant', ifMatch: 1, body }, { by: second }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 412]);
    const asked = { id: 't-grant', ifMatch: 2, body: { validFrom: '2018-06-01', ends: true } };
    const first = await addVersion(desk, asked, { key: 't-again' });
    const again = await addVersion(desk, asked, { key: 't-again' });
    expect([again.status, again.body, again.headers.etag]).toEqual([201, first.body, '"3"']);
  });
});

describe('a line', () => {
  it('is set from a day, set right under the next version, and named in conditions', async () => {
    const condition: Condition = {
      fact: 'household.netIncomePerHeadFen',
      op: 'below',
      value: { line: 'dibao' },
    };
    const early = await publish(desk, documentOf('doc-line', [{ id: 'line-grant', condition }]));
    expect(early.body.errors).toMatchObject([{ code: 'condition-line-unknown' }]);
    expect((await setLine(384_000)).headers.etag).toBe('"1"');
    expect((await setLine(390_000)).body.code).toBe('version-stale');
    expect((await setLine(390_000, { ifMatch: 1 })).headers.etag).toBe('"2"');
    expect((await setLine(400_000, { validFrom: '2018-01-01' })).status).toBe(200);
    expect(
      (await publish(desk, documentOf('doc-line', [{ id: 'line-grant', condition }]))).status,
    ).toBe(201);
    const lineOn = async (date: string) => (await listPolicies(desk, { date })).body.lines[0]?.fen;
    expect([await lineOn('2017-05-01'), await lineOn('2018-05-01')]).toEqual([390_000, 400_000]);
    const all = await callOf(desk.reader, {
      route: 'GET /policy-lines',
      by: town,
      query: { area: '350122101' },
    });
    expect(all.body.lines).toHaveLength(2);
  });

  it('of poverty is not set here, nor one that ends before it begins', async () => {
    expect((await setLine(1, { id: 'poverty' })).body.code).toBe('policy-line-reserved');
    expect((await setLine(1, { id: 'aid', validTo: '2016-01-01' })).body.code).toBe(
      'policy-validity',
    );
  });
});

describe('who publishes', () => {
  it('is the office of that very level; the county beside it is 404', async () => {
    const body = documentOf('doc-who', [{ id: 'who-grant' }]);
    expect((await publish(desk, body, { by: town })).status).toBe(403);
    expect((await publish(desk, body, { by: beside })).status).toBe(404);
    const above = await publish(desk, body, { by: province });
    expect([above.status, above.body.code]).toEqual([403, 'policy-level']);
    const inTown = { ...body, area: '350122101' };
    expect((await publish(desk, inTown)).body.code).toBe('policy-level');
    expect((await publish(desk, { ...body, area: '350199' }, { by: province })).status).toBe(404);
    const closed = await publish(desk, { ...body, area: '350123' }, { by: province });
    expect(closed.body.code).toBe('area-closed');
    expect((await setLine(1, { by: { ...province }, id: 'who' })).body.code).toBe('policy-level');
    expect((await setLine(1, { by: beside, id: 'who' })).status).toBe(404);
  });

  it('changes no item of another area, and the county’s own takes the place of the province’s', async () => {
    const wide = { ...documentOf('doc-wide', [{ id: 'wide-grant' }]), area: '35' };
    expect((await publish(desk, wide, { by: province })).status).toBe(201);
    const body = { validFrom: '2018-01-01', ends: true };
    expect((await addVersion(desk, { id: 'wide-grant', ifMatch: 1, body })).status).toBe(404);
    const inProvince = { id: 'wide-grant', ifMatch: 1, body };
    expect((await addVersion(desk, inProvince, { by: office, area: '35' })).status).toBe(404);
    expect((await readPolicy(desk, 'wide-grant')).body.item.area).toBe('35');
    await publish(desk, documentOf('doc-own', [{ id: 'wide-grant', department: '民政局' }]));
    expect((await readPolicy(desk, 'wide-grant')).body.item.department).toBe('民政局');
    expect(
      (await readPolicy(desk, 'wide-grant', { by: beside, area: '350121' })).body.item.department,
    ).toBe('教育局');
    expect((await readPolicy(desk, 'wide-grant', { by: beside })).status).toBe(404);
    expect((await listPolicies(desk, { by: beside })).status).toBe(404);
  });

  it('stands with every act: who, when, why, by which document', async () => {
    const asked = { route: 'GET /policy-events', by: office, query: { area: county } };
    const { body } = await callOf(desk.reader, asked);
    const kinds = new Set(body.events.map(({ kind }: { kind: string }) => kind));
    expect(kinds).toEqual(new Set(['published', 'changed', 'ended', 'line-set']));
    for (const event of body.events)
      expect(event).toMatchObject({
        area: county,
        actor: expect.any(String),
        reason,
        role: 'office',
      });
    expect(body.events.find(({ order }: { order: string | null }) => order !== null)).toMatchObject(
      {
        ...{ kind: 'changed', items: [{ id: 'v-grant', version: 2 }], validFrom: '2018-01-01' },
      },
    );
  });

  it('may look up what conditions can ask', async () => {
    const { body } = await callOf(desk.reader, { route: 'GET /policy-facts', by: town });
    const age = body.facts.find(({ id }: { id: string }) => id === 'person.age');
    expect(age).toMatchObject({
      of: 'person',
      type: 'number',
      unit: 'years',
      least: 0,
      ops: expect.arrayContaining(['below']),
    });
    const type = body.facts.find(({ id }: { id: string }) => id === 'household.type');
    expect(type.codes).toContainEqual({
      code: 'low-income',
      zh: '低保贫困户',
      en: expect.any(String),
    });
  });
});
