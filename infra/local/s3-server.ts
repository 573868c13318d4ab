import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bucket } from './buckets.ts';
import type { ObjectStore } from './object-store.ts';
import { listObjects, removeObjects } from './s3-bucket.ts';
import { crossOriginHeaders, preflight } from './s3-cors.ts';
import { S3Fault } from './s3-fault.ts';
import { copyObject, getObject, putObject, removeObject } from './s3-object.ts';
import { type Credentials, verifySignature } from './s3-signature.ts';
import { document } from './s3-xml.ts';

export interface ObjectCreated {
  bucket: string;
  key: string;
  size: number;
  etag: string;
  reason: 'PutObject' | 'CopyObject';
}

export interface S3Surroundings {
  buckets: ReadonlyMap<string, Bucket>;
  store: ObjectStore;
  credentials: Credentials;
  announce: (event: ObjectCreated) => void;
}

/** One request, its address taken apart. */
export interface S3Call extends S3Surroundings {
  request: IncomingMessage;
  response: ServerResponse;
  bucket: Bucket;
  key: string;
  query: URLSearchParams;
  /** A header, or the query parameter a presigned address carries in its place. */
  given: (name: string) => string | undefined;
}

/** Answers the part of S3's protocol that the county uses, checking what S3 would check. */
export function makeS3(
  around: S3Surroundings,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    response.setHeader('x-amz-request-id', randomUUID());
    response.setHeader('server', 'AmazonS3');
    try {
      const call = understand(request, response, around);
      if (request.method === 'OPTIONS') {
        response.writeHead(200, preflight(call.bucket.cors, request)).end();
        return;
      }
      for (const [name, value] of Object.entries(crossOriginHeaders(call.bucket.cors, request))) {
        response.setHeader(name, value);
      }
      verifySignature(request, around.credentials, new Date());
      await actionOf(call)(call);
    } catch (fault) {
      if (!(fault instanceof S3Fault)) throw fault;
      refuse(request, response, fault);
    }
  };
}

function understand(
  request: IncomingMessage,
  response: ServerResponse,
  around: S3Surroundings,
): S3Call {
  const [path = '/', text = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [name = '', key = ''] = decoded(path)
    .slice(1)
    .split(/\/(.*)/s);
  const bucket = around.buckets.get(name);
  if (bucket === undefined) throw new S3Fault('NoSuchBucket');
  requireSoundKey(key);
  const query = new URLSearchParams(text);
  const hoisted = new Map([...query].map(([one, value]) => [one.toLowerCase(), value]));
  const given = (header: string): string | undefined => {
    const value = request.headers[header];
    return (Array.isArray(value) ? value.join(',') : value) ?? hoisted.get(header);
  };
  return { ...around, request, response, bucket, key, query, given };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Fault('InvalidURI');
  }
}

/** Up to 1,024 bytes, and no climbing out of the bucket. */
function requireSoundKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) throw new S3Fault('KeyTooLongError');
  let depth = 0;
  for (const part of key.split('/')) {
    depth += part === '..' ? -1 : 1;
    if (depth < 0) throw new S3Fault('InvalidURI');
  }
}

type Action = (call: S3Call) => Promise<void>;

const onObject: Record<string, Action> = {
  GET: getObject,
  HEAD: getObject,
  PUT: putObject,
  DELETE: removeObject,
};

/** Sub-resources (`?acl`, `?uploads` …) would be other operations: they are refused, not mistaken for an object. */
const otherOperations = [
  'acl',
  'attributes',
  'legal-hold',
  'retention',
  'restore',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'cors',
  'encryption',
  'lifecycle',
  'location',
  'logging',
  'notification',
  'policy',
  'versioning',
  'versions',
];

function actionOf(call: S3Call): Action {
  const other = otherOperations.find((name) => call.query.has(name));
  if (other !== undefined) throw new S3Fault('NotImplemented', `?${other} is not served here.`);
  const action = call.key === '' ? onBucket(call) : onKey(call);
  if (action === undefined) throw new S3Fault('MethodNotAllowed');
  return action;
}

function onBucket({ request: { method }, query }: S3Call): Action | undefined {
  if (method === 'GET' && query.get('list-type') === '2') return listObjects;
  if (method === 'POST' && query.has('delete')) return removeObjects;
  return method === 'HEAD' ? headBucket : undefined;
}

function onKey({ request: { method = '', headers } }: S3Call): Action | undefined {
  const copies = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  return copies ? copyObject : onObject[method];
}

async function headBucket({ response }: S3Call): Promise<void> {
  response.writeHead(200).end();
}

function refuse(request: IncomingMessage, response: ServerResponse, fault: S3Fault): void {
  const { code, message, status, headers } = fault;
  const silent = request.method === 'HEAD' || status === 304;
  response.writeHead(status, {
    ...headers,
    ...(silent ? {} : { 'content-type': 'application/xml' }),
  });
  // The rest of a refused upload is read and thrown away, so that the client sees the answer and not a broken pipe.
  request.resume();
  response.end(silent ? undefined : document('Error', { Code: code, Message: message }, true));
}
