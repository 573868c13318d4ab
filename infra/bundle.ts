import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { FunctionSpec } from '../functions/core/spec.ts';

const project = join(import.meta.dirname, '..');
/** Where esbuild believes to write: source maps hold paths relative to it, so hashes do not depend on the real place. */
const nominal = join(project, 'cdk.out', 'bundle');

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
 * The SDK imports event streams when an operation has one. None of ours has, and that dynamic import alone makes esbuild keep all that the
 * SDK shares with it behind wrappers, unused parts included: 150 modules.
 */
const eventStreams: Plugin = {
  name: 'event-streams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'never' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'never' }, ({ path }) => ({
      contents: `throw new Error('${path} is not in the bundle')`,
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
 * @returns function id -> folder holding index.mjs and its source map
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
    metafile: true,
    logLevel: 'error',
    loader: { '.html': 'text' },
    alias: { '@aws-sdk/credential-provider-node': './functions/lib/credentials.ts' },
    plugins: [entries, builtins, eventStreams, ownMaps],
  });
  for (const { path, contents } of result.outputFiles) {
    const file = join(outdir, path.slice(nominal.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  writeFileSync(join(outdir, 'meta.json'), JSON.stringify(result.metafile));
  return new Map(functions.map(({ id }) => [id, join(outdir, id)]));
}
