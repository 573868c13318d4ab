import * as z from 'zod';
import { type Actor, asCaller, mayEnter, roles } from '../core/access.ts';
import { fieldCalled, fieldReason } from '../core/field-reason.ts';
import { type Decided, type Fault, isRefused, refuse } from '../core/refusal.ts';
import type { Language } from '../core/refusal-text.ts';
import type { Route } from '../core/spec.ts';
import type { AreaResolver } from './scope.ts';

/** The part of an HTTP API event (payload 2.0) that the house reads; handlers never see it. */
export interface HttpEvent {
  readonly routeKey: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly requestContext: {
    readonly requestId: string;
    readonly authorizer?: {
      readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
    };
  };
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets: everything parsed, the actor known and allowed to call, the area inside the actor's areas. */
export interface Request<R extends Route = Route> {
  readonly route: R;
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  readonly actor: Actor;
  /** Version named by If-Match; 0 where the route does not ask for one. */
  readonly ifMatch: number;
  readonly idempotency: Idempotency;
  readonly language: Language;
  readonly requestId: string;
}

/** Identity of a POST: the item its answer is stored under, and a digest of what was asked. Empty for other methods. */
export interface Idempotency {
  readonly id: string;
  readonly digest: string;
}

const Claims = z.object({
  sub: z.string().min(1).max(128),
  role: z.enum(roles),
  areas: z
    .string()
    .transform((text) => text.split(' ').filter((code) => code !== ''))
    .pipe(
      z
        .array(z.string().regex(/^[1-9]\d{1,11}$/))
        .min(1)
        .max(20),
    ),
});

const nobody: Actor = { sub: '', role: 'admin', areas: [] };

export function languageOf(event: HttpEvent): Language {
  return /^\s*en/i.test(event.headers?.['accept-language'] ?? '') ? 'en' : 'zh';
}

async function actorOf(event: HttpEvent, resolve: AreaResolver): Promise<Decided<Actor>> {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  if (!claims) return refuse('unauthenticated');
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return refuse('token-unusable');
  return { ok: { ...parsed.data, areas: await resolve(parsed.data.areas) } };
}

function unknown(field: string): Fault {
  return { field, code: 'field-unknown', values: { field } };
}

function faultsOf(error: z.ZodError, language: Language): readonly Fault[] {
  return error.issues.flatMap((issue): readonly Fault[] => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknown([...path, key].join('.')));
    const field = path.join('.');
    const reason = fieldReason(issue, language);
    return [
      { field, code: 'field-invalid', values: { field: fieldCalled(field, language), reason } },
    ];
  });
}

/** Names in the address that the route does not know: a filter written wrong would otherwise answer for all. */
function strayNames(route: Route, event: HttpEvent): readonly Fault[] {
  if (route.access === 'open') return [];
  const known = route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [];
  const given = Object.keys(event.queryStringParameters ?? {});
  return given.filter((name) => !known.includes(name)).map(unknown);
}

/** Parses the three parts of the input; every fault of every part is named at once. */
function parseParts(
  route: Route,
  event: HttpEvent,
  language: Language,
): Decided<Record<'params' | 'query' | 'body', unknown>> {
  const parts = [
    ['params', route.params, event.pathParameters ?? {}],
    ['query', route.query, event.queryStringParameters ?? {}],
    ['body', route.body, event.body],
  ] as const;
  const values: Record<'params' | 'query' | 'body', unknown> = {
    params: undefined,
    query: undefined,
    body: undefined,
  };
  const faults: Fault[] = [...strayNames(route, event)];
  for (const [name, schema, input] of parts) {
    if (!schema) continue;
    const parsed = schema.safeParse(input, { reportInput: true });
    if (parsed.success) values[name] = parsed.data;
    else faults.push(...faultsOf(parsed.error, language));
  }
  return faults.length > 0 ? { refused: 'request-invalid', faults } : { ok: values };
}

async function digestOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value ?? null));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64url');
}

