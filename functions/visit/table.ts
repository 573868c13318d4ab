import { createHash } from 'node:crypto';
import type { Visit } from '../core/visit.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  type Condition,
  getItem,
  type Item,
  queryAll,
  queryPage,
  transact,
} from '../lib/dynamo.ts';
import {
  type Digest,
  DigestItem,
  keyOf,
  type Photo,
  PhotoItem,
  type Pointer,
  PointerItem,
  V,
  VisitItem,
} from './item.ts';

export type { Digest, Photo, Pointer } from './item.ts';

/** How the content of a visit is told apart from other content. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export async function getPointer(table: string, id: string): Promise<Pointer | undefined> {
  const item = await getItem(table, keyOf.pointer(id));
  return item && PointerItem.parse(item);
}

/** A visit of a household as it stands now; undefined where that household has none under this id. */
export async function getVisit(
  table: string,
  household: string,
  id: string,
): Promise<Visit | undefined> {
  const pointer = await getPointer(table, id);
  if (pointer?.household !== household) return undefined;
  const item = await getItem(table, keyOf.visit({ household, heldOn: pointer.heldOn, id }));
  return item && visitOf(item);
}

/** Where a visit stood before its day was corrected, nothing stands. */
function visitOf(item: Item): Visit | undefined {
  if ('movedTo' in item) return undefined;
  const { v: _, ...visit } = VisitItem.parse(item);
  return visit;
}

export async function getDigest(table: string, household: string): Promise<Digest | undefined> {
  const item = await getItem(table, keyOf.digest(household));
  return item && DigestItem.parse(item);
}

/** When households were last visited; those never visited are missing. */
export async function digestsOf(
  table: string,
  households: readonly string[],
): Promise<ReadonlyMap<string, Digest>> {
  const items = await batchGet(table, households.map(keyOf.digest));
  return new Map(items.map((item) => [String(item.pk).slice(2), DigestItem.parse(item)]));
}

/** The day of the latest visit that was not withdrawn, one of them left out. */
export async function latestBut(
  table: string,
  household: string,
  but: string,
): Promise<string | null> {
  const query = { pk: keyOf.file(household), prefix: 'V#', reverse: true, consistent: true };
  for await (const item of queryAll(table, { ...query, limit: 20 })) {
    const visit = visitOf(item);
    if (visit && visit.id !== but && !visit.withdrawn) return visit.heldOn;
  }
  return null;
}

/** A page of the visits of a household, latest first, withdrawn ones included. */
export async function visitPage(
  table: string,
  household: string,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly visits: readonly Visit[]; readonly next?: string }> {
  const { items, next } = await queryPage(table, {
    pk: keyOf.file(household),
    prefix: 'V#',
    reverse: true,
    limit: page.limit,
    ...(page.after !== undefined && { after: page.after }),
  });
  const visits = items.flatMap((item) => visitOf(item) ?? []);
  return next === undefined ? { visits } : { visits, next };
}

/** What a visit said before, latest first. */
export async function earlierOf(
  table: string,
  { household, id }: Pick<Visit, 'household' | 'id'>,
): Promise<readonly Visit[]> {
  const found: Visit[] = [];
  const query = { pk: keyOf.file(household), prefix: `W#${id}#`, reverse: true };
  for await (const item of queryAll(table, query)) found.push(...[visitOf(item) ?? []].flat());
  return found;
}

export async function photosOf(
  table: string,
  visit: Pick<Visit, 'household' | 'id'>,
): Promise<readonly Photo[]> {
  const photos: Photo[] = [];
  const query = { pk: keyOf.file(visit.household), prefix: `P#${visit.id}#`, consistent: true };
  for await (const item of queryAll(table, query)) {
    const id = String(item.sk).slice(`P#${visit.id}#`.length);
    photos.push({ ...PhotoItem.parse(item), id });
  }
  return photos;
}

/** The actions that announce a photo; they fail where one of that id was announced. */
export function photoActions(
  table: string,
  visit: Pick<Visit, 'household' | 'id'>,
  { id, ...photo }: Photo,
): readonly Action[] {
  return [{ table, put: { ...keyOf.photo(visit, id), v: V.photo, ...photo }, when: absent }];
}

/** A version of a visit to be written, with the digest of its household. */
export interface VisitWrite {
  readonly before: Visit | undefined;
  readonly after: Visit;
  /** What it said first, and to whom that was answered. */
  readonly known: Pick<Pointer, 'content' | 'first'>;
  readonly digest: {
    readonly before: Digest | undefined;
    readonly after: Pick<Digest, 'lastOn' | 'count'>;
  };
}

export interface VisitTables {
  readonly care: string;
  readonly household: string;
}

/** A helper's visit is entered while the household is the helper's, and at no other time. */
function helpedBy(sub: string): Condition {
  return { expression: 'contains(helperSubs, :sub)', values: { ':sub': sub } };
}

function visitActions(table: string, { before, after, known }: VisitWrite): readonly Action[] {
  const when = before ? atVersion(before.version) : absent;
  const { household, heldOn, id, version } = after;
  const pointer: Pointer = { version, household, heldOn, ...known };
  const put = { ...keyOf.visit(after), v: V.visit, ...after };
  const moved = before && before.heldOn !== heldOn;
  return [
    { table, put: { ...keyOf.pointer(id), v: V.pointer, ...pointer }, when },
    { table, put },
    ...(moved
      ? [{ table, put: { ...keyOf.visit(before), v: V.moved, version, movedTo: heldOn } }]
      : []),
    ...(before ? [{ table, put: { ...keyOf.earlier(before), v: V.visit, ...before } }] : []),
  ];
}

/** `again`: something changed between reading and writing; `repeated`: an answer under the same key is there already. */
export type Written = 'written' | 'again' | 'repeated';

/**
 * Writes a version of a visit, what it was before, and when its household was last visited, all or none.
 * @param also actions that keep the answer
 * @param helper the token of the helper that enters it, where one does
 */
export async function writeVisit(
  tables: VisitTables,
  write: VisitWrite,
  { also, helper }: { readonly also: readonly Action[]; readonly helper: string | undefined },
): Promise<Written> {
  const { care, household } = tables;
  const { after, digest } = write;
  const { before } = digest;
  const next = { ...digest.after, version: (before?.version ?? 0) + 1 };
  const actions: readonly Action[] = [
    ...also,
    ...visitActions(care, write),
    {
      table: care,
      put: { ...keyOf.digest(after.household), v: V.digest, ...next },
      when: before ? atVersion(before.version) : absent,
    },
    ...(helper === undefined
      ? []
      : [
          {
            table: household,
            check: { pk: `H#${after.household}`, sk: '0' },
            when: helpedBy(helper),
          },
        ]),
  ];
  const obstacles = await transact(actions);
  if (obstacles.length === 0) return 'written';
  return obstacles.some(({ index }) => index < also.length) ? 'repeated' : 'again';
}
