import { Case } from '../core/case.ts';
import type { AreaCode } from '../core/division.ts';
import { Procedure } from '../core/procedure.ts';
import type { ProcedureKind } from '../core/procedure-kind.ts';
import { type Action, absent, atVersion, batchGet, getItem, queryAll } from '../lib/dynamo.ts';

/** Versions of the shapes stored here. */
export const V = { case: 1, pointer: 1, procedure: 1 } as const;

const keyOf = (id: string) => ({ pk: `P#${id}`, sk: '0' });
const place = (version: number) => String(version).padStart(6, '0');

export async function getCase(table: string, id: string): Promise<Case | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && Case.parse(item);
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
  const put = { ...keyOf(after.id), v: V.case, ...after };
  if (before) return [{ table, put, when: atVersion(before.version) }];
  return [
    { table, put, when: absent },
    { table, put: { pk: `B#${aboutOf(after)}`, sk: after.id, v: V.pointer } },
  ];
}

/** Every case of a household or village, latest first. */
export async function casesOf(table: string, subject: string): Promise<readonly Case[]> {
  const ids: string[] = [];
  for await (const { sk } of queryAll(table, { pk: `B#${subject}`, consistent: true }))
    ids.push(String(sk));
  const items = await batchGet(table, ids.map(keyOf), true);
  return items
    .map((item) => Case.parse(item))
    .toSorted((one, other) => (one.openedAt < other.openedAt ? 1 : -1));
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
