import { parseArgs } from 'node:util';
import { roles } from '../functions/core/access.ts';
import { levelOf } from '../functions/core/division.ts';
import { command, defaultDataDir } from '../infra/local/command.ts';
import { LocalError } from '../infra/local/fault.ts';
import { openIssuer } from '../infra/local/issuer.ts';

const usage = 'npm run -s token -- <role> "<area codes>" [--sub <subject>] [--expires <seconds>]';

/** A token may be wrong on purpose, to see what the API says to it; by mistake it should not be. */
function warn(role: string, codes: readonly string[]): void {
  const say = (sentence: string) =>
    process.stderr.write(`${sentence} The API refuses this token.\n`);
  if (!roles.some((one) => one === role)) say(`There is no role ${role}, only ${roles.join(' ')}.`);
  if (codes.length === 0) say('No area code is given.');
  for (const code of codes)
    if (levelOf(code) === undefined) say(`${code} is not the code of a division.`);
}

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
  warn(
    role,
    codes.flatMap((part) => part.split(' ')),
  );
  const issuer = await openIssuer(values.data);
  return issuer.token({
    role,
    areas: codes.join(' '),
    ...(values.sub === undefined ? {} : { sub: values.sub }),
    ...(values.expires === undefined ? {} : { expiresInSeconds: Number(values.expires) }),
  });
});
