import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { FunctionSpec } from '../functions/core/spec.ts';

const project = join(import.meta.dirname, '..');
/** Where esbuild believes to write: source maps hold paths relative to it, so hashes do not depend on the real place. */
const nominal = join(project, 'cdk.out', 'bundle');

/**
 * An ESM `import` of node:http or node:https evaluates every export, undici's among them (20 ms and more at init);
 * process.getBuiltinModule does not. A CommonJS dependency's `require` of a built-in goes the same way, so bundles need
 * no createRequire.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const known = new Set(builtinModules);
    onResolve({ filter: /^(node:)?[a-z]/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      if (!known.has(name)) return undefined;
      const slow = name === 'http' || name === 'https' || kind === 'require-call';
      return slow
        ? { path: name, namespace: 'builtin' }
        : { path: `node:${name}`, external: true, sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}')`,
      loader: 'js',
    }));
  },
};

/**
 * With maps on, Node reads the whole source map at init: it maps our own files line by line, and of a dependency says which file
 * and no more, which is a quarter of the size.
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
 * @returns function id -> folder holding index.mjs and its source map
 */
export async function bundle(
  functions: readonly Pick<FunctionSpec, 'id' | 'entry'>[],
  outdir: string,
): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    absWorkingDir: project,
    entryPoints: Object.fromEntries(
      functions.map(({ id, entry }) => [`${id}/index`, join('functions', entry)]),
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
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    loader: { '.html': 'text' },
    alias: { '@aws-sdk/credential-provider-node': './functions/lib/credentials.ts' },
    plugins: [builtins, ownMaps],
  });
  for (const { path, contents } of result.outputFiles) {
    const file = join(outdir, path.slice(nominal.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  writeFileSync(join(outdir, 'meta.json'), JSON.stringify(result.metafile));
  return new Map(functions.map(({ id }) => [id, join(outdir, id)]));
}
