import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { calledBy, wordsOf } from '../../functions/core/refusal-text.ts';
import { apiDocument } from '../../scripts/api-doc.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
const routes = catalogue.flatMap(({ functions }) => functions).flatMap((fn) => fn.routes ?? []);

/** Every name inside a JSON schema, wherever it lies. */
function namesIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(namesIn)];
}

it('every field a route takes has a name in the words of clerks', () => {
  const inputs = routes.flatMap(({ params, query, body }) =>
    [params ?? [], query ?? [], body ?? []].flat(),
  );
  const named = new Set(
    inputs.flatMap((one) => namesIn(z.toJSONSchema(one, { io: 'input', unrepresentable: 'any' }))),
  );
  expect(named.size).toBeGreaterThan(100);
  expect([...named].filter((name) => calledBy(name, 'zh') === name)).toEqual([]);
});

describe('docs/api.md', () => {
  it('says what the declarations say; `npm run docs` draws it anew', () => {
    expect(page).toBe(apiDocument());
  });

  it('has every route with the words of its refusals in both languages', () => {
    expect(routes.length).toBeGreaterThan(0);
    const missing = routes.filter(({ method, path }) => !page.includes(`### ${method} ${path}\n`));
    expect(missing).toEqual([]);
    const flat = page.replaceAll('\\', '');
    const wordless = routes
      .flatMap(({ refusals }) => refusals)
      .filter((code) => !flat.includes(wordsOf(code, 'zh')) || !flat.includes(wordsOf(code, 'en')));
    expect(wordless).toEqual([]);
  });

  it('says of a body with several shapes what each kind of it takes', () => {
    const bodyOf = (route: string) =>
      page.split(`### ${route}\n`)[1]?.split('\nAnswer ')[0]?.replaceAll(/ +/g, ' ') ?? '';
    const cases = bodyOf('POST /cases');
    expect(cases).toContain(
      '| `kind` | yes | `identification` `household-exit` `return` `strike-off` `village-exit` |',
    );
    expect(cases).toContain('| `village` | yes | string. only with `kind` `village-exit` |');
    expect(cases).toContain('| `application` | yes | object. only with `kind` `identification` |');
    const bulk = bodyOf('POST /bulk-actions');
    expect(bulk).toContain('| `act.kind` | yes | `propose` `step` |');
    expect(bulk).toContain('string, 1–40 letters. only with `act.kind` `step` |');
    const requests = bodyOf('POST /change-requests');
    expect(requests).toMatch(/`change\.kind` \| yes \| `change` .*`split` .*`reinstatement`/);
    expect(requests).toContain(
      '| `change.household` | yes | string. only with `change.kind` `merger` |',
    );
  });
});
