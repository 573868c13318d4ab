import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles a baseline handler the plain way: ESM, minified, no plugin of ours. Returns the file and its size in bytes. */
export async function buildBase(
  name: 'bare' | 'six',
  outdir: string,
): Promise<{ file: string; bytes: number }> {
  const file = join(outdir, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return { file, bytes: statSync(file).size };
}
