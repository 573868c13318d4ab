import { beforeAll, describe, expect, it } from 'vitest';
import { PolicyDocument, PolicyItem } from '../../functions/core/policy.ts';
import { PolicyEvent } from '../../functions/core/policy-event.ts';
import type { Store } from '../../functions/household/table.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { helperActions } from '../../functions/pairing/store.ts';
import { forgetPolicies, publish } from '../../functions/policy/table.ts';
import { seedPlaces, setDay } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { helperWith } from '../support/helper.ts';
import { keyFile, storeOf } from '../support/store.ts';
import { homeOf, measureDesk } from './desk.ts';

let tables: Tables;
let store: Store;
const desk = measureDesk();
const industry = {
  ...{ kind: 'industry', mode: 'cooperative', name: '林下养蜂', startedOn: '2017-03-01' },
};

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { LOCAL_KEY_FILE: keyFile });
  store = storeOf(tables);
  await seedPlaces(tables);
  setDay('2017-10-23');
});

async function home() {
  const { household } = await homeOf(store);
  return { id: household.id };
}

describe('what a measure names', () => {
  const actor = { actor: 'seed', at: '2017-01-01T00:00:00.000Z', reason: '发布', order: null };

  beforeAll(async () => {
    const terms = {
      ...{
        aliases: [],
        batch: 'production',
        department: '农业局',
        validFrom: '2017-01-01',
        validTo: null,
      },
      ...{
        condition: { fact: 'household.status', op: 'is', value: 'unexited' },
        receivedWhen: null,
      },
      ...{ exclusions: [], evidence: [], claim: 'apply', claimWindow: null, note: null },
      benefit: {
        kind: 'cash',
        amountFen: 1,
        unit: 'household',
        period: 'year',
        capFen: null,
      },
    };
    const own = {
      area: '350122',
      document: 'list-2017',
      publication: 'pub_1',
      version: 1,
      ended: false,
    };
    const item = (id: string, subject: string) =>
      PolicyItem.parse({
        ...{ id, subject, ...own, ...terms },
        name: { zh: '奖补', en: 'award' },
        illustrative: true,
        enacted: actor,
      });
    const document = PolicyDocument.parse({
      ...{
        id: 'list-2017',
        area: '350122',
        number: '连扶〔2017〕1号',
        issuer: '县扶贫办',
        date: '2017-01-01',
      },
      ...{ name: '清单', validFrom: '2017-01-01', validTo: null, source: null },
      ...{ illustrative: true, publication: 'pub_1', enacted: actor, note: null },
    });
    const event = PolicyEvent.parse({
      ...{ kind: 'published', area: '350122', role: 'office', ...actor },
      ...{ document: 'list-2017', items: [], line: null, validFrom: '2017-01-01' },
    });
    const items = [item('prod-award', 'household'), item('village-road', 'village')];
    const publication = { document, items, event, head: 0 };
    expect(await publish(tables.policy, publication)).toBe(true);
    forgetPolicies();
  });

  it('is an item of the policy list in force that concerns households or persons', async () => {
    const { id } = await home();
    expect((await desk.open(id, { ...industry, policy: 'prod-award' })).status).toBe(201);
    for (const policy of ['village-road', 'unheard-of']) {
      const answer = await desk.open(id, { ...industry, policy });
      expect(answer.body).toMatchObject({ code: 'measure-link', errors: [{ field: 'policy' }] });
    }
    const early = { ...industry, startedOn: '2016-12-31', policy: 'prod-award' };
    expect((await desk.open(id, early)).body.code).toBe('measure-link');
  });

  it('is a pairing, and a helper, of the household or its village', async () => {
    const { id } = await home();
    const about = { subject: { type: 'household' as const, id }, id: 'pr_own', helper: 'hp_own' };
    const change = helperWith({ id: 'hp_own', name: '林样本', organisation: '农业局' }, about);
    await transact(helperActions(tables.pairing, change, null));
    const body = { ...industry, pairing: 'pr_own', responsible: { helper: 'hp_own' } };
    const taken = await desk.opened(id, body);
    expect(await desk.show(taken)).toMatchObject({
      pairing: 'pr_own',
      responsible: { name: '林样本', organisation: '农业局', helper: 'hp_own' },
    });
    const stranger = await home();
    expect(
      (await desk.open(stranger.id, { ...industry, pairing: 'pr_own' })).body.errors,
    ).toMatchObject([{ field: 'pairing' }]);
    const other = { ...industry, responsible: { helper: 'hp_own' } };
    expect((await desk.open(stranger.id, other)).body.errors).toMatchObject([{ field: 'helper' }]);
    const named = await desk.act('', taken, { body: { responsible: { name: '王样本' } } });
    expect(named.status).toBe(200);
    expect((await desk.show(taken)).responsible).toEqual({
      name: '王样本',
      organisation: null,
      helper: null,
    });
    const none = await desk.act('', { ...taken, version: 2 }, { body: { responsible: null } });
    expect(none.status).toBe(200);
    expect((await desk.show(taken)).responsible).toBeNull();
  });
});
