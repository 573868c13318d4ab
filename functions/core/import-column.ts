import { labelledLists } from './code-label.ts';
import type { Code } from './code-list.ts';
import {
  coded,
  codedList,
  loanMonths,
  measure,
  months,
  type Reader,
  silentOn,
  text,
} from './import-cell.ts';
import { readCode, readYesNo } from './ledger-code.ts';
import { readYear } from './ledger-date.ts';
import type { LedgerField } from './ledger-heading.ts';
import { readFen } from './ledger-number.ts';
import { textOf } from './ledger-text.ts';

type Readers = Partial<Record<LedgerField<'registry'>, Reader<unknown>>>;

/** Who does not go to school yet has no education to be told. */
const SMALL_CHILD = /^(?:学龄前|学龄前儿童|学前|学前儿童|婴幼儿|幼儿)$/;
/** Who works nowhere else works in no region. */
const AT_HOME = /^(?:未务工|不务工|无务工|没有务工|未外出|未外出务工|在家|在家务农|务农)$/;

/** 是否脱贫 is answered with a status, or by yes and no. */
const answeredStatus: readonly Code[] = [
  ...labelledLists.status,
  { code: 'exited', zh: '是', en: 'yes', also: ['已', 'y', '√', '✓', '1'] },
  { code: 'unexited', zh: '否', en: 'no', also: ['未', '没有', 'n', '×', '✗', '0'] },
];

const status: Reader<string> = (cell, column) => {
  const codes = /是否|与否/.test(column.heading) ? answeredStatus : labelledLists.status;
  return readCode(cell, { ...column, codes });
};

/** The grade of a disability (肢体残疾三级) stands on the card. */
const health: Reader<readonly string[]> = (cell, column) =>
  codedList('health')(textOf(cell).replace(/[一二三四1-4]级/g, ''), column);

/** How each column is read, in the part of the row it belongs to. */
export const householdReaders: Readers = {
  hamlet: text(60),
  group: text(60),
  status,
  type: coded('type'),
  standard: coded('standard'),
  mainCause: coded('cause'),
  otherCauses: codedList('cause'),
  measures: codedList('measure'),
  identifiedYear: readYear,
  planYear: readYear,
  exitYear: readYear,
  martyrFamily: readYesNo,
  onlyChildFamily: readYesNo,
  selfPaidMedicalFen: readFen,
  selfPaidSchoolingFen: readFen,
  selfPaidDisasterFen: readFen,
  housingArea: measure,
  housingGrade: coded('housingGrade'),
  housingRenewed: readYesNo,
  housingStructure: coded('housingStructure'),
  housingBuiltYear: readYear,
  homeless: readYesNo,
  waterSafe: readYesNo,
  waterHard: readYesNo,
  waterSource: coded('waterSource'),
  food: readYesNo,
  clothes: readYesNo,
  electricity: readYesNo,
  productionPower: readYesNo,
  roadType: text(40),
  mainRoadKm: measure,
  fuel: coded('fuel'),
  sanitaryToilet: readYesNo,
  cooperative: readYesNo,
  leadingEnterprise: readYesNo,
  industryGainFen: readFen,
  farmlandMu: measure,
  irrigatedMu: measure,
  forestMu: measure,
  ecoForestMu: measure,
  orchardMu: measure,
  pastureMu: measure,
  waterMu: measure,
  relocation: coded('relocation'),
  relocationPlace: text(60),
  relocationDifficulty: text(200),
  site: coded('site'),
  agreesToMove: readYesNo,
  onlyHouse: readYesNo,
  ownHouseGrade: coded('housingGrade'),
  housingAidBefore: readYesNo,
  monitor: coded('monitor'),
  assistance: coded('assistance'),
  assetsWithin: readYesNo,
  ableSupporter: readYesNo,
  cadreFamily: readYesNo,
  creditRated: readYesNo,
  loanFen: readFen,
  loanMonths: loanMonths,
  loanProductive: readYesNo,
  projectVerified: readYesNo,
  produce: readYesNo,
  allianceMember: readYesNo,
  livestock: readYesNo,
  onlineShop: readYesNo,
  publicForestMu: measure,
  disasterLoss: coded('disasterLoss'),
  birthPlanning: coded('birthPlanning'),
  cableTv: readYesNo,
  legalNeed: readYesNo,
};

export const personReaders: Readers = {
  nation: coded('nation'),
  politics: coded('politics'),
  education: silentOn(SMALL_CHILD, coded('education')),
  school: coded('school'),
  health,
  labour: coded('labour'),
  workRegion: silentOn(AT_HOME, coded('workRegion')),
  workMonths: months,
  workplace: text(60),
  publicPost: readYesNo,
  basicMedical: readYesNo,
  seriousIllness: readYesNo,
  pension: readYesNo,
  employeePension: readYesNo,
  commercialInsurance: readYesNo,
  lowIncomeAllowance: readYesNo,
  destitute: readYesNo,
  familyDoctor: readYesNo,
  dropoutReason: text(60),
  skills: text(200),
  trainingWish: text(200),
  jobWish: text(200),
  boarding: readYesNo,
  publicSchool: readYesNo,
  lunchAtSchool: readYesNo,
  suspended: readYesNo,
  childNeed: coded('childNeed'),
  registeredHere: readYesNo,
  canGoOut: readYesNo,
  selfCare: coded('selfCare'),
  diseases: codedList('disease'),
  veteran: readYesNo,
  skillCertificate: readYesNo,
  selfEmployed: readYesNo,
  inpatientCounty: readYesNo,
};
