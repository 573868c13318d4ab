import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import type { ImportFault } from '../core/import-reason.ts';
import {
  type AnyWanted,
  decideReceipt,
  receiptAfter,
  referenceKey,
  remarksOn,
  remarksOnMore,
  sameness,
  type WantedVillageReceipt,
  wantReceipt,
  wantVillageReceipt,
} from '../core/receipt-decide.ts';
import { type Beneficiary, findItem, type ReceiptItem } from '../core/receipt-match.ts';
import { ReceiptRow } from '../core/receipt-row.ts';
import type { AnyReceipt } from '../core/receipt-village.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { lettersFrom } from '../lib/id.ts';
import { inLanes } from '../lib/lanes.ts';
import type { ReceiptStep } from '../receipt/table.ts';
import {
  type Holders,
  holderOf,
  holdersOf,
  type Register,
  refuseVillage,
  whoseIs,
  whoseStill,
} from './receipt-who.ts';
import type { Kind, Planned } from './work.ts';

/** What taking in receipts needs. */
export interface ReceiptPorts {
  /** Policy items in force in a county on a day. */
  items(county: AreaCode, day: Day): Promise<readonly ReceiptItem[]>;
  /** The register for the rows of a chunk, and the villages they name. */
  register(
    area: AreaCode,
    of: { readonly rows: readonly ReceiptRow[]; readonly villages: readonly AreaCode[] },
  ): Promise<Register>;
  /** Receipts by id; unknown ones are missing. */
  known(ids: readonly string[]): Promise<ReadonlyMap<string, AnyReceipt>>;
  /** What households and villages received, without what was withdrawn. */
  standing(of: Holders): Promise<ReadonlyMap<string, readonly AnyReceipt[]>>;
  /** Writes receipts; returns the ids of those that somebody else wrote meanwhile. */
  save(steps: readonly ReceiptStep[]): Promise<readonly string[]>;
}

/** Rows under way at once. */
const LANES = 8;
/** Refusals that say that the registry knows otherwise, not that the row is wrong. */
const CONFLICTS: ReadonlySet<string> = new Set(['receipt-household-differs', 'area-closed']);

export function receiptsKind(ports: ReceiptPorts): Kind {
  return {
    inOrder: false,
    match: async (found, entries) => {
      const judged = await judge(ports, found, entries);
      const standing = await ports.standing(holdersOf(judged.flatMap((one) => newIn(one) ?? [])));
      return judged.map((one) => remarked(one, standing));
    },
    apply: (found, items) => applyReceipts(ports, found, items),
  };
}

/** A row that was matched with somebody. */
interface Matched {
  readonly row: ReceiptRow;
  /** Whose it is; null where it is a village's. */
  readonly who: Beneficiary | null;
  readonly wanted: AnyWanted;
  readonly id: string;
  /** The same receipt as it would have been told of a village under its former codes. */
  readonly formerly: readonly { readonly id: string; readonly wanted: WantedVillageReceipt }[];
}

/** What becomes of a row; `matched` is missing where it is given back before anything of it is looked up. */
interface Judged {
  readonly decision: Decision;
  readonly matched?: Matched;
  readonly known?: AnyReceipt | undefined;
}

/** Cells in which the reason of a refusal lies; whose a row is may be wrong in any of several. */
const FIELDS: Readonly<Record<string, string>> = {
  'receipt-item-unknown': 'item',
  'receipt-item-ambiguous': 'item',
  'receipt-item-village': 'item',
  'receipt-item-household': 'item',
  'receipt-amount-missing': 'amount',
  'receipt-amount-large': 'amount',
  'receipt-period': 'period',
  'village-outside': 'village',
  'area-closed': 'village',
};

/** Money that is new to its household, or village. */
function newIn({ decision, matched }: Judged): AnyWanted | undefined {
  return decision.outcome === 'new' && matched?.wanted.amountFen ? matched.wanted : undefined;
}

function remarked(judged: Judged, standing: ReadonlyMap<string, readonly AnyReceipt[]>): Decision {
  const { decision } = judged;
  const wanted = newIn(judged);
  if (!wanted) return decision;
  const more = remarksOnMore(wanted, standing.get(holderOf(wanted)) ?? []);
  return { ...decision, remarks: [...(decision.remarks ?? []), ...more] };
}

