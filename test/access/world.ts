import { newJob } from '../../functions/area/change-table.ts';
import { saveDivisions } from '../../functions/area/table.ts';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { caseActions } from '../../functions/case/table.ts';
import type { Role } from '../../functions/core/access.ts';
import { ancestorsOf, type Level } from '../../functions/core/division.ts';
import { DivisionChange } from '../../functions/core/division-change.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { assignHelpers, strikeOff } from '../../functions/core/household-close.ts';
import { decideVillage } from '../../functions/core/village.ts';
import type { Store } from '../../functions/household/table.ts';
import { createImport } from '../../functions/import/table.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { helperActions, sealPhone } from '../../functions/pairing/store.ts';
import { publish } from '../../functions/policy/table.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { fileActions } from '../../functions/request/table.ts';
import { saveProfiles } from '../../functions/village/table.ts';
import { writeVisit } from '../../functions/visit/table.ts';
import { County } from '../board/county.ts';
import { freshBucket } from '../support/bucket.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { proposed } from '../support/case.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { helperWith } from '../support/helper.ts';
import { policyDocument, policyItem } from '../support/policy-item.ts';
import { startQueue } from '../support/queue.ts';
import { receipt, villageReceipt } from '../support/receipt.ts';
import { askedFor } from '../support/request-desk.ts';
import { doing, keyFile, settle, storeOf, write } from '../support/store.ts';
import { seedCoverage } from './seed-coverage.ts';
import { seedMeasures } from './seed-measure.ts';

/** How the place asked about lies to the one who asks. */
export const relations = ['own', 'child', 'parent', 'sibling', 'other-county'] as const;
export type Relation = (typeof relations)[number];

/** The areas of the actors, one per level, each inside the one before. */
export const ownArea: Readonly<Record<Level, string>> = {
  province: '35',
  city: '3501',
  county: '350122',
  town: '350122101',
  village: '350122101201',
};

/** The place a relation means for an actor of a level; undefined where there is none (nothing lies above a province). */
export const places: Readonly<Record<Level, Readonly<Partial<Record<Relation, string>>>>> = {
  province: { own: '35', child: '3501', sibling: '36', 'other-county': '360102' },
  city: {
    own: '3501',
    child: '350122',
    parent: '35',
    sibling: '3502',
    'other-county': '350203',
  },
  county: {
    own: '350122',
    child: '350122101',
    parent: '3501',
    sibling: '350121',
    'other-county': '350121',
  },
  town: {
    own: '350122101',
    child: '350122101201',
    parent: '350122',
    sibling: '350122102',
    'other-county': '350121101',
  },
  village: {
    own: '350122101201',
    parent: '350122101',
    sibling: '350122101202',
    'other-county': '350121101201',
  },
};

/** The village in which the household of a relation lives; a household cannot live above a village. */
export const villages: Readonly<Record<Level, Readonly<Partial<Record<Relation, string>>>>> = {
  province: {
    own: '350122101201',
    child: '350203101201',
    sibling: '360102101201',
    'other-county': '360102101201',
  },
  city: {
    own: '350122101201',
    child: '350121101201',
    sibling: '350203101201',
    'other-county': '350203101201',
  },
  county: {
    own: '350122101201',
    child: '350122102201',
    sibling: '350121101201',
    'other-county': '350121101201',
  },
  town: {
    own: '350122101201',
    child: '350122101202',
    sibling: '350122102201',
    'other-county': '350121101201',
  },
  village: { own: '350122101201', sibling: '350122101202', 'other-county': '350121101201' },
};

/** Areas of a token that stands at two levels: rights of one are no rights in the other. */
export const mixedAreas = `${ownArea.town} 350121`;

/** A division closed in favour of the town of the actors: tokens of its day still carry it. */
export const closedTown = '350122201';

const homes = [
  '350122101201',
  '350122101202',
  '350122102201',
  '350121101201',
  '350203101201',
  '360102101201',
];
const areas = [...new Set(homes.flatMap((village) => [village, ...ancestorsOf(village)]))];

/** A helper, its pairing, and another helper. */
export interface Helped {
  readonly helper: string;
  readonly pairing: string;
  readonly other: string;
}

