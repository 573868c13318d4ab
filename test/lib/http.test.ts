import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { refuse } from '../../functions/core/refusal.ts';
import type { Route } from '../../functions/core/spec.ts';
import { api, endpoint } from '../../functions/lib/http.ts';

const Note = z.strictObject({ text: z.string().max(5) });
const base = {
  summary: { zh: '记', en: 'note' },
  access: { office: ['county', 'town'] },
  response: z.object({ seen: z.string() }),
  refusals: [],
} as const;
const read = {
  ...base,
  id: 'note.read',
  method: 'GET',
  path: '/areas/{code}/notes',
  area: 'code',
} satisfies Route;
const write = {
  ...base,
  id: 'note.write',
  method: 'POST',
  path: '/notes',
  body: Note,
} satisfies Route;
const change = {
  ...base,
  id: 'note.change',
  method: 'PATCH',
  path: '/notes',
  body: Note,
  ifMatch: true,
} satisfies Route;

const handler = api([
  endpoint(read, async ({ actor }) => ({
    body: { seen: actor.areas.join(), secret: 'private' },
    version: 7,
  })),
  endpoint(write, async ({ body, idempotency }) => ({
    body: { seen: body.text + idempotency.id.length },
  })),
  endpoint(change, async ({ ifMatch }) =>
    ifMatch === 3 ? { body: { seen: '3' } } : refuse('version-stale', { version: 3 }),
  ),
]);

function event(
  routeKey: string,
  more: Record<string, unknown> = {},
  claims: Record<string, string> | null = {},
) {
  const jwt = claims && { claims: { sub: 'clerk', role: 'office', areas: '350122', ...claims } };
  return {
    routeKey,
    headers: {},
    requestContext: { requestId: 'r1', authorizer: jwt ? { jwt } : {} },
    ...more,
  };
}

async function call(...input: Parameters<typeof event>) {
  const result = await Promise.resolve(Reflect.apply(handler, undefined, [event(...input), {}]));
  return { ...result, json: JSON.parse(result.body) };
}
const own = { pathParameters: { code: '350122101' } };
const json = (body: string, headers = {}) => ({
  headers: { 'Content-Type': 'application/json', ...headers },
  body,
});

