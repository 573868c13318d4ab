import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { labelledLists } from '../../functions/core/code-label.ts';
import type { HttpEvent } from '../../functions/lib/request.ts';

vi.stubEnv('STAGE', 'local');
const system = await import('../../functions/system/handler.ts');
const openapi = await import('../../functions/system/openapi.ts');

const Result = z.object({
  statusCode: z.number(),
  body: z.string().transform((text) => JSON.parse(text)),
});

function event(routeKey: string, claims?: Record<string, string>): HttpEvent {
  const authorizer = claims && { jwt: { claims } };
  return {
    routeKey,
    headers: {},
    requestContext: { requestId: 'r', ...(authorizer && { authorizer }) },
  };
}

async function call(handler: CallableFunction, asked: HttpEvent) {
  return Result.parse(await Reflect.apply(handler, undefined, [asked, {}]));
}

describe('the registry about itself', () => {
  it('says to anybody that it is up, and its stage', async () => {
    expect(await call(system.handler, event('GET /health'))).toEqual({
      statusCode: 200,
      body: { status: 'ok', stage: 'local' },
    });
  });

  it('serves the code lists as they stand to whoever has a role', async () => {
    const helper = { sub: 'helper-1', role: 'helper', areas: '350122101201' };
    const { statusCode, body } = await call(system.handler, event('GET /code-lists', helper));
    expect(statusCode).toBe(200);
    expect(body).toEqual(labelledLists);
    expect((await call(system.handler, event('GET /code-lists'))).statusCode).toBe(401);
  });

  it('describes its API, this description included', async () => {
    const { statusCode, body } = await call(openapi.handler, event('GET /openapi.json'));
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      openapi: '3.1.0',
      paths: { '/openapi.json': { get: expect.anything() } },
    });
  });
});
