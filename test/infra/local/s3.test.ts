import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listener, listen } from '../../../infra/local/listen.ts';
import { ObjectStore } from '../../../infra/local/object-store.ts';
import { makeS3, type ObjectCreated } from '../../../infra/local/s3-server.ts';
import { openState, type State } from '../../../infra/local/state.ts';
import { dataDir } from './fixture/assembly.ts';

const folder = dataDir();
const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
const Bucket = 'county';
const origin = 'https://console.county.invalid';
const created: ObjectCreated[] = [];
let state: State;
let server: Listener;
let s3: S3Client;
let presigning: S3Client;

function client(settings: object = {}): S3Client {
  return new S3Client({
    region: 'us-east-1',
    endpoint: server.url,
    credentials,
    maxAttempts: 1,
    ...settings,
  });
}

beforeAll(async () => {
  state = openState(folder);
  server = await listen(0, (text) => expect.fail(text));
  const rule = {
    AllowedOrigins: [origin],
    AllowedMethods: ['PUT', 'GET'],
    AllowedHeaders: ['content-type', 'x-amz-*'],
    ExposedHeaders: ['ETag'],
    MaxAge: 600,
  };
  const bucket = { name: Bucket, cors: [rule], announces: true };
  server.serve(
    makeS3({
      buckets: new Map([[Bucket, bucket]]),
      store: new ObjectStore(folder, state),
      credentials,
      announce: (event) => created.push(event),
    }),
  );
  s3 = client();
  presigning = client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
});
afterAll(async () => {
  await server.close();
  state.close();
});

async function put(Key: string, Body: string | Uint8Array, more: object = {}): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

async function get(Key: string, more: object = {}): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return (await Body?.transformToString()) ?? '';
}

function uploadAddress(
  Key: string,
  body: string,
  more: { expiresIn?: number; signingDate?: Date } = {},
) {
  const command = new PutObjectCommand({
    Bucket,
    Key,
    ContentType: 'text/csv',
    ContentLength: Buffer.byteLength(body),
  });
  const signableHeaders = new Set(['host', 'content-type', 'content-length']);
  return getSignedUrl(presigning, command, { expiresIn: 60, signableHeaders, ...more });
}

async function upload(url: string, body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: 'PUT',
    body,
    headers: { 'content-type': 'text/csv', ...headers },
  });
  const [, code = ''] = /<Code>(.*)<\/Code>/.exec(await answer.text()) ?? [];
  return `${answer.status} ${code}`.trim();
}

test('what is put comes back with its type, its metadata and its ETag', async () => {
  const Metadata = { rows: '3' };
  await put('rosters/2017.csv', 'a,b,c', { ContentType: 'text/csv', Metadata });
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'rosters/2017.csv' }));
  expect(head).toMatchObject({ ContentType: 'text/csv', ContentLength: 5, Metadata });
  expect(head.ETag).toBe(`"${createHash('md5').update('a,b,c').digest('hex')}"`);
  expect(await get('rosters/2017.csv')).toBe('a,b,c');
  expect(created.at(-1)).toMatchObject({ key: 'rosters/2017.csv', size: 5, reason: 'PutObject' });
});

test('a stream of unknown checksum arrives without its framing', async () => {
  const parts = Array.from({ length: 50 }, (_, index) => Buffer.alloc(70_000, index % 251));
  const whole = Buffer.concat(parts);
  const Body = Readable.from(parts);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'big', Body, ContentLength: whole.length }));
  const { Body: found } = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
  expect(Buffer.compare(Buffer.from((await found?.transformToByteArray()) ?? []), whole)).toBe(0);
});

test('keys may be Chinese and hold odd characters, and files on disk say nothing about them', async () => {
  for (const key of ['帮扶/连江县 名单+1.csv', "a (b)!'*~.txt", 'a&b=c?d#e%2F.txt', 'x//y']) {
    await put(key, key);
    expect(await get(key)).toBe(key);
  }
  expect(readdirSync(join(folder, 'objects')).join()).not.toMatch(/连江|txt|\.part/);
});

test('a key cannot climb out of its bucket', async () => {
  await expect(put('../../x', 'no')).rejects.toMatchObject({ name: 'InvalidURI' });
  await expect(put(`${'长'.repeat(342)}`, 'no')).rejects.toMatchObject({ name: 'KeyTooLongError' });
});

test('parts of an object can be asked for', async () => {
  await put('digits', '0123456789');
  expect(await get('digits', { Range: 'bytes=2-4' })).toBe('234');
  expect(await get('digits', { Range: 'bytes=7-' })).toBe('789');
  expect(await get('digits', { Range: 'bytes=-3' })).toBe('789');
  await expect(get('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({
    name: 'InvalidRange',
  });
});

