import * as z from 'zod';
import { type CodeListName, codeLists } from './code-list.ts';
import { readBankAccount, readPhone } from './contact.ts';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import { normalizeIdentity } from './identity-number.ts';
import type { ImportFault } from './import-reason.ts';
import type { RegistryRow } from './import-registry.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readCode, readCodes, readYesNo } from './ledger-code.ts';
import { readDay, readYear } from './ledger-date.ts';
import { cellOf, type LedgerField, type LedgerHeading, labelOf } from './ledger-heading.ts';
import { readDecimal, readFen, readInteger } from './ledger-number.ts';
import { type ColumnLabel, type GivenCell, readIdentifier, readText } from './ledger-text.ts';
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

/** How each column is read, in the part of the row it belongs to. */
const householdReaders: Partial<Record<Field, Reader<unknown>>> = {
  hamlet: text(60),
  status: coded('status'),
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
  education: coded('education'),
  school: coded('school'),
  health: codedList('health'),
  labour: coded('labour'),
  workRegion: coded('workRegion'),
  workMonths: months,
  basicMedical: readYesNo,
  seriousIllness: readYesNo,
  pension: readYesNo,
  familyDoctor: readYesNo,
};

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

function placeOf(cells: RowReader): RegistryRow['place'] {
  return stated({
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
      relation: cells.read('relation', coded('relation')),
    }),
    facts: PersonPart.parse(cells.part(personReaders)),
  };
}

/** The household number of a row, empty where it carries none; what the rows of a household are brought together by. */
export function householdNumberOf(heading: Heading, row: LedgerRow): string {
  const read = readIdentifier(cellOf(heading, row, 'householdNumber'), { heading: '' });
  return isRefused(read) ? '' : (read.ok ?? '');
}

/** Whether the row is that of a head, and the identity number as it stands there. */
export function whoseRow(heading: Heading, row: LedgerRow): { isHead: boolean; identity: string } {
  const relation = readCode(cellOf(heading, row, 'relation'), {
    heading: '',
    codes: codeLists.relation,
  });
  const number = identity(cellOf(heading, row, 'identityNumber'), { heading: '' });
  return {
    isHead: !isRefused(relation) && relation.ok === 'head',
    identity: isRefused(number) ? '' : normalizeIdentity(number.ok ?? '').slice(0, 18),
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
    place: placeOf(cells),
    ...(size !== undefined && { size }),
    household: HouseholdPart.parse(cells.part(householdReaders)),
    income: incomeOf(cells),
    contact: contactOf(cells),
    person: personOf(cells),
    faults: cells.faults,
  };
}
