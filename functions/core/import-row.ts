import * as z from 'zod';
import { type Code, type CodeListName, codeLists } from './code-list.ts';
import { readBankAccount, readPhone } from './contact.ts';
import type { Day } from './day.ts';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import { readIdentity } from './identity-number.ts';
import type { ImportFault } from './import-reason.ts';
import type { RegistryRow } from './import-registry.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readCode, readCodes, readYesNo } from './ledger-code.ts';
import { readDay, readYear } from './ledger-date.ts';
import { cellOf, type LedgerField, type LedgerHeading, labelOf } from './ledger-heading.ts';
import { readDecimal, readFen, readInteger } from './ledger-number.ts';
import { readRelation } from './ledger-relation.ts';
import {
  type ColumnLabel,
  comparable,
  type GivenCell,
  readIdentifier,
  readText,
  textOf,
} from './ledger-text.ts';
import { type Decided, isRefused } from './refusal.ts';

type Field = LedgerField<'registry'>;
type Heading = LedgerHeading<'registry'>;
/** Reads a cell; null where it says nothing. */
type Reader<Value> = (cell: GivenCell, column: ColumnLabel) => Decided<Value | null>;

const coded =
  (list: CodeListName): Reader<string> =>
  (cell, column) =>
    readCode(cell, { ...column, codes: codeLists[list] });

const codedList =
  (list: CodeListName): Reader<readonly string[]> =>
  (cell, column) => {
    const read = readCodes(cell, { ...column, codes: codeLists[list] });
    return !isRefused(read) && read.ok.length === 0 ? { ok: null } : read;
  };

const text =
  (max: number): Reader<string> =>
  (cell, column) =>
    readText(cell, column, max);

/** A number that is a name, then checked by its own rule. */
const checked =
  (rule: (digits: string) => Decided<string>): Reader<string> =>
  (cell, column) => {
    const read = readIdentifier(cell, column);
    return isRefused(read) || read.ok === null ? read : rule(read.ok);
  };

const months: Reader<number> = (cell, column) => readInteger(cell, column, { min: 0, max: 12 });
const area: Reader<number> = (cell, column) => readDecimal(cell, column, { min: 0, max: 100_000 });
const persons: Reader<number> = (cell, column) => readInteger(cell, column, { min: 1, max: 1000 });
const identifier: Reader<string> = (cell, column) => readIdentifier(cell, column);
/** Words in the place of a number (未上户, 新生儿, 不详) say that there is none. */
const identity: Reader<string> = (cell, column) => {
  const read = readIdentifier(cell, column);
  return isRefused(read) || (read.ok !== null && /\d/.test(read.ok)) ? read : { ok: null };
};

/** What cannot be read says nothing. */
const lenient =
  <Value>(reader: Reader<Value>): Reader<Value> =>
  (cell, column) => {
    const read = reader(cell, column);
    return isRefused(read) ? { ok: null } : read;
  };

/** A column that says nothing where it says one of these. */
const silentOn =
  (words: RegExp, reader: Reader<string>): Reader<string> =>
  (cell, column) =>
    words.test(comparable(textOf(cell))) ? { ok: null } : reader(cell, column);

/** Who does not go to school yet has no education to be told. */
const SMALL_CHILD = /^(?:学龄前|学龄前儿童|学前|学前儿童|婴幼儿|幼儿)$/;
/** Who works nowhere else works in no region. */
const AT_HOME = /^(?:未务工|不务工|无务工|没有务工|未外出|未外出务工|在家|在家务农|务农)$/;

/** 是否脱贫 is answered with a status, or by yes and no. */
const answeredStatus: readonly Code[] = [
  ...codeLists.status,
  { code: 'exited', zh: '是', en: 'yes', also: ['已', 'y', '√', '✓', '1'] },
  { code: 'unexited', zh: '否', en: 'no', also: ['未', '没有', 'n', '×', '✗', '0'] },
];

const status: Reader<string> = (cell, column) => {
  const codes = /是否|与否/.test(column.heading) ? answeredStatus : codeLists.status;
  return readCode(cell, { ...column, codes });
};

/** The grade of a disability (肢体残疾三级) stands on the card. */
const health: Reader<readonly string[]> = (cell, column) =>
  codedList('health')(textOf(cell).replace(/[一二三四1-4]级/g, ''), column);

/** How each column is read, in the part of the row it belongs to. */
const householdReaders: Partial<Record<Field, Reader<unknown>>> = {
  hamlet: text(60),
  status,
  type: coded('type'),
  mainCause: coded('cause'),
  otherCauses: codedList('cause'),
  measures: codedList('measure'),
  identifiedYear: readYear,
  planYear: readYear,
  exitYear: readYear,
  martyrFamily: readYesNo,
  onlyChildFamily: readYesNo,
  housingArea: area,
  housingGrade: coded('housingGrade'),
  waterSafe: readYesNo,
  food: readYesNo,
  clothes: readYesNo,
  electricity: readYesNo,
  roadType: text(40),
};

const personReaders: Partial<Record<Field, Reader<unknown>>> = {
  nation: coded('nation'),
  politics: coded('politics'),
  education: silentOn(SMALL_CHILD, coded('education')),
  school: coded('school'),
  health,
  labour: coded('labour'),
  workRegion: silentOn(AT_HOME, coded('workRegion')),
  workMonths: months,
  basicMedical: readYesNo,
  seriousIllness: readYesNo,
  pension: readYesNo,
  familyDoctor: readYesNo,
};