export interface World {
  readonly tables: Tables;
  /** Household of each village, with a member, a phone and an account. */
  readonly households: ReadonlyMap<string, HouseholdFile>;
  /** A household of each village that has been struck off; nobody is paired with it. */
  readonly closed: ReadonlyMap<string, HouseholdFile>;
  /** Import and division change of each area. */
  readonly imports: ReadonlyMap<string, string>;
  readonly changes: ReadonlyMap<string, string>;
  /** A case of each household. */
  readonly cases: ReadonlyMap<string, string>;
  /** Who helps each household, or (where it is struck off) its village, and the other helper of that village. */
  readonly helpers: ReadonlyMap<string, Helped>;
  /** A change request about each household, ended already. */
  readonly requests: ReadonlyMap<string, string>;
  /** A visit to each household. */
  readonly visits: ReadonlyMap<string, string>;
  /** What must never be seen in full. */
  readonly secrets: readonly string[];
  /** Identity numbers, which must not be left to guess either. */
  readonly identities: readonly string[];
  /** Households that must not even be named to someone. */
  unreachable(who: Asker): readonly string[];
  close(): Promise<void>;
}

export const pairedHelper = 'helper-paired';

const seeding = {
  actor: 'seed',
  at: '2017-10-23T01:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'seed',
  source: 'imp_0',
};

function profileOf(village: string) {
  const row = { village, heldOn: '2017-10-23', facts: { poor: true, population: 1000 } };
  return { before: null, after: granted(decideVillage(undefined, row)).profile };
}

async function seedDivisions(table: string): Promise<void> {
  const closed = {
    ...newDivision(closedTown, '旧镇', null),
    validTo: '2017-01-01',
    successors: [ownArea.town],
  };
  const divisions = [...areas.map((code) => newDivision(code, `名${code}`, null)), closed];
  await saveDivisions(
    table,
    divisions.map((after) => ({ before: null, after })),
    seeding,
  );
}

async function seedImport(table: string, area: string, index: number): Promise<string> {
  const id = `imp_${String(index).padStart(32, '0')}`;
  await createImport(table, {
    id,
    version: 1,
    kind: 'registry',
    state: 'awaiting',
    fileName: 'a.xlsx',
    size: 10,
    area,
    uploadedBy: 'uploader',
    createdAt: '2017-10-23T01:00:00.000Z',
    changedAt: '2017-10-23T01:00:00.000Z',
    heldOn: '2017-10-23',
    heldOnGiven: true,
  });
  return id;
}

