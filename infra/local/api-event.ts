import type { IncomingMessage } from 'node:http';
import { decode } from './api-routes.ts';
import { isObject, type Json, type JsonObject, parseJson } from './json.ts';

/** What the authorizer hands over: every claim as text. */
export interface Identity {
  claims: Record<string, string>;
  scopes: string[] | null;
}

export interface ApiRequest {
  message: IncomingMessage;
  body: Buffer;
  requestId: string;
  at: Date;
  routeKey: string;
  pathParameters: Record<string, string>;
  identity: Identity | undefined;
  apiId: string;
}

/** The event of payload format 2.0. */
export function eventOf(request: ApiRequest): JsonObject {
  const { message, body, routeKey, pathParameters } = request;
  const [path = '/', query = ''] = (message.url ?? '/').split(/\?(.*)/s);
  const headers = headersOf(message);
  const cookies = headers.cookie?.split(/; */);
  delete headers.cookie;
  const text = isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath: decode(path),
    rawQueryString: query,
    ...(cookies ? { cookies } : {}),
    headers,
    ...present('queryStringParameters', queryOf(query)),
    requestContext: contextOf(request, decode(path), headers),
    ...present('pathParameters', pathParameters),
    ...(body.length === 0 ? {} : { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

function contextOf(request: ApiRequest, path: string, headers: Record<string, string>): JsonObject {
  const { message, identity, requestId, at, routeKey, apiId } = request;
  return {
    accountId: '000000000000',
    apiId,
    ...(identity ? { authorizer: { jwt: { ...identity } } } : {}),
    domainName: headers.host ?? 'localhost',
    domainPrefix: apiId,
    http: {
      method: message.method ?? 'GET',
      path,
      protocol: `HTTP/${message.httpVersion}`,
      sourceIp: message.socket.remoteAddress?.replace('::ffff:', '') ?? '',
      userAgent: headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage: '$default',
    time: at.toUTCString(),
    timeEpoch: at.getTime(),
  };
}

/** Lower-case names; a header that came several times is one text joined with commas. */
function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    headers[name] = values?.join(name === 'cookie' ? '; ' : ',') ?? '';
  }
  return headers;
}

function queryOf(query: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    values[name] = Object.hasOwn(values, name) ? `${values[name]},${value}` : value;
  }
  return values;
}

function present(name: string, values: Record<string, string>): JsonObject {
  return Object.keys(values).length === 0 ? {} : { [name]: values };
}

/** Text types arrive as they are, all others as base64 (a form post too). */
function isText(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  return /^(text\/|application\/([\w.-]+\+)?(json|xml|javascript))/i.test(contentType);
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
}

/** What a function's answer means: with a statusCode as it says, without one the whole answer is the JSON body. */
export function responseOf(payload: string | undefined): ApiResponse | undefined {
  const value: Json = payload === undefined ? null : parseJson(payload);
  if (!isObject(value) || value.statusCode === undefined) {
    const body = Buffer.from(typeof value === 'string' ? value : (payload ?? 'null'));
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body };
  }
  const status = Number(value.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...lowerCase(value.headers) },
    cookies: Array.isArray(value.cookies) ? value.cookies.map(String) : [],
    body: Buffer.from(bodyText(value.body), value.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function lowerCase(headers: Json | undefined): Record<string, string> {
  const given = isObject(headers) ? Object.entries(headers) : [];
  const stated = given.filter(([, value]) => value !== null);
  return Object.fromEntries(stated.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function bodyText(body: Json | undefined): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
