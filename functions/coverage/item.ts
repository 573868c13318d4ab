import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import {
  type Coverage,
  type Finding,
  noCoverage,
  outcomes,
  packItems,
  unpackItems,
} from '../core/coverage.ts';
import type { Kept } from '../core/coverage-kept.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, parentOf } from '../core/division.ts';
import type { Key } from '../lib/dynamo.ts';

/** Versions of the shapes stored here. */
export const V = { household: 2, coverage: 2 } as const;

/** What was found of a household, in its village's partition. */
export interface HouseholdRow {
  readonly household: string;
  readonly version: number;
  /** Day for which it was evaluated. */
  readonly day: Day;
  /** When. */
  readonly at: string;
  /** First day on which something of it may be different with nothing entered. */
  readonly nextOn: Day;
  readonly kept: Kept;
  readonly findings: readonly Finding[];
}

/** Coverage of an area, in the partition of the area above. */
export interface CoverageRow {
  readonly area: AreaCode;
  readonly version: number;
  /** Day for which it was counted. */
  readonly day: Day;
  /** When. */
  readonly at: string;
  readonly coverage: Coverage;
}

/** The database counts by the kilobyte, and what rows say over and over shrinks to a third. */
const Packed = z.instanceof(Uint8Array);
const packed = (text: string): Uint8Array => deflateRawSync(text);
const unpacked = (bytes: Uint8Array): string => inflateRawSync(bytes).toString();

const short = outcomes.filter((one) => one !== 'not-eligible');
/** What a row of a household has packed: members, facts, answers; of each finding item, place of the person, outcome, fen due, fen received. */
const Found = z.tuple([
  z.array(z.string()),
  z.string(),
  z.string(),
  z.array(z.tuple([z.string(), z.int(), z.enum(short), z.int().nullable(), z.int()])),
]);
type Found = z.infer<typeof Found>;

export const HouseholdItem = z.object({
  sk: z.string(),
  v: z.literal(V.household),
  version: z.int().positive(),
  day: z.string(),
  at: z.string(),
  nextOn: z.string(),
  rules: z.string(),
  found: Packed,
});

export const CoverageItem = z.object({
  sk: z.string(),
  v: z.literal(V.coverage),
  version: z.int().positive(),
  day: z.string(),
  at: z.string(),
  until: z.string(),
  rules: z.string().nullable(),
  households: z.int(),
  persons: z.int(),
  /** `packItems` of the core. */
  items: Packed,
});

export const keyOf = {
  village: (village: AreaCode) => `V#${village}`,
  household: (village: AreaCode, household: string): Required<Key> => ({
    pk: `V#${village}`,
    sk: household,
  }),
  inside: (area: AreaCode) => `G#${area}`,
  area: (area: AreaCode): Required<Key> => ({ pk: `G#${parentOf(area) ?? '0'}`, sk: area }),
};

export function householdItem(village: AreaCode, row: HouseholdRow) {
  const { household, version, day, at, nextOn, kept, findings } = row;
  const { rules, persons, facts, answers } = kept;
  const told: Found[3] = findings.map(({ item, person, outcome, dueFen, receivedFen }) => [
    item,
    person,
    outcome,
    dueFen,
    receivedFen,
  ]);
  const found: Found = [[...persons], facts, answers, told];
  return {
    ...keyOf.household(village, household),
    v: V.household,
    ...{ version, day, at, nextOn, rules, found: packed(JSON.stringify(found)) },
  };
}

/** A row of another shape says nothing but its version: it goes by no rules, so it is put anew. */
const Other = z.object({ sk: z.string(), v: z.int(), version: z.int().positive() });
const NEVER_SINCE = { day: '', at: new Date(0).toISOString() };

export function householdRowOf(item: unknown): HouseholdRow {
  const { sk, v, version: put } = Other.parse(item);
  if (v !== V.household) {
    const kept = { rules: '', persons: [], facts: '[]', answers: '' };
    return { household: sk, version: put, ...NEVER_SINCE, nextOn: '', kept, findings: [] };
  }
  const parsed = HouseholdItem.parse(item);
  const { sk: household, version, day, at, nextOn, rules } = parsed;
  const [persons, facts, answers, told] = Found.parse(JSON.parse(unpacked(parsed.found)));
  const findings = told.map(([of, person, outcome, dueFen, receivedFen]) => ({
    item: of,
    person,
    outcome,
    dueFen,
    receivedFen,
  }));
  const kept = { rules, persons, facts, answers };
  return { household, version, day, at, nextOn, kept, findings };
}

export function coverageItem({ area, version, day, at, coverage }: CoverageRow) {
  const { items, ...others } = coverage;
  return {
    ...keyOf.area(area),
    v: V.coverage,
    version,
    day,
    at,
    ...others,
    items: packed(packItems(items)),
  };
}

export function coverageRowOf(item: unknown): CoverageRow {
  const { sk, v, version: put } = Other.parse(item);
  if (v !== V.coverage)
    return { area: sk, version: put, ...NEVER_SINCE, coverage: { ...noCoverage, until: '' } };
  const {
    sk: area,
    version,
    day,
    at,
    until,
    rules,
    households,
    persons,
    items,
  } = CoverageItem.parse(item);
  const coverage = { items: unpackItems(unpacked(items)), households, persons, until, rules };
  return { area, version, day, at, coverage };
}
