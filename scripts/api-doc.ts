import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { catalogue } from '../functions/catalogue.ts';
import type { Access } from '../functions/core/access.ts';
import { type RefusalCode, statusOf, wordsOf } from '../functions/core/refusal-text.ts';
import type { CapabilitySpec, Route } from '../functions/core/spec.ts';
import { type Field, fieldsOf } from './api-schema.ts';

const root = join(import.meta.dirname, '..');

/** Refusals that the chain before every handler can give (functions/lib/request.ts). */
const fromTheChain: readonly RefusalCode[] = [
  'unauthenticated',
  'token-unusable',
  'role-not-allowed',
  'not-found',
  'request-invalid',
  'field-invalid',
  'field-unknown',
  'body-not-json',
  'if-match-required',
  'idempotency-key-required',
  'idempotency-key-reused',
  'route-not-found',
];

const levelWords: Readonly<Record<string, string>> = {
  province: '省',
  city: '市',
  county: '县',
  town: '乡镇',
  village: '村',
};

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function accessWords(access: Access): string {
  if (access === 'open') return 'everybody, without a token';
  return Object.entries(access)
    .map(([role, right]) => {
      if (right === true) return `\`${role}\``;
      const levels = (right ?? []).map((level) => `${level} ${levelWords[level] ?? ''}`);
      return `\`${role}\` of ${levels.join(', ')}`;
    })
    .join('; ');
}

function fieldTable(fields: readonly Field[]): string {
  return table(
    ['field', 'must', 'what'],
    fields.map(({ path, isRequired, type, about }) => [
      `\`${path}\``,
      isRequired ? 'yes' : '',
      about ? `${type}. ${about}` : type,
    ]),
  );
}

function part(title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string[] {
  const fields = schema ? fieldsOf(schema, io) : [];
  return fields.length > 0 ? [`${title}:`, fieldTable(fields)] : [];
}

function headersOf(route: Route): string[] {
  const wanted = [
    ...(route.ifMatch ? ['`If-Match` with the version the change is based on'] : []),
    ...(route.method === 'POST' && route.access !== 'open' ? ['`Idempotency-Key`'] : []),
  ];
  return wanted.length > 0 ? [`Headers: ${wanted.join('; ')}.`] : [];
}

function refusalTable(codes: readonly RefusalCode[]): string {
  return table(
    ['code', 'status', '中文', 'English'],
    codes.map((code) => [
      `\`${code}\``,
      String(statusOf(code)),
      wordsOf(code, 'zh'),
      wordsOf(code, 'en'),
    ]),
  );
}

function routeText(route: Route): string {
  const { method, path, summary, access, params, query, body, response, status = 200 } = route;
  const own = route.refusals.filter((code) => !fromTheChain.includes(code));
  return [
    `### ${method} ${path}`,
    `${summary.zh}。${summary.en}.`,
    `Who: ${accessWords(access)}.${route.area ? ` \`${route.area}\` must lie in one's areas.` : ''}`,
    ...headersOf(route),
    ...part('Path', params, 'input'),
    ...part('Query', query, 'input'),
    ...part('Body', body, 'input'),
    ...part(`Answer ${status}`, response, 'output'),
    ...(own.length > 0 ? ['Refusals of its own:', refusalTable(own)] : []),
  ].join('\n\n');
}

function capabilityText({ name, functions }: CapabilitySpec): string[] {
  const routes = functions.flatMap((fn) => fn.routes ?? []);
  return routes.length > 0 ? [`## ${name}`, ...routes.map(routeText)] : [];
}

const head = `# API

Drawn from the capabilities' declarations by \`npm run docs\`; a test fails when this page is stale. The same declarations give the routes of the
stacks and the machine-readable description.

Every answer is JSON unless told otherwise. Money is in fen, days are \`YYYY-MM-DD\` of Asia/Shanghai, places are statistical division codes.
Changes name the version they are based on (\`If-Match\`, from the \`ETag\` of what was read); every POST carries an \`Idempotency-Key\` of
1–255 visible characters, and a retry within 24 hours gets the first answer again.

A refusal is a problem detail (RFC 9457, \`application/problem+json\`) with a stable \`code\`, its reason in the language of \`Accept-Language\`
(\`zh\` unless it begins with \`en\`), and for faulty input each fault by field. A fault of ours is 500 with an \`errorId\` that is in the log.

The gateway in front answers some requests itself, before the registry sees them, with \`{"message": …}\` in English alone: 401 without a token it can
verify, 404 for an address that is no route, 413 for a body over 6 MB, 503 after 30 seconds. Names the route does not know are refused, in the address as in
the body, so that a filter written wrong never answers for all. What the columns of a ledger are called stands in [ledgers.md](ledgers.md).

## Refusals of every route`;

/** The whole document as Biome formats it. */
export function apiDocument(capabilities: readonly CapabilitySpec[] = catalogue): string {
  const text = [head, refusalTable(fromTheChain), ...capabilities.flatMap(capabilityText)].join(
    '\n\n',
  );
  return execFileSync('biome', ['format', '--stdin-file-path=docs/api.md'], {
    cwd: root,
    input: `${text}\n`,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  });
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(root, 'docs/api.md'), apiDocument());
