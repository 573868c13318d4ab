import type { Role } from '../../functions/core/access.ts';

/** Whom a call is made for. */
export interface Caller {
  readonly sub: string;
  readonly role: Role;
  readonly areas: string;
}

export interface Call {
  readonly route: string;
  readonly by: Caller;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
  /** Idempotency-Key; a POST gets a new one unless told. */
  readonly key?: string | null;
}

function headersOf({ route, body, ifMatch, key }: Call): Record<string, string> {
  const given = key === undefined && route.startsWith('POST') ? crypto.randomUUID() : key;
  return {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
    ...(typeof given === 'string' && { 'idempotency-key': given }),
  };
}

/** Calls a function as the HTTP API does. */
export async function answerOf(handler: (...input: never[]) => unknown, call: Call) {
  const event = {
    routeKey: call.route,
    headers: headersOf(call),
    pathParameters: call.params,
    queryStringParameters: call.query,
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    requestContext: { requestId: 'r', authorizer: { jwt: { claims: { ...call.by } } } },
  };
  const result: { statusCode: number; headers: Record<string, string>; body: string } =
    await Promise.resolve(Reflect.apply(handler, undefined, [event, {}]));
  return { status: result.statusCode, headers: result.headers, text: result.body };
}

/** The same, and reads the answer. */
export async function callOf(handler: (...input: never[]) => unknown, call: Call) {
  const { status, headers, text } = await answerOf(handler, call);
  return { status, headers, body: JSON.parse(text) };
}
