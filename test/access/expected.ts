import type { Role } from '../../functions/core/access.ts';
import { type Level, levels } from '../../functions/core/division.ts';
import { defaultProcedure } from '../../functions/core/procedure.ts';
import { careExpected } from './expected-care.ts';
import { ofCoverage } from './expected-coverage.ts';
import { measures } from './expected-measure.ts';
import { pairings } from './expected-pairing.ts';
import { policies } from './expected-policy.ts';
import { sheetsLike } from './expected-sheet.ts';
import type { World } from './world.ts';

/*
 * Who may do what, said a second time and in another way than the specs say it: from the roles' descriptions, so that a right given by
 * mistake in a spec is found here. A route that is missing fails the test.
 *
 * - Offices read everything inside their area. Villages, towns and the county keep the files, each as far as its right goes; city and
 *   province only read them. A household is entered directly by the county alone. Villages and towns ask for what is above their right;
 *   towns and the county decide on that.
 * - Facts of villages are entered by towns and the county, evidence of their exit by villages too; offices and auditors see their exit sheets.
 * - Towns upload ledgers, the county and above decide on them; divisions are changed, and recounts asked for, by the county and above.
 * - Auditors read all inside their area, masked; they change nothing and are shown nothing in full.
 * - Helpers read the files of the households they are paired with, wherever their token points; their lists hold these alone; no figures.
 * - How somebody's contract and follow-ups stand is seen by offices and the household's helpers; offices that keep files enter it, which
 *   disease it is towns and the county.
 * - Departments upload what they paid or did, and read those imports of their own; they see how many a policy covers, never who. Like evaluators and
 *   administrators they see no registry records.
 * - Evaluations anew are asked for by the county and above, and by administrators, who see how far they are.
 * - Visits are entered by helpers, and by villages, towns and the county for those who keep theirs on paper; whoever reads a file reads them.
 * - A list that comes as a spreadsheet comes so for whoever may look at it, and for nobody else.
 * - Names and codes of places and the code lists are for everyone who has a token.
 */

type Callers = Readonly<Partial<Record<Role, readonly Level[]>>>;

const all = levels;
const upToTown: readonly Level[] = ['province', 'city', 'county', 'town'];
const upToCounty: readonly Level[] = ['province', 'city', 'county'];

const everyone: Callers = {
  office: all,
  helper: all,
  department: all,
  auditor: all,
  evaluator: all,
  admin: all,
};
const fileReaders: Callers = { office: all, auditor: all, helper: all };
const fileKeepers: Callers = { office: ['county', 'town', 'village'] };
const overseers: Callers = { office: all, auditor: all };

/** What a call is about: the place, or the household or job of that place. */
export interface Target {
  readonly place: string;
  readonly household: string;
  readonly person: string;
  readonly identity: string;
  readonly world: World;
}

export interface Asked {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A version nobody has: whoever gets as far as the version may reach the record. */
  readonly stale?: true;
}

export interface Expected {
  readonly callers: Callers | 'open';
  readonly about: 'nothing' | 'area' | 'household' | 'import' | 'change';
  readonly ask: (target: Target) => Asked;
  /** Status or refusal code of those who may. */
  readonly granted: number | string;
  /** Levels that may call, but whose right does not reach so far: what they are told. */
  readonly above?: { readonly levels: readonly Level[]; readonly told: string };
  /** Roles that see what they brought in themselves and nothing else: told as if others' were not there. */
  readonly ownOnly?: readonly Role[];
  /** Status or refusal code outside one's area. */
  readonly outside?: string;
  /** Shows numbers in full, on purpose. */
  readonly discloses?: true;
}

const atCode = ({ place }: Target): Asked => ({ path: { code: place } });
const inQuery = ({ place }: Target): Asked => ({ query: { area: place } });
const ofHousehold = ({ household }: Target): Asked => ({ path: { id: household } });
const ofImport = ({ place, world }: Target): Asked => ({
  path: { id: world.imports.get(place) ?? '' },
});
const ofChange = ({ place, world }: Target): Asked => ({
  path: { id: world.changes.get(place) ?? '' },
});

const ofRequest = ({ household, world }: Target): Asked => ({
  path: { id: world.requests.get(household) ?? '' },
});
const ofCase = ({ household, world }: Target): Asked => ({
  path: { id: world.cases.get(household) ?? '' },
});

