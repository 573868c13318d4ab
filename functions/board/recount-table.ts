import type { AreaCode } from '../core/division.ts';
import { isAbout, Recount, RecountChunk } from '../core/drift.ts';
import { now } from '../lib/clock.ts';
import { absent, atVersion, getItem, putItem, queryAll, queryPage } from '../lib/dynamo.ts';

/** Version of the shapes stored here. */
const V = 1;

/** How long the account of a recount is kept, in seconds (90 days); longer than re-banding looks back. */
const KEPT_SECONDS = 90 * 86_400;

const expiry = () => ({ expiresAt: Math.floor(now().getTime() / 1000) + KEPT_SECONDS });
const partition = (id: string) => `J#${id}`;
const place = (chunk: number) => `C#${String(chunk).padStart(6, '0')}`;
const inCounty = (county: AreaCode) => `R#${county}`;

export async function getRecount(table: string, id: string): Promise<Recount | undefined> {
  const item = await getItem(table, { pk: partition(id), sk: '0' });
  return item && Recount.parse(item);
}

/** Makes a recount exist, its chunks and its place among the county's recounts first; false when it does already. */
export async function newRecount(
  table: string,
  recount: Recount,
  chunks: readonly RecountChunk[],
): Promise<boolean> {
  for (const chunk of chunks) await putChunk(table, recount.id, chunk);
  const sk = `${recount.startedAt}#${recount.id}`;
  await putItem(table, {
    pk: inCounty(recount.county),
    sk,
    v: V,
    ...expiry(),
    recount: recount.id,
  });
  return putItem(
    table,
    { pk: partition(recount.id), sk: '0', v: V, ...expiry(), ...recount },
    absent,
  );
}

/** Puts the next state of a recount; false when another message was faster. */
export function saveRecount(
  table: string,
  before: Recount,
  next: Partial<Recount>,
): Promise<boolean> {
  const item = { ...before, ...next, version: before.version + 1 };
  return putItem(
    table,
    { pk: partition(before.id), sk: '0', v: V, ...expiry(), ...item },
    atVersion(before.version),
  );
}

export async function getChunks(table: string, id: string): Promise<readonly RecountChunk[]> {
  const chunks: RecountChunk[] = [];
  for await (const item of queryAll(table, { pk: partition(id), prefix: 'C#', consistent: true }))
    chunks.push(RecountChunk.parse(item));
  return chunks;
}

export async function getChunk(
  table: string,
  id: string,
  chunk: number,
): Promise<RecountChunk | undefined> {
  const item = await getItem(table, { pk: partition(id), sk: place(chunk) });
  return item && RecountChunk.parse(item);
}

export async function putChunk(table: string, id: string, chunk: RecountChunk): Promise<void> {
  await putItem(table, { pk: partition(id), sk: place(chunk.chunk), v: V, ...expiry(), ...chunk });
}

/** Recounts looked through for one that is about an area: nobody asks for more of them in a few days. */
const MOST_RECOUNTS = 100;

/** The recount of a county that began last and looked at an area, or at a part of it. */
export async function latestRecount(
  table: string,
  county: AreaCode,
  area: AreaCode,
): Promise<Recount | undefined> {
  const { items } = await queryPage(table, {
    pk: inCounty(county),
    reverse: true,
    limit: area.length <= county.length ? 1 : MOST_RECOUNTS,
    consistent: true,
  });
  for (const { recount: id } of items) {
    const found = typeof id === 'string' ? await getRecount(table, id) : undefined;
    if (found && isAbout(found.area, area)) return found;
  }
  return undefined;
}
