import { parseArgs } from 'node:util';
import { command, defaultDataDir } from '../infra/local/command.ts';
import { LocalError } from '../infra/local/fault.ts';
import { askRun } from '../infra/local/run-file.ts';

await command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string', default: defaultDataDir } },
  });
  const [move] = positionals;
  if (move === undefined) {
    throw new LocalError('BAD_INPUT', 'How far? npm run clock -- +7d (or +12h, +30m)');
  }
  if (process.stderr.isTTY)
    console.error('Every night on the way is worked through, some seconds each …');
  const now = await askRun(values.data, '/clock', { move });
  return new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
});
