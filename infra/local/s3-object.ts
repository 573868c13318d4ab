import { pipeline } from 'node:stream/promises';
import type { StoredObject } from './object-store.ts';
import { receiveBody } from './s3-body.ts';
import { S3Fault } from './s3-fault.ts';
import type { S3Call } from './s3-server.ts';
import { document } from './s3-xml.ts';

/** What is kept with an object and given back with it. */
const keptHeaders = [
  'content-type',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
];

export async function putObject(call: S3Call): Promise<void> {
  const { request, response, store, bucket, key, given } = call;
  if (
    request.headers['content-length'] === undefined &&
    given('x-amz-decoded-content-length') === undefined
  ) {
    throw new S3Fault('MissingContentLength');
  }
  requireWriteConditions(call);
  const draft = await store.draft();
  try {
    const { size, digest } = await receiveBody(request, given, (chunk) => draft.write(chunk));
    await draft.close();
    // Another upload may have finished meanwhile: the condition holds for the moment the object appears.
    requireWriteConditions(call);
    const etag = `"${digest}"`;
    await store.put(bucket.name, key, { draft, size, etag, headers: headersOf(call) });
    if (bucket.announces) {
      call.announce({ bucket: bucket.name, key, size, etag: digest, reason: 'PutObject' });
    }
    response.writeHead(200, { etag }).end();
  } catch (fault) {
    await draft.discard();
    throw fault;
  }
}

/** `If-None-Match: *`: only if there is none; `If-Match`: only over that one. */
function requireWriteConditions({ store, bucket, key, request }: S3Call): void {
  const { 'if-none-match': none, 'if-match': match } = request.headers;
  const found = store.get(bucket.name, key);
  if (none === '*' && found !== undefined) throw new S3Fault('PreconditionFailed');
  if (match === undefined) return;
  if (found === undefined) throw new S3Fault('NoSuchKey');
  if (found.etag !== match && found.etag !== `"${match}"`) throw new S3Fault('PreconditionFailed');
}

function headersOf({ request, query, given }: S3Call): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = given(name);
    if (value !== undefined) headers[name] = value;
  }
  const encoding = (given('content-encoding') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked');
  if (encoding.length > 0) headers['content-encoding'] = encoding.join(',');
  for (const name of [...Object.keys(request.headers), ...query.keys()]) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-meta-')) headers[lower] = given(lower) ?? '';
  }
  return headers;
}

export async function getObject(call: S3Call): Promise<void> {
  const { request, response, store, bucket, key, query } = call;
  const object = store.get(bucket.name, key);
  if (object === undefined) throw new S3Fault('NoSuchKey');
  requireReadConditions(call, object);
  const range = rangeOf(request.headers.range, object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  response.writeHead(range ? 206 : 200, {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    ...overrides(query),
    etag: object.etag,
    'last-modified': new Date(object.modified).toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${object.size}` } : {}),
  });
  if (request.method === 'HEAD' || end < start) response.end();
  else await pipeline(store.read(object, { start, end }), response);
}

function requireReadConditions({ request }: S3Call, { etag }: StoredObject): void {
  const { 'if-none-match': none, 'if-match': match } = request.headers;
  const same = (value: string): boolean => value === '*' || value === etag || `"${value}"` === etag;
  if (match !== undefined && !same(match)) throw new S3Fault('PreconditionFailed');
  if (none !== undefined && same(none)) throw new S3Fault('NotModified', '', { etag });
}

/** `response-content-disposition` and its kin: an address may say how its answer is to be shown. */
function overrides(query: URLSearchParams): Record<string, string> {
  const stated = [...query].filter(([name]) => /^response-(content|cache|expires)/.test(name));
  return Object.fromEntries(stated.map(([name, value]) => [name.replace('response-', ''), value]));
}

/** @throws S3Fault InvalidRange; a range of another form is ignored, as HTTP wants it */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return { start, end };
  throw new S3Fault('InvalidRange', undefined, { 'content-range': `bytes */${size}` });
}

export async function removeObject({ response, store, bucket, key }: S3Call): Promise<void> {
  await store.remove(bucket.name, key);
  response.writeHead(204).end();
}

export async function copyObject(call: S3Call): Promise<void> {
  const { request, response, store, bucket, key, buckets } = call;
  const source = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(
    /^\//,
    '',
  );
  const [from = '', fromKey = ''] = source.split(/\/(.*)/s);
  if (!buckets.has(from)) throw new S3Fault('NoSuchBucket');
  const object = store.get(from, fromKey);
  if (object === undefined) throw new S3Fault('NoSuchKey');
  requireWriteConditions(call);
  const { size, etag } = object;
  const draft = await store.draft();
  if (size > 0) {
    for await (const chunk of store.read(object, { start: 0, end: size - 1 })) {
      await draft.write(Buffer.from(chunk));
    }
  }
  await draft.close();
  const replaced = request.headers['x-amz-metadata-directive'] === 'REPLACE';
  const headers = replaced ? headersOf(call) : object.headers;
  await store.put(bucket.name, key, { draft, size, etag, headers });
  if (bucket.announces) {
    const digest = etag.replaceAll('"', '');
    call.announce({ bucket: bucket.name, key, size, etag: digest, reason: 'CopyObject' });
  }
  const result = { ETag: etag, LastModified: new Date().toISOString() };
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(document('CopyObjectResult', result));
}