/** A notice of the case in which a household is, which has posted nothing yet. */
const ofNotice = {
  callers: overseers,
  about: 'household',
  ask: (target: Target): Asked => ({ path: { ...ofCase(target).path, step: 'notice' } }),
} as const;
/** What hangs on the board of a village. */
const ofBoard = {
  callers: overseers,
  about: 'household',
  ask: ({ place }: Target): Asked => ({ query: { area: place, case: 'return', step: 'notice' } }),
} as const;

/** A change of a household based on a version it never had. */
function changing(
  about: (target: Target) => Asked,
  body: unknown,
  callers = fileKeepers,
): Expected {
  return {
    callers,
    about: 'household',
    ask: (target) => ({ ...about(target), body, stale: true }),
    granted: 'version-stale',
  };
}

/** A year that is not over for a long time. */
const inYear = ({ place }: Target): Asked => ({ path: { code: place, year: '2041' } });

/** A target based on a version it never had; the county's office alone sets it, for itself and for what lies in it. */
function setting(body: unknown): Expected {
  return {
    callers: { office: ['county'] },
    about: 'area',
    ask: (target) => ({ ...inYear(target), body, stale: true }),
    granted: 'version-stale',
  };
}

const reason = '群众反映';

const shown: Readonly<Record<string, Expected>> = {
  ...careExpected,
  'system.health': { callers: 'open', about: 'nothing', ask: () => ({}), granted: 200 },
  'system.code-lists': { callers: everyone, about: 'nothing', ask: () => ({}), granted: 200 },
  'system.openapi': { callers: 'open', about: 'nothing', ask: () => ({}), granted: 200 },
  'page.board': { callers: 'open', about: 'nothing', ask: () => ({}), granted: 200 },

  'area.read': { callers: everyone, about: 'area', ask: atCode, granted: 200 },
  'area.children': { callers: everyone, about: 'area', ask: atCode, granted: 200 },
  'village.profile': {
    callers: overseers,
    about: 'household',
    ask: ({ place }) => ({ path: { code: place } }),
    granted: 200,
  },
  'village.change': {
    callers: { office: ['county', 'town'] },
    about: 'household',
    ask: ({ place }) => ({
      path: { code: place },
      body: { heldOn: '2017-10-23', reason, facts: { dropouts: 0 } },
      stale: true,
    }),
    granted: 'version-stale',
  },
  'village.evidence.add': {
    callers: fileKeepers,
    about: 'household',
    ask: ({ place }) => ({
      path: { code: place },
      body: { criterion: 'road', text: '道路验收', heldOn: '2017-10-01' },
    }),
    granted: 201,
  },
  'village.exit-sheet': {
    callers: overseers,
    about: 'household',
    ask: ({ place }) => ({ path: { code: place } }),
    granted: 200,
  },
  'division-change.ask': {
    callers: { office: upToCounty },
    about: 'area',
    ask: ({ place }) => ({
      body: {
        kind: 'rename',
        code: place,
        name: `名${place}`,
        effective: '2017-10-01',
        reason,
      },
    }),
    granted: 'division-change-nothing',
  },
  'division-change.read': {
    callers: { office: upToCounty, auditor: all },
    about: 'change',
    ask: ofChange,
    granted: 200,
  },
  'division-change.resume': {
    callers: { office: upToCounty },
    about: 'change',
    ask: ofChange,
    granted: 202,
  },

  'household.register': {
    callers: fileKeepers,
    about: 'household',
    ask: ({ household, world }) => {
      const [village] = [...world.households, ...world.closed].find(
        ([, file]) => file.household.id === household,
      ) ?? [''];
      const member = { name: '陈样本', sex: 'male', birth: '1950-01-01', relation: 'head' };
      const facts = { status: 'unexited', type: 'general', mainCause: 'illness' };
      const heldFrom = '2099-01-01';
      return { body: { number: '7', village, facts, members: [member], heldFrom } };
    },
    granted: 'date-future',
    above: { levels: ['town', 'village'], told: 'register-above-right' },
    outside: 'village-outside',
  },
  'household.read': { callers: fileReaders, about: 'household', ask: ofHousehold, granted: 200 },
  'household.events': { callers: fileReaders, about: 'household', ask: ofHousehold, granted: 200 },
  'household.exit-sheet': {
    callers: fileReaders,
    about: 'household',
    ask: ofHousehold,
    granted: 200,
  },
  'household.change': changing(ofHousehold, { facts: { housingArea: 80 } }),
  'household.member.add': changing(ofHousehold, {
    name: '陈小样',
    sex: 'male',
    birth: '2017-01-01',
    relation: 'son',
    reason: 'birth',
  }),
  'household.member.end': changing(
    ({ household, person }) => ({ path: { id: household, personId: person } }),
    { reason: 'death' },
  ),
  'household.head': changing(ofHousehold, { personId: 'per_1', reason }),
  'household.strike-off': changing(ofHousehold, { reason: 'gone' }),
  'household.split': changing(ofHousehold, {
    persons: { per_1: 'head' },
    number: '8',
    reason: 'own-household',
  }),
  'household.merge': changing(ofHousehold, {
    household: 'hh_1',
    version: 1,
    relations: {},
    reason: 'care',
  }),
  'household.relocate': changing(ofHousehold, { village: '350122101201', reason: 'work' }),
  'household.reinstate': changing(ofHousehold, { status: 'unexited', reason: 'mistaken' }),
  'household.disclose': {
    callers: fileKeepers,
    about: 'household',
    ask: ({ household, person }) => ({
      path: { id: household },
      body: { personId: person, reason },
    }),
    granted: 200,
    discloses: true,
  },

  'change-request.file': {
    callers: { office: ['town', 'village'] },
    about: 'household',
    ask: ({ household }) => {
      const change = { kind: 'change', facts: { identifiedYear: 2015 } };
      return { body: { household, version: 999, change, reason } };
    },
    granted: 'version-stale',
  },
  'change-request.list': {
    callers: overseers,
    about: 'household',
    ask: inQuery,
    granted: 200,
  },
  'change-request.read': { callers: overseers, about: 'household', ask: ofRequest, granted: 200 },
  'change-request.approve': {
    callers: { office: ['county', 'town'] },
    about: 'household',
    ask: ofRequest,
    granted: 'request-not-open',
  },
  'change-request.reject': {
    callers: { office: ['county', 'town'] },
    about: 'household',
    ask: (target) => ({ ...ofRequest(target), body: { reason } }),
    granted: 'request-not-open',
  },
  'change-request.withdraw': {
    callers: { office: ['town', 'village'] },
    about: 'household',
    ask: ofRequest,
    granted: 'request-not-open',
  },

  'case.open': {
    callers: fileKeepers,
    about: 'household',
    ask: ({ household }) => ({ body: { kind: 'return', household, heldOn: '2099-01-01', reason } }),
    granted: 'date-future',
  },
  'case.read': { callers: overseers, about: 'household', ask: ofCase, granted: 200 },
  'case.of-household': { callers: overseers, about: 'household', ask: ofHousehold, granted: 200 },
  'case.of-village': { callers: overseers, about: 'area', ask: atCode, granted: 200 },
  'case.step': changing(ofCase, { step: 'village-check', outcome: 'passed' }),
  'case.object': changing(ofCase, { note: reason }),
  'case.settle': changing(
    (target) => ({ path: { ...ofCase(target).path, objectionId: 'ob_1' } }),
    { upheld: false, resolution: reason },
    { office: ['county', 'town'] },
  ),
  'case.withdraw': changing(ofCase, { reason }),
  'case.bulk': {
    callers: fileKeepers,
    about: 'area',
    ask: ({ place }) => {
      const act = { kind: 'propose', procedure: 'return', heldOn: '2099-01-01', reason };
      return { body: { area: place, filters: { status: 'unexited' }, act } };
    },
    granted: 200,
  },
  'notice.read': { ...ofNotice, granted: 'notice-not-posted' },
  'notice.page': { ...ofNotice, granted: 'notice-not-posted' },
  'notice.list': { ...ofBoard, granted: 200 },
  'notice.list-page': { ...ofBoard, granted: 'notice-not-posted' },
  'procedure.read': {
    callers: { office: all, auditor: all, helper: all, department: all, evaluator: all },
    about: 'area',
    ask: ({ place }) => ({ query: { area: place, kind: 'return' } }),
    granted: 200,
  },
  'procedure.publish': {
    callers: { office: ['county'] },
    about: 'area',
    ask: ({ place }) => {
      const { steps, source } = defaultProcedure('return');
      return { body: { area: place, kind: 'return', source, steps, validFrom: '2017-01-01' } };
    },
    granted: 'date-past',
  },

  ...pairings,
  ...measures,

  'person.lookup': {
    callers: overseers,
    about: 'household',
    ask: ({ identity }) => ({ body: { identityNumber: identity } }),
    granted: 200,
  },
  'access.log': {
    callers: overseers,
    about: 'area',
    ask: ({ place }) => ({ query: { area: place, day: '2017-10-23' } }),
    granted: 200,
  },

  'import.new': {
    callers: { office: upToTown },
    about: 'area',
    ask: ({ place }) => ({ body: { kind: 'registry', fileName: 'a.xlsx', size: 10, area: place } }),
    granted: 201,
  },
  'import.list': {
    callers: { office: upToTown, auditor: all, department: all },
    about: 'area',
    ask: inQuery,
    granted: 200,
  },
  'import.read': {
    callers: { office: upToTown, auditor: all, department: all },
    ownOnly: ['department'],
    about: 'import',
    ask: ofImport,
    granted: 200,
  },
  'import.rows': {
    callers: { office: upToTown, auditor: all, department: all },
    ownOnly: ['department'],
    about: 'import',
    ask: ofImport,
    granted: 'import-not-ready',
  },
  'import.refusals': {
    callers: { office: upToTown, department: all },
    ownOnly: ['department'],
    about: 'import',
    ask: ofImport,
    granted: 'import-not-ready',
  },
  'import.approve': {
    callers: { office: upToCounty },
    about: 'import',
    ask: (target) => ({ ...ofImport(target), body: { plan: '0'.repeat(64) } }),
    granted: 'import-not-ready',
  },
  'import.reject': {
    callers: { office: upToCounty },
    about: 'import',
    ask: (target) => ({ ...ofImport(target), body: { reason } }),
    granted: 'import-not-ready',
  },

  'household.list': { callers: fileReaders, about: 'area', ask: inQuery, granted: 200 },
  'person.list': { callers: fileReaders, about: 'area', ask: inQuery, granted: 200 },
  'recount.ask': {
    callers: { office: upToCounty },
    about: 'area',
    ask: ({ place }) => ({ body: { area: place } }),
    granted: 202,
  },
  'recount.latest': { callers: overseers, about: 'area', ask: inQuery, granted: 200 },
  'board.show': { callers: overseers, about: 'area', ask: atCode, granted: 200 },
  'target.set': setting({ households: 1, persons: 2, villages: 0, reason }),
  'target.split': setting({
    parts: [{ code: '350122101', households: 1, persons: 2, villages: 0 }],
    reason,
  }),
  'target.read': { callers: overseers, about: 'area', ask: inYear, granted: 200 },
  ...policies,
  'target.proposal': { callers: overseers, about: 'area', ask: inYear, granted: 200 },
  'receipt.list': { callers: fileReaders, about: 'household', ask: ofHousehold, granted: 200 },
  'receipt.correct': changing(
    ({ household }) => ({
      path: { id: household, receiptId: household.replace('hh_', 'rc_') },
    }),
    { withdrawn: true, reason },
    { office: ['county'] },
  ),
  'receipt.village-list': {
    callers: overseers,
    about: 'household',
    ask: ({ place }) => ({ path: { code: place } }),
    granted: 200,
  },
  'receipt.village-enter': {
    callers: { office: ['county'] },
    about: 'household',
    ask: ({ place }) => ({ path: { code: place }, body: { item: 'none', on: '2017-03-01' } }),
    granted: 'receipt-item-unknown',
  },
  'receipt.village-correct': changing(
    ({ place }) => ({ path: { code: place, receiptId: `rc_${place}` } }),
    { withdrawn: true, reason },
    { office: ['county'] },
  ),
  'village.list': { callers: overseers, about: 'area', ask: inQuery, granted: 200 },

  ...ofCoverage,

  'snapshot.ask': {
    callers: { office: ['county'] },
    about: 'household',
    ask: ({ place }) => ({ body: { area: place.slice(0, 6), year: 2099, reason } }),
    granted: 'snapshot-year-not-over',
  },
  'snapshot.list': { callers: overseers, about: 'area', ask: inQuery, granted: 200 },
  'snapshot.read': {
    callers: overseers,
    about: 'household',
    ask: ({ place }) => ({ path: { area: place, year: '2016' } }),
    granted: 'snapshot-none',
  },
  'snapshot.check': {
    callers: overseers,
    about: 'household',
    ask: ({ place }) => ({ path: { area: place, year: '2016' } }),
    granted: 'snapshot-none',
  },
};

export const expected: Readonly<Record<string, Expected>> = { ...shown, ...sheetsLike(shown) };
