import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

let shared: S3Client | undefined;

/**
 * The one client of a function. Checksums only where a service demands them: with the default, a presigned upload carries the
 * checksum of an empty body. A store of our own machine is addressed by path, since its bucket is no host name.
 */
export function store(): S3Client {
  shared ??= new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined,
  });
  return shared;
}

/** Lets a test or the bench give the client (another endpoint, a middleware that kills). */
export function useStore(client: S3Client | undefined): void {
  shared = client;
}

/** Where an object lies. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Writes an object of at most a few megabytes. */
export async function putObject(place: Place, body: Uint8Array, type: string): Promise<void> {
  const input = { Bucket: place.bucket, Key: place.key, Body: body, ContentType: type };
  await store().send(new PutObjectCommand({ ...input, ContentLength: body.length }));
}

/** Writes an object of at most a few megabytes where there is none; false where there is one, which stays as it is. */
export async function putNew(place: Place, body: Uint8Array, type: string): Promise<boolean> {
  const input = { Bucket: place.bucket, Key: place.key, Body: body, ContentType: type };
  try {
    await store().send(
      new PutObjectCommand({ ...input, ContentLength: body.length, IfNoneMatch: '*' }),
    );
    return true;
  } catch (fault) {
    if (fault instanceof S3ServiceException && fault.name === 'PreconditionFailed') return false;
    throw fault;
  }
}

/** Writes an object from a stream of known length, in bytes. */
export async function putStream(
  place: Place,
  body: Readable,
  about: { readonly type: string; readonly length: number },
): Promise<void> {
  const input = { Bucket: place.bucket, Key: place.key, Body: body, ContentType: about.type };
  await store().send(new PutObjectCommand({ ...input, ContentLength: about.length }));
}

/** Reads a whole object of at most a few megabytes. */
export async function getObject(place: Place): Promise<Uint8Array> {
  const { Body } = await store().send(
    new GetObjectCommand({ Bucket: place.bucket, Key: place.key }),
  );
  if (!Body) throw new Error('object without a body');
  return Body.transformToByteArray();
}

/** The same; undefined where there is no such object. */
export async function findObject(place: Place): Promise<Uint8Array | undefined> {
  try {
    return await getObject(place);
  } catch (fault) {
    if (fault instanceof NoSuchKey) return undefined;
    throw fault;
  }
}

/** Whether an object is there. */
export async function hasObject(place: Place): Promise<boolean> {
  try {
    await store().send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.key }));
    return true;
  } catch (fault) {
    if (fault instanceof NotFound) return false;
    throw fault;
  }
}

/** Copies an object into a file without holding it in memory; stops at `maxBytes`. Returns the bytes written, or undefined if there are more. */
export async function downloadObject(
  place: Place,
  path: string,
  maxBytes: number,
): Promise<number | undefined> {
  const { Body, ContentLength } = await store().send(
    new GetObjectCommand({ Bucket: place.bucket, Key: place.key }),
  );
  if (!(Body instanceof Readable)) throw new Error('object without a body');
  if ((ContentLength ?? 0) > maxBytes) {
    Body.destroy();
    return undefined;
  }
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Body, counted, createWriteStream(path, { mode: 0o600 }));
  return bytes;
}

export interface Upload extends Place {
  readonly type: string;
  /** Exact number of bytes. */
  readonly length: number;
  readonly seconds: number;
}

/** What a request to an upload address must carry, since its signature covers it. */
export function uploadHeaders({ type }: Pick<Upload, 'type'>): Readonly<Record<string, string>> {
  return { 'content-type': type, 'if-none-match': '*' };
}

/**
 * An address to which exactly these many bytes of exactly this type can be put, once: `If-None-Match: *` is signed, so that the store
 * answers 412 where an object is, for as long as the address is good.
 */
export function presignPut(upload: Upload): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: upload.bucket,
    Key: upload.key,
    ContentType: upload.type,
    ContentLength: upload.length,
    IfNoneMatch: '*',
  });
  return getSignedUrl(store(), command, {
    expiresIn: upload.seconds,
    signableHeaders: new Set(['host', 'content-length', ...Object.keys(uploadHeaders(upload))]),
  });
}

/** The instant up to which an address is good: the store's real time, whatever day the county is at. */
export function expiryOf(address: string): Date {
  const { searchParams } = new URL(address);
  const signed = searchParams.get('X-Amz-Date') ?? '';
  const iso = signed.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return new Date(Date.parse(iso) + Number(searchParams.get('X-Amz-Expires')) * 1000);
}

export interface Download extends Place {
  /** Name under which the browser saves it. */
  readonly fileName: string;
  readonly seconds: number;
}

/** A short-lived address at which an object can be fetched once one is allowed to see it. */
export function presignGet(download: Download): Promise<string> {
  // What the plain encoding leaves although a header value may not hold it (RFC 5987).
  const name = encodeURIComponent(download.fileName).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const command = new GetObjectCommand({
    Bucket: download.bucket,
    Key: download.key,
    ResponseContentDisposition: `attachment; filename*=UTF-8''${name}`,
    ResponseCacheControl: 'no-store',
  });
  return getSignedUrl(store(), command, {
    expiresIn: download.seconds,
  });
}