test('an object that must be new or unchanged is not overwritten', async () => {
  await put('once', 'first', { IfNoneMatch: '*' });
  await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  await expect(put('once', 'third', { IfMatch: '"0"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  expect(await get('once')).toBe('first');
});

test('lists go by prefix, by folder, and page by page', async () => {
  const keys = ['list/a', 'list/b/1', 'list/b/2', 'list/c', 'list/d/1', 'list/e'];
  for (const key of keys) await put(key, 'x');
  const folders = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/' }),
  );
  expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/c', 'list/e']);
  expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/b/', 'list/d/']);
  for (const Delimiter of [undefined, '/']) {
    const found: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({
          Bucket,
          Prefix: 'list/',
          Delimiter,
          MaxKeys: 2,
          ContinuationToken: token,
        }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    const folded = ['list/a', 'list/b/', 'list/c', 'list/d/', 'list/e'];
    expect(found.toSorted()).toEqual(Delimiter === undefined ? keys : folded);
  }
});

test('objects are copied and deleted, one or many, and what is not there is named so', async () => {
  await put('from', 'text', { ContentType: 'text/plain' });
  await s3.send(new CopyObjectCommand({ Bucket, Key: '到', CopySource: `${Bucket}/from` }));
  expect(await get('到')).toBe('text');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'from' }));
  const Objects = [{ Key: '到' }, { Key: 'never <&> there' }];
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toHaveLength(2);
  await expect(get('到')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: '到' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
  await expect(s3.send(new GetObjectCommand({ Bucket: 'other', Key: 'x' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});

test('a checksum that does not fit is refused and nothing is stored', async () => {
  await expect(put('sum', 'abc', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
    name: 'BadDigest',
  });
  await expect(get('sum')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('a stranger, and one with the wrong secret, are refused', async () => {
  const wrong = client({ credentials: { ...credentials, secretAccessKey: 'guess' } });
  await expect(wrong.send(new GetObjectCommand({ Bucket, Key: 'digits' }))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  });
  expect((await fetch(`${server.url}/${Bucket}/digits`)).status).toBe(403);
});

test('an upload address takes exactly the file it was made for', async () => {
  const url = await uploadAddress('up/名单.csv', 'one,two');
  expect(await upload(url, 'one,two')).toBe('200');
  expect(await get('up/名单.csv')).toBe('one,two');
  expect(await upload(url, 'one,two,three')).toBe('403 SignatureDoesNotMatch');
  expect(await upload(url, 'one,two', { 'content-type': 'text/html' })).toBe(
    '403 SignatureDoesNotMatch',
  );
  expect(await upload(url.replace('up/', 'down/'), 'one,two')).toBe('403 SignatureDoesNotMatch');
  expect(await upload(url.replace('Expires=60', 'Expires=600'), 'one,two')).toBe(
    '403 SignatureDoesNotMatch',
  );
  expect(await upload(url, 'one,two', { 'x-amz-meta-role': 'admin' })).toBe('403 AccessDenied');
});

test('an upload address ends when it says', async () => {
  const signingDate = new Date(Date.now() - 61_000);
  const url = await uploadAddress('late', 'x', { signingDate });
  expect(await upload(url, 'x')).toBe('403 AccessDenied');
});

test('a download address may name the file for the browser', async () => {
  await put('report', 'rows');
  const ResponseContentDisposition = 'attachment; filename="rows.csv"';
  const command = new GetObjectCommand({ Bucket, Key: 'report', ResponseContentDisposition });
  const answer = await fetch(await getSignedUrl(presigning, command, { expiresIn: 60 }));
  expect(answer.headers.get('content-disposition')).toBe(ResponseContentDisposition);
  expect(await answer.text()).toBe('rows');
});

test('only the console may upload from a browser', async () => {
  const ask = (from: string, header = 'content-type') =>
    fetch(`${server.url}/${Bucket}/x`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': header,
      },
    });
  const allowed = await ask(origin);
  expect(allowed.status).toBe(200);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
  expect(allowed.headers.get('access-control-max-age')).toBe('600');
  expect((await ask(`${origin}.evil.invalid`)).status).toBe(403);
  expect((await ask(origin, 'authorization')).status).toBe(403);
  const url = await uploadAddress('page', 'x');
  const send = (from: string) =>
    fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/csv', origin: from } });
  expect((await send(origin)).headers.get('access-control-expose-headers')).toBe('ETag');
  expect(
    (await send('https://evil.invalid')).headers.get('access-control-allow-origin'),
  ).toBeNull();
});
