import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../functions/household/table.ts';
import { getDigest } from '../../functions/visit/table.ts';
import { VILLAGE } from '../support/build.ts';
import { county, otherTown, seedPlaces, setDay, town, village } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { keyFile, settle, storeOf } from '../support/store.ts';
import {
  auditor,
  helpedBy,
  helper,
  phoneId,
  successor,
  visitBody,
  visitDesk,
} from '../support/visit-desk.ts';

const { call, enter, correct, withdraw, listed, shown } = visitDesk();
let tables: Tables;
let store: Store;
let home: string;
let number = 0;

/** Another household of the village, helped by the helper. */
async function household(): Promise<string> {
  number += 1;
  const { household: own } = await settle(store, { number: `7${number}`, members: [bare()] });
  await helpedBy(store, own.id, [helper.sub]);
  return own.id;
}

function bare() {
  const birth = '1955-05-05';
  return {
    number: null,
    name: '陈样本',
    identity: null,
    sex: 'male',
    birth,
    relation: 'head',
    facts: {},
  };
}

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, BUCKET: 'bucket' });
  await seedPlaces(tables);
});

beforeEach(async () => {
  setDay('2017-10-23');
  home = await household();
});

const lastOn = async (id: string) => (await getDigest(tables.care, id))?.lastOn;

describe('a visit', () => {
  it('says who came, when, why, what was found and promised, and what comes next', async () => {
    const next = { what: '联系村里修屋顶', by: '2017-11-15' };
    const body = visitBody({ promised: '下月修好', next, demand: '希望有人陪诊' });
    const answer = await enter(home, body);
    expect(answer).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(answer.body).toMatchObject({ id: body.id, household: home, heldOn: body.heldOn });
    const { body: page } = await listed(home);
    expect(page.items).toHaveLength(1);
    const { found, promised, demand } = { ...body, promised: '下月修好', demand: '希望有人陪诊' };
    expect(page.items[0]).toMatchObject({
      ...{ id: body.id, version: 1, purposes: ['routine'], found, promised, next, demand },
      ...{ visitors: [{ sub: helper.sub }], actor: helper.sub, role: 'helper' },
      ...{ corrected: null, withdrawn: null },
    });
  });

  it('is entered late and out of order: the last visit is the one held last', async () => {
    for (const heldOn of ['2017-09-10', '2017-10-01', '2017-08-20'])
      expect(await enter(home, visitBody({ heldOn }))).toMatchObject({ status: 201 });
    expect(await lastOn(home)).toBe('2017-10-01');
    const { body } = await listed(home);
    const days = body.items.map(({ heldOn }: { heldOn: string }) => heldOn);
    expect(days).toEqual(['2017-10-01', '2017-09-10', '2017-08-20']);
  });

  it.each([
    ['in the future', '2017-10-24', 'date-future'],
    ['longer ago than may be entered', '2017-07-24', 'visit-too-late'],
  ])('is not entered for a day %s', async (_why, heldOn, code) => {
    expect(await enter(home, visitBody({ heldOn }))).toMatchObject({ body: { code } });
  });

  it('is entered for the first day that is not too long ago', async () => {
    expect(await enter(home, visitBody({ heldOn: '2017-07-25' }))).toMatchObject({ status: 201 });
  });

  it('is not entered for a day before the household was on the register', async () => {
    setDay('2016-02-01');
    const answer = await enter(home, visitBody({ heldOn: '2015-12-31' }));
    expect(answer.body).toMatchObject({ code: 'visit-before-registration' });
    expect(answer.body.title).toContain('2016-01-01');
    expect(await enter(home, visitBody({ heldOn: '2016-01-01' }))).toMatchObject({ status: 201 });
  });

  it('takes nothing of where a phone was', async () => {
    for (const field of ['lat', 'lng', 'gps', 'location', 'track', 'checkIn']) {
      const answer = await enter(home, visitBody({ [field]: 26 }));
      expect(answer).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
      expect(answer.body.errors).toMatchObject([{ field, code: 'field-unknown' }]);
    }
  });

  it('takes no long number in any of its words', async () => {
    const long = '电话 10098765432';
    for (const [field, given] of Object.entries({
      found: { found: long },
      promised: { promised: long },
      demand: { demand: long },
      'next.what': { next: { what: long, by: '2017-11-01' } },
    })) {
      const answer = await enter(home, visitBody(given));
      expect(answer.body).toMatchObject({ code: 'request-invalid', errors: [{ field }] });
      expect(JSON.stringify(answer.body)).not.toContain('10098765432');
    }
  });

  it('what comes next does not lie before it', async () => {
    const answer = await enter(home, visitBody({ next: { what: '复查', by: '2017-10-19' } }));
    expect(answer.body).toMatchObject({ code: 'date-order', errors: [{ field: 'next.by' }] });
  });

  it('names those who help the household, or helpers there are, and nobody else', async () => {
    await helpedBy(store, home, [helper.sub, successor.sub]);
    const both = [{ sub: helper.sub }, { sub: successor.sub }];
    expect(await enter(home, visitBody({ visitors: both }))).toMatchObject({ status: 201 });
    for (const stranger of [{ sub: 'somebody' }, { helper: 'hp_nobody0001' }]) {
      const answer = await enter(home, visitBody({ visitors: [stranger] }));
      expect(answer.body).toMatchObject({
        code: 'visitor-unknown',
        errors: [{ field: 'visitors' }],
      });
    }
  });

  it('is entered by an office for those who keep theirs on paper, and then says who came', async () => {
    const unsaid = await enter(home, visitBody(), { by: village });
    expect(unsaid.body).toMatchObject({ code: 'value-missing', errors: [{ field: 'visitors' }] });
    const named = visitBody({ visitors: [{ sub: helper.sub }] });
    expect(await enter(home, named, { by: village })).toMatchObject({ status: 201 });
  });

  it('is seen and entered by nobody outside the area or pairing of the household', async () => {
    expect(await enter(home, visitBody(), { by: otherTown })).toMatchObject({ status: 404 });
    expect(await enter(home, visitBody(), { by: successor })).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
    expect(await listed(home, successor)).toMatchObject({ status: 404 });
    expect(await listed(home, auditor)).toMatchObject({ status: 200 });
    expect(await enter(home, visitBody(), { by: auditor })).toMatchObject({ status: 403 });
  });
});

