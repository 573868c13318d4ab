import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Store } from '../../functions/household/table.ts';
import { freshBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { importer } from '../support/importer.ts';
import { SAMPLE_DAY } from '../support/sample.ts';
import { office } from './answer.ts';

const Result = z.object({ statusCode: z.number(), body: z.string() });
const files = [
  ['divisions', 'divisions.csv'],
  ['registry', '贫困人口台账.xlsx'],
  ['villages', '贫困村台账.xlsx'],
] as const;

/** The sample county as the import makes it, at its own day, and the functions that show it. */
export interface ImportedCounty {
  readonly tables: Tables;
  readonly store: Store;
  ask(
    link: string,
    claims?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly json: Record<string, unknown> }>;
  close(): Promise<void>;
}

export async function importSample(): Promise<ImportedCounty> {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${SAMPLE_DAY}T01:00:00Z`) - Date.now());
  const bucket = await freshBucket();
  const tables = await freshTables();
  const county = importer(tables);
  for (const [kind, fileName] of files)
    await county.apply(await county.plan(readFileSync(`sample/${fileName}`), { kind, fileName }));
  const [boards, lists] = await Promise.all([
    import('../../functions/board/handler.ts'),
    import('../../functions/list/handler.ts'),
  ]);
  return {
    tables,
    store: county.store,
    ask: async (link, claims = office) => {
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
      const answered = await Reflect.apply(handler, undefined, [event, {}]);
      const { statusCode, body } = Result.parse(answered);
      return {
        status: statusCode,
        json: z.record(z.string(), z.unknown()).parse(JSON.parse(body)),
      };
    },
    close: () => bucket.close(),
  };
}
