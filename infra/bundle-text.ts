import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Metafile, Plugin } from 'esbuild';
import * as z from 'zod';

const Lists = z.record(z.string(), z.array(z.looseObject({ code: z.string() })));

/** Where a text lies packed, beside the bundle that may need it. */
const packedName = (path: string) => `${basename(path, '.json')}.z`;

const plain = (path: string) => JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));

/** Reads what lies beside the bundle when it is asked for first. */
const reader = (path: string) => `
  import { readFileSync } from 'node:fs';
  import { inflateSync } from 'node:zlib';
  let known;
  const packed = () => readFileSync(import.meta.dirname + '/${packedName(path)}');
  const read = () => (known ??= JSON.parse(inflateSync(packed()).toString()));`;

const refusals = (path: string) => `${reader(path)}
  export default /* @__PURE__ */ new Proxy({}, {
    get: (_, name) => read()[name],
    getOwnPropertyDescriptor: (_, name) => Object.getOwnPropertyDescriptor(read(), name),
  });`;

/** Codes stand in the bundle, since schemas are made of them; what people read for them does not. */
function codes(path: string): string {
  const lists = Object.entries(Lists.parse(JSON.parse(plain(path))));
  const named = lists.map(([name, list]) => [name, list.map(({ code }) => code)] as const);
  return `${reader(path)}
    const entry = (name, code, at) => ({
      code,
      get zh() { return read()[name][at].zh; },
      get en() { return read()[name][at].en; },
    });
    const lists = ${JSON.stringify(Object.fromEntries(named))};
    export default /* @__PURE__ */ Object.fromEntries(/* @__PURE__ */ Object.entries(lists).map(
      ([name, list]) => [name, list.map((code, at) => entry(name, code, at))],
    ));`;
}

const TEXTS = /functions\/core\/(?:refusal-text|refusal-word|code-list)\.json$/;

/** Texts people read are a fifth of a bundle and seldom needed at once: they lie packed beside it, and are read when the first is asked for. */
export const texts: Plugin = {
  name: 'texts',
  setup({ onLoad }) {
    onLoad({ filter: TEXTS }, ({ path }) => {
      const contents = path.endsWith('code-list.json') ? codes(path) : refusals(path);
      return { contents, loader: 'js', resolveDir: dirname(path) };
    });
  },
};

/** Puts beside a bundle the texts that its account names. */
export function putTexts(
  { inputs }: Pick<Metafile['outputs'][string], 'inputs'>,
  { project, folder }: { readonly project: string; readonly folder: string },
): void {
  for (const path of Object.keys(inputs).filter((one) => TEXTS.test(one))) {
    const packed = deflateSync(plain(join(project, path)), { level: 9 });
    writeFileSync(join(folder, packedName(path)), packed);
  }
}
