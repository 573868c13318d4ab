import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import headings from '../../functions/core/ledger-heading.json' with { type: 'json' };
import { ledgerDocument } from '../../scripts/ledger-doc.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/ledgers.md'), 'utf8');

it('docs/ledgers.md says what the import reads; `npm run docs` draws it anew', () => {
  expect(page).toBe(ledgerDocument());
});

it('docs/ledgers.md has every column of every kind', () => {
  const names = Object.values(headings).flatMap(({ fields }) =>
    Object.values(fields).map(({ zh }) => zh),
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !page.includes(`| ${name} `))).toEqual([]);
});
