import { describe, expect, it } from 'vitest';
import { labelOf } from '../../functions/core/code-list.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';

describe('words for people', () => {
  it('a refusal names its values, and shows where one is missing', () => {
    expect(wordsOf('version-stale', 'en', { version: 7 })).toContain('version 7');
    expect(wordsOf('version-stale', 'zh')).toContain('{version}');
  });

  it('a code no list knows is shown as it is', () => {
    expect(labelOf('cause', 'illness', 'zh')).toBe('因病');
    expect(labelOf('cause', 'weather', 'en')).toBe('weather');
  });
});
