import { levels as all } from '../../functions/core/division.ts';
import type { Expected } from './expected.ts';
import { worldItem } from './seed-coverage.ts';

const overseers = { office: all, auditor: all } as const;
const figureReaders = { ...overseers, department: all } as const;

/** Coverage of policies: offices and auditors see figures and names, departments figures alone; evaluations anew are the county's and above, and administrators'. */
export const ofCoverage: Readonly<Record<string, Expected>> = {
  'coverage.show': {
    callers: figureReaders,
    about: 'area',
    ask: ({ place }) => ({ query: { area: place } }),
    granted: 200,
  },
  'coverage.item': {
    callers: figureReaders,
    about: 'area',
    ask: ({ place }) => ({ path: { id: worldItem }, query: { area: place } }),
    granted: 200,
  },
  'coverage.names': {
    callers: overseers,
    about: 'area',
    ask: ({ place }) => ({
      path: { id: worldItem },
      query: { area: place, result: 'missed' },
    }),
    granted: 200,
  },
  'evaluation.ask': {
    callers: { office: ['province', 'city', 'county'], admin: all },
    about: 'area',
    ask: ({ place }) => ({ path: { code: place }, body: { reason: '核对' } }),
    granted: 202,
  },
  'evaluation.list': {
    callers: { ...overseers, admin: all },
    about: 'area',
    ask: ({ place }) => ({ path: { code: place } }),
    granted: 200,
  },
};
