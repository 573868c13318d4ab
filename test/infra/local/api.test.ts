import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeApi } from '../../../infra/local/api.ts';
import { expectedIssuer, readApi } from '../../../infra/local/api-definition.ts';
import { matchRoute } from '../../../infra/local/api-routes.ts';
import { readAssembly } from '../../../infra/local/assembly.ts';
import { type LocalFunction, startFunctions } from '../../../infra/local/functions.ts';
import { type Issuer, openIssuer } from '../../../infra/local/issuer.ts';
import { type Listener, listen } from '../../../infra/local/listen.ts';
import { Logs } from '../../../infra/local/logs.ts';
import { readResources } from '../../../infra/local/resources.ts';
import { dataDir, httpApi, lambda, writeAssembly } from './fixture/assembly.ts';

describe('a route', () => {
  const keys = [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/dog/1',
    'GET /pets/dog/{id}',
    'GET /pets/{proxy+}',
    'POST /pets/dog/1',
  ];
  const routes = keys.map((routeKey) => ({ routeKey, value: routeKey }));
  const chosen = (method: string, path: string) => matchRoute(routes, method, path)?.route.routeKey;

  test('is chosen by the closest match, a named method before any', () => {
    expect(chosen('GET', '/pets/dog/1')).toBe('GET /pets/dog/1');
    expect(chosen('GET', '/pets/dog/2')).toBe('GET /pets/dog/{id}');
    expect(chosen('GET', '/pets/cat/1')).toBe('GET /pets/{proxy+}');
    expect(chosen('POST', '/pets/dog/1')).toBe('POST /pets/dog/1');
    expect(chosen('POST', '/pets/dog/2')).toBe('ANY /{proxy+}');
    expect(matchRoute(routes.slice(2), 'PUT', '/pets')).toBeUndefined();
  });

  test('gives its variables decoded, a greedy one with its slashes', () => {
    expect(matchRoute(routes, 'GET', '/pets/dog/a%20%E6%9D%91')?.pathParameters).toEqual({
      id: 'a 村',
    });
    expect(matchRoute(routes, 'GET', '/pets/x/y/z')?.pathParameters).toEqual({ proxy: 'x/y/z' });
    expect(matchRoute(routes.slice(3, 4), 'GET', '/pets/dog/')).toBeUndefined();
  });
});

const echo = `
export async function handler(event) {
  const { do: what = '' } = event.queryStringParameters ?? {};
  if (what === 'throw') throw new Error('broken');
  if (what === 'slow') await new Promise((done) => setTimeout(done, 1000));
  if (what === 'plain') return { statusCode: 201, body: 'text', cookies: ['a=1', 'b=2'], headers: { 'X-Rows': 3 } };
  if (what === 'binary') return { statusCode: 200, isBase64Encoded: true, body: Buffer.from([0, 255]).toString('base64'), headers: { 'content-type': 'application/zip' } };
  if (what === 'odd') return { statusCode: 'teapot' };
  if (what === 'cors') return { statusCode: 200, headers: { 'access-control-allow-origin': '*' } };
  return event;
}`;

