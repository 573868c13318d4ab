import { parseArgs } from 'node:util';
import { command, defaultDataDir } from '../infra/local/command.ts';
import { LocalError } from '../infra/local/fault.ts';
import { openIssuer } from '../infra/local/issuer.ts';

const usage = 'npm run -s token -- <role> "<area codes>" [--sub <subject>] [--expires <seconds>]';

await command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sub: { type: 'string' },
      expires: { type: 'string' },
      data: { type: 'string', default: defaultDataDir },
    },
  });
  const [role, ...codes] = positionals;
  if (role === undefined) throw new LocalError('BAD_INPUT', `Which role? ${usage}`);
  const issuer = await openIssuer(values.data);
  return issuer.token({
    role,
    areas: codes.join(' '),
    ...(values.sub === undefined ? {} : { sub: values.sub }),
    ...(values.expires === undefined ? {} : { expiresInSeconds: Number(values.expires) }),
  });
});
