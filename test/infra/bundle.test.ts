import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { codeLists } from '../../functions/core/code-list.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';
import { drawn } from '../../functions/system/drawn.ts';
import { bundle } from '../../infra/bundle.ts';
import { functionsOf } from '../../infra/jobs-stack.ts';
import { freshBucket } from '../support/bucket.ts';
import { freshTables, testClient } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'bangfu-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const functions = functionsOf(catalogue);
const first = await bundle(functions, join(folder, 'a'));
const second = await bundle(functions, join(folder, 'deeper', 'b'));
const source = (id: string) => readFileSync(join(first.get(id) ?? '', 'index.mjs'), 'utf8');

const account = z
  .object({
    outputs: z.record(z.string(), z.object({ inputs: z.record(z.string(), z.unknown()) })),
  })
  .parse(JSON.parse(readFileSync(join(folder, 'a', 'meta.json'), 'utf8')));
/** Files that went into a function's bundle. */
const inputsOf = (id: string) =>
  Object.entries(account.outputs)
    .filter(([path]) => path.endsWith(`/${id}/index.mjs`))
    .flatMap(([, { inputs }]) => Object.keys(inputs));

describe('bundles', () => {
  it('every function has a folder of its own with code, source map and the texts it may need', () => {
    const texts = ['code-list', 'refusal-text', 'refusal-word'];
    for (const { id } of functions) {
      const files = readdirSync(first.get(id) ?? '').sort();
      const needed = texts.filter((name) => inputsOf(id).includes(`functions/core/${name}.json`));
      expect(files).toEqual(
        [...needed.map((name) => `${name}.z`), ...['index.mjs', 'index.mjs.map']].sort(),
      );
    }
  });

  it('the same sources make the same bytes wherever they are written', () => {
    for (const { id } of functions) {
      for (const file of readdirSync(first.get(id) ?? '')) {
        const [one, other] = [first, second].map((made) =>
          readFileSync(join(made.get(id) ?? '', file)),
        );
        expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
      }
    }
  });

  it('none imports a built-in as ES module, which would load all of it at every cold start', () => {
    const slow = functions.filter(({ id }) => /\bfrom\s*["'][a-z:/_]+["']/.test(source(id)));
    expect(slow.map(({ id }) => id)).toEqual([]);
  });

  it('none looks for shared files of the SDK, which Lambda does not have', () => {
    const looking = functions.filter(({ id }) => /AWS_SHARED_CREDENTIALS_FILE/.test(source(id)));
    expect(looking.map(({ id }) => id)).toEqual([]);
  });

  it('none needs a require function or names a place on the machine it was made on', () => {
    const broken = functions.filter(({ id }) => /Dynamic require of/.test(source(id)));
    expect(broken.map(({ id }) => id)).toEqual([]);
    const maps = functions.map(({ id }) =>
      readFileSync(join(first.get(id) ?? '', 'index.mjs.map'), 'utf8'),
    );
    expect(maps.filter((map) => map.includes(folder) || map.includes(process.cwd()))).toEqual([]);
  });

  it('none carries the declarations of every capability: the description of the API goes in drawn', () => {
    const carriers = functions.filter(({ id }) => inputsOf(id).includes('functions/catalogue.ts'));
    expect(carriers.map(({ id }) => id)).toEqual([]);
    const script = `import(${JSON.stringify(join(first.get('openapi') ?? '', 'index.mjs'))})
      .then(({ handler }) => handler({ routeKey: 'GET /openapi.json', requestContext: {} }, {}))
      .then(({ body }) => console.log(body))`;
    const maxBuffer = 16 * 1024 * 1024;
    const child = { env: {}, encoding: 'utf8', maxBuffer } as const;
    const told = execFileSync(process.execPath, ['-e', script], child);
    expect(told.trim().split('\n').at(-1)).toBe(drawn);
  });

  it('a fault names the line of our own file, though Node is not told of the map', () => {
    const file = join(first.get('area') ?? '', 'index.mjs');
    expect(source('area')).not.toContain('sourceMappingURL');
    // Without its environment the function stops at once.
    const script = `import(${JSON.stringify(file)}).catch(({ stack }) => console.log(stack))`;
    const stack = execFileSync(process.execPath, ['-e', script], { env: {}, encoding: 'utf8' });
    const [, path = '', line = ''] = /at \S+ \((\S+):(\d+):\d+\)/.exec(stack) ?? [];
    expect(path).toBe('functions/lib/env.ts');
    expect(readFileSync(path, 'utf8').split('\n')[Number(line) - 1]).toContain('process.env');
    expect(stack).toMatch(/at functions\/area\/handler\.ts:\d+:\d+/);
  });

  it('what people read for codes lies beside the code, and is told all the same', () => {
    expect(source('system').includes('上门随访')).toBe(false);
    const script = `import(${JSON.stringify(join(first.get('system') ?? '', 'index.mjs'))})
      .then(({ handler }) => handler({
        routeKey: 'GET /code-lists',
        requestContext: { authorizer: { jwt: { claims: { sub: 'a', role: 'office', areas: '35' } } } },
      }, {}))
      .then(({ body }) => console.log(body))`;
    const told = execFileSync(process.execPath, ['-e', script], {
      env: { STAGE: 'local' },
      encoding: 'utf8',
    });
    expect(JSON.parse(told.trim().split('\n').at(-1) ?? '')).toMatchObject(codeLists);
  });

  it('texts of refusals lie beside the code, and are put in words all the same', () => {
    expect(source('case').includes('该户')).toBe(false);
    const tables = ['SUMMARY', 'AREA', 'HOUSEHOLD', 'TARGET', 'JOB'];
    const env = Object.fromEntries(tables.map((name) => [`${name}_TABLE`, name]));
    const script = `import(${JSON.stringify(join(first.get('board') ?? '', 'index.mjs'))})
      .then(({ handler }) => handler({
        routeKey: 'GET /areas/{code}/board',
        requestContext: {},
      }, {}))
      .then(({ body }) => console.log(body))`;
    const told = execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
    const body = JSON.parse(told.trim().split('\n').at(-1) ?? '');
    expect(body.code).toBe('unauthenticated');
    expect(JSON.stringify(body)).toContain(wordsOf('unauthenticated', 'zh'));
  });

  it('objects are stored and read with the few schemas of S3 that go in', async () => {
    const bucket = await freshBucket();
    const made = await bundle([{ id: 'probe', entry: 'lib/objects.ts' }], join(folder, 'probe'));
    const file = join(made.get('probe') ?? '', 'index.mjs');
    expect(readFileSync(file, 'utf8')).not.toContain('AnalyticsFilter');
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL_S3: bucket.url, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'secret' },
    });
    const {
      putNew,
      putObject,
      findObject,
      hasObject,
    }: typeof import('../../functions/lib/objects.ts') = await import(file);
    const place = { bucket: bucket.bucket, key: 'a/b.txt' };
    const put = (text: string) => putNew(place, Buffer.from(text), 'text/plain');
    expect(await findObject(place)).toBeUndefined();
    expect([await put('one'), await put('two')]).toEqual([true, false]);
    expect(Buffer.from((await findObject(place)) ?? []).toString()).toBe('one');
    await putObject(place, Buffer.from('three'), 'text/plain');
    expect(Buffer.from((await findObject(place)) ?? []).toString()).toBe('three');
    expect([await hasObject(place), await hasObject({ ...place, key: 'none' })]).toEqual([
      true,
      false,
    ]);
    await bucket.close();
  });

  it('tables are read with the client that goes in, spare parts left out', async () => {
    const { area } = await freshTables();
    const made = await bundle([{ id: 'rows', entry: 'lib/dynamo.ts' }], join(folder, 'rows'));
    const file = join(made.get('rows') ?? '', 'index.mjs');
    const { endpoint } = (await testClient()).config;
    const { protocol, hostname, port } = (await endpoint?.()) ?? {};
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL_DYNAMODB: `${protocol}//${hostname}:${port}`, AWS_REGION: 'local' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    });
    const { getItem, transact }: typeof import('../../functions/lib/dynamo.ts') = await import(
      file
    );
    const item = { pk: 'A#1', sk: '0', name: '连江' };
    await transact([{ put: item, table: area }]);
    expect(await getItem(area, { pk: 'A#1', sk: '0' })).toEqual(item);
  });

  it('infrastructure and test code are in none of them, but for the credentials of Lambda', () => {
    const foreign = functions
      .flatMap(({ id }) => inputsOf(id))
      .filter((path) => /^(infra|test|scripts)\/|aws-cdk-lib/.test(path));
    expect(foreign.filter((path) => path !== 'infra/lambda-credentials.ts')).toEqual([]);
  });
});
