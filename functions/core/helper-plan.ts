import { maskPhone } from './contact.ts';
import type { Day } from './day.ts';
import { stated } from './fact-history.ts';
import type { HelperChange, PairingContext, WantedHelper } from './helper-change.ts';
import { changeHelper, registerHelper } from './helper-change.ts';
import type { LedgerHelper, WantedPairing, WantedTotal } from './helper-ledger.ts';
import type { ImportFault } from './import-reason.ts';
import {
  type Contribution,
  type Delivery,
  isCurrent,
  nameOfSubject,
  nothingYet,
  type Pairing,
  type PairingSubject,
} from './pairing.ts';
import {
  beginPairing,
  changePairing,
  deliver,
  fileAfter,
  type HelperFile,
} from './pairing-change.ts';
import { pairingRuleOn } from './pairing-rule.ts';
import { type Decided, isRefused, type Refusal } from './refusal.ts';

/** What is known of a helper before a ledger is taken in. */
export interface KnownHelper extends HelperFile {
  readonly deliveries: readonly Delivery[];
  /** The full number, null where none is known. */
  readonly phone: string | null;
}

/** Whom a pairing of the ledger is with, and the village that stands in. */
export interface PlacedSubject {
  readonly subject: PairingSubject;
  readonly village: string;
}

export interface LedgerSetting {
  /** Division that keeps new helpers. */
  readonly area: string;
  /** Day the ledger speaks of. */
  readonly heldOn: Day;
  readonly context: PairingContext;
  readonly present: (code: string) => string;
  placed(pairing: WantedPairing): Decided<PlacedSubject>;
  /** Ids that follow from the import, so that what is done again is the same. */
  idOf(kind: 'hp' | 'pr' | 'dl', ...parts: readonly string[]): string;
}

/** One transaction of a plan. */
export interface LedgerStep {
  readonly change: HelperChange;
  /** The phone to be sealed; undefined leaves it as it is. */
  readonly phone?: string | null;
  /** Household a pairing begins with. */
  readonly household?: string;
}

export interface LedgerPlan {
  readonly outcome: 'new' | 'changed' | 'unchanged';
  /** Steps one after the other, each on what the one before left. */
  readonly steps: readonly LedgerStep[];
  readonly changes: readonly { field: string; person: null; before: unknown; after: unknown }[];
  readonly faults: readonly ImportFault[];
  readonly remarks: readonly ImportFault[];
}

function faultOf({ sheet, row }: WantedPairing, { refused: code, values }: Refusal): ImportFault {
  return { sheet, row, code, ...(values && { values: { ...values } }) };
}

function wantedOf({ helper, phone }: LedgerHelper, area: string): WantedHelper {
  return { ...helper, area, sub: null, phoneMasked: phone === null ? null : maskPhone(phone) };
}

/** A year that is not over is told of today; what came before the pairing was entered came on its first day. */
function within(day: Day, { from, today }: { readonly from: Day; readonly today: Day }): Day {
  const [earlier = day] = [day, today].toSorted();
  return earlier < from ? from : earlier;
}

const refOf = (pairing: string, ref: string) => `${pairing} ${ref}`;

/** What is known under each name a ledger has for it, corrections taken off. */
function sumsOf(deliveries: readonly Delivery[]): Map<string, Contribution> {
  const sums = new Map<string, Contribution>();
  for (const { pairing, ref, contribution } of deliveries) {
    if (ref === null) continue;
    const sum = sums.get(refOf(pairing, ref)) ?? nothingYet;
    sums.set(refOf(pairing, ref), {
      moneyFen: sum.moneyFen + contribution.moneyFen,
      projects: sum.projects + contribution.projects,
      jobs: sum.jobs + contribution.jobs,
      goods: null,
    });
  }
  return sums;
}

/** Works a plan out, step by step on a file that changes with each. */
class Planning {
  readonly steps: LedgerStep[] = [];
  readonly changes: { field: string; person: null; before: unknown; after: unknown }[] = [];
  readonly faults: ImportFault[] = [];
  readonly remarks: ImportFault[] = [];
  readonly #setting: LedgerSetting;
  #file: HelperFile;
  readonly #sums: Map<string, Contribution>;

  constructor(setting: LedgerSetting, file: HelperFile, deliveries: readonly Delivery[]) {
    this.#setting = setting;
    this.#file = file;
    this.#sums = sumsOf(deliveries);
  }

