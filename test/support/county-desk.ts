import * as z from 'zod';
import { type BulkAction, BulkResult, type BulkRow } from '../../functions/core/case-bulk.ts';
import { CaseTaken, CaseView } from '../../functions/core/case-view.ts';
import type { County } from './county.ts';
import { inParallel, membersOf } from './figures.ts';

/** One request of an office. */
export interface Sent {
  readonly by: string;
  readonly body: unknown;
  readonly method?: 'POST' | 'PUT';
  readonly version?: number;
  readonly key?: string;
}

const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ field: z.string().optional(), code: z.string() })).optional(),
});
const Answer = z.object({ status: z.number(), body: z.unknown() });
export type Act = BulkAction['act'];

/** A step that passed. */
export function passed(step: string, given: object = {}): Act {
  const act = { kind: 'step', procedure: 'household-exit', step, outcome: 'passed', ...given };
  return z.custom<Act>().parse(act);
}

/** Offices of a county over HTTP, each person with a token of their own. */
export function countyDesk(county: County) {
  const send = async (path: string, { by, body, method = 'POST', version, key }: Sent) => {
    const answer = await fetch(`${county.run.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${by}`,
        'content-type': 'application/json',
        ...(method === 'POST' && { 'idempotency-key': key ?? crypto.randomUUID() }),
        ...(version !== undefined && { 'if-match': `"${version}"` }),
      },
      body: JSON.stringify(body),
    });
    return Answer.parse({ status: answer.status, body: await answer.json() });
  };
  /** A change that must be done. */
  const done = async (path: string, sent: Sent): Promise<unknown> => {
    const { status, body } = await send(path, sent);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  /** A change that must be refused: its code, and what each fault is. */
  const refused = async (path: string, sent: Sent): Promise<readonly string[]> => {
    const { status, body } = await send(path, sent);
    if (status < 400) throw new Error(`${path} was done: ${JSON.stringify(body)}`);
    const { code, errors = [] } = Problem.parse(body);
    return [
      code,
      ...errors.map((fault) => `${fault.field} ${fault.code.replace('criterion-', '')}`),
    ];
  };
  const bulk = async (by: string, body: BulkAction, key?: string): Promise<BulkResult> =>
    BulkResult.parse(await done('/bulk-actions', { by, body, ...(key !== undefined && { key }) }));
  const show = async (id: string): Promise<CaseView> =>
    CaseView.parse(await county.ask(`/cases/${id}`));
  /** What is entered about one case, at the version it stands at. */
  const enter = async (id: string, path: string, sent: Sent) => {
    const { version } = await show(id);
    return CaseTaken.parse(await done(`/cases/${id}/${path}`, { ...sent, version }));
  };
  const step = (id: string, { by, ...given }: { by: string; step: string }) =>
    enter(id, 'steps', { by, body: { outcome: 'passed', ...given } });
  return { send, done, refused, bulk, show, enter, step };
}
export type CountyDesk = ReturnType<typeof countyDesk>;

/** Tokens of one person in each of these towns, by town. */
export async function peopleOf(
  county: County,
  towns: readonly string[],
  who: string,
): Promise<ReadonlyMap<string, string>> {
  const tokens = towns.map((town) => county.token(town, 'office', `${who}-${town}`));
  const made = await Promise.all(tokens);
  return new Map(towns.map((town, at) => [town, made[at] ?? '']));
}

/** The same action in several towns at once, each by its own office; all rows together. */
export async function inTowns(
  desk: CountyDesk,
  towns: ReadonlyMap<string, string>,
  given: Pick<BulkAction, 'filters' | 'act'>,
): Promise<readonly BulkRow[]> {
  const rows: BulkRow[] = [];
  await inParallel(4, [...towns], async ([area, by]) => {
    const result = await desk.bulk(by, { area, ...given });
    if (result.more || result.waiting > 0) throw new Error(`${area} was not done in one action`);
    rows.push(...result.rows);
  });
  return rows;
}

/** Numbers of households whose row came out so, in order. */
export function numbersOf(
  rows: readonly BulkRow[],
  outcome: BulkRow['outcome'],
): readonly string[] {
  return rows
    .filter((row) => row.outcome === outcome)
    .map(({ number }) => number ?? '')
    .toSorted();
}

const Numbered = z.looseObject({ number: z.string() });

/** Numbers of the households of a list, in order. */
export async function listed(county: County, list: string): Promise<readonly string[]> {
  const members = await membersOf(county, list);
  return members.map((member) => Numbered.parse(member).number).toSorted();
}

/** Why each refused household was refused: number -> criteria with `not-met` or `unknown`, or the code where it was no lack of proof. */
export function reasonsOf(rows: readonly BulkRow[]): ReadonlyMap<string, string> {
  const refused = rows.filter(({ outcome }) => outcome === 'refused');
  return new Map(
    refused.map(({ number, code, errors }) => [
      number ?? '',
      code === 'exit-not-proven'
        ? errors.map((fault) => `${fault.field} ${fault.code.replace('criterion-', '')}`).join()
        : String(code),
    ]),
  );
}
