import { createInterface } from 'node:readline';
import { handler } from '../../functions/import/chunk.ts';

/** The chunk function in a process of its own: works on each message that comes in by a line and says what it took. */
for await (const body of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const { batchItemFailures } = await handler({ Records: [{ messageId: '1', body }] });
  const told = {
    failed: batchItemFailures.length,
    seconds: (performance.now() - began) / 1000,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`told ${JSON.stringify(told)}\n`);
}
