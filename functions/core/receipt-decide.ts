import { type Day, dayOf } from './day.ts';
import type { AreaCode } from './division.ts';
import { type Household, isClosed, type Member } from './household.ts';
import type { Decision } from './import-entry.ts';
import type { ImportFault } from './import-reason.ts';
import { largestFen, type Receipt } from './receipt.ts';
import type { Beneficiary, ReceiptItem } from './receipt-match.ts';
import { periodFor } from './receipt-period.ts';
import type { ReceiptRow } from './receipt-row.ts';
import type { AnyReceipt, VillageReceipt } from './receipt-village.ts';
import { type Decided, isRefused, type Refusal, refuse } from './refusal.ts';

/** A receipt as a row wants it, before it has an id. */
export type WantedReceipt = Omit<
  Receipt,
  'id' | 'version' | 'source' | 'withdrawn' | 'at' | 'actor'
> & { readonly source: Omit<Receipt['source'], 'import'> };

/** The same of a village. */
export type WantedVillageReceipt = Omit<
  VillageReceipt,
  'id' | 'version' | 'source' | 'withdrawn' | 'at' | 'actor'
> & { readonly source: Omit<VillageReceipt['source'], 'import'> };

export type AnyWanted = WantedReceipt | WantedVillageReceipt;

/** What is said of a payment or service beside whose it is. */
export type Told = Pick<
  ReceiptRow,
  'on' | 'amountFen' | 'period' | 'reference' | 'department' | 'allocation' | 'document'
>;

interface Asked {
  readonly row: Told;
  readonly item: ReceiptItem;
  /** County whose rules hold. */
  readonly place: AreaCode;
}

interface Stated extends Asked {
  readonly row: ReceiptRow;
  readonly who: Beneficiary;
}

/** Benefits that are money: without an amount there is nothing to tell. */
const PAID: ReadonlySet<string> = new Set(['cash', 'loan', 'waiver']);

/** A household of one: who it is paid for need not be said. */
function onlyMember({ members }: Household): Member | null {
  const [member, other] = members;
  return member && !other ? member : null;
}

function refuseAmount({ row, item, place }: Asked): Refusal | undefined {
  if (row.amountFen === null) {
    return PAID.has(item.benefit.kind) ? refuse('receipt-amount-missing') : undefined;
  }
  const of = item.subject === 'village' ? 'village' : 'household';
  const most = largestFen(row.on, place, of);
  if (row.amountFen <= most) return undefined;
  return refuse('receipt-amount-large', { max: most / 100 });
}

/**
 * The receipt a row wants for whom it was matched with. An item of a household is the household's, whoever took it; one of a person needs
 * to know which.
 * Refusals: receipt-item-village, receipt-person-missing, receipt-amount-missing, receipt-amount-large, receipt-period.
 */
export function wantReceipt(stated: Stated): Decided<WantedReceipt> {
  const { row, item, who } = stated;
  const { household, member } = who;
  if (item.subject === 'village') return refuse('receipt-item-village', { item: item.name.zh });
  const person = item.subject === 'person' ? (member ?? onlyMember(household)) : null;
  if (item.subject === 'person' && !person) {
    return refuse('receipt-person-missing', { item: item.name.zh });
  }
  const what = whatIsTold(stated);
  if (isRefused(what)) return what;
  const { sheet, row: number, allocation, document } = row;
  return {
    ok: {
      household: household.id,
      person: person?.id ?? null,
      payee: person ? null : (member?.id ?? null),
      ...what.ok,
      source: { sheet, row: number, allocation, document },
    },
  };
}

/** What it is, when, how much, of which period and by whom. */
function whatIsTold(
  asked: Asked,
): Decided<Pick<Receipt, 'item' | 'on' | 'amountFen' | 'period' | 'department' | 'reference'>> {
  const { row, item, place } = asked;
  const amiss = refuseAmount(asked);
  if (amiss) return amiss;
  const { on, amountFen, reference } = row;
  const period = periodFor(row.period, { on, period: item.benefit.period, place });
  if (period === null) return refuse('receipt-period', { field: 'period' });
  const department = row.department ?? item.department;
  return { ok: { item: item.id, on, amountFen, period, department, reference } };
}

/**
 * The receipt of a village that a row, or who types it in, wants.
 * @param spot where it stands in a file; nowhere where it was typed in
 * Refusals: receipt-item-household, receipt-amount-missing, receipt-amount-large, receipt-period.
 */
export function wantVillageReceipt(
  asked: Asked & { readonly village: AreaCode },
  spot: { readonly sheet: string | null; readonly row: number | null },
): Decided<WantedVillageReceipt> {
  const { row, item, village } = asked;
  if (item.subject !== 'village') return refuse('receipt-item-household', { item: item.name.zh });
  const what = whatIsTold(asked);
  if (isRefused(what)) return what;
  const { allocation, document } = row;
  return { ok: { village, ...what.ok, source: { ...spot, allocation, document } } };
}

/** What makes a receipt the same where its department has a number for it, as one text. */
export function referenceKey(
  { department, reference }: { readonly department: string; readonly reference: string },
  county: AreaCode,
): string {
  return JSON.stringify(['reference', county, department, reference]);
}

