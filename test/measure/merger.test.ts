import { beforeAll, describe, expect, it } from 'vitest';
import { current } from '../../functions/core/household.ts';
import { allEvents, loadFile, type Store } from '../../functions/household/table.ts';
import { callOf } from '../support/call.ts';
import { county, seedPlaces, setDay, town } from '../support/case-desk.ts';
import { freshTables } from '../support/database.ts';
import { keyFile, storeOf } from '../support/store.ts';
import { helpedBy, helper, visitBody, visitDesk } from '../support/visit-desk.ts';
import { homeOf, measureDesk } from './desk.ts';

let store: Store;
const desk = measureDesk();
const visits = visitDesk();

beforeAll(async () => {
  const tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, BUCKET: 'bucket' });
  await seedPlaces(tables);
  setDay('2017-10-23');
});

async function home() {
  const { household } = await homeOf(store);
  return { id: household.id, person: household.members[0]?.id ?? '' };
}

async function householdOf(id: string) {
  const file = await loadFile(store, id);
  if (!file) throw new Error('no such household');
  return file.household;
}

async function hasPost(id: string, person: string) {
  const member = (await householdOf(id)).members.find((one) => one.id === person);
  return current(member?.facts ?? []).publicPost;
}

const postOf = (person: string) => ({
  ...{ kind: 'public-post', batch: 'safety-net', name: '保洁', person, startedOn: '2017-01-01' },
  details: { type: 'post', post: '保洁员', wageFen: 80_000 },
});

/** Everybody of the other household comes to live in the one. */
async function merge(one: string, other: { readonly id: string; readonly person: string }) {
  const { handler } = await import('../../functions/life/handler.ts');
  const [stays, goes] = [await householdOf(one), await householdOf(other.id)];
  const relations = { [other.person]: 'sibling' };
  const body = { household: other.id, version: goes.version, relations, reason: 'care' };
  const answer = await callOf(handler, {
    ...{ route: 'POST /households/{id}/merger', by: county, params: { id: one } },
    ...{ ifMatch: stays.version, body: { ...body, heldFrom: '2017-06-01' } },
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

describe('households that merge', () => {
  it('the post of who came along is ended where it was given, and the person has none where they live now', async () => {
    const [middle, other] = [await home(), await home()];
    const post = await desk.opened(other.id, postOf(other.person));
    await merge(middle.id, other);
    expect(await hasPost(middle.id, other.person)).toBe(true);
    expect((await desk.open(middle.id, postOf(other.person))).body.code).toBe('post-twice');
    const ended = await desk.act('/end', post, {
      body: { result: 'stopped', endedOn: '2017-10-01' },
    });
    expect(ended.status).toBe(200);
    expect(await hasPost(middle.id, other.person)).toBe(false);
    const told = (await allEvents(store, middle.id)).find(({ kind }) => kind === 'measure-ended');
    expect(told).toMatchObject({
      heldOn: '2017-10-01',
      changes: expect.arrayContaining([
        expect.objectContaining({ field: 'publicPost', before: true, after: false }),
      ]),
    });
  });

  it('keep their measures apart: those of the one that is gone are ended there, and the one that stays keeps its own', async () => {
    const [one, other] = [await home(), await home()];
    const industry = { kind: 'industry', name: '林下养蜂', startedOn: '2017-03-01' };
    await desk.opened(one.id, { ...industry, mode: 'cooperative' });
    const taken = await desk.opened(other.id, { ...industry, mode: 'dividend' });
    await merge(one.id, other);
    expect((await desk.act('/end', taken, { body: { result: 'achieved' } })).status).toBe(200);
    expect(current((await householdOf(one.id)).facts)).toMatchObject({ modes: ['cooperative'] });
    expect(current((await householdOf(other.id)).facts)).toMatchObject({
      ...{ status: 'struck-off', modes: [] },
    });
  });

  it('keep their visits apart: those of the one that is gone are read there, and no visit to it is entered of days since', async () => {
    const [one, other] = [await home(), await home()];
    await helpedBy(store, other.id, [helper.sub]);
    const before = visitBody({ heldOn: '2017-08-01' });
    expect(await visits.enter(other.id, before)).toMatchObject({ status: 201 });
    await merge(one.id, other);
    expect((await visits.listed(other.id, town)).body.items).toHaveLength(1);
    expect((await visits.listed(one.id, town)).body.items).toEqual([]);
    expect(await visits.enter(other.id, before)).toMatchObject({ status: 201 });
    const since = await visits.enter(other.id, visitBody());
    expect(since).toMatchObject({ body: { code: 'household-closed' } });
  });
});