async function idempotencyOf(
  event: HttpEvent,
  route: Route,
  actor: Actor,
): Promise<Decided<Idempotency>> {
  if (route.method !== 'POST' || route.access === 'open') return { ok: { id: '', digest: '' } };
  const key = event.headers?.['idempotency-key'] ?? '';
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) return refuse('idempotency-key-required');
  const digest = await digestOf([event.pathParameters ?? {}, event.body]);
  return { ok: { id: `X#${actor.sub}#${route.id}#${key}`, digest } };
}

function ifMatchOf(event: HttpEvent, route: Route): Decided<number> {
  if (!route.ifMatch) return { ok: 0 };
  const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(event.headers?.['if-match'] ?? '');
  return match ? { ok: Number(match[1]) } : refuse('if-match-required');
}

/** The parameter that names the area a route is about, as its declaration says where to find it. */
function areaOf(route: Route, event: HttpEvent): string | undefined {
  const { area } = route;
  if (area === undefined) return undefined;
  return event.pathParameters?.[area] ?? event.queryStringParameters?.[area];
}

function withArea(route: Route, event: HttpEvent, code: string): HttpEvent {
  const { area = '' } = route;
  const isInPath = event.pathParameters?.[area] !== undefined;
  return isInPath
    ? { ...event, pathParameters: { ...event.pathParameters, [area]: code } }
    : { ...event, queryStringParameters: { ...event.queryStringParameters, [area]: code } };
}

function keepsCode({ keepsCode: when }: Route, event: HttpEvent): boolean {
  if (typeof when !== 'string') return when ?? false;
  return event.queryStringParameters?.[when] !== undefined;
}

/**
 * The request with the area it is about as it stands today, inside the actor's areas. A closed division stands for the one that took its
 * place, so that old addresses keep working; where several did, the clerk has to choose (area-closed), unless the route is about what was
 * written under the code. Outside is not-found.
 */
async function locate(
  route: Route,
  event: HttpEvent,
  { actor, resolve }: { readonly actor: Actor; readonly resolve: AreaResolver },
): Promise<Decided<HttpEvent>> {
  const code = areaOf(route, event);
  if (code === undefined) return { ok: event };
  const present = await resolve([code]);
  if (present.includes(code) || !present.every((one) => mayEnter(actor, one)))
    return mayEnter(actor, code) ? { ok: event } : refuse('not-found');
  if (keepsCode(route, event) && present.length > 0) return { ok: event };
  const [only] = present;
  if (only !== undefined && present.length === 1) return { ok: withArea(route, event, only) };
  return refuse('area-closed', { area: code, successors: present.join('、') });
}

/** zod has just parsed the parts by the route's own schemas; TypeScript cannot follow optional schemas through a generic route. */
function isRequest<R extends Route>(
  route: R,
  request: { readonly route: Route },
): request is Request<R> {
  return request.route === route;
}

/**
 * Turns an event into what a handler may see. Refuses, in this order: no or unusable token (401, 403), role or level (403), area
 * outside (404), input (400), If-Match (428), Idempotency-Key (400): a caller without rights learns nothing about the input.
 */
export async function requestOf<R extends Route>(
  route: R,
  event: HttpEvent,
  resolve: AreaResolver,
): Promise<Decided<Request<R>>> {
  const language = languageOf(event);
  const known: Decided<Actor> =
    route.access === 'open' ? { ok: nobody } : await actorOf(event, resolve);
  if (isRefused(known)) return known;
  const actor = asCaller(known.ok, route.access);
  if (!actor) return refuse('role-not-allowed');
  const located = await locate(route, event, { actor, resolve });
  if (isRefused(located)) return located;
  const parts = parseParts(route, located.ok, language);
  if (isRefused(parts)) return parts;
  const ifMatch = ifMatchOf(event, route);
  if (isRefused(ifMatch)) return ifMatch;
  const idempotency = await idempotencyOf(event, route, actor);
  if (isRefused(idempotency)) return idempotency;
  const request = {
    route,
    ...parts.ok,
    actor,
    ifMatch: ifMatch.ok,
    idempotency: idempotency.ok,
    language,
    requestId: event.requestContext.requestId,
  };
  if (!isRequest(route, request)) throw new TypeError('request of another route');
  return { ok: request };
}