async function seedChange(table: string, code: string, index: number): Promise<string> {
  const id = `dc_00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const change = DivisionChange.parse({
    kind: 'rename',
    code,
    name: '新名',
    effective: '2017-10-01',
    reason: '更名',
  });
  const job = {
    id,
    change,
    state: 'done',
    actor: 'seed',
    role: 'office',
    at: '2017-10-23T01:00:00.000Z',
    doneAt: null,
    chunks: 0,
    version: 1,
  } as const;
  await transact([newJob(table, job)]);
  return id;
}

/** A province's document with one item, which holds everywhere in it. */
async function seedPolicies(table: string): Promise<void> {
  const item = policyItem({ area: '35', document: 'doc-edu' });
  const document = policyDocument({ area: '35' });
  await publish(table, {
    document,
    items: [item],
    head: 0,
    event: {
      ...{ kind: 'published', area: '35', role: 'office', ...document.enacted, line: null },
      ...{ document: document.id, items: [{ id: item.id, version: 1 }], validFrom: '2016-01-01' },
    },
  });
}

/** A case of each household, whatever the household has become. */
async function seedCases(
  table: string,
  households: readonly (readonly [string, HouseholdFile])[],
): Promise<ReadonlyMap<string, string>> {
  const cases = new Map<string, string>();
  for (const [village, { household }] of households) {
    const id = `cs_${household.id.slice('hh_'.length)}`;
    const subject = { type: 'household', id: household.id } as const;
    await transact(
      caseActions(table, undefined, { ...proposed('return', { id }), subject, village }),
    );
    cases.set(household.id, id);
  }
  return cases;
}

/** A visit of each household by the helper who is paired, whatever the household has become. */
async function seedVisits(
  { care, household: table }: Tables,
  households: readonly (readonly [string, HouseholdFile])[],
): Promise<ReadonlyMap<string, string>> {
  const visits = new Map<string, string>();
  for (const [, { household }] of households) {
    const id = `vs_${household.id.slice('hh_'.length)}`;
    const heldOn = '2017-10-20';
    const entered = {
      actor: pairedHelper,
      role: 'helper',
      at: '2017-10-20T01:00:00.000Z',
    } as const;
    const said = {
      heldOn,
      visitors: [{ sub: pairedHelper }],
      purposes: ['routine'],
      found: '一切如常',
    };
    const after = { id, household: household.id, version: 1, ...said, ...entered, corrected: null };
    const known = { content: 'hash', first: { heldOn, at: entered.at, actor: pairedHelper } };
    const digest = { before: undefined, after: { lastOn: heldOn, count: 1 } };
    const write = { before: undefined, after: { ...after, withdrawn: null }, known, digest };
    await writeVisit({ care, household: table }, write, { also: [], helper: undefined });
    visits.set(household.id, id);
  }
  return visits;
}

/** A change request about each household: one that was taken back, and one that is open where the household is live. */
async function seedRequests(
  table: string,
  { households, closed }: Pick<World, 'households' | 'closed'>,
): Promise<ReadonlyMap<string, string>> {
  const requests = new Map<string, string>();
  for (const [village, file] of [...households, ...closed]) {
    const isLive = households.get(village) === file;
    const own = isLive
      ? [askedFor(file, 'withdrawn'), askedFor(file, 'open')]
      : [askedFor(file, 'withdrawn')];
    for (const request of own)
      await transact(fileActions(table, { request, sealed: new Uint8Array([1]) }));
    requests.set(file.household.id, askedFor(file, 'withdrawn').id);
  }
  return requests;
}

/** Summaries from the villages up, and every household in its lists. */
async function countWorld(
  { household, summary, list }: Tables,
  households: readonly (readonly [string, HouseholdFile])[],
): Promise<void> {
  const store = summaryStore({ household, summary });
  const upwards = areas.toSorted((a, b) => b.length - a.length);
  for (const area of upwards) await recompute(store, area, '2017-10-23');
  for (const [village, file] of households) {
    const pointer = { village, household: file.household.id };
    await relist(listStore({ household, list }), pointer, '2017-10-23');
  }
}

/** What a household once received. */
function receiptOf({ household: { id: household } }: HouseholdFile) {
  const id = household.replace('hh_', 'rc_');
  return { before: null, after: receipt({ id, household }), reason: 'seed' };
}

/** What a village once received. */
function villageReceiptOf(village: string) {
  const after = villageReceipt({ id: `rc_${village}`, village });
  return { before: null, after, reason: 'seed' };
}

/** A household that was struck off, with a member of its own. */
async function seedClosed(store: Store, village: string, index: number): Promise<HouseholdFile> {
  const birth = '1960-01-01';
  const members = [wantedMember({ birth, identity: identityOf(birth, index + 1) })];
  const contact = {
    phone: `1000000001${index}`,
    bankName: '信用社',
    bankAccount: `000012345679${index}`,
  };
  const file = await settle(store, { village, number: `98000${index}`, contact, members });
  const order = { heldFrom: '2017-01-01', reason: 'gone' };
  const { next, event } = granted(strikeOff(file, order, doing()));
  granted(await write(store, file, { next, event }));
  return next;
}

/** Who answers for a household, or (`b`) a team paired with its village; both are kept there. */
function seededHelper(village: string, { household: { id } }: HouseholdFile, mark: 'a' | 'b') {
  const answers = { subject: { type: 'household', id } } as const;
  const stays = { subject: { type: 'village', code: village } } as const;
  const [kind, about] =
    mark === 'a' ? (['responsible', answers] as const) : (['resident-team', stays] as const);
  const sub = mark === 'a' && village === homes[0] ? pairedHelper : null;
  const [helper, pairing] = [`hp_${mark}${village}`, `pr_${mark}${village}`];
  const change = helperWith({ id: helper, kind, area: village, sub }, { id: pairing, ...about });
  const helped = { helper, pairing, other: `hp_${mark === 'a' ? 'b' : 'a'}${village}` };
  return {
    household: id,
    phone: `10020${mark === 'a' ? '1' : '2'}${village.slice(-5)}`,
    change,
    helped,
  };
}

/** A helper kept in each village: who answers for the household there, and a team paired with the village of the one struck off. */
async function seedHelpers(
  { tables, store }: { readonly tables: Tables; readonly store: Store },
  { households, closed }: Pick<World, 'households' | 'closed'>,
  secrets: string[],
): Promise<ReadonlyMap<string, Helped>> {
  const helpers = new Map<string, Helped>();
  const all = [
    ...[...households].map(([village, file]) => seededHelper(village, file, 'a')),
    ...[...closed].map(([village, file]) => seededHelper(village, file, 'b')),
  ];
  for (const { household, phone, change, helped } of all) {
    const sealed = await sealPhone(store.keys, change.helper, phone);
    await transact(helperActions(tables.pairing, change, sealed));
    secrets.push(phone);
    helpers.set(household, helped);
  }
  return helpers;
}

/** Offices and auditors by area, helpers by pairing, nobody else. */
function isReachable(who: Asker, village: string, isLive: boolean): boolean {
  if (who.role === 'helper') return isLive && who.sub === pairedHelper && village === homes[0];
  const isInside = who.areas.split(' ').some((area) => village.startsWith(area));
  return ['office', 'auditor'].includes(who.role) && isInside;
}

/** Two provinces with what is needed of them: places in every relation, a household in each village, imports and changes. */
export async function seedWorld(): Promise<World> {
  const tables = await freshTables();
  const queue = await startQueue('any');
  const bucket = await freshBucket();
  Object.assign(process.env, {
    STAGE: 'local',
    LOCAL_KEY_FILE: keyFile,
    JOB_QUEUE: queue.url,
    IMPORT_QUEUE: queue.url,
    RECOUNT_QUEUE: queue.url,
    SNAPSHOT_QUEUE: queue.url,
    ENTITLEMENT_QUEUE: queue.url,
    EVALUATION_QUEUE: queue.url,
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  await seedDivisions(tables.area);
  await seedPolicies(tables.policy);
  const store = storeOf(tables);
  const households = new Map<string, HouseholdFile>();
  const closed = new Map<string, HouseholdFile>();
  const secrets: string[] = [];
  for (const [index, village] of homes.entries()) {
    const identity = identityOf('1950-01-01', index + 1);
    const contact = {
      phone: `1000000000${index}`,
      bankName: '信用社',
      bankAccount: `000012345678${index}`,
    };
    secrets.push(identity, contact.phone, contact.bankAccount);
    const members = [wantedMember({ birth: '1950-01-01', identity })];
    const file = await settle(store, { village, number: `99000${index}`, contact, members });
    const pairing = { subs: [pairedHelper], heldFrom: '2017-01-01', reason: '结对' };
    const change = granted(assignHelpers(file, pairing, doing()));
    if (index === 0) granted(await write(store, file, change));
    households.set(village, file);
    const gone = await seedClosed(store, village, index);
    closed.set(village, gone);
    const { phone, bankAccount, identities } = gone.secrets;
    secrets.push(...Object.values(identities), phone ?? '', bankAccount ?? '');
  }
  const cases = await seedCases(tables.case, [...households, ...closed]);
  const requests = await seedRequests(tables.case, { households, closed });
  await saveReceipts(tables.policy, [
    ...[...households, ...closed].map(([, file]) => receiptOf(file)),
    ...[...households.keys()].map(villageReceiptOf),
  ]);
  const visits = await seedVisits(tables, [...households, ...closed]);
  await seedMeasures(tables.care, [...households, ...closed]);
  await saveProfiles(tables.household, homes.map(profileOf), seeding);
  const helpers = await seedHelpers({ tables, store }, { households, closed }, secrets);
  const imports = new Map<string, string>();
  const changes = new Map<string, string>();
  for (const [index, area] of areas.entries()) {
    imports.set(area, await seedImport(tables.job, area, index));
    changes.set(area, await seedChange(tables.job, area, index));
  }
  const all = [...households, ...closed];
  // Nothing has been counted or listed yet: the recount finds drift in every village and names every household.
  await new County(tables, '2017-10-23').recount('seed', '0');
  await countWorld(tables, all);
  await seedCoverage(tables, areas);
  const unreachable = (who: Asker) =>
    all.flatMap(([village, { household }]) =>
      isReachable(who, village, closed.get(village)?.household.id !== household.id)
        ? []
        : [household.id],
    );
  const identities = all.flatMap(([, file]) => Object.values(file.secrets.identities));
  return {
    ...{
      tables,
      households,
      closed,
      imports,
      changes,
      cases,
      helpers,
      requests,
      visits,
      secrets,
      identities,
      unreachable,
    },
    close: async () => {
      await Promise.all([queue.close(), bucket.close()]);
    },
  };
}

/** Someone with a token. */
export interface Asker {
  readonly role: Role;
  readonly level: Level;
  readonly sub: string;
  readonly areas: string;
}
