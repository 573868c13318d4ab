import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { factCatalogue } from '../../functions/core/policy-fact.ts';
import { conditionDocument } from '../../scripts/condition-doc.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/conditions.md'), 'utf8');

it('docs/conditions.md says what conditions may ask; `npm run docs` draws it anew', () => {
  expect(page).toBe(conditionDocument());
});

it('docs/conditions.md has every fact', () => {
  expect(factCatalogue.filter(({ id }) => !page.includes(`| \`${id}\``))).toEqual([]);
});
