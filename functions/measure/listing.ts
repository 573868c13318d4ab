import { listedIn, loansIn } from '../core/measure-sum.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { today } from '../lib/clock.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { type ListTables, pageOf, refuseAbove } from './list.ts';
import type * as spec from './spec.ts';

function filtersOf(asked: Readonly<Record<string, string | undefined>>) {
  return Object.entries(asked).flatMap(([id, value]) =>
    value === undefined ? [] : [{ id, value }],
  );
}

/** A page of measures. */
export async function listMeasures(
  tables: ListTables,
  { query }: Pick<Request<typeof spec.listRoute>, 'query'>,
): Promise<Answer | Refusal> {
  const { area, cursor, limit, ...filter } = query;
  const above = refuseAbove(area);
  if (above) return above;
  const page = await pageOf(tables, {
    ...{ question: { kind: 'measures', area, filters: filtersOf(filter) }, cursor, limit },
    today: today(),
    of: (helped) => listedIn(helped, filter, today()),
  });
  return isRefused(page) ? page : { body: page.ok };
}

/** A page of micro-credits that are not repaid. */
export async function listLoans(
  tables: ListTables,
  { query }: Pick<Request<typeof spec.loansRoute>, 'query'>,
): Promise<Answer | Refusal> {
  const { area, cursor, limit, ...filter } = query;
  const above = refuseAbove(area);
  if (above) return above;
  const page = await pageOf(tables, {
    ...{ question: { kind: 'loans', area, filters: filtersOf(filter) }, cursor, limit },
    today: today(),
    of: (helped) => loansIn(helped, filter, today()),
  });
  return isRefused(page) ? page : { body: page.ok };
}
