import * as z from 'zod';

/** A call of a route, as a person of an office makes it. */
export interface Asked {
  readonly route: `${'GET' | 'POST' | 'PATCH'} ${string}`;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly areas: string;
  readonly version?: number;
  /** Who calls; the same person unless told. */
  readonly sub?: string;
}

const Answer = z.object({ statusCode: z.number(), body: z.string() });

/** The event API Gateway (payload 2.0) makes of a call. */
export function eventOf({ route, params, query, body, areas, version, sub = 'bench' }: Asked) {
  const [method = 'GET', path = ''] = route.split(' ');
  const rawPath = path.replace(/\{(\w+)\}/g, (_, name: string) => params?.[name] ?? '');
  return {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      accept: 'application/json',
      host: 'bench',
      'user-agent': 'bench',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': crypto.randomUUID() }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(params && { pathParameters: params }),
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      requestId: crypto.randomUUID(),
      stage: '$default',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      authorizer: { jwt: { claims: { sub, role: 'office', areas }, scopes: null } },
    },
  };
}

/** Calls a handler in this process; anything but success is an error. Returns the body as text. */
export async function call(handler: unknown, asked: Asked): Promise<string> {
  if (typeof handler !== 'function') throw new TypeError('no handler');
  const context = { getRemainingTimeInMillis: () => 30_000 };
  const { statusCode, body } = Answer.parse(await handler(eventOf(asked), context));
  if (statusCode >= 300) throw new Error(`${asked.route} answered ${statusCode} ${body}`);
  return body;
}

/** Hands one message to a consumer of a queue; a message it hands back is an error. */
export async function tell(handler: unknown, message: unknown): Promise<void> {
  if (typeof handler !== 'function') throw new TypeError('no handler');
  const Records = [{ messageId: crypto.randomUUID(), body: JSON.stringify(message) }];
  const Outcome = z.object({ batchItemFailures: z.array(z.unknown()).length(0) });
  Outcome.parse(await handler({ Records }));
}
