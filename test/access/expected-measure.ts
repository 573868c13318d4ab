import type { Asked, Expected, Target } from './expected.ts';

/*
 * Measures of assistance: towns and the county say by what a household is helped, and keep its measures; whoever may read the file reads
 * them. Lists and counts are for offices and auditors, of a county or a part of it. The county names its industry modes; modes and rules
 * are for everyone who works with them.
 */

type Callers = Exclude<Expected['callers'], 'open'>;

const all = ['province', 'city', 'county', 'town', 'village'] as const;
const fileReaders: Callers = { office: all, auditor: all, helper: all };
const fileKeepers: Callers = { office: ['county', 'town', 'village'] };
const overseers: Callers = { office: all, auditor: all };
const rules: Callers = { office: all, auditor: all, helper: all, department: all, evaluator: all };
const belowRight = { levels: ['village'], told: 'measure-above-right' } as const;

const inQuery = ({ place }: Target): Asked => ({ query: { area: place } });
const atCode = ({ place }: Target): Asked => ({ path: { code: place } });
const ofHousehold = ({ household }: Target): Asked => ({ path: { id: household } });
const ofMeasure = ({ household }: Target): Asked => ({
  path: { id: household, measureId: 'ms_world' },
});

function changing(body: unknown): Expected {
  return {
    ...{ callers: fileKeepers, about: 'household', granted: 'version-stale', above: belowRight },
    ask: (target) => ({ ...ofMeasure(target), body, stale: true }),
  };
}

export const measures: Readonly<Record<string, Expected>> = {
  'measure.open': {
    ...{ callers: fileKeepers, about: 'household', granted: 'date-future', above: belowRight },
    ask: (target) => ({
      ...ofHousehold(target),
      body: { kind: 'ecology', name: '公益林', startedOn: '2099-01-01' },
    }),
  },
  'measure.change': changing({ name: '公益林管护' }),
  'measure.end': changing({ result: 'achieved' }),
  'measure.repay': changing({ fen: 1 }),
  'measure.renew': changing({ dueOn: '2020-01-01' }),
  'measure.of-household': {
    ...{ callers: fileReaders, about: 'household', granted: 200 },
    ask: ofHousehold,
  },
  'measure.read': { callers: fileReaders, about: 'household', ask: ofMeasure, granted: 200 },
  'measure.list': { callers: overseers, about: 'household', ask: inQuery, granted: 200 },
  'measure.loans': { callers: overseers, about: 'household', ask: inQuery, granted: 200 },
  'measure.sum': { callers: overseers, about: 'household', ask: atCode, granted: 200 },
  'measure.modes': { callers: rules, about: 'area', ask: atCode, granted: 200 },
  'measure.modes.change': {
    ...{ callers: { office: ['county'] }, about: 'household', granted: 'version-stale' },
    ask: ({ place }) => ({
      path: { code: place.slice(0, 6) },
      body: { modes: [{ code: 'dividend', zh: '分红', en: 'dividend', closed: false }] },
      stale: true,
    }),
  },
  'measure.rules': { callers: rules, about: 'area', ask: inQuery, granted: 200 },
};
