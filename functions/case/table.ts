import type { Case } from '../core/case.ts';
import type { AreaCode } from '../core/division.ts';
import { Procedure } from '../core/procedure.ts';
import type { ProcedureKind } from '../core/procedure-kind.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  type Item,
  queryAll,
} from '../lib/dynamo.ts';
import { CaseState, CaseTerms, V, VillageLock } from './item.ts';

const partitionOf = (id: string) => `P#${id}`;
const keysOf = (id: string) => ['0', '1'].map((sk) => ({ pk: partitionOf(id), sk }));
const place = (version: number) => String(version).padStart(6, '0');

function caseOf(items: readonly Item[]): Case | undefined {
  const [state, terms] = ['0', '1'].map((sk) => items.find((item) => item.sk === sk));
  return state && terms ? { ...CaseState.parse(state), ...CaseTerms.parse(terms) } : undefined;
}

export async function getCase(table: string, id: string): Promise<Case | undefined> {
  const items: Item[] = [];
  for await (const item of queryAll(table, { pk: partitionOf(id), consistent: true }))
    items.push(item);
  return caseOf(items);
}

/** Cases by their ids, in no order; unknown ones are missing. */
export async function getCases(table: string, ids: readonly string[]): Promise<readonly Case[]> {
  const items = await batchGet(table, ids.flatMap(keysOf), true);
  const byCase = Map.groupBy(items, ({ pk }) => pk);
  return [...byCase.values()].flatMap((parts) => caseOf(parts) ?? []);
}

/** The household or village a case is about, as the pointer to it names it. */
function aboutOf({ subject }: Case): string {
  return subject.type === 'household' ? subject.id : subject.code;
}

/** The actions that put a case: on condition of the version it started from, with a pointer from its subject when it is new. */
export function caseActions(
  table: string,
  before: Case | undefined,
  after: Case,
): readonly Action[] {
  const { steps, procedure, ...state } = after;
  const pk = partitionOf(after.id);
  const put = { pk, sk: '0', v: V.case, ...state };
  if (before) return [{ table, put, when: atVersion(before.version) }];
  return [
    { table, put, when: absent },
    { table, put: { pk, sk: '1', v: V.terms, steps, procedure } },
    { table, put: { pk: `B#${aboutOf(after)}`, sk: after.id, v: V.pointer } },
  ];
}

const lockKey = (village: AreaCode) => ({ pk: `B#${village}`, sk: '0' });

/** Which case a village is in, or was in last; undefined before its first. A household's stands with the household. */
export async function getVillageLock(
  table: string,
  village: AreaCode,
): Promise<VillageLock | undefined> {
  const item = await getItem(table, lockKey(village));
  return item && VillageLock.parse(item);
}

/** The first of the codes under which a village's case is under way. */
export async function busyVillage(
  table: string,
  codes: readonly AreaCode[],
): Promise<AreaCode | undefined> {
  const locks = await Promise.all(codes.map((code) => getVillageLock(table, code)));
  return codes.find((_, at) => locks[at]?.isOpen);
}

/** The action that takes a village into a case, or lets it go, on condition that nobody else did. */
export function lockAction(
  table: string,
  village: AreaCode,
  about: {
    readonly before: VillageLock | undefined;
    readonly case: string;
    readonly isOpen: boolean;
  },
): Action {
  const { before, case: id, isOpen } = about;
  const version = (before?.version ?? 0) + 1;
  const put = { ...lockKey(village), v: V.lock, version, case: id, isOpen };
  return { table, put, when: before ? atVersion(before.version) : absent };
}

async function idsAbout(table: string, subject: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { sk } of queryAll(table, { pk: `B#${subject}`, consistent: true }))
    if (sk !== '0') ids.push(String(sk));
  return ids;
}

/** Every case of a household, or of a village under all the codes it had, latest first. */
export async function casesOf(
  table: string,
  ...subjects: readonly string[]
): Promise<readonly Case[]> {
  const ids = await Promise.all(subjects.map((subject) => idsAbout(table, subject)));
  const found = await getCases(table, ids.flat());
  return found.toSorted((one, other) => (one.openedAt < other.openedAt ? 1 : -1));
}

const partition = (county: AreaCode, kind: ProcedureKind) => `D#${county}#${kind}`;

/** The versions of a procedure a county has published, oldest first. */
export async function publishedIn(
  table: string,
  county: AreaCode,
  kind: ProcedureKind,
): Promise<readonly Procedure[]> {
  const found: Procedure[] = [];
  for await (const item of queryAll(table, { pk: partition(county, kind), consistent: true }))
    found.push(Procedure.parse(item));
  return found;
}

/** The action that publishes a version; it fails where somebody published that version meanwhile. */
export function publishAction(table: string, procedure: Procedure): Action {
  const { scope, kind, version } = procedure;
  const put = { pk: partition(scope, kind), sk: place(version), v: V.procedure, ...procedure };
  return { table, put, when: absent };
}