describe('the same visit, sent again by a phone that lost signal', () => {
  it('is answered as the first time, in the same hour and days later', async () => {
    const body = visitBody();
    const first = await enter(home, body, { key: 'key-of-the-phone' });
    expect(await enter(home, body, { key: 'key-of-the-phone' })).toMatchObject({
      body: first.body,
    });
    expect(await enter(home, body)).toMatchObject({ status: 201, body: first.body });
    setDay('2018-03-01');
    const again = await enter(home, body);
    expect(again).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(again.body).toEqual(first.body);
    expect((await listed(home)).body.items).toHaveLength(1);
  });

  it('is the same in whatever order the phone wrote it, and after it was corrected', async () => {
    const body = visitBody();
    const first = await enter(home, body);
    const { id: _, ...content } = body;
    const right = { ...content, heldOn: '2017-10-18', reason: '日期记错' };
    await correct({ household: home, id: body.id, version: 1 }, right);
    const turned = Object.fromEntries(Object.entries(body).toReversed());
    expect((await enter(home, turned)).body).toEqual(first.body);
    expect(await lastOn(home)).toBe('2017-10-18');
  });

  it('is refused with other content, or of another household', async () => {
    const body = visitBody();
    await enter(home, body);
    const other = await household();
    const changed = await enter(home, { ...body, found: '另一次' });
    const elsewhere = await enter(other, body);
    for (const answer of [changed, elsewhere])
      expect(answer).toMatchObject({ status: 409, body: { code: 'visit-id-taken' } });
    expect(await lastOn(other)).toBeUndefined();
  });

  it('sent twice at once is one visit; one id sent for two households is one of them', async () => {
    const body = visitBody();
    const [one, two] = await Promise.all([enter(home, body), enter(home, body)]);
    expect(one?.body).toEqual(two?.body);
    expect((await listed(home)).body.items).toHaveLength(1);
    const other = await household();
    const torn = visitBody();
    const answers = await Promise.all([enter(home, torn), enter(other, torn)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('many visits at once are all entered, and the digest knows the last', async () => {
    const days = ['2017-10-02', '2017-10-12', '2017-10-07', '2017-10-09'];
    const answers = await Promise.all(days.map((heldOn) => enter(home, visitBody({ heldOn }))));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await getDigest(tables.care, home)).toMatchObject({ lastOn: '2017-10-12', count: 4 });
  });

  it('a household that was taken away meanwhile gives the words back and says what to do', async () => {
    const written = visitBody({ promised: '送药', next: { what: '复查', by: '2017-11-01' } });
    const sent = visitBody({ heldOn: '2017-10-05' });
    const first = await enter(home, sent);
    await helpedBy(store, home, [successor.sub]);
    const answer = await enter(home, written);
    expect(answer).toMatchObject({ status: 409, body: { code: 'visit-household-taken' } });
    expect(answer.body.errors).toEqual([
      { field: 'found', code: 'text-returned', detail: written.found },
      { field: 'promised', code: 'text-returned', detail: '送药' },
      { field: 'next', code: 'text-returned', detail: '复查' },
    ]);
    // What was entered while it was hers is entered, whenever the phone asks.
    expect(await enter(home, sent)).toMatchObject({ status: 201, body: first.body });
    expect(await enter(home, visitBody(), { by: successor })).toMatchObject({ status: 201 });
  });
});

describe('a visit that was wrong', () => {
  it('is put right by who entered it or an office, for a reason, and the old words are kept', async () => {
    const { id, ...content } = visitBody();
    await enter(home, { id, ...content });
    const at = (version: number) => ({ household: home, id, version });
    const right = { ...content, found: '屋顶已修', heldOn: '2017-10-10', reason: '写错' };
    expect(await correct(at(1), right, successor)).toMatchObject({ status: 404 });
    expect(await correct(at(1), right)).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(await correct(at(1), right)).toMatchObject({ body: { code: 'version-stale' } });
    const officially = await correct(at(2), { ...right, found: '屋顶、门窗已修' }, town);
    expect(officially).toMatchObject({ status: 200 });
    const { body } = await shown(home, id);
    expect(body).toMatchObject({ version: 3, found: '屋顶、门窗已修', actor: helper.sub });
    expect(body.corrected).toMatchObject({ reason: '写错', actor: town.sub });
    const was = body.earlier.map(({ version, found }: Record<string, unknown>) => [version, found]);
    expect(was).toEqual([
      [2, '屋顶已修'],
      [1, content.found],
    ]);
    expect(await lastOn(home)).toBe('2017-10-10');
    expect((await listed(home)).body.items).toHaveLength(1);
  });

  it('is withdrawn and stays, and the visit before it is the last again', async () => {
    await enter(home, visitBody({ heldOn: '2017-09-01' }));
    const body = visitBody();
    await enter(home, body);
    expect(await lastOn(home)).toBe('2017-10-20');
    const at = { household: home, id: body.id, version: 1 };
    expect(await withdraw(at)).toMatchObject({ status: 200 });
    expect(await lastOn(home)).toBe('2017-09-01');
    const { items } = (await listed(home)).body;
    expect(items[0]).toMatchObject({ id: body.id, withdrawn: { reason: '记错了户' } });
    const { id: _, ...content } = body;
    for (const answer of [
      await correct({ ...at, version: 2 }, { ...content, reason: '改正' }),
      await withdraw({ ...at, version: 2 }),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'visit-withdrawn' } });
  });

  it('is not put right by another helper of the household', async () => {
    await helpedBy(store, home, [helper.sub, successor.sub]);
    const { id, ...content } = visitBody();
    await enter(home, { id, ...content });
    const right = { ...content, reason: '改正' };
    const answer = await correct({ household: home, id, version: 1 }, right, successor);
    expect(answer).toMatchObject({ status: 403, body: { code: 'visit-not-yours' } });
  });

  it('is found under its own household only', async () => {
    const body = visitBody();
    await enter(home, body);
    const other = await household();
    expect(await shown(other, body.id)).toMatchObject({ status: 404 });
    expect(await shown(home, 'vs_nobody00001')).toMatchObject({ status: 404 });
    const at = { household: other, id: body.id, version: 1 };
    expect(await withdraw(at)).toMatchObject({ status: 404 });
  });
});

describe('the visits of a household', () => {
  it('come page by page, the latest first', async () => {
    for (const day of ['01', '02', '03', '04', '05'])
      await enter(home, visitBody({ heldOn: `2017-10-${day}` }));
    const days: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: '2', ...(cursor !== undefined && { cursor }) };
      const { body } = await listed(home, helper, query);
      days.push(...body.items.map(({ heldOn }: { heldOn: string }) => heldOn.slice(8)));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(days).toEqual(['05', '04', '03', '02', '01']);
    expect((await listed(home, helper, { cursor: 'x' })).body.code).toBe('cursor-invalid');
  });

  it('carry no rank, count, position or check-in', async () => {
    await enter(home, visitBody());
    const answers = [await listed(home), await enter(home, visitBody({ id: phoneId() }))];
    for (const { body } of answers) expect(forbiddenIn(body)).toEqual([]);
    expect(county.areas).toBe(VILLAGE.slice(0, 6));
    expect(
      await call({ route: 'GET /visits/overdue', by: county, query: { area: '350122' } }),
    ).toMatchObject({ status: 200 });
  });
});

const forbidden =
  /rank|score|points|lat$|lng|gps|track|position|check-?in|online|visits?Count|perHelper/i;

function forbiddenIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(forbiddenIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(forbidden.test(name) ? [name] : []),
    ...forbiddenIn(part),
  ]);
}
