import * as z from 'zod';
import { type Actor, mayEnter } from './access.ts';
import { type Day, isDay } from './day.ts';
import { type AreaCode, levelOf } from './division.ts';
import { ChronicDisease, DoctorContract, type HealthRecord } from './health.ts';
import { doctorStanding, doctorStandings, followUpDue } from './health-due.ts';
import { FollowUp } from './health-follow-up.ts';
import type { HealthRule } from './health-rule.ts';
import { MemberPath } from './household-path.ts';
import { personsLink } from './list-link.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const area = z.string().refine((code) => levelOf(code) !== undefined);

/** Which disease somebody has is for offices of towns and above; villages and helpers see that a follow-up is due. */
export function mayKnowDisease(actor: Actor, village: AreaCode): boolean {
  const areas = actor.areas.filter((own) => levelOf(own) !== 'village');
  return actor.role === 'office' && mayEnter({ ...actor, areas }, village);
}

const Due = z.object({
  dueOn: day,
  state: z.enum(['in-time', 'due', 'overdue']),
});

const Rule = z.object({ id: z.string(), source: z.string(), illustrative: z.boolean() }).nullable();

/** A member's contract and file. */
export const MemberHealth = z.object({
  person: z.string(),
  name: z.string(),
  version: z.int().describe('of contract and file together; 0 where there is neither'),
  doctor: z.enum(doctorStandings),
  contracts: z.array(DoctorContract),
  file: z
    .object({
      setUpOn: day,
      diseases: z.array(ChronicDisease).nullable().describe('null for who may not know them'),
    })
    .nullable(),
  lastFollowUp: day.nullable(),
  followUp: Due.nullable().describe('null where none is asked for'),
});

export const HouseholdHealth = z.object({
  household: z.string(),
  asOf: day,
  rule: Rule,
  members: z.array(MemberHealth),
});

/** What decides how a record is shown. */
export interface Showing {
  readonly day: Day;
  readonly rule: HealthRule | null;
  readonly mayKnow: boolean;
}

/** A member's contract and file as the reader may see them. */
export function memberHealth(
  member: { readonly id: string; readonly name: string; readonly familyDoctor: boolean | null },
  record: HealthRecord | undefined,
  { day: on, rule, mayKnow }: Showing,
): z.infer<typeof MemberHealth> {
  const { contracts = [], file = null, version = 0, lastFollowUp = null } = record ?? {};
  return {
    ...{ person: member.id, name: member.name, version, contracts },
    doctor: doctorStanding(record, member.familyDoctor, on),
    file: file && { setUpOn: file.setUpOn, diseases: mayKnow ? file.diseases : null },
    lastFollowUp: lastFollowUp?.on ?? null,
    followUp: (record && followUpDue(rule, record, on)) ?? null,
  };
}

/** What a change answers; nothing of what it says. */
export const HealthTaken = z.object({ person: z.string(), version: z.int() });
export const FollowUpTaken = HealthTaken.extend({ id: z.string() });

export const FollowUpQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const FollowUpPath = MemberPath.extend({
  followUpId: z.string().regex(/^fu_[0-9a-f]{24}$/),
});

/** A follow-up with what it said before, latest first. */
export const FollowUpFile = FollowUp.extend({ earlier: z.array(FollowUp) });

export const FollowUpList = z.object({ items: z.array(FollowUp), cursor: z.string().optional() });

/** Lists of persons; every figure of the coverage is one of them, or all persons. */
export const healthLists = [
  ...doctorStandings,
  'file',
  'no-file',
  'chronic',
  'due',
  'overdue',
] as const;
export type HealthList = (typeof healthLists)[number];

/** The lists in which a person stands on a day. */
export function listsOf(
  fact: boolean | null,
  record: HealthRecord | undefined,
  { day: on, rule }: Pick<Showing, 'day' | 'rule'>,
): readonly HealthList[] {
  const due = record && followUpDue(rule, record, on);
  const isChronic = (record?.file?.diseases.length ?? 0) > 0;
  return [
    doctorStanding(record, fact, on),
    record?.file ? 'file' : 'no-file',
    ...(isChronic ? (['chronic'] as const) : []),
    ...(due && due.state !== 'in-time' ? [due.state] : []),
  ];
}

export const HealthQuery = z.object({
  area,
  which: z.enum(healthLists),
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const HealthPersons = z.object({
  area: z.string(),
  which: z.enum(healthLists),
  asOf: day,
  read: z.int().describe('households looked at for this page'),
  items: z.array(
    z.object({
      person: z.object({ id: z.string(), name: z.string(), href: z.string() }),
      household: z.object({
        ...{ id: z.string(), number: z.string(), headName: z.string() },
        ...{ village: z.string(), href: z.string() },
      }),
      doctor: z.enum(doctorStandings),
      contractTo: day.nullable(),
      lastFollowUp: day.nullable(),
      followUp: Due.nullable(),
    }),
  ),
  cursor: z.string().optional(),
});

export const CoveragePath = z.object({ code: area });

const figures = z.record(z.enum(['persons', ...healthLists]), z.int());

export const HealthCoverage = z.object({
  area: z.string(),
  asOf: day,
  rule: Rule,
  persons: z.int().describe('registered persons'),
  covered: z
    .int()
    .describe('with a family doctor: by a contract in force, or known by the ledger alone'),
  counts: figures
    .nullable()
    .describe(
      'null above counties and in a county of very many persons: the parts are counted one by one',
    ),
  lists: z.record(z.string(), z.string()).describe('the persons behind each figure'),
  parts: z.array(z.object({ area: z.string(), href: z.string() })),
});

export type HealthCounts = Readonly<Record<'persons' | HealthList, number>>;

/** Figures of the persons of an area, by the lists in which each of them stands. */
export function healthCounts(persons: readonly (readonly HealthList[])[]): HealthCounts {
  const counts = {
    ...{ persons: persons.length, contract: 0, lapsed: 0, ledger: 0, none: 0, unknown: 0 },
    ...{ file: 0, 'no-file': 0, chronic: 0, due: 0, overdue: 0 },
  };
  for (const lists of persons) for (const list of lists) counts[list] += 1;
  return counts;
}

/** Where the persons behind each figure are listed. */
export function healthLinks(code: AreaCode): Readonly<Record<string, string>> {
  const lists = healthLists.map((one) => [one, `/health-files?area=${code}&which=${one}`] as const);
  return { persons: personsLink({ area: code }, {}), ...Object.fromEntries(lists) };
}

/** The same where only the board's figures are known. */
export function boardLinks(code: AreaCode): Readonly<Record<string, string>> {
  const covered = personsLink({ area: code }, { guarantee: 'signed-doctor:yes' });
  return { persons: personsLink({ area: code }, {}), covered };
}
