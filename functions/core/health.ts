import * as z from 'zod';
import { roles } from './access.ts';
import { codesOf } from './code-list.ts';
import { addDays, type Day, isDay } from './day.ts';
import type { PersonFacts } from './fact.ts';
import { freeText } from './free-text.ts';
import type { Member } from './household.ts';
import { later } from './member.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** A contract of a person with a family doctor and the doctor's team (家庭医生签约). */
export const DoctorContract = z.object({
  team: z.string(),
  doctor: z.string(),
  from: day,
  /** Last day it runs to. */
  to: day,
  /** When it was renewed, and up to which day it had run before. */
  renewals: z.array(z.object({ on: day, until: day })),
  /** First day on which it was no longer in force although it would have run on; null where it was not ended. */
  endedOn: day.nullable(),
  endReason: z.string().nullable(),
});
export type DoctorContract = z.infer<typeof DoctorContract>;

export const ChronicDisease = z.object({
  disease: z.enum(codesOf('chronicDisease')),
  since: day,
});

/** The health file of a person (健康档案): when it was set up, and which of the four diseases it follows. */
export const HealthFile = z.object({ setUpOn: day, diseases: z.array(ChronicDisease).max(4) });
export type HealthFile = z.infer<typeof HealthFile>;

/** What is known of a person's contract and file; one version for both. It goes with the person, whatever the household. */
export const HealthRecord = z.object({
  person: z.string(),
  version: z.int().positive(),
  /** Oldest first. */
  contracts: z.array(DoctorContract),
  file: HealthFile.nullable(),
  lastFollowUp: z.object({ on: day, next: day.nullable() }).nullable(),
  changed: z.object({ actor: z.string(), role: z.enum(roles), at: z.iso.datetime() }),
});
export type HealthRecord = z.infer<typeof HealthRecord>;

const words = freeText(40, 1);

export const NewContract = z.strictObject({ team: words, doctor: words, from: day, to: day });
export const Renewal = z.strictObject({ to: day });
export const ContractEnd = z.strictObject({ on: day, reason: freeText(100) });
export const NewHealthFile = z.strictObject({
  setUpOn: day,
  diseases: z.array(z.strictObject(ChronicDisease.shape)).max(4),
});

export type NewContract = z.infer<typeof NewContract>;
export type Renewal = z.infer<typeof Renewal>;
export type ContractEnd = z.infer<typeof ContractEnd>;
export type NewHealthFile = z.infer<typeof NewHealthFile>;

/** Who acts, and when. */
export interface HealthContext {
  readonly actor: string;
  readonly role: (typeof roles)[number];
  readonly at: string;
  readonly today: Day;
}

/** What a change of a contract says of the person: whether there is a family doctor, from and up to which day. */
export interface DoctorFact {
  readonly familyDoctor: boolean;
  readonly heldFrom: Day;
  /** Null where it is so until something else is said. */
  readonly heldTo: Day | null;
}

/** A change of a contract, and the fact that goes with it; undefined where it concerns no day of the person in this household. */
export interface ContractChange {
  readonly record: HealthRecord;
  readonly fact: DoctorFact | undefined;
}

/** Contracts that are kept on record. */
const MOST_CONTRACTS = 50;

/** The version of a record that follows, with nothing changed but who changed it. */
export function nextRecord(
  before: HealthRecord | undefined,
  person: string,
  { actor, role, at }: HealthContext,
): HealthRecord {
  const { contracts = [], file = null, lastFollowUp = null, version = 0 } = before ?? {};
  const changed = { actor, role, at };
  return { person, version: version + 1, contracts, file, lastFollowUp, changed };
}

/** Whether a contract is in force on a day. */
export function isInForce({ from, to, endedOn }: DoctorContract, on: Day): boolean {
  return from <= on && on <= to && (endedOn === null || on < endedOn);
}

/** The last day of a contract, as it came or will come. */
function lastDay({ to, endedOn }: DoctorContract): Day {
  return endedOn !== null && endedOn <= to ? addDays(endedOn, -1) : to;
}

/** From when on the present fact is held: what is entered for an earlier day would not change it. */
function factFrom(member: Pick<Member, 'facts' | 'heldFrom'>, on: Day): Day {
  const known = member.facts.find(({ values }) => isKnown(values));
  return later(later(on, member.heldFrom), known?.heldFrom ?? '');
}

function isKnown({ familyDoctor }: Partial<PersonFacts>): boolean {
  return familyDoctor !== undefined;
}

function refuseSigning(
  contracts: readonly DoctorContract[],
  { from, to }: NewContract,
  today: Day,
): Refusal | undefined {
  if (from > today) return refuse('date-future', { field: 'from' });
  if (to < from) return refuse('date-order', { field: 'to' });
  const running = contracts.find((one) => one.from <= to && from <= lastDay(one));
  if (running) return refuse('contract-running', { day: lastDay(running) });
  const isFull = contracts.length >= MOST_CONTRACTS;
  return isFull ? refuse('contract-too-many', { most: MOST_CONTRACTS }) : undefined;
}

