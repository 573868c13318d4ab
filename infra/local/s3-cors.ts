import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { S3Fault } from './s3-fault.ts';

const texts = z.array(z.string()).default([]);

/** CorsConfiguration of a bucket. */
export const bucketCorsSchema = z.object({
  CorsRules: z.array(
    z.object({
      AllowedOrigins: texts,
      AllowedMethods: texts,
      AllowedHeaders: texts,
      ExposedHeaders: texts,
      MaxAge: z.coerce.number().optional(),
    }),
  ),
});
export type CorsRule = z.infer<typeof bucketCorsSchema>['CorsRules'][number];

/** The headers an answer carries for the asking page: none unless a rule allows its origin and method. */
export function crossOriginHeaders(
  rules: readonly CorsRule[],
  request: IncomingMessage,
): Record<string, string> {
  const rule = rules.find((one) => allows(one, request.headers.origin, request.method));
  if (rule === undefined) return {};
  return { ...granted(rule, request.headers.origin), ...joined('expose', rule.ExposedHeaders) };
}

/** @throws S3Fault AccessForbidden when no rule allows origin, method and every header asked for */
export function preflight(
  rules: readonly CorsRule[],
  { headers }: IncomingMessage,
): Record<string, string> {
  const method = headers['access-control-request-method'];
  const wanted = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = rules.find((one) => {
    const fits = (name: string): boolean =>
      one.AllowedHeaders.some((allowed) => like(allowed, name));
    return allows(one, headers.origin, method) && wanted.every(fits);
  });
  if (rule === undefined) throw new S3Fault('AccessForbidden');
  return {
    ...granted(rule, headers.origin),
    ...joined('allow', rule.AllowedMethods, 'methods'),
    ...(wanted.length === 0 ? {} : { 'access-control-allow-headers': wanted.join(', ') }),
    ...(rule.MaxAge === undefined ? {} : { 'access-control-max-age': String(rule.MaxAge) }),
  };
}

function allows(rule: CorsRule, origin: string | undefined, method: string | undefined): boolean {
  if (origin === undefined || method === undefined) return false;
  const known = rule.AllowedOrigins.some((allowed) => like(allowed, origin));
  return known && rule.AllowedMethods.includes(method);
}

/** Equal, or fitting the one `*` S3 allows in a rule. */
function like(pattern: string, value: string): boolean {
  const [head = '', tail] = pattern.toLowerCase().split('*');
  const text = value.toLowerCase();
  if (tail === undefined) return pattern.toLowerCase() === text;
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function granted(rule: CorsRule, origin = ''): Record<string, string> {
  const anyone = rule.AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    ...(anyone ? {} : { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function joined(kind: string, names: readonly string[], what = 'headers'): Record<string, string> {
  return names.length === 0 ? {} : { [`access-control-${kind}-${what}`]: names.join(', ') };
}
