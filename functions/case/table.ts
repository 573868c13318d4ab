import { Case } from '../core/case.ts';
import type { AreaCode } from '../core/division.ts';
import { Procedure } from '../core/procedure.ts';
import type { ProcedureKind } from '../core/procedure-kind.ts';
import { type Action, absent, atVersion, batchGet, type Item, queryAll } from '../lib/dynamo.ts';

/** Versions of the shapes stored here. */
export const V = { case: 1, terms: 1, pointer: 1, procedure: 1 } as const;

const partitionOf = (id: string) => `P#${id}`;
const keysOf = (id: string) => ['0', '1'].map((sk) => ({ pk: partitionOf(id), sk }));
const place = (version: number) => String(version).padStart(6, '0');

/** The steps of a case never change and are written once; each step writes what does change, which costs by its size. */
export const CaseTerms = Case.pick({ steps: true, procedure: true });
export const CaseState = Case.omit({ steps: true, procedure: true });

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

/** Every case of a household or village, latest first. */
export async function casesOf(table: string, subject: string): Promise<readonly Case[]> {
  const ids: string[] = [];
  for await (const { sk } of queryAll(table, { pk: `B#${subject}`, consistent: true }))
    ids.push(String(sk));
  const items = await batchGet(table, ids.flatMap(keysOf), true);
  const byCase = Map.groupBy(items, ({ pk }) => pk);
  return [...byCase.values()]
    .flatMap((parts) => caseOf(parts) ?? [])
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
