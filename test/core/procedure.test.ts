import { describe, expect, it } from 'vitest';
import {
  checkProcedure,
  defaultProcedure,
  type Procedure,
  procedureOn,
} from '../../functions/core/procedure.ts';
import { procedureKinds } from '../../functions/core/procedure-kind.ts';
import { isRefused } from '../../functions/core/refusal.ts';

const exit = defaultProcedure('household-exit');
const county = (given: Partial<Procedure>): Procedure => {
  return { ...exit, version: 1, scope: '350122', validFrom: '2017-01-01', ...given };
};
const codesOf = (procedure: Procedure) => {
  const checked = checkProcedure(procedure);
  return isRefused(checked) ? (checked.faults ?? []).map(({ code }) => code) : [];
};
const without = (act: string) => county({ steps: exit.steps.filter((step) => step.act !== act) });
const changed = (id: string, given: Partial<Procedure['steps'][number]>) =>
  county({ steps: exit.steps.map((step) => (step.id === id ? { ...step, ...given } : step)) });

describe('a procedure', () => {
  it.each(procedureKinds)(
    'of kind %s holds where a county has set nothing, and is sound',
    (kind) => {
      expect(codesOf(defaultProcedure(kind))).toEqual([]);
      expect(procedureOn(kind, [], '2017-10-23')).toMatchObject({ kind, version: 0, scope: '0' });
    },
  );

  it('of a kind nobody knows is a fault', () => {
    expect(() => defaultProcedure('lottery' as 'return')).toThrow('lottery');
  });

  it('of an exit has the steps the register of exits names, in their order', () => {
    expect(exit.steps.map(({ act }) => act)).toEqual([
      ...['assess', 'assess', 'confirm', 'notice', 'assess', 'decide', 'announce', 'mark'],
    ]);
    expect(exit.steps.filter(({ act }) => act === 'notice').map(({ days }) => days)).toEqual([7]);
  });

  it('is the latest of those the county published for the day, and not one of another kind', () => {
    const published = [
      county({ version: 1, validFrom: '2017-01-01', validTo: '2017-06-30' }),
      county({ version: 2, validFrom: '2017-09-01' }),
      county({ version: 3, validFrom: '2018-01-01' }),
    ];
    const versionOn = (day: string) => procedureOn('household-exit', published, day).version;
    expect(
      ['2016-12-31', '2017-06-30', '2017-07-01', '2017-09-01', '2018-01-01'].map(versionOn),
    ).toEqual([0, 1, 0, 2, 3]);
    expect(procedureOn('return', published, '2017-09-01').version).toBe(0);
  });

  it('may have more steps, other levels and longer notices', () => {
    const first = { ...exit.steps[0], id: 'grid-check', zh: '网格员核查' } as Procedure['steps'][0];
    expect(codesOf(county({ steps: [first, ...exit.steps] }))).toEqual([]);
    expect(codesOf(changed('notice', { days: 10, levels: ['town'] }))).toEqual([]);
  });

  it.each(['assess', 'confirm', 'notice', 'decide', 'announce', 'mark'])(
    'is no procedure of exit without a step that is to %s',
    (act) => {
      expect(codesOf(without(act))).toContain('procedure-act-missing');
    },
  );

  it('never shortens a notice below what others count, nor posts it nowhere', () => {
    expect(codesOf(changed('notice', { days: 4 }))).toEqual(['procedure-notice-short']);
    expect(codesOf(changed('notice', { days: null }))).toEqual(['procedure-notice-short']);
    expect(codesOf(changed('notice', { place: null }))).toEqual(['procedure-no-place']);
  });

  it('never lets who assessed decide, nor a lower office than those who assessed', () => {
    expect(codesOf(changed('county-decision', { apart: false }))).toEqual(['procedure-not-apart']);
    expect(codesOf(changed('county-decision', { levels: ['village'] }))).toEqual([
      'procedure-decision-low',
    ]);
  });

  it('has no step that nobody could take: by an office that only reads, or with more representatives than there are', () => {
    expect(codesOf(changed('marked', { levels: ['city', 'province'] }))).toEqual([
      'procedure-no-office',
    ]);
    expect(codesOf(changed('marked', { levels: ['city', 'town'] }))).toEqual([]);
    expect(codesOf(changed('village-review', { quorum: { at: 3, of: 2 } }))).toEqual([
      'procedure-quorum',
    ]);
    expect(codesOf(changed('village-review', { quorum: { at: 2, of: 2 } }))).toEqual([]);
  });

  it('names a step once', () => {
    expect(codesOf(changed('home-check', { id: 'village-review' }))).toEqual([
      'procedure-step-twice',
    ]);
  });

  it('decides once, after all proof, and marks once and last', () => {
    const { steps } = exit;
    const step = (id: string) => steps.filter((one) => one.id === id);
    const rest = (id: string) => steps.filter((one) => one.id !== id);
    const marked = { ...step('marked')[0], id: 'marked-again' } as Procedure['steps'][0];
    for (const wrong of [
      [...step('marked'), ...rest('marked')],
      [...step('county-decision'), ...rest('county-decision')],
      [...rest('notice'), ...step('notice')],
      [...steps, marked],
    ])
      expect(codesOf(county({ steps: wrong }))).toContain('procedure-order');
  });
});
