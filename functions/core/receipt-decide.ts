import { dayOf } from './day.ts';
import type { AreaCode } from './division.ts';
import { type Household, isClosed, type Member } from './household.ts';
import type { Decision } from './import-entry.ts';
import type { ImportFault } from './import-reason.ts';
import { largestFen, type Receipt } from './receipt.ts';
import type { Beneficiary, ReceiptItem } from './receipt-match.ts';
import { periodFor } from './receipt-period.ts';
import type { ReceiptRow } from './receipt-row.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** A receipt as a row wants it, before it has an id. */
export type WantedReceipt = Omit<
  Receipt,
  'id' | 'version' | 'source' | 'withdrawn' | 'at' | 'actor'
> & { readonly source: Omit<Receipt['source'], 'import'> };

interface Stated {
  readonly row: ReceiptRow;
  readonly item: ReceiptItem;
  readonly who: Beneficiary;
  /** County whose rules hold. */
  readonly place: AreaCode;
}

/** Benefits that are money: without an amount there is nothing to tell. */
const PAID: ReadonlySet<string> = new Set(['cash', 'loan', 'waiver']);

/** A household of one: who it is paid for need not be said. */
function onlyMember({ members }: Household): Member | null {
  const [member, other] = members;
  return member && !other ? member : null;
}

function refuseAmount({ row, item, place }: Stated): Refusal | undefined {
  if (row.amountFen === null) {
    return PAID.has(item.benefit.kind) ? refuse('receipt-amount-missing') : undefined;
  }
  const most = largestFen(row.on, place);
  if (row.amountFen <= most) return undefined;
  return refuse('receipt-amount-large', { max: most / 100 });
}

/**
 * The receipt a row wants for whom it was matched with. An item of a household is the household's, whoever took it; one of a person needs
 * to know which.
 * Refusals: receipt-item-village, receipt-person-missing, receipt-amount-missing, receipt-amount-large, receipt-period.
 */
export function wantReceipt(stated: Stated): Decided<WantedReceipt> {
  const { row, item, who, place } = stated;
  const { household, member } = who;
  if (item.subject === 'village') return refuse('receipt-item-village', { item: item.name.zh });
  const person = item.subject === 'person' ? (member ?? onlyMember(household)) : null;
  if (item.subject === 'person' && !person) {
    return refuse('receipt-person-missing', { item: item.name.zh });
  }
  const amiss = refuseAmount(stated);
  if (amiss) return amiss;
  const period = periodFor(row.period, { on: row.on, period: item.benefit.period, place });
  if (period === null) return refuse('receipt-period', { field: 'period' });
  const { on, amountFen, reference, department, allocation, document, sheet, row: number } = row;
  return {
    ok: {
      household: household.id,
      person: person?.id ?? null,
      payee: person ? null : (member?.id ?? null),
      item: item.id,
      on,
      amountFen,
      period,
      department: department ?? item.department,
      reference,
      source: { sheet, row: number, allocation, document },
    },
  };
}

/**
 * What makes a receipt the same when it is told again, as one text: the department's own reference; without one, everything that is said
 * of it. The household of a person is not part of it, since what is known of where she lived may change.
 * @param county numbers of one county's departments are no others'
 */
export function sameness(wanted: WantedReceipt, county: AreaCode): string {
  const { department, reference, person, household, payee, item, on, amountFen, period } = wanted;
  if (reference !== null) return JSON.stringify(['reference', county, department, reference]);
  const who = person ?? household;
  return JSON.stringify([county, department, who, payee, item, on, amountFen, period]);
}

const told = ['amountFen', 'period', 'payee'] as const;
const toldOfSource = ['allocation', 'document'] as const;

type FieldChange = NonNullable<Decision['changes']>[number];

function changesOf(known: Receipt, wanted: WantedReceipt): readonly FieldChange[] {
  const own = told.map((field) => [field, known[field], wanted[field]] as const);
  const source = toldOfSource.map(
    (field) => [field, known.source[field], wanted.source[field]] as const,
  );
  return [...own, ...source]
    .filter(([, before, after]) => before !== after)
    .map(([field, before, after]) => ({ field, person: known.person, before, after }));
}

/** Whether what is known under that reference is about somebody or something else. */
function isOther(known: Receipt, wanted: WantedReceipt): boolean {
  const isSameOne =
    wanted.person === null
      ? known.person === null && known.household === wanted.household
      : known.person === wanted.person;
  return !isSameOne || known.item !== wanted.item || known.on !== wanted.on;
}

function clash(code: ImportFault['code'], values: ImportFault['values']): Decision {
  return { outcome: 'conflicting', faults: [{ code, values }] };
}

/** What a row does to what is known: a receipt that was withdrawn does not come back by an upload. */
export function decideReceipt(
  known: Receipt | undefined,
  wanted: WantedReceipt,
): Pick<Decision, 'outcome' | 'changes' | 'faults'> {
  if (!known) return { outcome: 'new' };
  if (isOther(known, wanted)) {
    return clash('receipt-reference-taken', { reference: known.reference ?? '' });
  }
  if (known.withdrawn)
    return clash('receipt-withdrawn', { day: dayOf(new Date(known.withdrawn.at)) });
  const changes = changesOf(known, wanted);
  return changes.length === 0
    ? { outcome: 'unchanged' }
    : { outcome: 'changed', changes: [...changes] };
}

/** The receipt after a row, said by an approver at an instant. */
export function receiptAfter(
  known: Receipt | undefined,
  wanted: WantedReceipt,
  by: { readonly id: string; readonly import: string; readonly at: string; readonly actor: string },
): Receipt {
  const { id, at, actor } = by;
  return {
    ...wanted,
    id,
    household: known?.household ?? wanted.household,
    version: (known?.version ?? 0) + 1,
    source: { import: by.import, ...wanted.source },
    withdrawn: null,
    at,
    actor,
  };
}

/** What the office should know of a receipt that is taken: the household is struck off, the person died, lives elsewhere, is called otherwise. */
export function remarksOn({ household, member, ...who }: Beneficiary): readonly ImportFault[] {
  const remarks: ImportFault[] = [];
  if (isClosed(household)) remarks.push({ code: 'receipt-household-closed' });
  if (member?.endReason === 'death') {
    remarks.push({ code: 'receipt-person-died', values: { day: member.heldTo ?? '' } });
  }
  if (who.isElsewhere) remarks.push({ code: 'receipt-former-home' });
  if (who.isNamedOtherwise) remarks.push({ code: 'receipt-name-differs' });
  return remarks;
}
