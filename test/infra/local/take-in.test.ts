import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Call, call } from '../../../scripts/take-in.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that has no time for the first few calls. */
async function busyFor(count: number) {
  const seen: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(seen.length > count ? 200 : 503).end('{"state":"applied"}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = (asked: Call) =>
    call(`http://127.0.0.1:${port}/imports`, 'token', {
      ...asked,
      again: { times: 3, pauseMs: 1 },
    });
  return { seen, ask };
}

describe('taking the sample in on a busy machine', () => {
  it('asks again, a POST under the same key, so that it is done once', async () => {
    const { seen, ask } = await busyFor(2);
    expect(await ask({ method: 'POST', body: {} })).toEqual({ state: 'applied' });
    const keys = new Set(seen.map((headers) => headers['idempotency-key']));
    expect([seen.length, keys.size]).toEqual([3, 1]);
  });

  it('gives up in the end, and at once where it cannot know whether it was done', async () => {
    const often = await busyFor(9);
    await expect(often.ask({})).rejects.toThrow('503');
    expect(often.seen).toHaveLength(4);
    const put = await busyFor(1);
    await expect(put.ask({ method: 'PUT', ifMatch: 0 })).rejects.toThrow('503');
    expect(put.seen).toHaveLength(1);
  });
});
