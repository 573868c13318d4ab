import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import type { ImportFault } from '../core/import-reason.ts';
import type { Receipt } from '../core/receipt.ts';
import {
  decideReceipt,
  receiptAfter,
  remarksOn,
  sameness,
  type WantedReceipt,
  wantReceipt,
} from '../core/receipt-decide.ts';
import { type Beneficiary, findItem, type ReceiptItem } from '../core/receipt-match.ts';
import { ReceiptRow } from '../core/receipt-row.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { inLanes } from '../lib/lanes.ts';
import type { ReceiptStep } from '../receipt/table.ts';
import { lettersOf } from './context.ts';
import { type Register, whoseIs } from './receipt-who.ts';
import type { Kind, Planned } from './work.ts';

/** What taking in receipts needs. */
export interface ReceiptPorts {
  /** Policy items in force in a county on a day. */
  items(county: AreaCode, day: Day): Promise<readonly ReceiptItem[]>;
  /** The register for the rows of a chunk. */
  register(area: AreaCode, rows: readonly ReceiptRow[]): Promise<Register>;
  /** Receipts by id; unknown ones are missing. */
  known(ids: readonly string[]): Promise<ReadonlyMap<string, Receipt>>;
  /** Writes receipts; returns the ids of those that somebody else wrote meanwhile. */
  save(steps: readonly ReceiptStep[]): Promise<readonly string[]>;
}

/** Rows under way at once. */
const LANES = 8;
/** Refusals that say that the registry knows otherwise, not that the row is wrong. */
const CONFLICTS: ReadonlySet<string> = new Set(['receipt-household-differs']);

export function receiptsKind(ports: ReceiptPorts): Kind {
  return {
    inOrder: false,
    match: async (found, entries) => {
      const judged = await judge(ports, found, entries);
      return judged.map(({ decision }) => decision);
    },
    apply: (found, items) => applyReceipts(ports, found, items),
  };
}

/** A row that was matched with somebody. */
interface Matched {
  readonly row: ReceiptRow;
  readonly who: Beneficiary;
  readonly wanted: WantedReceipt;
  readonly id: string;
}

/** What becomes of a row; `matched` is missing where it is given back before anything of it is looked up. */
interface Judged {
  readonly decision: Decision;
  readonly matched?: Matched;
  readonly known?: Receipt | undefined;
}

function faultOf({ refused: code, values }: Refusal): ImportFault {
  return { code, ...(values && { values: { ...values } }) };
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

/** Everything that is wrong with whose and what a row is comes back at once. */
async function matchRow(
  place: AreaCode,
  row: ReceiptRow,
  { register, items }: { readonly register: Register; readonly items: ItemsOn },
): Promise<Matched | Judged> {
  const item = findItem(await items(row.on), row);
  const who = await whoseIs(register, row);
  if (isRefused(item) || isRefused(who)) {
    return refusedBy([item, who].flatMap((one) => ('refused' in one ? [one] : [])));
  }
  const wanted = wantReceipt({ row, item: item.ok, who: who.ok, place });
  if (isRefused(wanted)) return refusedBy([wanted]);
  const id = `rc_${lettersOf(sameness(wanted.ok, place))}`;
  return { row, who: who.ok, wanted: wanted.ok, id };
}

async function judge(
  ports: ReceiptPorts,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<readonly Judged[]> {
  const place = found.area.slice(0, 6);
  const rows = entries.map(({ wanted }) => ReceiptRow.parse(wanted));
  const register = await ports.register(found.area, rows);
  const items = itemsByDay(ports, place);
  const matched = await inLanes(rows, LANES, (row) => matchRow(place, row, { register, items }));
  const ids = matched.flatMap((one) => ('id' in one ? [one.id] : []));
  const known = await ports.known(ids);
  const seen = new Map<string, number>();
  return matched.map((one): Judged => {
    if (!('id' in one)) return one;
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

function decisionOn({ id, wanted, who }: Matched, known: Receipt | undefined): Decision {
  return {
    ...decideReceipt(known, wanted),
    remarks: [...remarksOn(who)],
    target: { id, version: known?.version ?? 0 },
    known: { household: wanted.household, person: wanted.person ?? '' },
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
  if (decision.outcome === 'unchanged') return isTwin(found, matched, known) ? 'late' : 'done';
  const isAsPlanned =
    decision.outcome === plan.outcome &&
    decision.target?.version === plan.target?.version &&
    decision.known?.household === plan.known?.household &&
    decision.known?.person === plan.known?.person;
  if (!isAsPlanned) return 'late';
  const { decidedAt: at = found.changedAt, decidedBy: actor = found.uploadedBy } = found;
  const by = { id: matched.id, import: found.id, at, actor };
  return { before: known ?? null, after: receiptAfter(known, matched.wanted, by), reason: '导入' };
}

/** Another row of the same file was written under this id. */
function isTwin(found: Import, { row }: Matched, known: Receipt | undefined): boolean {
  const source = known?.source;
  return source?.import === found.id && (source.sheet !== row.sheet || source.row !== row.row);
}

async function applyReceipts(
  ports: ReceiptPorts,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const look = () =>
    judge(
      ports,
      found,
      items.map(({ staged }) => staged),
    );
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
