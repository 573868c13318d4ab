import { describe, expect, it } from 'vitest';
import type { PolicyItem } from '../../functions/core/policy.ts';
import { publishDocument } from '../../functions/core/policy-publish.ts';
import { amended, latestOf, nextVersion } from '../../functions/core/policy-version.ts';
import { policyFile } from '../../functions/core/policy-view.ts';
import { granted } from '../support/build.ts';
import { itemTerms, policyDocument, policyItem } from '../support/policy-item.ts';

const nothing = { documents: [], items: [], lines: [] };
const enacted = { actor: 'a', at: '2017-10-23T01:00:00.000Z', reason: '发布', order: null };
const context = { enacted, publication: 'pub_2' };

function publish(items: readonly Partial<PolicyItem>[], document: object = {}) {
  const { area, publication: _, enacted: __, ...terms } = policyDocument();
  const body = { area, reason: '发布', order: null, document: { ...terms, ...document } };
  return publishDocument({ ...body, items: items.map(itemTerms) }, nothing, context);
}
const faultsOf = (done: ReturnType<typeof publish>) =>
  'faults' in done ? (done.faults ?? []).map(({ field, code }) => `${field} ${code}`) : [];

describe('the days of an item', () => {
  const within = { validFrom: '2016-01-01', validTo: '2017-12-31' };

  it('lie within those of its document', () => {
    expect(granted(publish([{ ...within }], within)).items).toHaveLength(1);
    const wrong = ['items.edu-grant.validFrom policy-validity'];
    expect(faultsOf(publish([{ validTo: null }], within))).toEqual(wrong);
    expect(faultsOf(publish([{ validTo: '2018-01-01' }], within))).toEqual(wrong);
    expect(faultsOf(publish([{ validTo: '2015-12-31' }]))).toEqual(wrong);
    expect(faultsOf(publish([{ validFrom: '2015-12-31' }]))).toEqual(wrong);
  });

  it('of a document do not end before they begin', () => {
    const wrong = faultsOf(publish([within], { validTo: '2015-12-31' }));
    expect(wrong).toContain('document.validTo policy-validity');
  });
});

describe('what an amount is worked out by', () => {
  const by = (
    unit: 'mu' | 'percent' | 'person',
    amountFact: string,
    subject: PolicyItem['subject'] = 'household',
  ) => {
    const benefit = { ...policyItem().benefit, unit, amountFact };
    return faultsOf(
      publish([{ subject, benefit, condition: { fact: 'village.poor', op: 'is', value: true } }]),
    );
  };

  it('is a number of the one who has the item: money for a share, none otherwise', () => {
    expect(by('mu', 'household.farmlandMu')).toEqual([]);
    expect(by('percent', 'household.wagesFen')).toEqual([]);
    const wrong = ['items.edu-grant.benefit.amountFact policy-amount-fact-unfit'];
    for (const [unit, fact] of [
      ['mu', 'household.wagesFen'],
      ['percent', 'household.farmlandMu'],
      ['person', 'household.type'],
      ['person', 'person.age'],
      ['person', 'household.nothing'],
    ] as const)
      expect(by(unit, fact)).toEqual(wrong);
    expect(by('person', 'village.homes', 'village')).toEqual([]);
    expect(by('person', 'household.size', 'village')).toEqual(wrong);
  });
});

describe('versions', () => {
  const first = policyItem();
  const second = policyItem({ version: 2, validFrom: '2017-01-01' });
  const other = policyItem({ area: '35' });

  it('the latest is that of the area asked about', () => {
    expect(latestOf([first, second, other], first)).toBe(second);
    expect(latestOf([second, first], first)).toBe(second);
    expect(latestOf([other], first)).toBeUndefined();
  });

  it('leave alone what was not said anew', () => {
    const known = { ...nothing, items: [first] };
    const changes = { department: '民政局', note: undefined };
    const next = granted(amended(first, known, { changes, validFrom: '2017-01-01' }));
    expect(next).toEqual({ ...first, department: '民政局', validFrom: '2017-01-01' });
    const body = { validFrom: '2017-01-01', changes, ends: false, reason: '调整', order: null };
    expect(granted(nextVersion(known, { item: first, version: 1, body }, context))).toMatchObject({
      ...{ version: 2, ended: false, enacted },
    });
    const same = { ...body, changes: {} };
    expect(nextVersion(known, { item: first, version: 1, body: same }, context)).toEqual({
      refused: 'policy-unchanged',
    });
  });

  it('are all shown with the item, in force or not, with or without its document', () => {
    const served = { fact: 'person.familyDoctor', op: 'is', value: true } as const;
    const known = { ...nothing, items: [first, { ...second, receivedWhen: served }, other] };
    const of = (day: string, id = 'edu-grant') => policyFile(known, { id, area: '350122101', day });
    expect(of('2017-06-01')).toMatchObject({
      inForce: true,
      version: 2,
      document: null,
      item: { area: '350122', served: { zh: expect.any(String) } },
    });
    expect(of('2015-06-01')).toMatchObject({ inForce: false, version: 2, item: { version: 2 } });
    expect(of('2016-06-01')?.versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(of('2016-06-01', 'nobody')).toBeUndefined();
  });
});
