import { handler } from '../../functions/import/read.ts';

/** The reader in a process of its own: reads the object named and prints its peak memory in MB. Addresses come from the environment. */
await handler({ detail: { object: { key: process.argv[2] } } });
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
