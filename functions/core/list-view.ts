import * as z from 'zod';
import { basisShape } from './as-of.ts';
import type { Day } from './day.ts';
import { netFenOf } from './dimension.ts';
import { levelOf } from './division.ts';
import { guaranteesOf } from './guarantee.ts';
import { WhenQuery } from './household-path.ts';
import { type ListKind, listParams } from './list-filter.ts';
import { OpenCase } from './procedure-kind.ts';
import type { MemberDigest, Roster } from './roster.ts';

const value = z.string().min(1).max(200).optional();

/** What a list route takes: its area, one value (or several joined by commas) per dimension, and where to go on. */
function queryOf(kind: ListKind) {
  return z.object({
    area: z.string().refine((code) => levelOf(code) !== undefined),
    ...WhenQuery.shape,
    cursor: z.string().max(300).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    ...Object.fromEntries(listParams[kind].map((param) => [param, value])),
  });
}

export const HouseholdQuery = queryOf('households');
export const PersonQuery = queryOf('persons');

export const HouseholdRow = z.object({
  id: z.string(),
  number: z.string(),
  href: z.string(),
  village: z.string(),
  headName: z.string(),
  persons: z.int(),
  status: z.string(),
  type: z.string().nullable(),
  mainCause: z.string().nullable(),
  otherCauses: z.array(z.string()),
  measures: z.array(z.string()),
  identifiedYear: z.int().nullable(),
  planYear: z.int().nullable(),
  exitYear: z.int().nullable(),
  /** Net income per head over the latest period, fen. */
  netPerPersonFen: z.int().nullable(),
  guarantees: z.record(z.string(), z.string()),
  /** The procedure it is in, what that waits for, and from which day on; null where none is under way. */
  openCase: OpenCase.nullable(),
  version: z.int(),
});

/** A household as lists show it. */
export function householdRow(roster: Roster, day: Day): z.infer<typeof HouseholdRow> {
  const { id, number, village, headName, members, status, type, mainCause, version } = roster;
  const { identifiedYear, planYear, exitYear, income } = roster;
  return {
    id,
    number,
    href: `/households/${id}`,
    village,
    headName,
    persons: members.length,
    status,
    type,
    mainCause,
    otherCauses: [...roster.otherCauses],
    measures: [...roster.measures],
    identifiedYear,
    planYear,
    exitYear,
    netPerPersonFen:
      income && members.length > 0 ? Math.round(netFenOf(income) / members.length) : null,
    guarantees: guaranteesOf(roster, day),
    openCase: roster.openCase,
    version,
  };
}

export const PersonRow = z.object({
  id: z.string(),
  name: z.string(),
  sex: z.string(),
  birthYear: z.int(),
  identityMasked: z.string().nullable(),
  relation: z.string(),
  nation: z.string().nullable(),
  school: z.string().nullable(),
  health: z.array(z.string()),
  labour: z.string().nullable(),
  workRegion: z.string().nullable(),
  workMonths: z.int().nullable(),
  household: z.object({
    id: z.string(),
    number: z.string(),
    href: z.string(),
    village: z.string(),
    headName: z.string(),
  }),
});

/** What a member's own item adds to the digest: the name, and the identity number as it may be shown. */
export interface MemberName {
  readonly name: string;
  readonly identityMasked: string | null;
}

/** A person as lists show it: masked, with the year of birth instead of the day. */
export function personRow(
  roster: Roster,
  member: MemberDigest,
  { name, identityMasked }: MemberName,
): z.infer<typeof PersonRow> {
  const { id, sex, birth, relation, nation, school, labour, workRegion, workMonths } = member;
  return {
    id,
    name,
    sex,
    birthYear: Number(birth.slice(0, 4)),
    identityMasked,
    relation,
    nation,
    school,
    health: [...member.health],
    labour,
    workRegion,
    workMonths,
    household: {
      id: roster.id,
      number: roster.number,
      href: `/households/${roster.id}`,
      village: roster.village,
      headName: roster.headName,
    },
  };
}

function listOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    area: z.string(),
    ...basisShape,
    /** The filter the page was read by; the others were applied to what was read. */
    key: z.string(),
    /** Households read for this page. */
    read: z.int(),
    items: z.array(row),
    cursor: z.string().optional(),
  });
}

export const HouseholdList = listOf(HouseholdRow);
export const PersonList = listOf(PersonRow);
