import * as z from 'zod';
import { ancestorAt } from '../core/division.ts';
import { Helper, HelperEvent } from '../core/helper.ts';
import type { HelperChange } from '../core/helper-change.ts';
import { Delivery, nameOfSubject, Pairing } from '../core/pairing.ts';
import type { HelperFile } from '../core/pairing-change.ts';
import { type Action, absent, atVersion, type Item, queryAll, queryPage } from '../lib/dynamo.ts';
import type { Keys } from '../lib/keys.ts';
import { Bytes } from '../lib/keys-wrap.ts';
import { keyOf, V } from './item.ts';

/** A helper as stored: the phone sealed, null where none is known. */
export const HelperItem = Helper.extend({ v: z.literal(V.helper), sealed: Bytes.nullable() });

/** A helper with its pairings and the sealed phone, which stays sealed while other things change. */
export interface StoredHelper extends HelperFile {
  readonly sealed: Uint8Array | null;
}

/** A helper with all its pairings, without deliveries and events. */
export async function loadHelper(table: string, id: string): Promise<StoredHelper | undefined> {
  const items: Item[] = [];
  const query = { pk: keyOf.file(id), between: ['0', '1~'], consistent: true } as const;
  for await (const item of queryAll(table, query)) items.push(item);
  const [first, ...others] = items;
  if (first?.sk !== '0') return undefined;
  const { sealed } = HelperItem.parse(first);
  const pairings = others.map((item) => Pairing.parse(item));
  return { helper: Helper.parse(first), pairings, sealed };
}

/** What came of a pairing, in the order of days. */
export async function deliveriesOf(
  table: string,
  { helper, id }: Pick<Pairing, 'helper' | 'id'>,
): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  const query = { pk: keyOf.file(helper), prefix: keyOf.deliveries(id), consistent: true };
  for await (const item of queryAll(table, query)) found.push(Delivery.parse(item));
  return found;
}

/** A page of what happened to a helper, newest first, after the version given. */
export async function helperEvents(
  table: string,
  helper: string,
  page: { readonly before?: number; readonly limit: number },
): Promise<{ readonly events: readonly HelperEvent[]; readonly next?: number }> {
  const after = page.before === undefined ? '3#' : keyOf.event(helper, page.before).sk;
  const { items, next } = await queryPage(table, {
    pk: keyOf.file(helper),
    after,
    limit: page.limit,
  });
  const events = items.map((item) => HelperEvent.parse(item));
  const last = events.at(-1);
  return next === undefined || !last ? { events } : { events, next: last.version };
}

function pairingActions(table: string, helper: Helper, pairing: Pairing): readonly Action[] {
  const county = ancestorAt(helper.area, 'county');
  const keys = [
    keyOf.pairing(helper.id, pairing.id),
    keyOf.bySubject(nameOfSubject(pairing.subject), pairing.id),
    keyOf.inCounty(county, pairing.id),
  ];
  return keys.map((key) => ({ table, put: { ...key, v: V.pairing, ...pairing } }));
}

/**
 * The actions that write a helper's next version, on condition of the one it started from: pairings are put where the helper, the household
 * or village, and the county find them.
 */
export function helperActions(
  table: string,
  { before, helper, pairings, deliveries, event }: HelperChange,
  sealed: Uint8Array | null,
): readonly Action[] {
  const head = { ...keyOf.helper(helper.id), v: V.helper, ...helper, sealed };
  const listed = keyOf.listed(ancestorAt(helper.area, 'county'), helper.kind, helper.id);
  const happened = { ...keyOf.event(helper.id, helper.version), v: V.event, ...event };
  return [
    { table, put: head, when: before ? atVersion(before.version) : absent },
    { table, put: { ...listed, v: V.helper, ...helper } },
    { table, put: happened, when: absent },
    ...pairings.flatMap((pairing) => pairingActions(table, helper, pairing)),
    ...deliveries.map((one): Action => {
      return {
        table,
        put: { ...keyOf.delivery(helper.id, one), v: V.delivery, ...one },
        when: absent,
      };
    }),
  ];
}

/** Seals a helper's phone; null where there is none. */
export async function sealPhone(
  keys: Keys,
  { id, area }: Pick<Helper, 'id' | 'area'>,
  phone: string | null,
): Promise<Uint8Array | null> {
  if (phone === null) return null;
  const about = { record: id, county: ancestorAt(area, 'county'), shape: 1 };
  return keys.seal(about, Buffer.from(phone, 'utf8'));
}

/** The full number, for the few who may ask. */
export async function openPhone(
  keys: Keys,
  helper: string,
  sealed: Uint8Array | null,
): Promise<string | null> {
  return sealed && Buffer.from(await keys.open(helper, sealed)).toString('utf8');
}

/** Everything that came of a helper's pairings. */
export async function allDeliveries(table: string, helper: string): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  const query = { pk: keyOf.file(helper), prefix: '2#', consistent: true };
  for await (const item of queryAll(table, query)) found.push(Delivery.parse(item));
  return found;
}

/** Events that made later versions of a helper, newest first. */
export async function eventsSince(
  table: string,
  helper: string,
  version: number,
): Promise<readonly HelperEvent[]> {
  const found: HelperEvent[] = [];
  const between = ['3#', keyOf.event(helper, version + 1).sk] as const;
  for await (const item of queryAll(table, { pk: keyOf.file(helper), between, consistent: true }))
    found.push(HelperEvent.parse(item));
  return found;
}

/** The helpers of some kinds that a county keeps, as its directory has them. */
export async function listedHelpers(
  table: string,
  county: string,
  kinds: readonly string[],
): Promise<readonly Helper[]> {
  const found: Helper[] = [];
  for (const kind of kinds) {
    const query = { pk: keyOf.directory(county), prefix: `${kind}#`, consistent: true };
    for await (const item of queryAll(table, query)) found.push(Helper.parse(item));
  }
  return found;
}

/** The helpers a county, city or province keeps, and the pairings of these, as its directory has them. */
export interface Directory {
  readonly helpers: readonly Helper[];
  readonly pairings: readonly Pairing[];
}

/** Everything in the directories of these codes; undefined where it is more than `most` rows. */
export async function readDirectory(
  table: string,
  codes: readonly string[],
  most: number,
): Promise<Directory | undefined> {
  const helpers: Helper[] = [];
  const pairings: Pairing[] = [];
  for (const code of new Set(codes)) {
    for await (const item of queryAll(table, { pk: keyOf.directory(code) })) {
      if (helpers.length + pairings.length >= most) return undefined;
      if (String(item.sk).startsWith('pairing#')) pairings.push(Pairing.parse(item));
      else helpers.push(Helper.parse(item));
    }
  }
  return { helpers, pairings };
}