describe('the HTTP API', () => {
  const origin = 'https://console.county.invalid';
  let issuer: Issuer;
  let server: Listener;
  let functions: ReadonlyMap<string, LocalFunction>;
  const logs = new Logs(undefined);

  beforeAll(async () => {
    const routes = {
      'GET /closed': { fn: 'Echo' },
      'GET /scoped': { fn: 'Echo', scopes: ['county.read'] },
      'POST /open/{id}': { fn: 'Echo', open: true },
      'GET /open/{id}': { fn: 'Echo', open: true, timeoutMs: 300 },
    };
    const CorsConfiguration = {
      AllowOrigins: [origin],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['authorization'],
      ExposeHeaders: ['etag'],
      MaxAge: 60,
    };
    const api = httpApi(routes, { CorsConfiguration });
    const resources = { ...api, Echo: lambda('echo', { Timeout: 5 }) };
    const assembly = readAssembly(writeAssembly({ S: { resources } }, { echo }));
    const read = readResources(assembly, { api: 'http://api', sqs: 'http://sqs' });
    functions = startFunctions(read, {
      assets: assembly.assets,
      region: 'us-east-1',
      env: {},
      localEnv: {},
      clockOffset: () => 0,
      logs,
      activity: () => {},
    });
    issuer = await openIssuer(dataDir(), expectedIssuer(read));
    server = await listen(0, (text) => expect.fail(text));
    const now = (): Date => new Date('2017-10-23T01:00:00Z');
    const definition = readApi(read, functions, issuer);
    server.serve(makeApi(definition, { issuer, url: server.url, logs, now }));
  });
  afterAll(async () => {
    await server.close();
    await Promise.all([...functions.values()].map((fn) => fn.stop()));
  });

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(server.url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };
  const claims = { role: 'office', areas: '350122 350123' };
  const bearer = (token: string): RequestInit => ({
    headers: { authorization: `Bearer ${token}` },
  });

  test('hands payload 2.0 to the function', async () => {
    const answer = await call('/open/%E6%9D%91?a=1&b=x&a=2', {
      method: 'POST',
      body: '{"n":1}',
      headers: { 'content-type': 'application/json', cookie: 'one=1; two=2', 'x-many': 'y' },
    });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(answer.text)).toMatchObject({
      version: '2.0',
      routeKey: 'POST /open/{id}',
      rawPath: '/open/村',
      rawQueryString: 'a=1&b=x&a=2',
      queryStringParameters: { a: '1,2', b: 'x' },
      pathParameters: { id: '村' },
      cookies: ['one=1', 'two=2'],
      headers: { 'x-many': 'y' },
      body: '{"n":1}',
      isBase64Encoded: false,
      requestContext: {
        stage: '$default',
        timeEpoch: Date.parse('2017-10-23T01:00:00Z'),
        http: { method: 'POST', path: '/open/村', sourceIp: '127.0.0.1' },
      },
    });
  });

  test('hands a binary body over as base64', async () => {
    const body = new Uint8Array([0, 1, 255]);
    const headers = { 'content-type': 'application/octet-stream' };
    const event = JSON.parse((await call('/open/x', { method: 'POST', body, headers })).text);
    expect(event).toMatchObject({
      isBase64Encoded: true,
      body: Buffer.from(body).toString('base64'),
    });
  });

  test('gives back what the function says', async () => {
    const plain = await call('/open/x?do=plain');
    expect([plain.status, plain.text]).toEqual([201, 'text']);
    expect(plain.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(plain.headers.get('x-rows')).toBe('3');
    expect(plain.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    const binary = await fetch(`${server.url}/open/x?do=binary`);
    expect([...new Uint8Array(await binary.arrayBuffer())]).toEqual([0, 255]);
  });

  test('says as little as API Gateway when the function fails', async () => {
    const message = async (path: string) => {
      const { status, text } = await call(path);
      return `${status} ${JSON.parse(text).message}`;
    };
    expect(await message('/open/x?do=throw')).toBe('500 Internal Server Error');
    expect(await message('/open/x?do=odd')).toBe('500 Internal Server Error');
    expect(await message('/open/x?do=slow')).toBe('503 Service Unavailable');
    expect(await message('/none')).toBe('404 Not Found');
  });

  test('takes ten megabytes at most, and ten kilobytes of headers', async () => {
    const post = (mb: number) =>
      call('/open/x', { method: 'POST', body: 'x'.repeat(mb * 1024 * 1024) });
    expect((await post(11)).status).toBe(413);
    // The function's own payload limit is six megabytes.
    expect((await post(7)).status).toBe(413);
    const headers = { 'x-long': 'x'.repeat(10_500) };
    expect((await call('/open/x', { headers })).status).toBe(431);
  });

  test('lets a token of the issuer in, with its claims as text', async () => {
    const answer = await call('/closed', bearer(await issuer.token({ ...claims, sub: 'clerk-1' })));
    expect(answer.status).toBe(200);
    const { jwt } = JSON.parse(answer.text).requestContext.authorizer;
    expect(jwt.claims).toMatchObject({ ...claims, sub: 'clerk-1', aud: 'county-test' });
    expect(Object.values(jwt.claims).every((claim) => typeof claim === 'string')).toBe(true);
  });

  test('refuses every other token', async () => {
    const now = Math.floor(Date.now() / 1000);
    const jwt = (alg = 'RS256') =>
      new SignJWT(claims)
        .setProtectedHeader({ alg })
        .setIssuer(issuer.issuer)
        .setAudience(issuer.audience)
        .setExpirationTime(now + 60);
    const foreign = await generateKeyPair('RS256');
    const secret = new TextEncoder().encode(JSON.stringify(issuer.publicKey));
    const good = await issuer.token(claims);
    const [head = '', , signature = ''] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ role: 'office', areas: '35' })).toString(
      'base64url',
    );
    const tokens = [
      '',
      'nonsense',
      await issuer.token({ ...claims, expiresInSeconds: -1 }),
      await jwt().sign(foreign.privateKey),
      await jwt('HS256').sign(secret),
      new UnsecuredJWT(claims).setIssuer(issuer.issuer).setAudience(issuer.audience).encode(),
      `${head}.${forged}.${signature}`,
    ];
    for (const token of tokens) {
      expect(await call('/closed', bearer(token))).toMatchObject({
        status: 401,
        text: '{"message":"Unauthorized"}',
      });
    }
    expect(await call('/scoped', bearer(good))).toMatchObject({ status: 403 });
  });

  test('refuses a token made for another audience or by another issuer', async () => {
    for (const names of [
      { issuer: issuer.issuer, audience: 'another' },
      { issuer: 'https://another.invalid/', audience: issuer.audience },
    ]) {
      const other = await openIssuer(dataDir(), names);
      expect((await call('/closed', bearer(await other.token(claims)))).status).toBe(401);
    }
  });

  test('publishes the key that checks its tokens', async () => {
    const { text } = await call('/.well-known/openid-configuration');
    expect(JSON.parse(text)).toMatchObject({
      issuer: 'https://issuer.test.invalid/',
      jwks_uri: `${server.url}/.well-known/jwks.json`,
    });
    const { keys } = JSON.parse((await call('/.well-known/jwks.json')).text);
    expect(keys).toMatchObject([{ kty: 'RSA', alg: 'RS256' }]);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('answers preflights itself, and its own headers replace the function’s', async () => {
    const ask = (from: string) =>
      call('/closed', {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'GET' },
      });
    const own = await ask(origin);
    expect(own.status).toBe(204);
    expect(own.headers.get('access-control-allow-origin')).toBe(origin);
    expect(own.headers.get('access-control-allow-headers')).toBe('authorization');
    const foreign = await ask('https://evil.invalid');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    const answered = async (from: string) =>
      (await call('/open/x?do=cors', { headers: { origin: from } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await answered(origin)).toBe(origin);
    expect(await answered('https://evil.invalid')).toBeNull();
  });

  test('writes its access log in the stage’s format', () => {
    expect(logs.all().filter(({ source }) => source === 'api')).toContainEqual(
      expect.objectContaining({ line: '{"route":"GET /closed","status":"401"}' }),
    );
  });
});
