import { parseArgs } from 'node:util';
import { command, defaultDataDir } from '../infra/local/command.ts';
import { LocalError } from '../infra/local/fault.ts';
import { askRun } from '../infra/local/run-file.ts';

const usage = 'npm run trigger -- <schedule> [name=value …]';

await command(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string', default: defaultDataDir } },
  });
  const [schedule, ...fields] = positionals;
  if (schedule === undefined) throw new LocalError('BAD_INPUT', `Which schedule? ${usage}`);
  const input = Object.fromEntries(
    fields.map((field) => {
      const [name = '', value] = field.split(/=(.*)/s);
      if (value === undefined) throw new LocalError('BAD_INPUT', `${field} has no value. ${usage}`);
      return [name, value];
    }),
  );
  return askRun(values.data, '/trigger', { schedule, input });
});
