import * as z from 'zod';
import { readBankAccount, readPhone } from './contact.ts';
import type { Day } from './day.ts';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import { readIdentity } from './identity-number.ts';
import {
  checked,
  coded,
  identifier,
  identity,
  lenient,
  persons,
  type Reader,
  text,
} from './import-cell.ts';
import { householdReaders, personReaders } from './import-column.ts';
import type { ImportFault } from './import-reason.ts';
import type { RegistryRow } from './import-registry.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readDay } from './ledger-date.ts';
import { cellOf, type LedgerField, type LedgerHeading, labelOf } from './ledger-heading.ts';
import { readFen } from './ledger-number.ts';
import { readRelation } from './ledger-relation.ts';
import { readIdentifier } from './ledger-text.ts';
import { isRefused } from './refusal.ts';

type Field = LedgerField<'registry'>;
type Heading = LedgerHeading<'registry'>;
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
    transferCostFen: cells.read('transferCost', readFen),
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