/** Columns that speak of the person of the row; all others speak of the household, on one row or on each. */
export const personFields: ReadonlySet<string> = new Set([
  ...Object.keys(personReaders),
  'personNumber',
  'name',
  'identityNumber',
  'sex',
  'birth',
  'relation',
]);

const HouseholdShape = HouseholdFacts.omit({ village: true, income: true })
  .extend({ otherCauses: z.array(z.string()) })
  .partial();
const PersonShape = PersonFacts.omit({ relation: true }).partial();

/** What the readers give fits the facts; too many causes are judged with the rest of the household. */
const HouseholdPart = z.custom<RegistryRow['household']>(
  (part) => HouseholdShape.safeParse(part).success,
);
const PersonPart = z.custom<RegistryRow['person']['facts']>(
  (part) => PersonShape.safeParse(part).success,
);

/** Reads the cells of one row, collecting what cannot be read. */
class RowReader {
  readonly faults: ImportFault[] = [];
  readonly #heading: Heading;
  readonly #row: LedgerRow;

  constructor(heading: Heading, row: LedgerRow) {
    this.#heading = heading;
    this.#row = row;
  }

  /** What a cell says; undefined where it says nothing or cannot be read. */
  read<Value>(field: Field, reader: Reader<Value>): Value | undefined {
    const read = reader(cellOf(this.#heading, this.#row, field), labelOf(this.#heading, field));
    if (!isRefused(read)) return read.ok ?? undefined;
    const { refused: code, values } = read;
    const { sheet, row } = this.#row;
    this.faults.push({ sheet, row, field, code, ...(values && { values: { ...values } }) });
    return undefined;
  }

  /** The stated ones of several columns. */
  part(readers: Partial<Record<Field, Reader<unknown>>>): object {
    const read = [...this.#heading.columns.keys()].flatMap((field) => {
      const reader = readers[field];
      const value = reader && this.read(field, reader);
      return value === undefined ? [] : [[field, value] as const];
    });
    return Object.fromEntries(read);
  }
}

/** An object of what is stated only. */
function stated<Value>(fields: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const there: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) there[name] = value;
  return there;
}

function incomeOf(cells: RowReader): RegistryRow['income'] {
  return stated({
    wagesFen: cells.read('wages', readFen),
    businessFen: cells.read('business', readFen),
    propertyFen: cells.read('property', readFen),
    transferFen: cells.read('transfer', readFen),
    businessCostFen: cells.read('businessCost', readFen),
  });
}

function contactOf(cells: RowReader): RegistryRow['contact'] {
  return stated({
    phone: cells.read('phone', checked(readPhone)),
    bankName: cells.read('bankName', text(60)),
    bankAccount: cells.read('bankAccount', checked(readBankAccount)),
  });
}

function placeOf(cells: RowReader, sheet: string): RegistryRow['place'] {
  return stated({
    sheet,
    county: cells.read('county', text(60)),
    town: cells.read('town', text(60)),
    village: cells.read('village', text(60)),
  });
}

function personOf(cells: RowReader): RegistryRow['person'] {
  const number = cells.read('identityNumber', identity);
  // A number tells the birth by itself: then a column that says 约六十岁 stops nobody.
  const birth = cells.read('birth', number === undefined ? readDay : lenient(readDay));
  return {
    ...stated({
      number: cells.read('personNumber', identifier),
      name: cells.read('name', text(40)),
      identity: number,
      birth,
      sex: cells.read('sex', coded('sex')),
      relation: cells.read('relation', readRelation),
    }),
    facts: PersonPart.parse(cells.part(personReaders)),
  };
}

/** The household number of a row, empty where it carries none; what the rows of a household are brought together by. */
export function householdNumberOf(heading: Heading, row: LedgerRow): string {
  const read = readIdentifier(cellOf(heading, row, 'householdNumber'), { heading: '' });
  return isRefused(read) ? '' : (read.ok ?? '');
}

/**
 * Whether the row is that of a head, and whose identity number stands there; empty where none can be read, since 待补 or a row of noughts
 * on many rows is no person.
 */
export function whoseRow(
  heading: Heading,
  row: LedgerRow,
  today: Day,
): { isHead: boolean; identity: string } {
  const relation = readRelation(cellOf(heading, row, 'relation'), { heading: '' });
  const number = identity(cellOf(heading, row, 'identityNumber'), { heading: '' });
  const read = isRefused(number) ? number : readIdentity(number.ok ?? '', today);
  return {
    isHead: !isRefused(relation) && relation.ok === 'head',
    identity: isRefused(read) ? '' : read.ok.number,
  };
}

/**
 * Reads a row of a person-per-row ledger. A cell that says nothing states nothing; a cell that cannot be read is a fault with its row,
 * its column and the reason.
 */
export function readRegistryRow(heading: Heading, row: LedgerRow): RegistryRow {
  const cells = new RowReader(heading, row);
  const size = cells.read('size', persons);
  return {
    sheet: row.sheet,
    row: row.row,
    number: cells.read('householdNumber', identifier) ?? '',
    place: placeOf(cells, row.sheet),
    ...(size !== undefined && { size }),
    household: HouseholdPart.parse(cells.part(householdReaders)),
    income: incomeOf(cells),
    contact: contactOf(cells),
    person: personOf(cells),
    faults: cells.faults,
  };
}
