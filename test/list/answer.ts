import * as z from 'zod';
import type { Roster, VillageProfile } from '../../functions/core/roster.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { SAMPLE_COUNTY, SAMPLE_DAY } from '../support/sample.ts';
import { settleSample } from './sample-county.ts';

const Result = z.object({ statusCode: z.number(), body: z.string() });

export const office = { sub: 'clerk', role: 'office', areas: SAMPLE_COUNTY };

/** The sample county with everything counted and listed, and the functions that show it. */
export interface Shown {
  readonly tables: Tables;
  readonly rosters: readonly Roster[];
  readonly profiles: ReadonlyMap<string, VillageProfile>;
  /** Calls the function of a board, a list of villages, households or persons. */
  answer(
    link: string,
    claims?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: string }>;
}

export async function showSample(): Promise<Shown> {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${SAMPLE_DAY}T01:00:00Z`) - Date.now());
  process.env.RECOUNT_QUEUE = 'http://127.0.0.1:9/recount';
  const tables = await freshTables();
  const settled = await settleSample(tables);
  const [boards, lists] = await Promise.all([
    import('../../functions/board/handler.ts'),
    import('../../functions/list/handler.ts'),
  ]);
  return {
    tables,
    ...settled,
    answer: async (link, claims = office) => {
      const { pathname, searchParams } = new URL(link, 'http://localhost');
      const board = /^\/areas\/(\d+)\/board$/.exec(pathname);
      const event = {
        routeKey: `GET ${board ? '/areas/{code}/board' : pathname}`,
        headers: {},
        pathParameters: board ? { code: board[1] } : {},
        queryStringParameters: Object.fromEntries(searchParams),
        requestContext: { requestId: 'r', authorizer: { jwt: { claims } } },
      };
      const { handler } = board || pathname === '/villages' ? boards : lists;
      const { statusCode, body } = Result.parse(
        await Reflect.apply(handler, undefined, [event, {}]),
      );
      return { status: statusCode, body };
    },
  };
}