  /** Puts right what is known of the helper. Refusals: helper-ended, value-missing. */
  enter(wanted: LedgerHelper, known: KnownHelper): Refusal | undefined {
    if (wanted.isDetailOnly) return undefined;
    const patch = patchOf(wanted, known);
    const changed = changeHelper(known.helper, patch, this.#setting.context);
    if (isRefused(changed)) return changed;
    if (!changed.ok) return undefined;
    this.take({ change: changed.ok, ...(patch.isPhoneNew && { phone: wanted.phone }) });
    for (const { field, before, after } of changed.ok.event.changes)
      this.told(field, before, after);
    return undefined;
  }

  /** Plans every pairing of the ledger. */
  done({ pairings }: LedgerHelper): Omit<LedgerPlan, 'outcome'> {
    for (const pairing of pairings) this.pair(pairing);
    const { steps, changes, faults, remarks } = this;
    return { steps, changes, faults, remarks };
  }

  take(step: LedgerStep): void {
    this.steps.push(step);
    this.#file = fileAfter(this.#file, step.change);
  }

  told(field: string, before: unknown, after: unknown): void {
    this.changes.push({ field, person: null, before, after });
  }

  pair(wanted: WantedPairing): void {
    const placed = this.#setting.placed(wanted);
    if (isRefused(placed)) {
      this.faults.push(faultOf(wanted, placed));
      return;
    }
    const id = this.#pairing(wanted, placed.ok);
    for (const one of this.#standing(id)) this.#agree(one, wanted);
    for (const total of wanted.totals)
      for (const one of this.#standing(id)) this.#bring(one, wanted, total);
  }

  /** The pairing as the steps so far leave it. */
  #standing(id: string | undefined): readonly Pairing[] {
    return this.#file.pairings.filter((one) => one.id === id);
  }

  /** The id of the pairing with a subject that stands, or begins; undefined where it ended, or cannot begin. */
  #pairing(wanted: WantedPairing, { subject, village }: PlacedSubject): string | undefined {
    const { present, context, heldOn, idOf } = this.#setting;
    const name = nameOfSubject(subject);
    const known = this.#file.pairings.filter(
      (one) => present(nameOfSubject(one.subject)) === present(name),
    );
    const current = known.find(isCurrent);
    if (current) return current.id;
    const [ended] = known;
    if (ended) {
      // What people ended since is not begun again by a ledger that still has it.
      const { sheet, row } = wanted;
      this.remarks.push({ sheet, row, code: 'pairing-ended', values: { to: String(ended.to) } });
      return undefined;
    }
    const { duty, promisedFen, from } = wanted;
    const promised = { ...nothingYet, moneyFen: promisedFen ?? 0 };
    const id = idOf('pr', this.#file.helper.id, name);
    const order = { subject, from: from ?? heldOn, duty, promised, id };
    const rule = pairingRuleOn(context.today, village);
    const begun = beginPairing(this.#file, order, { rule, context, present });
    if (isRefused(begun)) {
      this.faults.push(faultOf(wanted, begun));
      return undefined;
    }
    this.take({
      change: begun.ok,
      ...(subject.type === 'household' && { household: subject.id }),
    });
    this.told('pairing', null, wanted.household ?? wanted.village);
    return id;
  }

  #agree(pairing: Pairing, { promisedFen, duty }: WantedPairing): void {
    const promised =
      promisedFen === null ? undefined : { ...pairing.promised, moneyFen: promisedFen };
    const patch = stated({ promised, duty: duty ?? undefined });
    const of = { pairing, patch, reason: null };
    const changed = changePairing(this.#file, of, this.#setting.context);
    if (isRefused(changed) || !changed.ok) return;
    this.take({ change: changed.ok });
    this.told('promised', pairing.promised.moneyFen, promisedFen);
  }

  /** Brings what is known under a name up, or down, to what the ledger says of it. */
  #bring(
    pairing: Pairing,
    wanted: WantedPairing,
    { ref, what, on, contribution }: WantedTotal,
  ): void {
    const { context, heldOn, idOf } = this.#setting;
    const name = refOf(pairing.id, ref);
    const known = this.#sums.get(name) ?? nothingYet;
    const difference = {
      moneyFen: contribution.moneyFen - known.moneyFen,
      projects: contribution.projects - known.projects,
      jobs: contribution.jobs - known.jobs,
      goods: null,
    };
    if (Object.values(difference).every((amount) => !amount)) return;
    const isLess = difference.moneyFen < 0 || difference.projects < 0 || difference.jobs < 0;
    const order = {
      on: within(on ?? heldOn, { from: pairing.from, today: context.today }),
      what,
      contribution: difference,
      ref,
      ...(isLess && { reason: '台账更正' }),
      id: idOf('dl', pairing.id, ref),
    };
    const { helper } = this.#file;
    const came = deliver({ helper, pairing }, order, context);
    if (isRefused(came)) {
      this.faults.push(faultOf(wanted, came));
      return;
    }
    this.#sums.set(name, contribution);
    this.take({ change: came.ok });
    this.told('delivered', known.moneyFen, contribution.moneyFen);
  }
}

/** What a ledger leaves empty stays as it is known. */
function patchOf({ helper, phone }: LedgerHelper, known: KnownHelper) {
  const { name, organisation, post, contact, details } = helper;
  const own = stated({
    organisation: organisation ?? undefined,
    post: post ?? undefined,
    contact: contact ?? undefined,
    phoneMasked: phone === null ? undefined : maskPhone(phone),
  });
  return { ...own, name, details, isPhoneNew: phone !== null && phone !== known.phone };
}

/** The file before the first step, for a helper nobody knows yet. */
function registered(
  wanted: LedgerHelper,
  { area, context, idOf }: LedgerSetting,
  key: string,
): Decided<HelperChange> {
  const own = {
    ...context,
    newId: (kind: 'hp' | 'pr' | 'dl' | 'ev') =>
      kind === 'hp' ? idOf('hp', key) : context.newId(kind),
  };
  return registerHelper(wantedOf(wanted, area), own);
}

/**
 * What a ledger does to a helper and its pairings, one transaction after the other. What it does not mention stays. Pairings that cannot
 * begin are faults with the row that says so.
 * Refusals: value-missing, helper-ended.
 */
export function planHelper(
  known: KnownHelper | undefined,
  wanted: LedgerHelper,
  about: { readonly setting: LedgerSetting; readonly key: string },
): Decided<LedgerPlan> {
  const { setting, key } = about;
  if (!known) {
    const begun = registered(wanted, setting, key);
    if (isRefused(begun)) return begun;
    const planning = new Planning(setting, { helper: begun.ok.helper, pairings: [] }, []);
    planning.take({ change: begun.ok, phone: wanted.phone });
    return { ok: { ...planning.done(wanted), outcome: 'new', changes: [] } };
  }
  const planning = new Planning(setting, known, known.deliveries);
  const refused = planning.enter(wanted, known);
  if (refused) return refused;
  const done = planning.done(wanted);
  return { ok: { ...done, outcome: done.steps.length > 0 ? 'changed' : 'unchanged' } };
}