/**
 * What makes a receipt the same when it is told again, as one text: the department's own reference; without one, everything that is said
 * of it. The household of a person is not part of it, since what is known of where she lived may change.
 * @param county numbers of one county's departments are no others'
 */
export function sameness(wanted: AnyWanted, county: AreaCode): string {
  const { department, reference, item, on, amountFen, period } = wanted;
  if (reference !== null) return referenceKey({ department, reference }, county);
  const { who, payee } =
    'village' in wanted
      ? { who: wanted.village, payee: null }
      : { who: wanted.person ?? wanted.household, payee: wanted.payee };
  return JSON.stringify([county, department, who, payee, item, on, amountFen, period]);
}

const told = ['amountFen', 'period'] as const;
const toldOfSource = ['allocation', 'document'] as const;

type FieldChange = NonNullable<Decision['changes']>[number];

const payeeOf = (one: AnyReceipt | AnyWanted) => ('payee' in one ? one.payee : null);
const personOf = (one: AnyReceipt | AnyWanted) => ('person' in one ? one.person : null);
const holderOf = (one: AnyReceipt | AnyWanted) => ('village' in one ? one.village : one.household);

function changesOf(known: AnyReceipt, wanted: AnyWanted): readonly FieldChange[] {
  const own = [
    ...told.map((field) => [field, known[field], wanted[field]] as const),
    ['payee', payeeOf(known), payeeOf(wanted)] as const,
  ];
  const source = toldOfSource.map(
    (field) => [field, known.source[field], wanted.source[field]] as const,
  );
  return [...own, ...source]
    .filter(([, before, after]) => before !== after)
    .map(([field, before, after]) => ({ field, person: personOf(known), before, after }));
}

/** Whether what is known under that reference is about somebody or something else. */
function isOther(known: AnyReceipt, wanted: AnyWanted): boolean {
  const person = personOf(wanted);
  const isSameOne =
    personOf(known) === person && (person !== null || holderOf(known) === holderOf(wanted));
  return !isSameOne || known.item !== wanted.item || known.on !== wanted.on;
}

function clash(code: ImportFault['code'], values: ImportFault['values']): Decision {
  return { outcome: 'conflicting', faults: [{ code, values }] };
}

/** What a row does to what is known: a receipt that was withdrawn does not come back by an upload. */
export function decideReceipt(
  known: AnyReceipt | undefined,
  wanted: AnyWanted,
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

/** By which row it is told, and by whom. */
interface Said {
  readonly id: string;
  readonly import: string;
  readonly at: string;
  readonly actor: string;
}

/** The receipt after a row, said by an approver at an instant. */
export function receiptAfter(known: Receipt | undefined, wanted: WantedReceipt, by: Said): Receipt;
export function receiptAfter(
  known: AnyReceipt | undefined,
  wanted: AnyWanted,
  by: Said,
): AnyReceipt;
export function receiptAfter(
  known: AnyReceipt | undefined,
  wanted: AnyWanted,
  by: Said,
): AnyReceipt {
  const { id, at, actor } = by;
  const told = { id, version: (known?.version ?? 0) + 1, withdrawn: null, at, actor };
  if ('village' in wanted)
    return { ...wanted, ...told, source: { import: by.import, ...wanted.source } };
  const household = known && 'household' in known ? known.household : wanted.household;
  return { ...wanted, ...told, household, source: { import: by.import, ...wanted.source } };
}

/** What the office should know of a receipt that is taken: the household is struck off, the person had died or left, lives elsewhere, is called otherwise. */
export function remarksOn(
  { household, member, ...who }: Beneficiary,
  on: Day,
): readonly ImportFault[] {
  const remarks: ImportFault[] = [];
  if (isClosed(household)) remarks.push({ code: 'receipt-household-closed' });
  const left = member?.heldTo ?? null;
  if (left !== null && left <= on) {
    const code = member?.endReason === 'death' ? 'receipt-person-died' : 'receipt-person-left';
    remarks.push({ code, values: { day: left } });
  }
  if (who.isElsewhere) remarks.push({ code: 'receipt-former-home' });
  if (who.isNamedOtherwise) remarks.push({ code: 'receipt-name-differs' });
  return remarks;
}

/**
 * What the office should know of money that is new, where some was entered already for the same item and period: a second payment, or the first
 * one put right by a department that gives no number.
 * @param standing receipts of the household, or of the village, that are not withdrawn
 */
export function remarksOnMore(
  wanted: AnyWanted,
  standing: readonly AnyReceipt[],
): readonly ImportFault[] {
  if (wanted.amountFen === null) return [];
  const others = standing.flatMap((one) => {
    const { on: day, amountFen, department } = one;
    const isSame = one.item === wanted.item && one.period === wanted.period;
    if (!isSame || amountFen === null || personOf(one) !== personOf(wanted)) return [];
    return [{ day, yuan: amountFen / 100, department }];
  });
  const [latest] = others.toSorted((one, other) => (one.day < other.day ? 1 : -1));
  return latest ? [{ code: 'receipt-again', values: latest }] : [];
}
