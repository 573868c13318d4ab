import * as z from 'zod';
import type { Route } from '../functions/core/spec.ts';
import { api, endpoint } from '../functions/lib/http.ts';
import { useLog } from '../functions/lib/log.ts';
import { handler as six } from './base/six.ts';
import { type Figure, interleaved } from './ratio.ts';

const Body = z.object({
  name: z.string().max(40),
  size: z.int().min(1),
  causes: z.array(z.string()).max(3),
});
const route = {
  id: 'bench.write',
  method: 'POST',
  path: '/bench/{code}',
  summary: { zh: '测', en: 'bench' },
  access: { office: ['county', 'town'] },
  params: z.object({ code: z.string().regex(/^\d{6,12}$/) }),
  body: Body,
  response: z.object({ ok: z.boolean() }),
  refusals: [],
  area: 'code',
} satisfies Route;

const ours = api([endpoint(route, async () => ({ body: { ok: true }, version: 1 }))]);
const CALLS = 5000;

function event() {
  return {
    routeKey: 'POST /bench/{code}',
    version: '2.0',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': 'k-1',
      accept: '*/*',
      host: 'x',
      'user-agent': 'bench',
      origin: 'https://x',
    },
    pathParameters: { code: '350122101' },
    queryStringParameters: {},
    body: '{"name":"某户","size":4,"causes":["illness","skill"]}',
    requestContext: {
      requestId: 'r',
      http: { method: 'POST', path: '/bench/350122101' },
      authorizer: { jwt: { claims: { sub: 'clerk', role: 'office', areas: '350122' } } },
    },
  };
}

async function microseconds(handler: unknown): Promise<number> {
  if (typeof handler !== 'function') throw new TypeError('no handler');
  const context = { getRemainingTimeInMillis: () => 30_000 };
  const began = performance.now();
  for (let call = 0; call < CALLS; call += 1) {
    const answer = await handler(event(), context);
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode} ${answer.body}`);
  }
  return ((performance.now() - began) * 1000) / CALLS;
}

/** Our full chain (token, rights, area, validation both ways, idempotency, log, errors) around a stub / middy with its six around nothing. */
export async function chainFigures(): Promise<readonly Figure[]> {
  useLog(() => undefined);
  const sides = { ours: () => microseconds(ours), base: () => microseconds(six) };
  await interleaved(2, sides);
  return [
    {
      name: 'full chain around a stub / middy 7 with six',
      unit: 'µs',
      ...(await interleaved(15, sides)),
    },
  ];
}
