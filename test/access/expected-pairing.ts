import type { Asked, Expected, Target } from './expected.ts';

/*
 * Helpers and pairings: towns and the county enter, pair and hand over, each what its rule leaves to it; offices and auditors see who helps
 * in their area, helpers see themselves and who else helps the households they are paired with.
 */

type Callers = Exclude<Expected['callers'], 'open'>;

const all = ['province', 'city', 'county', 'town', 'village'] as const;
const fileReaders: Callers = { office: all, auditor: all, helper: all };
const fileKeepers: Callers = { office: ['county', 'town', 'village'] };
const overseers: Callers = { office: all, auditor: all };
const reason = '工作需要';

const ofHousehold = ({ household }: Target): Asked => ({ path: { id: household } });
const atCode = ({ place }: Target): Asked => ({ path: { code: place } });
const inQuery = ({ place }: Target): Asked => ({ query: { area: place } });

/** The helper of a household, or its pairing. */
const ofHelper = ({ household, world }: Target): Asked => ({
  path: { id: world.helpers.get(household)?.helper ?? '' },
});
const ofPairing = (target: Target): Asked => ({
  path: {
    ...ofHelper(target).path,
    pairingId: target.world.helpers.get(target.household)?.pairing ?? '',
  },
});
/** Helpers are entered, paired and handed over by towns and the county. */
const pairers: Callers = { office: ['county', 'town'] };

/** A change based on a version that never was. */
function changing(about: (target: Target) => Asked, body: unknown): Expected {
  return {
    callers: pairers,
    about: 'household',
    ask: (target) => ({ ...about(target), body, stale: true }),
    granted: 'version-stale',
  };
}

export const pairings: Readonly<Record<string, Expected>> = {
  'helper.register': {
    callers: pairers,
    about: 'household',
    ask: ({ place }) => ({ body: { kind: 'responsible', area: place, name: '林样本' } }),
    granted: 201,
  },
  'helper.change': changing(ofHelper, { post: '干事' }),
  'helper.end': changing(ofHelper, { reason }),
  'helper.disclose': {
    callers: fileKeepers,
    about: 'household',
    ask: (target) => ({ ...ofHelper(target), body: { reason } }),
    granted: 200,
    discloses: true,
  },
  'helper.hand-over': {
    callers: pairers,
    about: 'household',
    ask: (target) => {
      const to = target.world.helpers.get(target.household)?.other ?? '';
      return { ...ofHelper(target), body: { to, reason } };
    },
    granted: 'pairing-kind',
  },
  'helper.list': { callers: overseers, about: 'area', ask: inQuery, granted: 200 },
  'helper.read': { callers: fileReaders, about: 'household', ask: ofHelper, granted: 200 },
  'helper.events': { callers: overseers, about: 'household', ask: ofHelper, granted: 200 },
  'helper.summary': { callers: overseers, about: 'area', ask: atCode, granted: 200 },
  'pairing.begin': {
    callers: pairers,
    about: 'household',
    ask: (target) => {
      const body = { household: target.household, from: '2099-01-01' };
      return { ...ofHelper(target), body };
    },
    granted: 'date-future',
  },
  'pairing.read': { callers: fileReaders, about: 'household', ask: ofPairing, granted: 200 },
  'pairing.change': changing(ofPairing, { duty: '入户' }),
  'pairing.deliver': changing(ofPairing, { what: '鱼苗', jobs: 1 }),
  'pairing.take-back': changing(
    (target) => ({ path: { ...ofPairing(target).path, deliveryId: 'dl_1' } }),
    { reason },
  ),
  'pairing.end': changing(ofPairing, { reason }),
  'pairing.of-household': {
    callers: fileReaders,
    about: 'household',
    ask: ofHousehold,
    granted: 200,
  },
  'pairing.of-village': {
    callers: overseers,
    about: 'household',
    ask: ({ place }) => ({ path: { code: place } }),
    granted: 200,
  },
  'pairing.gaps': { callers: overseers, about: 'household', ask: inQuery, granted: 200 },
};
