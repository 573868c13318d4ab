import { levels } from '../../functions/core/division.ts';
import { itemTerms, policyDocument } from '../support/policy-item.ts';
import type { Asked, Expected, Target } from './expected.ts';

const everyone = {
  office: levels,
  helper: levels,
  department: levels,
  auditor: levels,
  evaluator: levels,
  admin: levels,
};
const inQuery = ({ place }: Target): Asked => ({ query: { area: place } });
const ofHousehold = ({ household }: Target): Asked => ({ path: { id: household } });
const reason = '群众反映';

/**
 * Policies are public. They are published by counties and those above them; every office tries changes out in its area. What a household is
 * entitled to is read by whoever reads its file.
 */
export const policies: Readonly<Record<string, Expected>> = {
  'policy.publish': {
    callers: { office: ['province', 'city', 'county'] },
    about: 'area',
    ask: ({ place }) => {
      const {
        area: _,
        publication: __,
        enacted: ___,
        ...document
      } = policyDocument({ id: 'doc-new' });
      const { id, ...terms } = itemTerms({ exclusions: ['no-such-item'] });
      return { body: { area: place, reason, document, items: [{ id, ...terms }] } };
    },
    granted: 'policy-invalid',
  },
  'policy.version': {
    callers: { office: ['province', 'city', 'county'] },
    about: 'area',
    ask: ({ place }) => ({
      path: { id: 'no-such-item' },
      query: { area: place },
      body: { validFrom: '2018-01-01', changes: { evidence: [] }, reason },
      stale: true,
    }),
    granted: 'not-found',
  },
  'policy.line': {
    callers: { office: ['province', 'city', 'county'] },
    about: 'area',
    ask: ({ place }) => ({
      path: { id: 'dibao', validFrom: '2018-01-01' },
      query: { area: place },
      body: {
        ...{ name: { zh: '低保标准', en: 'allowance' }, fen: 1, validTo: null, source: null },
        ...{ illustrative: true, reason },
      },
      stale: true,
    }),
    granted: 'version-stale',
  },
  'policy.list': { callers: everyone, about: 'area', ask: inQuery, granted: 200 },
  'policy.read': {
    callers: everyone,
    about: 'area',
    ask: ({ place }) => ({ path: { id: 'edu-grant' }, query: { area: place } }),
    granted: 200,
  },
  'policy.facts': { callers: everyone, about: 'nothing', ask: () => ({}), granted: 200 },
  'policy.lines': { callers: everyone, about: 'area', ask: inQuery, granted: 200 },
  'policy.events': {
    callers: { office: levels, auditor: levels },
    about: 'area',
    ask: inQuery,
    granted: 200,
  },
  'policy.trial': {
    callers: { office: levels },
    about: 'area',
    ask: ({ place }) => ({ path: { id: 'edu-grant' }, body: { area: place, ends: true } }),
    granted: 200,
  },
  'policy.entitlements': {
    callers: { office: levels, auditor: levels, helper: levels },
    about: 'household',
    ask: ofHousehold,
    granted: 200,
  },
  'policy.village-entitlements': {
    callers: { office: levels, auditor: levels },
    about: 'household',
    ask: ({ place }) => ({ path: { code: place } }),
    granted: 200,
  },
  'policy.card': {
    callers: { office: levels, auditor: levels, helper: levels },
    about: 'household',
    ask: ofHousehold,
    granted: 200,
  },
};
