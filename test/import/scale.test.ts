import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { uploadKey } from '../../functions/import/place.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { COUNTY, divisionsCsv, households, ledgerBook } from '../support/ledger.ts';
import { freshPost, type Post } from '../support/post.ts';
import { keyFile } from '../support/store.ts';

/** Persons in the ledger: a county of that size is read by `npm run soak`, a town otherwise. */
const PERSONS = process.env.SOAK ? 100_000 : 5000;
/** What the reader may take of its gigabyte, in MB. */
const MEMORY = 512;
const SECONDS = 900;
const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
let bucket: TestBucket;
let post: Post;
let tables: Tables;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  post = await freshPost();
  tables = await freshTables();
  county = importer(tables, new Date());
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), about, clerk));
});
afterAll(async () => {
  await post.close();
  await bucket.close();
});

const run = promisify(execFile);

/** Runs the reader's entry as its platform does: a process of its own, everything by environment. */
async function readAlone(id: string): Promise<number> {
  const database = await (await fetch(inject('dynamoBroker'))).text();
  const env = {
    PATH: process.env.PATH,
    STAGE: 'local',
    LOCAL_KEY_FILE: keyFile,
    JOB_TABLE: tables.job,
    IDENTITY_TABLE: tables.identity,
    AREA_TABLE: tables.area,
    BUCKET: bucket.bucket,
    IMPORT_QUEUE: `${post.url}/queue/import`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ENDPOINT_URL_SQS: post.url,
  };
  const { stdout } = await run(process.execPath, ['test/support/read-alone.ts', uploadKey(id)], {
    env,
  });
  return Number(stdout.trim().split('\n').at(-1));
}

test(
  'a long ledger with its rows scattered is read within the memory and the time of its function',
  async () => {
    const families = households(PERSONS);
    // Heads first, then everyone else: every household is torn apart over the whole file.
    const persons = families
      .flat()
      .toSorted((one, two) => Number(two.relation === '户主') - Number(one.relation === '户主'));
    const file = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
    const id = await county.upload(ledgerBook(persons), file, clerk);
    const began = performance.now();
    const peak = await readAlone(id);
    expect(peak).toBeLessThan(MEMORY);
    expect((performance.now() - began) / 1000).toBeLessThan(SECONDS);
    const found = await county.load(id);
    expect(found.fault).toBeUndefined();
    expect(found).toMatchObject({ state: 'matching' });
    expect(found.chunks).toBeGreaterThanOrEqual(Math.floor(families.length / 50));
    expect(post.sent.map((text) => JSON.parse(text))).toEqual([{ import: id, phase: 'match' }]);
    if (process.env.SOAK) return;
    county.queue.push(...post.sent.map((text) => JSON.parse(text)));
    await county.drain();
    const planned = await county.load(id);
    expect(planned.counts?.rows).toMatchObject({ new: persons.length, refused: 0 });
    expect(planned.counts?.entries.new).toBe(families.length);
  },
  SECONDS * 1000,
);
