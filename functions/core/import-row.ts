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
import type { RegistryRow } from './import-registry.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readDay } from './ledger-date.ts';
import { cellOf, type LedgerField, type LedgerHeading } from './ledger-heading.ts';
import { readFen } from './ledger-number.ts';
import { readRelation } from './ledger-relation.ts';
import { readIdentifier } from './ledger-text.ts';
import { isRefused } from './refusal.ts';
import { RowReader } from './row-reader.ts';

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

class Cells extends RowReader<'registry'> {
  /** What a cell says; undefined where it says nothing or cannot be read. */
  said<Value>(field: Field, reader: Reader<Value>): Value | undefined {
    return this.read(field, reader) ?? undefined;
  }

  /** The stated ones of several columns. */
  part(readers: Partial<Record<Field, Reader<unknown>>>): object {
    const read = this.fields.flatMap((field) => {
      const reader = readers[field];
      const value = reader && this.said(field, reader);
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

function incomeOf(cells: Cells): RegistryRow['income'] {
  return stated({
    wagesFen: cells.said('wages', readFen),
    businessFen: cells.said('business', readFen),
    propertyFen: cells.said('property', readFen),
    transferFen: cells.said('transfer', readFen),
    businessCostFen: cells.said('businessCost', readFen),
    transferCostFen: cells.said('transferCost', readFen),
  });
}

function contactOf(cells: Cells): RegistryRow['contact'] {
  return stated({
    phone: cells.said('phone', checked(readPhone)),
    bankName: cells.said('bankName', text(60)),
    bankAccount: cells.said('bankAccount', checked(readBankAccount)),
  });
}

function placeOf(cells: Cells, sheet: string): RegistryRow['place'] {
  return stated({
    sheet,
    county: cells.said('county', text(60)),
    town: cells.said('town', text(60)),
    village: cells.said('village', text(60)),
  });
}

function personOf(cells: Cells): RegistryRow['person'] {
  const number = cells.said('identityNumber', identity);
  // A number tells the birth by itself: then a column that says 约六十岁 stops nobody.
  const birth = cells.said('birth', number === undefined ? readDay : lenient(readDay));
  return {
    ...stated({
      number: cells.said('personNumber', identifier),
      name: cells.said('name', text(40)),
      identity: number,
      birth,
      sex: cells.said('sex', coded('sex')),
      relation: cells.said('relation', readRelation),
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
  const cells = new Cells(heading, row);
  const size = cells.said('size', persons);
  return {
    sheet: row.sheet,
    row: row.row,
    number: cells.said('householdNumber', identifier) ?? '',
    place: placeOf(cells, row.sheet),
    ...(size !== undefined && { size }),
    household: HouseholdPart.parse(cells.part(householdReaders)),
    income: incomeOf(cells),
    contact: contactOf(cells),
    person: personOf(cells),
    faults: cells.faults,
  };
}
