import { freshBucket, type TestBucket } from './bucket.ts';
import { freshTables, type Tables } from './database.ts';
import { functionEnvironment } from './import-functions.ts';
import { type Importer, importer } from './importer.ts';
import { COUNTY, divisionsCsv } from './ledger.ts';
import { freshPost, type Post } from './post.ts';

/** What a function of imports may take of its gigabyte, in MB. */
export const MEMORY = 512;
/** A heap of half of that: what is not in use is taken away before, and one that does not suffice ends the process. */
const HEAP = `--max-old-space-size=${MEMORY / 2}`;

export const townClerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
export const countyOffice = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;

/** Tables, bucket and queue of imports whose functions run in processes of their own. */
export interface ImportGround {
  readonly bucket: TestBucket;
  readonly post: Post;
  readonly tables: Tables;
  readonly importer: Importer;
  /** What those functions find in their environment; their heap is bounded unless told otherwise. */
  environment(option?: string): Promise<NodeJS.ProcessEnv>;
  close(): Promise<void>;
}

/** Nothing is registered there yet, not even a division. */
export async function importGround(): Promise<ImportGround> {
  const bucket = await freshBucket();
  const post = await freshPost();
  const tables = await freshTables();
  return {
    bucket,
    post,
    tables,
    importer: importer(tables, new Date()),
    environment: (option = HEAP) => functionEnvironment({ tables, bucket, post }, option),
    close: async () => {
      await post.close();
      await bucket.close();
    },
  };
}

/** The same with the divisions of the county of made-up ledgers. */
export async function countyGround(): Promise<ImportGround> {
  const ground = await importGround();
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  const planned = await ground.importer.plan(divisionsCsv(), about, townClerk);
  await ground.importer.applyBy(countyOffice, planned);
  return ground;
}
