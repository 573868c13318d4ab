import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiDefinition, Target } from './api-definition.ts';
import { type ApiResponse, eventOf, type Identity, responseOf } from './api-event.ts';
import { type Match, matchRoute } from './api-routes.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import type { Issuer } from './issuer.ts';
import type { Logs } from './logs.ts';
import type { Outcome } from './sandbox.ts';

export interface ApiSurroundings {
  issuer: Issuer;
  url: string;
  logs: Logs;
  now: () => Date;
}

const bodyLimit = 10 * 1024 * 1024;
const headerLimit = 10_240;

/** Serves the HTTP API of the templates, with API Gateway's limits and its own short answers. */
export function makeApi(
  api: ApiDefinition,
  around: ApiSurroundings,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const admit = makeThrottle(api.throttle);
  return async (message, response) => {
    const [path = '/'] = (message.url ?? '/').split('?', 1);
    if (answerItself(api, around, { message, response, path })) return;
    const match = matchRoute(api.routes, message.method ?? 'GET', path);
    const requestId = randomUUID();
    const startedAt = performance.now();
    const call = { message, requestId, at: around.now(), apiId: api.apiId };
    const answer = await (admit() ? reply(match, call) : short(429, 'Too Many Requests'));
    const line = { call, answer, routeKey: match?.route.routeKey, startedAt };
    around.logs.add('api', accessLine(api.accessLogFormat, line));
    send(response, answer, api.cors && corsHeaders(api.cors, message.headers.origin));
  };
}

/** The issuer's public documents, and preflights where the template configures CORS. */
function answerItself(
  { cors }: ApiDefinition,
  around: ApiSurroundings,
  { message, response, path }: { message: IncomingMessage; response: ServerResponse; path: string },
): boolean {
  const discovery = discoveryOf(around, path);
  if (discovery !== undefined) {
    send(response, json(200, discovery), undefined);
    return true;
  }
  if (cors === undefined || !isPreflight(message)) return false;
  const empty = { status: 204, headers: {}, cookies: [], body: Buffer.alloc(0) };
  send(response, empty, preflightHeaders(cors, message.headers.origin));
  return true;
}

async function reply(
  match: Match<Target> | undefined,
  call: Pick<Call, 'message' | 'requestId' | 'at' | 'apiId'>,
): Promise<ApiResponse> {
  const body = await readBody(call.message);
  if (headerSize(call.message) > headerLimit) return short(431, 'Request Header Fields Too Large');
  if (body === undefined) return short(413, 'Request Entity Too Large');
  if (match === undefined) return short(404, 'Not Found');
  const { route, pathParameters } = match;
  return serve(route.value, { ...call, body, routeKey: route.routeKey, pathParameters });
}

type Call = Omit<Parameters<typeof eventOf>[0], 'identity'>;

async function serve(target: Target, call: Call): Promise<ApiResponse> {
  let identity: Identity | undefined;
  if (target.authorize !== undefined) {
    const verdict = await target.authorize(call.message.headers.authorization, target.scopes);
    if ('refused' in verdict) {
      if (verdict.refused === 403) return short(403, 'Forbidden');
      const answer = short(401, 'Unauthorized');
      return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Bearer' } };
    }
    identity = verdict.identity;
  }
  const event = JSON.stringify(eventOf({ ...call, identity }));
  const outcome = await within(target.timeoutMs, target.fn.invoke(event));
  if (outcome === 'late') return short(503, 'Service Unavailable');
  if (outcome.ok) return responseOf(outcome.payload) ?? short(500, 'Internal Server Error');
  if (outcome.errorType === 'RequestTooLargeException')
    return short(413, 'Request Entity Too Large');
  const throttled = outcome.errorType === 'TooManyRequestsException';
  return throttled ? short(503, 'Service Unavailable') : short(500, 'Internal Server Error');
}

async function within(limitMs: number, work: Promise<Outcome>): Promise<Outcome | 'late'> {
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), limitMs);
  const first = await Promise.race([work, promise]);
  clearTimeout(timer);
  return first;
}

function discoveryOf({ issuer, url }: ApiSurroundings, path: string): object | undefined {
  if (path === '/.well-known/jwks.json') return { keys: [issuer.publicKey] };
  if (path !== '/.well-known/openid-configuration') return undefined;
  return {
    issuer: issuer.issuer,
    jwks_uri: `${url}/.well-known/jwks.json`,
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Request line and headers together. */
function headerSize({ rawHeaders, url = '' }: IncomingMessage): number {
  return rawHeaders.reduce((sum, part) => sum + part.length, url.length);
}

/** The whole body, or undefined when it is over the limit (the rest is read and thrown away). */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size <= bodyLimit) chunks.push(part);
  }
  return size > bodyLimit ? undefined : Buffer.concat(chunks);
}

function send(
  response: ServerResponse,
  { status, headers, cookies, body }: ApiResponse,
  cors: Record<string, string> | undefined,
): void {
  // With CORS configured, API Gateway's own headers replace whatever the function says about it.
  const own = Object.entries(headers).filter(([name]) => {
    return cors === undefined || !name.startsWith('access-control-');
  });
  response.writeHead(status, {
    ...Object.fromEntries(own),
    ...cors,
    ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }),
    ...(status === 204 || status === 304 ? {} : { 'content-length': body.length }),
  });
  response.end(status === 204 || status === 304 ? undefined : body);
}

function json(status: number, value: object): ApiResponse {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json' }, cookies: [], body };
}

function short(status: number, message: string): ApiResponse {
  return json(status, { message });
}

/** A token bucket: so many requests a second, so many at once. */
function makeThrottle(throttle: ApiDefinition['throttle']): () => boolean {
  if (throttle === undefined) return () => true;
  let tokens = throttle.burst;
  let at = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(throttle.burst, tokens + ((now - at) / 1000) * throttle.rate);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** The access log line of the stage's format; values the local run does not have are `-`. */
function accessLine(
  format: string | undefined,
  done: {
    call: Pick<Call, 'message' | 'requestId' | 'at'>;
    answer: ApiResponse;
    routeKey: string | undefined;
    startedAt: number;
  },
): string {
  if (format === undefined) return '';
  const { call, answer, routeKey, startedAt } = done;
  const { message, requestId, at } = call;
  const values: Record<string, string | undefined> = {
    requestId,
    routeKey,
    httpMethod: message.method,
    path: message.url?.split('?', 1)[0],
    protocol: `HTTP/${message.httpVersion}`,
    status: String(answer.status),
    responseLength: String(answer.body.length),
    stage: '$default',
    requestTime: at.toISOString(),
    requestTimeEpoch: String(at.getTime()),
    responseLatency: String(Math.round(performance.now() - startedAt)),
    'identity.sourceIp': message.socket.remoteAddress,
  };
  return format.replaceAll(/\$context\.([\w.]+)/g, (_, name: string) => values[name] ?? '-');
}
