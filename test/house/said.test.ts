import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import { importKinds } from '../../functions/core/import.ts';
import { queueNames } from '../../functions/core/spec.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function sourcesIn(folder: string, name: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .map((path) => read(join(folder, path)));
}

describe('what the pages say', () => {
  const architecture = read('docs/architecture.md');

  it('names every capability, table, queue and kind of import', () => {
    const folders = readdirSync(join(root, 'functions'), { withFileTypes: true })
      .filter((one) => one.isDirectory() && !['core', 'lib'].includes(one.name))
      .map(({ name }) => name);
    const tables = catalogue.flatMap((one) => one.tables ?? []).map(({ name }) => name);
    const unsaid = [...folders, ...tables, ...queueNames, ...importKinds].filter(
      (name) => !new RegExp(`\\b${name}\\b`).test(architecture),
    );
    expect(unsaid).toEqual([]);
  });

  it('lists every decision once, under its number', () => {
    const files = readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d/.test(name));
    const listed = [...read('docs/decisions/README.md').matchAll(/^- \[(\d+)\. .*\]\((.*)\)$/gm)];
    expect(listed.map(([, , file]) => file)).toEqual(files.toSorted());
    expect(listed.map(([, number]) => Number(number))).toEqual(
      files.toSorted().map((file) => Number(file.slice(0, 4))),
    );
  });

  it('explains every code a function logs', () => {
    const codes = sourcesIn('functions', /\.ts$/).flatMap((text) =>
      [...text.matchAll(/\blog\.(?:info|warn|error)\(\s*'([^']+)'/g)].map(([, code]) => code),
    );
    expect(codes.length).toBeGreaterThan(10);
    const page = read('docs/operate.md');
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('rules', () => {
  const files = readdirSync(join(root, 'functions/core')).filter((name) =>
    /(?:^rule-\w+|-rule|-match)\.json$/.test(name),
  );

  /** Whatever is in force from a day on, however deep it stands. */
  function datedIn(value: unknown): readonly object[] {
    if (typeof value !== 'object' || value === null) return [];
    return 'validFrom' in value ? [value] : Object.values(value).flatMap(datedIn);
  }

  it.each(files)('%s is dated, and says for where and by which document', (file) => {
    const dated = datedIn(JSON.parse(read(`functions/core/${file}`)));
    expect(dated.length).toBeGreaterThan(0);
    const needed = ['validFrom', 'validTo', 'scope', 'source'];
    expect(dated.flatMap((one) => needed.filter((field) => !(field in one)))).toEqual([]);
  });
});

describe('names of tests', () => {
  it('hold nobody’s number: reports and logs of a run are read by others', () => {
    const titles = /\b(?:it|describe)(?:\.each\([^\n]*\))?\(\s*(['"`])(.*?)\1/g;
    const names = sourcesIn('test', /\.test\.ts$/).flatMap((text) =>
      [...text.matchAll(titles)].map(([, , title = '']) => title),
    );
    expect(names.length).toBeGreaterThan(500);
    expect(names.filter((name) => /\d(?:[\s-]?\d){10}/.test(name))).toEqual([]);
  });
});
