import { describe, expect, it } from 'vitest';
import { faultFields } from '../../functions/lib/log.ts';

describe('what a fault leaves in the log', () => {
  it('is its name and the place it came from, never its message', () => {
    const fields = faultFields(new TypeError('cannot read at position 7 of somebody’s number'));
    expect(fields.fault).toBe('TypeError');
    expect(fields.where).toContain('log.test.ts');
    expect(JSON.stringify(fields)).not.toContain('somebody');
  });

  it('something thrown that is no error leaves its kind only', () => {
    expect(faultFields('a name')).toEqual({ fault: 'string' });
  });
});
