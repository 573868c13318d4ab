import * as z from 'zod';
import { readPhone } from './contact.ts';
import { readCreditCode } from './credit-code.ts';
import { type Day, isDay } from './day.ts';
import { HelperDetails, HelperKind } from './helper.ts';
import { checked, identifier, type Reader, text } from './import-cell.ts';
import type { ImportFault } from './import-reason.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readDay } from './ledger-date.ts';
import { cellOf, type LedgerHeading } from './ledger-heading.ts';
import { readFen, readInteger } from './ledger-number.ts';
import { comparable } from './ledger-text.ts';
import { isRefused } from './refusal.ts';
import { RowReader } from './row-reader.ts';

type Heading = LedgerHeading<'helpers'>;

/** What a sheet of the helpers' workbook lists: helpers of a kind, or what departments did for villages and households. */
export const sheetKinds = ['project', 'help'] as const;
export type SheetKind = HelperKind | (typeof sheetKinds)[number];

/** Words in the name of a sheet, the more telling ones first. */
const sheets: readonly (readonly [RegExp, SheetKind])[] = [
  [/帮扶项目/, 'project'],
  [/(?:单位|部门).*户/, 'help'],
  [/责任人/, 'responsible'],
  [/第一书记|驻村|工作队/, 'resident-team'],
  [/领导/, 'leader'],
  [/龙头/, 'leading-enterprise'],
  [/强村/, 'strong-village'],
  [/商会|协会|百会/, 'association'],
  [/侨/, 'overseas-group'],
  [/企业|百企/, 'enterprise'],
  [/单位|部门/, 'department'],
];

/** What a sheet lists by its name; undefined where that does not tell. */
export function sheetKindOf(sheet: string): SheetKind | undefined {
  return sheets.find(([words]) => words.test(sheet))?.[1];
}

const said = z.string().nullable();
const fen = z.int().nullable();
const count = z.int().nullable();

/** A row of the workbook after its cells were read; what its columns do not say is null. */
export const HelperRow = z.object({
  sheet: z.string(),
  row: z.int(),
  kind: z.union([HelperKind, z.enum(sheetKinds)]),
  name: z.string(),
  organisation: said,
  post: said,
  contact: said,
  phone: said,
  details: HelperDetails,
  villages: z.array(z.object({ code: said, name: said })),
  households: z.array(z.string()),
  head: said,
  from: z.string().refine(isDay).nullable(),
  duty: said,
  promisedFen: fen,
  deliveredFen: fen,
  jobs: count,
  /** Money of a year, and the year its heading names. */
  totalFen: fen,
  year: count,
  projects: count,
  helped: count,
  project: said,
  projectName: said,
  amountFen: fen,
});
export type HelperRow = z.infer<typeof HelperRow>;

const words = text(60);
const number: Reader<number> = (cell, column) =>
  readInteger(cell, column, { min: 0, max: 1_000_000 });

/** The year in a heading, 2016年投入资金. */
function yearIn(heading: string): number | null {
  const found = /(20\d{2})\s*年/.exec(heading)?.[1];
  return found === undefined ? null : Number(found);
}

type Cells = RowReader<'helpers'>;

function detailsOf(cells: Cells): HelperDetails {
  const all = {
    creditCode: cells.read('creditCode', checked(readCreditCode)),
    level: cells.read('level', words),
    trade: cells.read('trade', words),
    category: cells.read('category', words),
    members: cells.read('members', number),
    region: cells.read('region', words),
    village: cells.read('strongCode', identifier),
    incomeFen: cells.read('strongIncome', readFen),
  };
  return HelperDetails.parse(
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
  );
}

/** Villages by code, by name, or both side by side. */
function villagesOf(cells: Cells): HelperRow['villages'] {
  const byCode = cells.list('villageCode');
  const byName = cells.list('village');
  if (byCode.length > 0 && byName.length > 0 && byCode.length !== byName.length) {
    const values = { field: cells.called('village'), stated: byName.length, count: byCode.length };
    cells.fault('village', 'helper-count-differs', values);
  }
  const length = Math.max(byCode.length, byName.length);
  return Array.from({ length }, (_, at) => ({
    code: byCode[at] ?? null,
    name: byName[at] ?? null,
  }));
}

/** The name of a helper as rows are brought together by it. */
export function helperNameOf(heading: Heading, row: LedgerRow): string {
  const read = words(cellOf(heading, row, 'name'), { heading: '', unit: null });
  return isRefused(read) ? '' : comparable(read.ok ?? '');
}

/** Reads a row of the helpers' workbook. What cannot be read is a fault with its row, its column and the reason. */
export function readHelperRow(
  heading: Heading,
  row: LedgerRow,
  kind: SheetKind,
): { readonly row: HelperRow; readonly faults: readonly ImportFault[] } {
  const cells = new RowReader(heading, row);
  const households = cells.list('householdNumber');
  const stated = cells.read('households', number);
  if (stated !== null && stated !== households.length) {
    const values = { field: cells.called('households'), stated, count: households.length };
    cells.fault('households', 'helper-count-differs', values);
  }
  const name = cells.read('name', words) ?? '';
  if (name === '') cells.fault('name', 'value-missing', { field: cells.called('name') });
  const read: HelperRow = {
    sheet: row.sheet,
    row: row.row,
    kind,
    name,
    organisation: cells.read('organisation', words),
    post: cells.read('post', words),
    contact: cells.read('contact', words),
    phone: cells.read('phone', checked(readPhone)),
    details: detailsOf(cells),
    villages: villagesOf(cells),
    households: [...households],
    head: cells.read('head', words),
    from: cells.read('from', readDay),
    duty: cells.read('duty', text(200)),
    promisedFen: cells.read('promised', readFen),
    deliveredFen: cells.read('delivered', readFen),
    jobs: cells.read('jobs', number),
    totalFen: cells.read('yearTotal', readFen),
    year: yearIn(cells.called('yearTotal')),
    projects: cells.read('projects', number),
    helped: cells.read('helped', number),
    project: cells.read('project', identifier),
    projectName: cells.read('projectName', words),
    amountFen: cells.read('amount', readFen),
  };
  return { row: read, faults: cells.faults };
}

/** The year a project is of, by its number (XM2016-106). */
export function yearOfProject(project: string | null): number | null {
  const found = /(20\d{2})/.exec(project ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/** The last day of a year, which what is told of a whole year is dated by. */
export function endOfYear(year: number): Day {
  return `${year}-12-31`;
}
