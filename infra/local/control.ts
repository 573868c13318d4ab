import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { messageOf } from './fault.ts';
import type { LocalClock } from './local-clock.ts';
import type { Scheduler } from './scheduler.ts';

const triggerSchema = z.object({
  schedule: z.string(),
  input: z.record(z.string(), z.json()).default({}),
});
const clockSchema = z.object({ move: z.string() });

/** The small door `npm run trigger` and `npm run clock` come in by. It opens with the secret of the run file alone. */
export function makeControl(
  secret: string,
  { scheduler, clock }: { scheduler: Scheduler; clock: LocalClock },
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const commands: Record<string, (body: unknown) => Promise<string>> = {
    '/trigger': async (body) => {
      const { schedule, input } = triggerSchema.parse(body);
      await scheduler.trigger(schedule, input);
      return 'done';
    },
    '/clock': async (body) => {
      await scheduler.move(clockSchema.parse(body).move);
      return clock.now().toISOString();
    },
  };
  return async (request, response) => {
    const command = commands[request.url ?? ''];
    const given = request.headers.authorization ?? '';
    if (command === undefined || !same(given, `Bearer ${secret}`)) {
      response.writeHead(404).end();
      return;
    }
    try {
      const answer = await command(JSON.parse(await text(request)));
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(answer);
    } catch (fault) {
      response
        .writeHead(400, { 'content-type': 'text/plain; charset=utf-8' })
        .end(messageOf(fault));
    }
  };
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
