import { describe, expect, it } from 'vitest';
import {
  type Actor,
  asCaller,
  mayEnter,
  mayReach,
  type Role,
} from '../../functions/core/access.ts';

const actor = (role: Role, ...areas: string[]): Actor => ({ sub: 'someone', role, areas });
const home = { village: '350122101201', helperSubs: ['someone'] };

describe('who may call a route', () => {
  it('an open route is anybody’s, a role that is not named has no right', () => {
    expect(asCaller(actor('admin'), 'open')).toEqual(actor('admin'));
    expect(asCaller(actor('helper', '350122'), { office: true })).toBeUndefined();
    expect(asCaller(actor('auditor', '350122'), { auditor: true })?.areas).toEqual(['350122']);
  });

  it('a right of one level is kept to the areas of that level', () => {
    const mixed = actor('office', '350122101', '350123', '3');
    expect(asCaller(mixed, { office: ['county'] })?.areas).toEqual(['350123']);
    expect(asCaller(mixed, { office: ['village'] })).toBeUndefined();
  });
});

describe('whose records may be seen', () => {
  it('offices and auditors see their area, helpers the households paired with them', () => {
    expect(mayReach(actor('office', '350122101'), home)).toBe(true);
    expect(mayReach(actor('auditor', '350123'), home)).toBe(false);
    expect(mayReach(actor('helper', '350123'), home)).toBe(true);
    expect(mayReach(actor('helper', '350122'), { village: home.village })).toBe(false);
  });

  it('departments, evaluators and administrators see no household, wherever they are', () => {
    for (const role of ['department', 'evaluator', 'admin'] as const)
      expect(mayReach(actor(role, '350122'), home)).toBe(false);
  });

  it('a code of no level opens nothing', () => {
    expect(mayEnter(actor('office', '3'), '350122')).toBe(false);
    expect(mayEnter(actor('office', '35'), '350122')).toBe(true);
  });
});