/**
 * A contract with a family doctor. One that has run out already is entered for its days alone.
 * Refusals: date-future, date-order, contract-running, contract-too-many.
 */
export function signContract(
  on: { readonly before: HealthRecord | undefined; readonly member: Member },
  given: NewContract,
  context: HealthContext,
): Decided<ContractChange> {
  const { before, member } = on;
  const contracts = before?.contracts ?? [];
  const refused = refuseSigning(contracts, given, context.today);
  if (refused) return refused;
  const contract = { ...given, renewals: [], endedOn: null, endReason: null };
  const all = [...contracts, contract].toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const isOver = given.to < context.today;
  const fact = isOver
    ? pastFact(member, true, { from: given.from, to: addDays(given.to, 1) })
    : { familyDoctor: true, heldFrom: factFrom(member, given.from), heldTo: null };
  return { ok: { record: { ...nextRecord(before, member.id, context), contracts: all }, fact } };
}

/** What was so for some days only, as far as the person lived in this household then. */
function pastFact(
  member: Pick<Member, 'heldFrom'>,
  familyDoctor: boolean,
  { from, to: heldTo }: { readonly from: Day; readonly to: Day },
): DoctorFact | undefined {
  const heldFrom = later(from, member.heldFrom);
  return heldFrom < heldTo ? { familyDoctor, heldFrom, heldTo } : undefined;
}

/** The record with another contract in the place of the one in force, and what that was; refused where none is. */
function onContract(
  on: { readonly before: HealthRecord | undefined; readonly member: Member },
  { context, day: asked }: { readonly context: HealthContext; readonly day: Day },
  change: (contract: DoctorContract) => Decided<DoctorContract>,
): Decided<{ readonly record: HealthRecord; readonly was: DoctorContract }> {
  const { before, member } = on;
  const contracts = before?.contracts ?? [];
  const place = contracts.findIndex((one) => isInForce(one, asked));
  const contract = contracts[place];
  if (!contract) return refuse('contract-none');
  const changed = change(contract);
  if ('refused' in changed) return changed;
  const all = contracts.with(place, changed.ok);
  return {
    ok: { record: { ...nextRecord(before, member.id, context), contracts: all }, was: contract },
  };
}

/** Renews the contract in force to a later day. Refusals: contract-none, date-order. */
export function renewContract(
  on: { readonly before: HealthRecord | undefined; readonly member: Member },
  { to }: Renewal,
  context: HealthContext,
): Decided<ContractChange> {
  const { today } = context;
  const renewed = onContract(on, { context, day: today }, (contract) => {
    if (to <= contract.to) return refuse('date-order', { field: 'to' });
    const renewal = { on: today, until: contract.to };
    return { ok: { ...contract, to, renewals: [...contract.renewals, renewal] } };
  });
  if ('refused' in renewed) return renewed;
  const fact = { familyDoctor: true, heldFrom: factFrom(on.member, today), heldTo: null };
  return { ok: { record: renewed.ok.record, fact } };
}

/** Ends the contract that is in force on a day, before it runs out. Refusals: date-future, contract-none. */
export function endContract(
  on: { readonly before: HealthRecord | undefined; readonly member: Member },
  { on: endedOn, reason: endReason }: ContractEnd,
  context: HealthContext,
): Decided<ContractChange> {
  if (endedOn > context.today) return refuse('date-future', { field: 'on' });
  const ended = onContract(on, { context, day: endedOn }, (contract) => {
    return { ok: { ...contract, endedOn, endReason } };
  });
  if ('refused' in ended) return ended;
  const { record } = ended.ok;
  return { ok: { record, fact: endFact(on.member, ended.ok, endedOn) } };
}

/** Nobody had a doctor from the end of a contract on, up to what was said of days after it: another contract, a ledger. */
function endFact(
  member: Pick<Member, 'facts' | 'heldFrom'>,
  { record, was }: { readonly record: HealthRecord; readonly was: DoctorContract },
  endedOn: Day,
): DoctorFact | undefined {
  const others = record.contracts.map(({ from }) => from);
  const known = member.facts.flatMap(({ values, heldFrom }) => (isKnown(values) ? [heldFrom] : []));
  const [until] = [...others, ...known].filter((day) => day > lastDay(was)).toSorted();
  if (until !== undefined) return pastFact(member, false, { from: endedOn, to: until });
  return { familyDoctor: false, heldFrom: factFrom(member, endedOn), heldTo: null };
}

/** Sets up or replaces the health file. Refusals: date-future, disease-twice. */
export function setUpFile(
  on: { readonly before: HealthRecord | undefined; readonly person: string },
  file: NewHealthFile,
  context: HealthContext,
): Decided<HealthRecord> {
  const { today } = context;
  if (file.setUpOn > today) return refuse('date-future', { field: 'setUpOn' });
  if (file.diseases.some(({ since }) => since > today))
    return refuse('date-future', { field: 'since' });
  const named = new Set(file.diseases.map(({ disease }) => disease));
  if (named.size < file.diseases.length) return refuse('disease-twice');
  return { ok: { ...nextRecord(on.before, on.person, context), file } };
}