function faultOf({ refused: code, values }: Refusal): ImportFault {
  const field = FIELDS[code];
  return { code, ...(field && { field }), ...(values && { values: { ...values } }) };
}

function refusedBy(refusals: readonly Refusal[]): Judged {
  const isConflict = refusals.every(({ refused }) => CONFLICTS.has(refused));
  const outcome = isConflict ? 'conflicting' : 'refused';
  return { decision: { outcome, faults: refusals.map(faultOf) } };
}

type ItemsOn = (day: Day) => Promise<readonly ReceiptItem[]>;

/** Most rows of a file were paid on a few days. */
function itemsByDay(ports: Pick<ReceiptPorts, 'items'>, place: AreaCode): ItemsOn {
  const known = new Map<Day, Promise<readonly ReceiptItem[]>>();
  return (day) => {
    const found = known.get(day) ?? ports.items(place, day);
    known.set(day, found);
    return found;
  };
}

interface Given {
  readonly row: ReceiptRow;
  /** Code of the village it names; empty where it names a household or person. */
  readonly village: AreaCode;
}

interface Ground {
  readonly known: ReceiptPorts['known'];
  readonly register: Register;
  readonly items: ItemsOn;
  /** County of the file. */
  readonly place: AreaCode;
}

const idOf = (wanted: AnyWanted, place: AreaCode) => `rc_${lettersFrom(sameness(wanted, place))}`;

/** A row that names a village. What is known of it under a former code is the same receipt. */
async function matchVillage(
  { row, village }: Given,
  { register, items, place }: Ground,
): Promise<Matched | Judged> {
  const item = findItem(await items(row.on), row);
  const closed = refuseVillage(register, village);
  if (isRefused(item) || closed) {
    return refusedBy([item, closed].flatMap((one) => (one && isRefused(one) ? [one] : [])));
  }
  const asked = { row, item: item.ok, place, village };
  const wanted = wantVillageReceipt(asked, { sheet: row.sheet, row: row.row });
  if (isRefused(wanted)) return refusedBy([wanted]);
  const codes = await register.formerly(village);
  const then = codes.map((code) => ({ ...wanted.ok, village: code }));
  const formerly = then.map((one) => ({ id: idOf(one, place), wanted: one }));
  return { row, who: null, wanted: wanted.ok, id: idOf(wanted.ok, place), formerly };
}

/** Whose a row of nobody is by what is known under its reference. */
async function whoseKnown(row: ReceiptRow, item: ReceiptItem, { known, register, place }: Ground) {
  const { reference, department } = row;
  if (reference === null || row.identity === null) return refuse('receipt-nobody');
  const told = { reference, department: department ?? item.department };
  const id = `rc_${lettersFrom(referenceKey(told, place))}`;
  const receipt = (await known([id])).get(id);
  if (!receipt || 'village' in receipt) return refuse('receipt-nobody');
  return whoseStill(register, row, receipt);
}

/** Everything that is wrong with whose and what a row is comes back at once. */
async function matchRow(given: Given, ground: Ground): Promise<Matched | Judged> {
  if (given.village !== '') return matchVillage(given, ground);
  const { row } = given;
  const { register, items, place } = ground;
  const item = findItem(await items(row.on), row);
  const found = await whoseIs(register, row);
  const isNobody = isRefused(found) && found.refused === 'receipt-nobody';
  const who = isNobody && !isRefused(item) ? await whoseKnown(row, item.ok, ground) : found;
  if (isRefused(item) || isRefused(who)) {
    return refusedBy([item, who].flatMap((one) => ('refused' in one ? [one] : [])));
  }
  const wanted = wantReceipt({ row, item: item.ok, who: who.ok, place });
  if (isRefused(wanted)) return refusedBy([wanted]);
  const id = idOf(wanted.ok, place);
  return { row, who: who.ok, wanted: wanted.ok, id, formerly: [] };
}

