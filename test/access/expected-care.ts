import { levels as all } from '../../functions/core/division.ts';
import type { Asked, Expected, Target } from './expected.ts';

/** What the rights say of visits, contracts with family doctors and health files. */

const keepers: Expected['callers'] = { office: ['county', 'town', 'village'] };
const visitKeepers: Expected['callers'] = { ...keepers, helper: all };
const fileReaders: Expected['callers'] = { office: all, auditor: all, helper: all };
/** Contracts, health files and follow-ups are no concern of auditors. */
const householdCare: Expected['callers'] = { office: all, helper: all };

const reason = '群众反映';

const atCode = ({ place }: Target): Asked => ({ path: { code: place } });
const inQuery = ({ place }: Target): Asked => ({ query: { area: place } });
const ofHousehold = ({ household }: Target): Asked => ({ path: { id: household } });
const ofMember = ({ household, person }: Target): Asked => ({
  path: { id: household, personId: person },
});
/** A follow-up that never was. */
const ofFollowUp = (target: Target): Asked => ({
  path: { ...ofMember(target).path, followUpId: `fu_${'0'.repeat(24)}` },
});
const ofVisit = ({ household, world }: Target): Asked => ({
  path: { id: household, visitId: world.visits.get(household) ?? '' },
});

/** A change based on a version that never was. */
function changing(
  about: (target: Target) => Asked,
  body: unknown,
  callers: Expected['callers'] = keepers,
): Expected {
  return {
    callers,
    about: 'household',
    ask: (target) => ({ ...about(target), body, stale: true }),
    granted: 'version-stale',
  };
}

export const careExpected: Readonly<Record<string, Expected>> = {
  'visit.enter': {
    callers: visitKeepers,
    about: 'household',
    ask: ({ household }) => ({
      path: { id: household },
      body: {
        ...{ id: 'vs_phone000001', heldOn: '2099-01-01', found: reason },
        ...{ purposes: ['routine'], visitors: [{ helper: 'hp_1' }] },
      },
    }),
    granted: 'date-future',
  },
  'visit.correct': changing(
    ofVisit,
    { heldOn: '2017-10-20', purposes: ['check'], found: reason, reason },
    visitKeepers,
  ),
  'visit.withdraw': changing(ofVisit, { reason }, visitKeepers),
  'visit.photo.add': {
    callers: visitKeepers,
    about: 'household',
    ask: (target) => ({
      ...ofVisit(target),
      body: { id: 'ph_phone000001', type: 'image/png', size: 1_000_000_000 },
    }),
    granted: 'photo-too-large',
  },
  'visit.of-household': {
    callers: fileReaders,
    about: 'household',
    ask: ofHousehold,
    granted: 200,
  },
  'visit.read': { callers: fileReaders, about: 'household', ask: ofVisit, granted: 200 },
  'visit.photo': {
    callers: fileReaders,
    about: 'household',
    ask: (target) => ({ path: { ...ofVisit(target).path, photoId: 'ph_nobody0001' } }),
    granted: 'not-found',
  },
  'visit.overdue': { callers: fileReaders, about: 'area', ask: inQuery, granted: 200 },

  'health.contract.sign': changing(ofMember, {
    ...{ team: '一队', doctor: '林医生', from: '2017-01-01', to: '2018-01-01' },
  }),
  'health.contract.renew': changing(ofMember, { to: '2099-01-01' }),
  'health.contract.end': changing(ofMember, { on: '2017-10-01', reason }),
  'health.file.set-up': changing(
    ofMember,
    { setUpOn: '2017-01-01', diseases: [] },
    { office: ['county', 'town'] },
  ),
  'health.follow-up': {
    callers: keepers,
    about: 'household',
    ask: (target) => ({
      ...ofMember(target),
      body: { on: '2099-01-01', by: '林医生', way: 'home' },
    }),
    granted: 'date-future',
  },
  'health.follow-up.correct': {
    callers: keepers,
    about: 'household',
    ask: (target) => ({
      ...ofFollowUp(target),
      body: { on: '2017-10-20', by: '林医生', way: 'home', reason },
      stale: true,
    }),
    granted: 'not-found',
  },
  'health.follow-up.withdraw': {
    callers: keepers,
    about: 'household',
    ask: (target) => ({ ...ofFollowUp(target), body: { reason }, stale: true }),
    granted: 'not-found',
  },
  'health.follow-up.read': {
    callers: householdCare,
    about: 'household',
    ask: ofFollowUp,
    granted: 'not-found',
  },
  'health.of-household': {
    callers: householdCare,
    about: 'household',
    ask: ofHousehold,
    granted: 200,
  },
  'health.follow-ups': { callers: householdCare, about: 'household', ask: ofMember, granted: 200 },
  'health.persons': {
    callers: householdCare,
    about: 'area',
    ask: ({ place }) => ({ query: { area: place, which: 'unknown' } }),
    granted: 200,
  },
  'health.coverage': { callers: { office: all }, about: 'area', ask: atCode, granted: 200 },
};
