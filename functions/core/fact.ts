import * as z from 'zod';
import { type CodeListName, codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';

const day = z.string().refine(isDay);
const fen = z.int();
const year = z.int().min(1949).max(2100);
const coded = (name: CodeListName) => z.enum(codesOf(name));

/**
 * Income of a household over one period, fen per period. Net per head =
 * (wages + business + property + transfer - business cost) / persons; medical reimbursement is transfer income but shown apart.
 */
export const Income = z.object({
  from: day,
  to: day,
  wagesFen: fen.nonnegative(),
  businessFen: fen.nonnegative(),
  propertyFen: fen.nonnegative(),
  transferFen: fen.nonnegative(),
  businessCostFen: fen.nonnegative(),
  /** Costs the Guangdong "disposable" variant also takes off (tax, contributions, maintenance); absent where the net variant is used. */
  transferCostFen: fen.nonnegative().optional(),
  /** Parts of transfer income, where known: pension, lowIncomeAllowance, medicalReimbursement … */
  transferParts: z.record(z.string(), fen.nonnegative()).optional(),
});
export type Income = z.infer<typeof Income>;

/** Dated facts about a household (registration form, sheets A2-A5). Every one is held from a day and replaced, never overwritten. */
export const HouseholdFacts = z.object({
  village: z.string(),
  hamlet: z.string().max(60),
  group: z.string().max(60),
  status: coded('status'),
  type: coded('type'),
  standard: coded('standard'),
  mainCause: coded('cause'),
  otherCauses: z.array(coded('cause')).max(2),
  measures: z.array(coded('measure')).max(5),
  identifiedYear: year,
  planYear: year,
  exitYear: year,
  martyrFamily: z.boolean(),
  onlyChildFamily: z.boolean(),
  income: Income,
  /** What the household paid itself over the period of its income, after reimbursement; held beside income and never taken off it. */
  selfPaidMedicalFen: fen.nonnegative(),
  selfPaidSchoolingFen: fen.nonnegative(),
  selfPaidDisasterFen: fen.nonnegative(),
  housingArea: z.number().nonnegative().max(100_000),
  housingGrade: coded('housingGrade'),
  housingBuiltYear: year,
  /** Found unsafe, and since rebuilt or repaired and accepted (危房改造已竣工验收). */
  housingRenewed: z.boolean(),
  housingStructure: coded('housingStructure'),
  /** Has no home of its own (是否无房). */
  homeless: z.boolean(),
  waterSafe: z.boolean(),
  /** Water is hard to get: far, or short for months (饮水是否困难); safe water is another question. */
  waterHard: z.boolean(),
  waterSource: coded('waterSource'),
  food: z.boolean(),
  clothes: z.boolean(),
  electricity: z.boolean(),
  productionPower: z.boolean(),
  roadType: z.string().max(40),
  mainRoadKm: z.number().nonnegative(),
  fuel: coded('fuel'),
  sanitaryToilet: z.boolean(),
  cooperative: z.boolean(),
  leadingEnterprise: z.boolean(),
  /** What came of a cooperative or a leading enterprise over the period of the income; part of that income, shown apart. */
  industryGainFen: fen.nonnegative(),
  farmlandMu: z.number().nonnegative(),
  irrigatedMu: z.number().nonnegative(),
  forestMu: z.number().nonnegative(),
  ecoForestMu: z.number().nonnegative(),
  orchardMu: z.number().nonnegative(),
  pastureMu: z.number().nonnegative(),
  waterMu: z.number().nonnegative(),
  relocation: coded('relocation'),
  relocationPlace: z.string().max(60),
  relocationDifficulty: z.string().max(200),
  site: coded('site'),
  agreesToMove: z.boolean(),
  onlyHouse: z.boolean(),
  /** Of the house it owns, as the housing office found it; `housingGrade` is that of the house it lives in, which may be a safe borrowed one. */
  ownHouseGrade: coded('housingGrade'),
  /** Got aid for a dangerous house under an earlier scheme. */
  housingAidBefore: z.boolean(),
  monitor: coded('monitor'),
  /** Beside the low-income allowance and destitution care, which `type` tells. */
  assistance: coded('assistance'),
  assetsWithin: z.boolean(),
  ableSupporter: z.boolean(),
  cadreFamily: z.boolean(),
  creditRated: z.boolean(),
  loanFen: fen.nonnegative(),
  loanMonths: z.int().min(1).max(120),
  loanProductive: z.boolean(),
  projectVerified: z.boolean(),
  produce: z.boolean(),
  allianceMember: z.boolean(),
  livestock: z.boolean(),
  onlineShop: z.boolean(),
  publicForestMu: z.number().nonnegative(),
  disasterLoss: coded('disasterLoss'),
  birthPlanning: coded('birthPlanning'),
  cableTv: z.boolean(),
  legalNeed: z.boolean(),
  /** Batches, kinds and industry modes of the measures under way, as the records of measures say; `measures` is what people and ledgers say. */
  measureBatches: z.array(coded('measure')).max(5),
  measureKinds: z.array(coded('measureKind')).max(30),
  modes: z.array(coded('mode')).max(10),
});
export type HouseholdFacts = z.infer<typeof HouseholdFacts>;

/** Facts that follow from other records and are written with them; nobody states them directly. */
const derived = { measureBatches: true, measureKinds: true, modes: true } as const;

/** Facts that people and ledgers state. */
export const StatedFacts = HouseholdFacts.omit(derived);

/** Dated facts about a person (registration form, sheet A6). */
export const PersonFacts = z.object({
  relation: coded('relation'),
  nation: coded('nation'),
  politics: coded('politics'),
  education: coded('education'),
  school: coded('school'),
  dropoutReason: z.string().max(60),
  health: z.array(coded('health')).min(1).max(4),
  disabilityKind: z.int().min(1).max(7),
  disabilityGrade: z.int().min(1).max(4),
  labour: coded('labour'),
  workRegion: coded('workRegion'),
  workMonths: z.int().min(0).max(12),
  workplace: z.string().max(60),
  publicPost: z.boolean(),
  basicMedical: z.boolean(),
  seriousIllness: z.boolean(),
  /** Pension insurance of residents; that of employees is another. */
  pension: z.boolean(),
  employeePension: z.boolean(),
  commercialInsurance: z.boolean(),
  familyDoctor: z.boolean(),
  lowIncomeAllowance: z.boolean(),
  /** Supported as destitute (特困供养, formerly 五保). */
  destitute: z.boolean(),
  skills: z.string().max(200),
  trainingWish: z.string().max(200),
  jobWish: z.string().max(200),
  boarding: z.boolean(),
  publicSchool: z.boolean(),
  lunchAtSchool: z.boolean(),
  suspended: z.boolean(),
  childNeed: coded('childNeed'),
  registeredHere: z.boolean(),
  canGoOut: z.boolean(),
  selfCare: coded('selfCare'),
  diseases: z.array(coded('disease')).min(1).max(5),
  veteran: z.boolean(),
  skillCertificate: z.boolean(),
  selfEmployed: z.boolean(),
  inpatientCounty: z.boolean(),
});
export type PersonFacts = z.infer<typeof PersonFacts>;

/**
 * Facts that were entered together and are held over the same days, from `heldFrom` up to but without `heldTo`; null means until
 * replaced.
 */
export interface FactSheet<Facts> {
  readonly heldFrom: Day;
  readonly heldTo: Day | null;
  /** Instant of entry, ISO 8601 UTC. */
  readonly enteredAt: string;
  readonly values: Partial<Facts>;
  /** Fields that are unknown from `heldFrom` on, although they were known before. */
  readonly cleared?: readonly (keyof Facts & string)[];
}
