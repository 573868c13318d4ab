import type {
  Benefit,
  PolicyDocument,
  PolicyItem,
  PolicyLine,
} from '../../functions/core/policy.ts';

const enacted = {
  actor: 'county-office',
  at: '2017-01-01T02:00:00.000Z',
  reason: '年初发布',
  order: null,
};

/** What an item gives: 2,000 yuan a year for each, unless told otherwise. */
export function benefit(given: Partial<Benefit> = {}): Benefit {
  return {
    kind: 'cash',
    amountFen: 200_000,
    unit: 'person',
    period: 'year',
    capFen: null,
    ...given,
  };
}

/** An item of Lianjiang county for everybody of the household on the low-income allowance, unless told otherwise. */
export function policyItem(given: Partial<PolicyItem> = {}): PolicyItem {
  return {
    id: 'edu-grant',
    area: '350122',
    document: 'doc-edu',
    publication: 'pub_1',
    version: 1,
    name: { zh: '助学金', en: 'study grant' },
    aliases: [],
    subject: 'person',
    batch: 'education',
    department: '教育局',
    validFrom: '2016-01-01',
    validTo: null,
    condition: { fact: 'household.type', op: 'is', value: 'low-income' },
    receivedWhen: null,
    exclusions: [],
    benefit: benefit(),
    evidence: ['户口簿'],
    claim: 'apply',
    claimWindow: null,
    note: null,
    illustrative: false,
    ended: false,
    enacted,
    ...given,
  };
}

export function policyDocument(given: Partial<PolicyDocument> = {}): PolicyDocument {
  return {
    id: 'doc-edu',
    area: '350122',
    publication: 'pub_1',
    number: '连教〔2016〕1号',
    issuer: '连江县教育局',
    date: '2016-01-01',
    name: '教育扶助办法',
    validFrom: '2016-01-01',
    validTo: null,
    source: null,
    illustrative: true,
    enacted,
    ...given,
  };
}

export function policyLine(given: Partial<PolicyLine> = {}): PolicyLine {
  return {
    id: 'dibao',
    area: '350122',
    validFrom: '2016-01-01',
    validTo: null,
    version: 1,
    name: { zh: '低保标准', en: 'low-income allowance' },
    fen: 384_000,
    source: null,
    illustrative: true,
    enacted,
    ...given,
  };
}

/** The same item as an office sends it in. */
export function itemTerms(given: Partial<PolicyItem> = {}) {
  const { area, document, publication, version, ended, enacted: _, ...terms } = policyItem(given);
  return terms;
}