/** The row as what is known of it, by whichever code of its village. */
function asKnown(one: Matched, known: ReadonlyMap<string, AnyReceipt>): Matched {
  const found = one.formerly.find(({ id, wanted }) => {
    const receipt = known.get(id);
    return receipt && 'village' in receipt && receipt.village === wanted.village;
  });
  return { ...one, ...found };
}

async function judge(
  ports: ReceiptPorts,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<readonly Judged[]> {
  const place = found.area.slice(0, 6);
  const given = entries.map((entry): Given => {
    return { row: ReceiptRow.parse(entry.wanted), village: entry.place };
  });
  const villages = given.flatMap(({ village }) => (village === '' ? [] : [village]));
  const rows = given.map(({ row }) => row);
  const register = await ports.register(found.area, { rows, villages });
  const ground = { known: ports.known, register, items: itemsByDay(ports, place), place };
  const matched = await inLanes(given, LANES, (one) => matchRow(one, ground));
  const ids = matched.flatMap((one) =>
    'id' in one ? [one.id, ...one.formerly.map(({ id }) => id)] : [],
  );
  const known = await ports.known(ids);
  const seen = new Map<string, number>();
  return matched.map((found): Judged => {
    if (!('id' in found)) return found;
    const one = asKnown(found, known);
    const first = seen.get(one.id);
    seen.set(one.id, first ?? one.row.row);
    // Told once by number and once by identity number, so that only now it turns out to be the same.
    if (first !== undefined) {
      return refusedBy([{ refused: 'receipt-twice', values: { rows: String(first) } }]);
    }
    const before = known.get(one.id);
    return { decision: decisionOn(one, before), matched: one, known: before };
  });
}

function decisionOn({ id, wanted, who }: Matched, known: AnyReceipt | undefined): Decision {
  return {
    ...decideReceipt(known, wanted),
    remarks: who ? [...remarksOn(who, wanted.on)] : [],
    target: { id, version: known?.version ?? 0 },
    known:
      'village' in wanted
        ? { village: wanted.village }
        : { household: wanted.household, person: wanted.person ?? '' },
  };
}

/** What a planned row does now: `late` where that is not what was approved. */
function stepOf(
  found: Import,
  { plan }: Planned,
  judged: Judged | undefined,
): ReceiptStep | 'done' | 'late' {
  const { decision, matched, known } = judged ?? {};
  if (!decision || !matched || decision.target?.id !== plan.target?.id) return 'late';
  if (decision.outcome === 'unchanged') return isAnothers(found, matched, known) ? 'late' : 'done';
  const isAsPlanned =
    decision.outcome === plan.outcome &&
    decision.target?.version === plan.target?.version &&
    ['household', 'person', 'village'].every((who) => decision.known?.[who] === plan.known?.[who]);
  if (!isAsPlanned) return 'late';
  const { decidedAt: at = found.changedAt, decidedBy: actor = found.uploadedBy } = found;
  const by = { id: matched.id, import: found.id, at, actor };
  return { before: known ?? null, after: receiptAfter(known, matched.wanted, by), reason: '导入' };
}

/** Another row has told the same since the plan was seen, of this file or of one that was taken in beside it. */
function isAnothers(found: Import, { row }: Matched, known: AnyReceipt | undefined): boolean {
  const source = known?.source;
  return source?.import !== found.id || source.sheet !== row.sheet || source.row !== row.row;
}

async function applyReceipts(
  ports: ReceiptPorts,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const rows = items.map(({ staged }) => staged);
  const look = () => judge(ports, found, rows);
  const judged = await look();
  const steps = items.map((item, place) => stepOf(found, item, judged[place]));
  const wanted = steps.flatMap((step) => (typeof step === 'string' ? [] : [step]));
  const overtaken = new Set(await ports.save(wanted));
  // Somebody was faster, perhaps a double of ourselves: what stands there now decides.
  const again = overtaken.size > 0 ? await look() : judged;
  return items.flatMap((item, place) => {
    const step = steps[place];
    const isOvertaken = typeof step === 'object' && overtaken.has(step.after.id);
    const came = isOvertaken ? stepOf(found, item, again[place]) : step;
    return came === 'late' || (isOvertaken && came !== 'done') ? [item.plan.key] : [];
  });
}
