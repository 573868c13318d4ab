import type { PolicyItem } from '../../functions/core/policy.ts';

/** One version of a made-up item: a person of school age is given a grant every year. What matters to a test is given. */
export function policyItem(given: Partial<PolicyItem> = {}): PolicyItem {
  return {
    id: 'school-grant',
    area: '350122',
    document: 'education',
    publication: 'pub_1',
    version: 1,
    name: { zh: '助学金', en: 'school grant' },
    aliases: [],
    subject: 'person',
    batch: 'education',
    department: '教育局',
    validFrom: '2016-01-01',
    validTo: null,
    condition: { fact: 'person.age', op: 'below', value: 16 },
    receivedWhen: null,
    exclusions: [],
    benefit: { kind: 'cash', amountFen: 100_000, unit: 'person', period: 'year', capFen: null },
    evidence: [],
    claim: 'automatic',
    claimWindow: null,
    note: null,
    illustrative: true,
    ended: false,
    enacted: { actor: 'office', at: '2016-01-01T00:00:00.000Z', reason: '发布', order: null },
    ...given,
  };
}
