import { areaResolver, getDivisions } from '../area/table.ts';
import { type AreaCode, liesWithin } from '../core/division.ts';
import type { Household } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import { itemsInForce } from '../core/policy.ts';
import type { ReceiptRow } from '../core/receipt-row.ts';
import type { AnyReceipt } from '../core/receipt-village.ts';
import {
  allEvents,
  findNumbers,
  findPersons,
  loadFile,
  putRightIn,
  readStored,
  type Store,
} from '../household/table.ts';
import { inLanes } from '../lib/lanes.ts';
import { policiesFor } from '../policy/table.ts';
import { receiptsById, receiptsFor, saveReceipts } from '../receipt/table.ts';
import { formerVillages, villageReceipts } from '../receipt/village-table.ts';
import type { Register } from './receipt-who.ts';
import type { ReceiptPorts } from './receipts.ts';

/** Villages read at once. */
const LANES = 8;

/** Where taking in receipts reads and writes. */
export interface ReceiptStore {
  readonly store: Store;
  readonly area: string;
  readonly policy: string;
  /** Items in force, where not those that are published. */
  readonly items?: ReceiptPorts['items'] | undefined;
}

/** The tables of a deployment as taking in receipts sees them. */
export function receiptPortsOf(of: ReceiptStore): ReceiptPorts {
  const resolve = areaResolver(of.area);
  return {
    items: of.items ?? published(of.policy),
    register: async (area, { rows, villages }) => {
      const present = [area, ...(await resolve([area]))];
      return {
        within: (village: AreaCode) => present.some((code) => liesWithin(village, code)),
        villages: await getDivisions(of.area, villages),
        formerly: (village) => formerVillages(of.policy, village),
        ...(await registerOf(of.store, area.slice(0, 6), rows)),
      };
    },
    known: (ids) => receiptsById(of.policy, ids),
    standing: async ({ households, villages }) => {
      const own = await receiptsFor(of.policy, [...new Set(households)]);
      const ofVillages = await inLanes(
        [...new Set(villages)],
        LANES,
        async (village) => [village, await villageStanding(of.policy, village)] as const,
      );
      return new Map<string, readonly AnyReceipt[]>([...own, ...ofVillages]);
    },
    save: (steps) => saveReceipts(of.policy, steps),
  };
}

/** What a village has that is its own and was not withdrawn. */
async function villageStanding(table: string, village: AreaCode): Promise<readonly AnyReceipt[]> {
  const held = await villageReceipts(table, village);
  return held.flatMap(({ receipt, isPart }) =>
    isPart || receipt.withdrawn !== null ? [] : [receipt],
  );
}

const published =
  (policy: string): ReceiptPorts['items'] =>
  async (county, day) =>
    itemsInForce((await policiesFor(policy, county)).items, day, county);

const stated = (texts: readonly (string | null)[]) =>
  texts.flatMap((text) => (text === null ? [] : [text]));

async function registerOf(
  store: Store,
  county: AreaCode,
  rows: readonly ReceiptRow[],
): Promise<Omit<Register, 'within' | 'villages' | 'formerly'>> {
  const holders = await findPersons(store, stated(rows.map(({ identity }) => identity)));
  const numbers = [...new Set(stated(rows.map(({ householdNumber }) => householdNumber)))];
  const read = new Map<string, Promise<Household | undefined>>();
  const household = (id: string) => {
    const found = read.get(id) ?? readStored(store, id).then((file) => file?.household);
    read.set(id, found);
    return found;
  };
  return {
    holders,
    putRightIn: (identity) => putRightIn(store, identity),
    numbered: await findNumbers(store, county, numbers),
    household,
    relatives: async (id) => (await allEvents(store, id)).flatMap(othersIn),
    homeNow: async (id, person) => {
      const identity = (await loadFile(store, id))?.secrets.identities[person];
      const found = identity === undefined ? undefined : await findPersons(store, [identity]);
      const held = identity === undefined ? undefined : found?.get(identity);
      return held?.person === person ? held.household : undefined;
    },
  };
}

const RELATED: ReadonlySet<string> = new Set([
  'splitFrom',
  'splitInto',
  'mergedFrom',
  'mergedInto',
]);

/** Households that an event names beside its own. */
function othersIn({ changes }: HouseholdEvent): readonly string[] {
  return changes.flatMap(({ field, after }) =>
    RELATED.has(field) && typeof after === 'string' ? [after] : [],
  );
}
