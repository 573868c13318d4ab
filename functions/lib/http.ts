import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import httpSecurityHeaders from '@middy/http-security-headers';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Route } from '../core/spec.ts';
import { shownOf } from './answer.ts';
import { now } from './clock.ts';
import type { Answer } from './idempotency.ts';
import { replay } from './idempotency.ts';
import { faultFields, log } from './log.ts';
import { faultProblem, isRefusal, problemOf } from './problem.ts';
import { type HttpEvent, languageOf, type Request, requestOf } from './request.ts';
import { type AreaResolver, asGiven } from './scope.ts';

/** The answer in the form API Gateway takes. */
export interface HttpResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export type Handle<R extends Route> = (request: Request<R>) => Promise<Answer | Refusal>;

/** A route with its handler, ready to be called with an event. */
export interface Endpoint {
  readonly route: Route;
  run(event: HttpEvent, house: House): Promise<Answer | Refusal>;
}

/** What the house needs to serve routes: where POST answers are kept, and how closed divisions are resolved. */
export interface House {
  /** The access table; absent for functions without POST routes. */
  readonly answers?: string;
  readonly resolve?: AreaResolver;
}

/** Binds a handler to its declared route; the handler gets parsed values only. */
export function endpoint<R extends Route>(route: R, handle: Handle<R>): Endpoint {
  return {
    route,
    run: async (event, house) => {
      const request = await requestOf(route, event, house.resolve ?? asGiven);
      if ('refused' in request) return request;
      const { idempotency } = request.ok;
      const given =
        house.answers && idempotency.id
          ? await replay(house.answers, idempotency, now())
          : undefined;
      return given ?? (await handle(request.ok));
    },
  };
}

/** Answers are data; only a page that says so may load or run anything. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox";

function resultOf(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): HttpResult {
  const type =
    status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8';
  const own = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    statusCode: status,
    headers: {
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy': NOTHING,
      ...own,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
  };
}

function refusalResult(refusal: Refusal, event: HttpEvent): HttpResult {
  const problem = problemOf(refusal, languageOf(event));
  const wait = refusal.values?.seconds;
  return resultOf(
    problem.status,
    problem,
    wait === undefined ? {} : { 'retry-after': String(wait) },
  );
}

/** The response schema strips what is not declared, so a private field cannot leak by being forgotten. */
function answerResult(answer: Answer, route: Route): HttpResult {
  const headers = {
    ...(answer.version !== undefined && { etag: `"${answer.version}"` }),
    ...answer.headers,
  };
  const body =
    typeof answer.body === 'string' ? answer.body : shownOf(route.response, answer.body ?? {});
  return resultOf(answer.status ?? route.status ?? 200, body, headers);
}

async function serve(
  endpoints: ReadonlyMap<string, Endpoint>,
  house: House,
  event: HttpEvent,
): Promise<HttpResult> {
  const found = endpoints.get(event.routeKey);
  if (!found) return refusalResult(refuse('route-not-found'), event);
  const began = performance.now();
  const answer = await found.run(event, house);
  const result = isRefusal(answer)
    ? refusalResult(answer, event)
    : answerResult(answer, found.route);
  log.info('request', {
    route: found.route.id,
    status: result.statusCode,
    refused: isRefusal(answer) ? answer.refused : undefined,
    ms: Math.round(performance.now() - began),
    requestId: event.requestContext.requestId,
  });
  return result;
}

function statusOfFault(fault: unknown): number | undefined {
  if (typeof fault !== 'object' || fault === null || !('statusCode' in fault)) return undefined;
  return typeof fault.statusCode === 'number' ? fault.statusCode : undefined;
}

/** Faults become 500 with an id that is on the log line; a body that is no JSON becomes a refusal. */
function failed(fault: unknown, event: HttpEvent): HttpResult {
  const status = statusOfFault(fault);
  if (status === 415 || status === 422) return refusalResult(refuse('body-not-json'), event);
  const errorId = crypto.randomUUID();
  log.error('fault', {
    errorId,
    requestId: event.requestContext?.requestId,
    ...faultFields(fault),
  });
  return resultOf(500, faultProblem(errorId, languageOf(event)), {});
}

interface Onion {
  readonly event: HttpEvent;
  response?: unknown;
  readonly error?: unknown;
}

/**
 * The one HTTP chain: first in is the error mapping, so it is last out and nothing escapes unmapped.
 * @param endpoints every route of the function, bound by `endpoint`
 */
export function api(endpoints: readonly Endpoint[], house: House = {}) {
  const byKey = new Map(endpoints.map((one) => [`${one.route.method} ${one.route.path}`, one]));
  const parser = httpJsonBodyParser();
  return middy((event: HttpEvent) => serve(byKey, house, event))
    .use(httpSecurityHeaders({ contentSecurityPolicy: false, permissionsPolicy: false }))
    .use({
      onError: (onion: Onion) => {
        onion.response = failed(onion.error, onion.event);
      },
    })
    .use(httpHeaderNormalizer())
    .use({
      before: async (onion) => {
        // API Gateway leaves the body out when there is none; only a body that is there must be JSON.
        if (onion.event.body !== undefined) await parser.before?.(onion);
      },
    });
}
