import * as z from 'zod';
import { basisShape } from './as-of.ts';
import { type Day, isDay } from './day.ts';
import { unregistered } from './dimension.ts';
import { type Entitlement, entitlementsOf, results } from './entitlement.ts';
import { claimOn } from './entitlement-period.ts';
import { yearTotalOf } from './entitlement-total.ts';
import { benefitWords, reasonOf } from './entitlement-words.ts';
import type { Household } from './household.ts';
import type { HouseholdOn } from './household-as-of.ts';
import { itemsInForce, type Policies, type PolicyItem } from './policy.ts';
import { groundOn } from './policy-ground.ts';
import { lineValues, lineWords } from './policy-line.ts';
import type { LineNames } from './policy-sentence.ts';
import { bothWords, policyLink } from './policy-view.ts';
import type { Receipt } from './receipt.ts';
import type { VillageProfile } from './roster.ts';

const Words = z.object({ zh: z.string(), en: z.string() });

export const EntitlementQuery = z.object({
  date: z.string().refine(isDay).optional(),
  result: z.enum(results).optional(),
});

export const EntitlementRow = z.object({
  item: z.string(),
  version: z.int(),
  href: z.string(),
  name: Words,
  batch: z.string(),
  department: z.string(),
  subject: z.string(),
  person: z.object({ id: z.string(), name: z.string() }).nullable(),
  result: z.enum(results),
  eligible: z.enum(['yes', 'no', 'unknown']),
  received: z.boolean(),
  period: z.string().describe('the one that holds the day'),
  dueFen: z.int().nullable().describe('fen in that period'),
  receivedFen: z.int().describe('fen in that period'),
  yearFen: z.int().nullable().describe('fen in the year, if what holds on the day held all year'),
  benefit: Words,
  excludedBy: z.string().nullable(),
  reason: Words,
  because: z.array(
    z.object({ fact: z.string(), answer: z.enum(['no', 'unknown']), clause: Words }),
  ),
  claim: z.object({
    by: z.enum(['automatic', 'apply']),
    isOpen: z.boolean(),
    from: z.string().nullable(),
    to: z.string().nullable(),
  }),
  evidence: z.array(z.string()),
  illustrative: z.boolean().describe('the amount is not from a source'),
});
export type EntitlementRow = z.infer<typeof EntitlementRow>;

export const EntitlementCounts = z.object({
  received: z.int(),
  missed: z.int(),
  'not-eligible': z.int(),
  unknown: z.int(),
  unduly: z.int().describe('received without being entitled, as far as is known'),
});

/** What a household is entitled to, receives and misses, item by item. */
export const EntitlementList = z.object({
  household: z.string(),
  number: z.string(),
  headName: z.string(),
  village: z.string(),
  asOf: basisShape.asOf,
  basis: basisShape.basis,
  registered: z.boolean().describe('false of who was struck off or only applies'),
  counts: EntitlementCounts,
  total: z.object({
    year: z.int(),
    dueFen: z.int(),
    receivedFen: z.int(),
    unpriced: z.int().describe('entitled items without an amount'),
    batches: z.array(z.object({ batch: z.string(), dueFen: z.int(), receivedFen: z.int() })),
  }),
  exclusions: z.array(
    z.object({ item: z.string(), instead: z.string(), person: z.string().nullable() }),
  ),
  items: z.array(EntitlementRow),
});
export type EntitlementList = z.infer<typeof EntitlementList>;

/** A household on a day with what is published where it lives. */
export interface EntitlementSource {
  readonly household: Household;
  /** As it was on the day, its village the one that stands for it today. */
  readonly on: HouseholdOn;
  readonly profile: VillageProfile | undefined;
  readonly policies: Policies;
  readonly receipts: readonly Receipt[];
  readonly day: Day;
  readonly isToday: boolean;
}

/** What items, lines and persons are called, and the day it is about. */
export interface Naming {
  readonly names: ReadonlyMap<string, PolicyItem>;
  readonly lines: LineNames;
  readonly persons: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly day: Day;
}

/** An entitlement as it is shown. */
export function rowOf(one: Entitlement, item: PolicyItem, of: Naming): EntitlementRow {
  const { because, excludedBy } = one;
  const { id, version, name, batch, department, subject, evidence, illustrative } = item;
  return {
    ...{ item: id, version, name, batch, department, subject, illustrative },
    href: policyLink(id, item.area),
    person: of.persons.get(one.person ?? '') ?? null,
    ...{ result: one.result, eligible: one.eligible, received: one.received, period: one.period },
    ...{ dueFen: one.dueFen, receivedFen: one.receivedFen, yearFen: one.yearFen, excludedBy },
    benefit: benefitWords(item.benefit),
    reason: reasonOf(one, of.names.get(excludedBy ?? '')?.name, of.lines),
    because: (because ?? []).map(({ fact, answer, clause }) => ({
      fact,
      answer,
      clause: bothWords(clause, of.lines),
    })),
    claim: claimOn(item, of.day),
    evidence: [...evidence],
  };
}

/** How many there are of each result. */
export function countsOf(all: readonly Entitlement[]): z.infer<typeof EntitlementCounts> {
  const of = (result: Entitlement['result']) => all.filter((one) => one.result === result).length;
  return {
    received: of('received'),
    missed: of('missed'),
    'not-eligible': of('not-eligible'),
    unknown: of('unknown'),
    unduly: all.filter((one) => one.received && one.result !== 'received').length,
  };
}

function headNameOf({ members }: HouseholdOn): string {
  return members.find(({ facts }) => facts.relation === 'head')?.member.name ?? '';
}

/** Every item in force where the household lives, with result, reason and total, on a day by what is known now about it. */
export function entitlementList(source: EntitlementSource): EntitlementList {
  const { household, on, profile, policies, receipts, day, isToday } = source;
  const { status } = on.facts;
  // Who was struck off keeps its file, and is entitled to nothing any more.
  const items = status === 'struck-off' ? [] : itemsInForce(policies.items, day, on.village);
  const all = entitlementsOf({
    ground: groundOn(on, profile, day),
    items,
    lines: lineValues(policies.lines, day, on.village),
    receipts,
    day,
    place: on.village,
    explains: true,
  });
  const naming = {
    names: new Map(items.map((item) => [item.id, item])),
    lines: lineWords(policies.lines, day, on.village),
    persons: new Map(
      [...household.past, ...household.members].map(({ id, name }) => [id, { id, name }]),
    ),
    day,
  };
  return {
    household: household.id,
    number: household.number,
    headName: headNameOf(on),
    village: on.village,
    asOf: day,
    basis: isToday ? 'current' : 'known-now',
    registered: !unregistered.some((one) => one === status),
    counts: countsOf(all),
    total: yearTotalOf(all, { items: policies.items, receipts, day }),
    exclusions: all.flatMap(({ item, person, excludedBy }) =>
      excludedBy === null ? [] : [{ item, instead: excludedBy, person }],
    ),
    items: items.flatMap((item) =>
      all.filter((one) => one.item === item.id).map((one) => rowOf(one, item, naming)),
    ),
  };
}