describe('the one HTTP chain', () => {
  it('answers within the area, with the version as ETag and without undeclared fields', async () => {
    const answer = await call('GET /areas/{code}/notes', own);
    expect(answer).toMatchObject({
      statusCode: 200,
      json: { seen: '350122' },
      headers: { etag: '"7"' },
    });
    expect(answer.body).not.toContain('private');
  });

  it('an area outside is as if it did not exist, and a level without the right is told so', async () => {
    expect(
      await call('GET /areas/{code}/notes', { pathParameters: { code: '350123' } }),
    ).toMatchObject({ statusCode: 404 });
    const village = await call('GET /areas/{code}/notes', own, { areas: '350122101201' });
    expect(village).toMatchObject({ statusCode: 403, json: { code: 'role-not-allowed' } });
  });

  it('an old code of the area asked for leads to the one that took its place', async () => {
    const successors: Record<string, string[]> = {
      350122204: ['350122116'],
      350122205: ['350122117', '350122118'],
      350122206: ['350122117', '350123101'],
    };
    const seen = { ...read, params: z.object({ code: z.string() }) } satisfies Route;
    const resolve = async (codes: readonly string[]) =>
      codes.flatMap((code) => successors[code] ?? [code]);
    const after = api([endpoint(seen, async ({ params }) => ({ body: { seen: params.code } }))], {
      resolve,
    });
    const ask = async (code: string, areas: string) => {
      const asked = event('GET /areas/{code}/notes', { pathParameters: { code } }, { areas });
      const result = await Promise.resolve(Reflect.apply(after, undefined, [asked, {}]));
      return { ...result, json: JSON.parse(result.body) };
    };
    expect((await ask('350122204', '350122')).json).toEqual({ seen: '350122116' });
    expect((await ask('350122204', '350122204')).json).toEqual({ seen: '350122116' });
    expect((await ask('350122205', '350122')).json.code).toBe('area-closed');
    expect((await ask('350122204', '350122117')).statusCode).toBe(404);
    expect((await ask('350122206', '350122117')).statusCode).toBe(404);
  });

  it('no token is 401, a token without areas 403', async () => {
    expect(await call('GET /areas/{code}/notes', own, null)).toMatchObject({ statusCode: 401 });
    expect(await call('GET /areas/{code}/notes', own, { areas: '' })).toMatchObject({
      statusCode: 403,
      json: { code: 'token-unusable' },
    });
  });

  it('a broken body, a forbidden key and a wrong field are refused in the language asked for', async () => {
    expect(await call('POST /notes', json('{'))).toMatchObject({
      statusCode: 400,
      json: { code: 'body-not-json' },
    });
    expect(await call('POST /notes', json('{"__proto__":{"text":"x"}}'))).toMatchObject({
      statusCode: 400,
    });
    const zh = await call('POST /notes', json('{"text":"too long"}'));
    expect(zh.json).toMatchObject({
      status: 400,
      errors: [{ field: 'text' }],
      title: expect.stringContaining('填写'),
    });
    const en = await call('POST /notes', json('{"text":"too long"}', { 'Accept-Language': 'en' }));
    expect(en.json.title).toContain('request');
  });

  it('a name the route does not know is refused, in the address and in the body', async () => {
    const stray = {
      queryStringParameters: { statsu: 'exited' },
      pathParameters: { code: '350122' },
    };
    expect((await call('GET /areas/{code}/notes', stray)).json).toMatchObject({
      status: 400,
      errors: [{ field: 'statsu', code: 'field-unknown' }],
    });
    expect((await call('POST /notes', json('{"text":"x","txet":"y"}'))).json).toMatchObject({
      errors: [{ field: 'txet', code: 'field-unknown' }],
    });
  });

  it('a POST without Idempotency-Key is refused, with one it is done', async () => {
    expect(await call('POST /notes', json('{"text":"a"}'))).toMatchObject({
      statusCode: 400,
      json: { code: 'idempotency-key-required' },
    });
    expect(
      await call('POST /notes', json('{"text":"a"}', { 'Idempotency-Key': 'k1' })),
    ).toMatchObject({ statusCode: 200 });
  });

  it('a change without If-Match is 428, with a stale one 412', async () => {
    expect(await call('PATCH /notes', json('{"text":"a"}'))).toMatchObject({ statusCode: 428 });
    expect(await call('PATCH /notes', json('{"text":"a"}', { 'If-Match': '"2"' }))).toMatchObject({
      statusCode: 412,
    });
    expect(await call('PATCH /notes', json('{"text":"a"}', { 'If-Match': '"3"' }))).toMatchObject({
      statusCode: 200,
    });
  });

  it('an answer lets nothing be loaded or run, unless a page says what it needs', async () => {
    const answer = await call('GET /areas/{code}/notes', own);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    const page = api([
      endpoint(read, async () => ({ body: '<p>', headers: { 'Content-Security-Policy': 'own' } })),
    ]);
    const shown = await Promise.resolve(
      Reflect.apply(page, undefined, [event('GET /areas/{code}/notes', own), {}]),
    );
    expect(
      Object.entries(shown.headers).filter(([name]) => /^content-security-policy$/i.test(name)),
    ).toEqual([['content-security-policy', 'own']]);
  });

  it('a fault shows an id and nothing of its message', async () => {
    const broken = api([endpoint(read, async () => Promise.reject(new Error('secret 350199')))]);
    const result = await Promise.resolve(
      Reflect.apply(broken, undefined, [event('GET /areas/{code}/notes', own), {}]),
    );
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('350199');
    expect(JSON.parse(result.body).errorId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
