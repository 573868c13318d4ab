import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import * as z from 'zod';
import type { FunctionSpec } from '../functions/core/spec.ts';
import { putTexts, texts } from './bundle-text.ts';

const project = join(import.meta.dirname, '..');
/** Where esbuild believes to write: source maps hold paths relative to it, so hashes do not depend on the real place. */
const nominal = join(project, 'cdk.out', 'bundle');

/** What `drawn.ts` of a capability exports is drawn here and goes into the bundle as text, packed: Chinese takes six bytes a character there. */
const drawings: Plugin = {
  name: 'drawings',
  setup({ onLoad }) {
    onLoad({ filter: /functions\/\w+\/drawn\.ts$/ }, async ({ path }) => {
      const { drawn } = z.object({ drawn: z.string() }).parse({ ...(await import(path)) });
      const packed = deflateSync(drawn, { level: 9 }).toString('base64');
      const contents = `import { inflateSync } from 'node:zlib';
        export const drawn = inflateSync(Buffer.from('${packed}', 'base64')).toString();`;
      return { contents, loader: 'js', resolveDir: dirname(path) };
    });
  },
};

/**
 * The schemas of S3 say what belongs to which header by computed keys, so that the bundler keeps those of all operations (60 KB) for the one
 * that is used; they do nothing but stand there.
 */
const shapes: Plugin = {
  name: 'shapes',
  setup({ onLoad }) {
    onLoad({ filter: /client-s3\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => {
      const shape = /^((?:export )?var \w+\$? = )(\[[\s\S]*?\]);$/gm;
      const plain = readFileSync(path, 'utf8');
      return { contents: plain.replace(shape, '$1/* @__PURE__ */ (() => $2)();'), loader: 'js' };
    });
  },
};

/** What every bundle begins with stands before the function's own file. */
const entries: Plugin = {
  name: 'entries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'entry' }));
    onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
      contents: `import './functions/lib/start.ts'; export * from '${path}';`,
      resolveDir: project,
    }));
  },
};

/**
 * An ES `import` of a built-in evaluates every export of it, the lazy ones too: undici behind node:http (20 ms at init), streams behind
 * node:fs, WebCrypto behind node:crypto. process.getBuiltinModule does not. A CommonJS dependency's `require` of a built-in goes the same
 * way, so bundles need no createRequire.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const known = new Set(builtinModules);
    onResolve({ filter: /^(node:)?[a-z]/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      if (!known.has(name)) return undefined;
      return { path: name, namespace: 'builtin', sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}')`,
      loader: 'js',
    }));
  },
};

/**
 * Parts of dependencies that have nothing to do on Lambda, and what stands there instead. Event streams: none of our operations has one, and the
 * one dynamic import of them makes esbuild keep 150 modules behind wrappers, unused parts included. Hashes in JavaScript: Node has its own. Shared
 * files: there is no ~/.aws, and looking for it takes longer than a query. Discovery of endpoints: it is off, and its cache stands ready all the
 * same. Of zod, JSON schemas: every schema can tell its own, which is needed where the API's description is drawn; and its messages: people are
 * told ours, and logs leave those of faults out.
 */
const absent: Plugin = {
  name: 'absent',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) => {
      const isCalled = kind === 'dynamic-import';
      return { path, namespace: isCalled ? 'absent' : 'idle', sideEffects: isCalled };
    });
    onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error('${path} is not in the bundle')`,
    }));
    onLoad({ filter: /.*/, namespace: 'idle' }, () => ({
      contents: `export const eventStreamSerdeProvider = () => undefined;
        export const resolveEventStreamSerdeConfig = (config) => config;`,
    }));
    onLoad({ filter: /\/(?:Sha1|Sha256|Md5)Js\.js$/ }, () => ({
      contents: 'export const Sha1Js = undefined, Sha256Js = undefined, Md5Js = undefined;',
    }));
    onResolve({ filter: /^mnemonist\/lru-cache$/ }, ({ path }) => ({
      path,
      namespace: 'plain-cache',
    }));
    onLoad({ filter: /.*/, namespace: 'plain-cache' }, () => ({
      // Its capacity is no content of a Map.
      contents:
        'export default class extends Map { constructor() { super(); } peek(key) { return this.get(key); } }',
    }));
    onLoad({ filter: /@aws-sdk\/client-[\w-]+\/package\.json$/ }, ({ path }) => {
      const { version } = z
        .object({ version: z.string() })
        .parse(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    onLoad({ filter: /zod\/v4\/core\/to-json-schema\.js$/ }, () => ({
      contents: `const none = () => { throw new Error('JSON schemas are drawn when the bundle is made'); };
        export const createToJSONSchemaMethod = () => none, createStandardJSONSchemaMethod = () => none;
        export { none as initializeContext, none as handleUnrepresentable, none as processSchema, none as process };
        export { none as extractDefs, none as finalize };`,
    }));
    onLoad({ filter: /zod\/v4\/locales\/en\.js$/ }, () => ({
      contents: 'export default () => ({});',
    }));
    onLoad({ filter: /zod\/v4\/core\/json-schema-processors\.js$/ }, () => ({
      contents: `const none = undefined;
        export { none as allProcessors, none as toJSONSchema };`,
    }));
    onLoad({ filter: /shared-ini-file-loader\/loadSharedConfigFiles\.js$/ }, () => ({
      contents: `export { CONFIG_PREFIX_SEPARATOR } from './constants';
        export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
    }));
  },
};

/**
 * The source map leads to the lines of our own files; of a dependency it says which file and no more, which is a quarter of the size.
 */
const ownMaps: Plugin = {
  name: 'own-maps',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.*\.m?js$/ }, ({ path }) => {
      const map = { version: 3, sources: [basename(path)], mappings: 'AAAA' };
      const data = Buffer.from(JSON.stringify(map)).toString('base64');
      const comment = `\n//# sourceMappingURL=data:application/json;base64,${data}`;
      return { contents: readFileSync(path, 'utf8') + comment, loader: 'js' };
    });
  },
};

/**
 * Bundles every function in one esbuild call, each into a folder of its own under `outdir`, and keeps esbuild's account
 * of what went into them in `meta.json`.
 * @returns function id -> folder holding index.mjs, its source map and the texts it may need
 */
export async function bundle(
  functions: readonly Pick<FunctionSpec, 'id' | 'entry'>[],
  outdir: string,
): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    absWorkingDir: project,
    entryPoints: Object.fromEntries(
      functions.map(({ id, entry }) => [`${id}/index`, `entry:./functions/${entry}`]),
    ),
    outdir: nominal,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    // Without a mention in the bundle: Node would read it at every cold start. `start.ts` reads it when there is a fault.
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'error',
    loader: { '.html': 'text' },
    alias: { '@aws-sdk/credential-provider-node': './functions/lib/credentials.ts' },
    plugins: [entries, drawings, texts, shapes, builtins, absent, ownMaps],
  });
  for (const { path, contents } of result.outputFiles) {
    const file = join(outdir, path.slice(nominal.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    if (!path.endsWith('/index.mjs')) continue;
    const folder = join(outdir, basename(dirname(path)));
    putTexts(output, { project, folder });
  }
  writeFileSync(join(outdir, 'meta.json'), JSON.stringify(result.metafile));
  return new Map(functions.map(({ id }) => [id, join(outdir, id)]));
}
