import type { PlaceNamed } from './division-name.ts';
import type { DivisionRow } from './division-register.ts';
import type { ImportFault } from './import-reason.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readYesNo } from './ledger-code.ts';
import { readYear } from './ledger-date.ts';
import { cellOf, type LedgerField, type LedgerHeading, labelOf } from './ledger-heading.ts';
import { readFen, readInteger } from './ledger-number.ts';
import {
  type ColumnLabel,
  type GivenCell,
  readIdentifier,
  readList,
  readText,
} from './ledger-text.ts';
import { type Decided, isRefused } from './refusal.ts';
import type { VillageFactsGiven } from './village.ts';

type Heading = LedgerHeading<'villages'>;
type Field = LedgerField<'villages'>;

/** A row of a villages' ledger after its cells were read. */
export interface VillageRead {
  readonly place: PlaceNamed;
  readonly label: string;
  readonly facts: VillageFactsGiven;
  readonly faults: readonly ImportFault[];
}

const name = (cell: GivenCell, column: ColumnLabel) => readText(cell, column, 60);
const count = (cell: GivenCell, column: ColumnLabel) =>
  readInteger(cell, column, { min: 0, max: 10_000_000 });
const industries = (cell: GivenCell) => {
  const list = readList(cell).map((one) => one.slice(0, 40));
  return { ok: list.length === 0 ? null : list.slice(0, 20) };
};

/**
 * Reads a row of a villages' ledger. Every village of it is a poor village (贫困村). Incidence and the numbers of poor are not taken: they
 * are counted from the registry.
 */
export function readVillageRow(heading: Heading, row: LedgerRow): VillageRead {
  const faults: ImportFault[] = [];
  const read = <Value>(
    field: Field,
    reader: (cell: GivenCell, column: ColumnLabel) => Decided<Value | null>,
  ): Value | undefined => {
    const decided = reader(cellOf(heading, row, field), labelOf(heading, field));
    if (!isRefused(decided)) return decided.ok ?? undefined;
    const { refused: code, values } = decided;
    const { sheet, row: number } = row;
    faults.push({ sheet, row: number, field, code, ...(values && { values: { ...values } }) });
    return undefined;
  };
  const village = read('village', name) ?? '';
  const code = read('villageCode', readIdentifier);
  const county = read('county', name);
  const town = read('town', name);
  const facts: VillageFactsGiven = {
    poor: true,
    planExitYear: read('planExitYear', readYear),
    homes: read('homes', count),
    population: read('population', count),
    hamlets: read('hamlets', count),
    poweredHamlets: read('poweredHamlets', count),
    road: read('road', readYesNo),
    network: read('network', readYesNo),
    dropouts: read('dropouts', count),
    collectiveIncomeFen: read('collectiveIncome', readFen),
    industries: read('industries', industries),
  };
  const place = {
    village,
    ...(code !== undefined && { code }),
    ...(county !== undefined && { county }),
    ...(town !== undefined && { town }),
  };
  return { place, label: village, facts, faults };
}

function plain(
  heading: LedgerHeading<'divisions'>,
  row: LedgerRow,
  field: LedgerField<'divisions'>,
) {
  const read = readIdentifier(cellOf(heading, row, field), labelOf(heading, field));
  return isRefused(read) ? null : read.ok;
}

/** Lists of the statistics office fill codes up with noughts: 350122000000 is the county 350122, 350100 the city 3501. */
function bareCode(code: string): string {
  if (![6, 9, 12].includes(code.length)) return code;
  const length = [2, 4, 6, 9].find((one) => one < code.length && /^0+$/.test(code.slice(one)));
  return code.slice(0, length);
}

/** A row of a divisions file; `order` tells it from the others, since rows of two sheets may have the same number. */
export function readDivisionRow(
  heading: LedgerHeading<'divisions'>,
  row: LedgerRow,
  order: number,
): DivisionRow {
  const parent = plain(heading, row, 'parentCode');
  const called = readText(cellOf(heading, row, 'name'), labelOf(heading, 'name'), 60);
  return {
    row: order,
    code: bareCode(plain(heading, row, 'code') ?? ''),
    name: isRefused(called) ? '' : (called.ok ?? ''),
    level: plain(heading, row, 'level'),
    parent: parent === null ? null : bareCode(parent),
  };
}
