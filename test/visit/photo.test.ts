import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import type { Caller } from '../support/call.ts';
import { otherTown, seedPlaces, setDay, town } from '../support/case-desk.ts';
import { freshTables } from '../support/database.ts';
import { jpegOf, position } from '../support/picture.ts';
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

const { call, enter, shown, withdraw } = visitDesk();
let bucket: TestBucket;
let home: string;
const visit = visitBody();
const picture = jpegOf({ before: [position(6)] });
/** Without the position. */
const bare = jpegOf({ before: [position(6, '')] });

beforeAll(async () => {
  const tables = await freshTables();
  bucket = await freshBucket();
  const store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  await seedPlaces(tables);
  setDay('2017-10-23');
  home = (await settle(store)).household.id;
  await helpedBy(store, home, [helper.sub, successor.sub]);
  await enter(home, visit);
});

afterAll(() => bucket.close());

function ask(photo: object, by: Caller = helper, visitId = visit.id) {
  const params = { id: home, visitId };
  return call({ route: 'POST /households/{id}/visits/{visitId}/photos', by, params, body: photo });
}

async function look(photoId: string, by: Caller = helper) {
  const { handler } = await import('../../functions/visit/reader.ts');
  const { answerOf } = await import('../support/call.ts');
  const params = { id: home, visitId: visit.id, photoId };
  const route = 'GET /households/{id}/visits/{visitId}/photos/{photoId}';
  return answerOf(handler, { route, by, params });
}

/** What the store tells of the object that came last. */
async function takeIn() {
  const { handler } = await import('../../functions/visit/photo.ts');
  await handler({ detail: { object: { key: bucket.created.at(-1)?.key } } });
}

const jpeg = (given: object = {}) => ({
  ...{ id: phoneId('ph'), type: 'image/jpeg', size: picture.length },
  ...given,
});

describe('a photo of a visit', () => {
  it('is never needed: a visit without one is whole', async () => {
    expect((await shown(home, visit.id)).body.photos).toEqual([]);
  });

  it('is uploaded to an address for exactly that picture, and seen without its position, at one that soon is none', async () => {
    const photo = jpeg();
    const { status, body } = await ask(photo);
    expect(status).toBe(201);
    expect(JSON.parse((await look(photo.id)).text)).toMatchObject({ code: 'photo-missing' });
    const { url, headers } = body.upload;
    const tooLong = await fetch(url, { method: 'PUT', headers, body: Buffer.alloc(999) });
    expect(tooLong.ok).toBe(false);
    const again = await ask(photo);
    const sent = await fetch(again.body.upload.url, { method: 'PUT', headers, body: picture });
    expect(sent.status).toBe(200);
    expect(bucket.created.at(-1)?.key).toBe(`visit-uploads/${home}/${visit.id}/${photo.id}`);
    expect(await look(photo.id)).toMatchObject({ status: 404 });
    await takeIn();
    expect(bucket.created.at(-1)?.key).toBe(`visits/${home}/${visit.id}/${photo.id}`);
    const { photos } = (await shown(home, visit.id)).body;
    expect(photos).toMatchObject([{ id: photo.id, type: 'image/jpeg', size: picture.length }]);
    for (const reader of [helper, town, auditor]) {
      const seen = await look(photo.id, reader);
      expect(seen.status).toBe(303);
      const fetched = await fetch(seen.headers.location ?? '');
      expect(Buffer.from(await fetched.arrayBuffer())).toEqual(bare);
    }
    expect(await look(photo.id, otherTown)).toMatchObject({ status: 404 });
  });

  it('that is no picture is never seen, and the first that came under an id stays', async () => {
    const photo = jpeg({ size: 4 });
    const { body } = await ask(photo);
    const { url, headers } = body.upload;
    expect((await fetch(url, { method: 'PUT', headers, body: 'film' })).status).toBe(200);
    await takeIn();
    expect(bucket.created.at(-1)?.key).toMatch(/^visit-uploads/);
    expect(JSON.parse((await look(photo.id)).text)).toMatchObject({ code: 'photo-missing' });
    const [first] = bucket.created.filter(({ key }) => key.startsWith('visit-uploads'));
    const { handler } = await import('../../functions/visit/photo.ts');
    const before = bucket.created.length;
    await handler({ detail: { object: { key: first?.key } } });
    await handler({ detail: { object: { key: `visits/${home}/elsewhere` } } });
    expect(bucket.created).toHaveLength(before);
  });

  it('is known by the id its phone gave it', async () => {
    const photo = jpeg();
    expect(await ask(photo)).toMatchObject({ status: 201 });
    expect(await ask(photo)).toMatchObject({ status: 201 });
    expect(await ask({ ...photo, size: 3 })).toMatchObject({ body: { code: 'photo-id-taken' } });
  });

  it('is a picture of a size that is allowed, one of few', async () => {
    const odd = await ask(jpeg({ type: 'image/svg+xml' }));
    expect(odd).toMatchObject({ status: 400, body: { errors: [{ field: 'type' }] } });
    const large = await ask(jpeg({ size: 5 * 1024 * 1024 + 1 }));
    expect(large).toMatchObject({ status: 413, body: { code: 'photo-too-large' } });
    const present = (await shown(home, visit.id)).body.photos.length;
    for (let more = present; more < 6; more += 1)
      expect(await ask(jpeg())).toMatchObject({ status: 201 });
    expect(await ask(jpeg())).toMatchObject({ status: 409, body: { code: 'photo-too-many' } });
  });

  it('is added by who entered the visit or an office, to a visit that stands', async () => {
    const other = visitBody();
    await enter(home, other);
    const stranger = await ask(jpeg(), successor, other.id);
    expect(stranger).toMatchObject({ status: 403, body: { code: 'visit-not-yours' } });
    expect(await ask(jpeg(), town, other.id)).toMatchObject({ status: 201 });
    expect(await ask(jpeg(), otherTown, other.id)).toMatchObject({ status: 404 });
    await withdraw({ household: home, id: other.id, version: 1 });
    const late = await ask(jpeg(), helper, other.id);
    expect(late).toMatchObject({ status: 409, body: { code: 'visit-withdrawn' } });
  });

  it('takes nothing beside the picture', async () => {
    const answer = await ask({ ...jpeg(), gps: '26.2,119.5' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'field-unknown' }] } });
  });
});
