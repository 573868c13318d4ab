import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { S3Fault } from './s3-fault.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

interface Claim {
  accessKeyId: string;
  /** date/region/service/aws4_request */
  scope: string;
  /** 20260101T000000Z */
  signedAt: string;
  signedHeaders: string[];
  signature: string;
  payloadHash: string;
}

const skewMs = 15 * 60_000;
const longestExpirySeconds = 7 * 86_400;
const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Checks a request's SigV4 signature, in its headers or in a presigned address: key, signature over method, path,
 * query and the signed headers, and its time.
 * @throws S3Fault when anything does not hold, or there is no signature at all
 */
export function verifySignature(request: IncomingMessage, known: Credentials, now: Date): void {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const presigned = parameters.has('X-Amz-Signature');
  const claim = presigned ? fromQuery(parameters, now) : fromHeaders(request.headers, now);
  if (claim.accessKeyId !== known.accessKeyId) throw new S3Fault('InvalidAccessKeyId');
  if (!claim.signedHeaders.includes('host')) throw new S3Fault('SignatureDoesNotMatch');
  requireSigned(request.headers, claim.signedHeaders);
  const canonical = [
    request.method,
    path,
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}`),
    '',
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
  const toSign = [algorithm, claim.signedAt, claim.scope, sha256(canonical)].join('\n');
  const expected = hmac(signingKey(claim.scope, known.secretAccessKey), toSign).toString('hex');
  if (!same(expected, claim.signature)) throw new S3Fault('SignatureDoesNotMatch');
}

function fromQuery(parameters: URLSearchParams, now: Date): Claim {
  const need = (name: string): string => {
    const value = parameters.get(name);
    if (value === null)
      throw new S3Fault('AuthorizationQueryParametersError', `${name} is missing.`);
    return value;
  };
  if (need('X-Amz-Algorithm') !== algorithm) throw new S3Fault('AuthorizationQueryParametersError');
  const expires = Number(need('X-Amz-Expires'));
  if (!(expires >= 1 && expires <= longestExpirySeconds)) {
    throw new S3Fault('AuthorizationQueryParametersError', 'X-Amz-Expires must be 1 s to a week.');
  }
  const signedAt = need('X-Amz-Date');
  const age = now.getTime() - timeOf(signedAt);
  if (age > expires * 1000) throw new S3Fault('AccessDenied', 'Request has expired');
  if (age < -skewMs) throw new S3Fault('AccessDenied', 'Request is not valid yet');
  return {
    ...credentialOf(need('X-Amz-Credential')),
    signedAt,
    signedHeaders: need('X-Amz-SignedHeaders').split(';'),
    signature: need('X-Amz-Signature'),
    payloadHash: parameters.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  };
}

function fromHeaders(headers: IncomingHttpHeaders, now: Date): Claim {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? '',
    );
  const [, credential, signedHeaders, signature] = parts ?? [];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw new S3Fault('AccessDenied');
  }
  const signedAt = String(headers['x-amz-date']);
  if (!(Math.abs(now.getTime() - timeOf(signedAt)) <= skewMs)) {
    throw new S3Fault('RequestTimeTooSkewed');
  }
  return {
    ...credentialOf(credential),
    signedAt,
    signedHeaders: signedHeaders.split(';'),
    signature,
    payloadHash: String(headers['x-amz-content-sha256']),
  };
}

/** Every x-amz- header of a request must be signed, or somebody on the way could have added it. */
function requireSigned(headers: IncomingHttpHeaders, signed: readonly string[]): void {
  const loose = Object.keys(headers).find((name) => {
    return name.startsWith('x-amz-') && !signed.includes(name);
  });
  if (loose !== undefined) throw new S3Fault('AccessDenied', `The header ${loose} is not signed.`);
}

function credentialOf(text: string): { accessKeyId: string; scope: string } {
  const [accessKeyId = '', ...scope] = text.split('/');
  if (scope.length !== 4 || scope[2] !== 's3') throw new S3Fault('SignatureDoesNotMatch');
  return { accessKeyId, scope: scope.join('/') };
}

function timeOf(stamp: string): number {
  const iso = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => pair.split(/=(.*)/s))
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name = '', value = '']) => [reencode(name), reencode(value)])
    .toSorted(([a = '', x = ''], [b = '', y = '']) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Percent-encoding as the signature demands it, whatever the client chose. */
function reencode(text: string): string {
  return encodeURIComponent(decodeURIComponent(text.replaceAll('+', '%20'))).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalHeader(value: string | string[] | undefined): string {
  return [value ?? ''].flat().join(',').trim().replaceAll(/ +/g, ' ');
}

function signingKey(scope: string, secret: string): Buffer {
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of scope.split('/')) key = hmac(key, part);
  return key;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
