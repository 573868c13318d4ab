import { receiveBody } from './s3-body.ts';
import { S3Fault } from './s3-fault.ts';
import type { S3Call } from './s3-server.ts';
import { document, parseList } from './s3-xml.ts';

export async function listObjects({ response, store, bucket, query }: S3Call): Promise<void> {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const asked = Number(query.get('max-keys') ?? 1000);
  if (!Number.isInteger(asked) || asked < 0) throw new S3Fault('InvalidArgument');
  const limit = Math.min(asked, 1000);
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : fromToken(token);
  const page = store.list(bucket.name, { prefix, delimiter, after, limit });
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : String;
  const xml = document('ListBucketResult', {
    Name: bucket.name,
    Prefix: encode(prefix),
    ...(delimiter === '' ? {} : { Delimiter: encode(delimiter) }),
    MaxKeys: limit,
    KeyCount: page.objects.length + page.prefixes.length,
    IsTruncated: page.next !== undefined && limit > 0,
    ...(page.next ? { NextContinuationToken: toToken(page.next) } : {}),
    Contents: page.objects.map(({ key, etag, size, modified }) => ({
      Key: encode(key),
      LastModified: new Date(modified).toISOString(),
      ETag: etag,
      Size: size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.prefixes.map((one) => ({ Prefix: encode(one) })),
  });
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml);
}

function toToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (toToken(key) !== token)
    throw new S3Fault('InvalidArgument', 'The continuation token is wrong.');
  return key;
}

/** DeleteObjects: up to 1,000 keys; one that is not there counts as deleted. */
export async function removeObjects(call: S3Call): Promise<void> {
  const { request, response, store, bucket, given } = call;
  const chunks: Buffer[] = [];
  await receiveBody(request, given, (chunk) => {
    chunks.push(chunk);
  });
  const { items, rest } = parseList(Buffer.concat(chunks).toString(), 'Object');
  if (items.length === 0 || items.length > 1000) throw new S3Fault('MalformedXML');
  const removed: { Key: string }[] = [];
  for (const { Key = '' } of items) {
    await store.remove(bucket.name, Key);
    removed.push({ Key });
  }
  const result = rest.Quiet === 'true' ? '' : { Deleted: removed };
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(document('DeleteResult', result));
}
