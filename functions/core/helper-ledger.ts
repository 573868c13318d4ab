import * as z from 'zod';
import { isDay } from './day.ts';
import { Helper } from './helper.ts';
import { endOfYear, type HelperRow, type SheetKind, yearOfProject } from './helper-row.ts';
import type { ImportFault } from './import-reason.ts';
import { Contribution, nothingYet } from './pairing.ts';
import type { Decided, RefusalCode } from './refusal.ts';

const day = z.string().refine(isDay);

/** What a ledger says came of a pairing so far, under the name the ledger has for it. */
const WantedTotal = z.object({
  ref: z.string(),
  what: z.string(),
  on: day.nullable(),
  contribution: Contribution,
});
export type WantedTotal = z.infer<typeof WantedTotal>;

const WantedPairing = z.object({
  /** Number of a household, or code of a village. */
  household: z.string().nullable(),
  village: z.string().nullable(),
  head: z.string().nullable(),
  from: day.nullable(),
  duty: z.string().nullable(),
  promisedFen: z.int().nullable(),
  totals: z.array(WantedTotal),
  /** Row that says so. */
  sheet: z.string(),
  row: z.int(),
});
export type WantedPairing = z.infer<typeof WantedPairing>;

/** A helper as the workbook wants it, with everybody it is paired with. */
export const LedgerHelper = z.object({
  helper: Helper.pick({
    kind: true,
    name: true,
    organisation: true,
    post: true,
    contact: true,
    details: true,
  }),
  /** In the clear, since the chunk is sealed. */
  phone: z.string().nullable(),
  /** Another helper of the file has kind, name and organisation in common with it. */
  isNamesake: z.boolean(),
  /** Only details of it stand in the file. */
  isDetailOnly: z.boolean(),
  pairings: z.array(WantedPairing),
});
export type LedgerHelper = z.infer<typeof LedgerHelper>;

export interface LedgerGround {
  /** The year of what departments did, where neither heading nor project names one. */
  readonly year: number;
  readonly isNamesake: boolean;
  /** Code of a village the row names. */
  village(of: { readonly code: string | null; readonly name: string | null }): Decided<string>;
  readonly called: (row: HelperRow, field: string) => string;
}

export interface LedgerHelperRead {
  readonly wanted: LedgerHelper | undefined;
  readonly faults: readonly ImportFault[];
}

function faultAt(
  { sheet, row }: HelperRow,
  code: RefusalCode,
  more: Pick<ImportFault, 'field' | 'values'> = {},
): ImportFault {
  return { sheet, row, code, ...more };
}

const isMain = ({ kind }: { readonly kind: SheetKind }) => kind !== 'project' && kind !== 'help';
/** What a project is called that has neither number nor name. */
const NAMELESS = 'project';
const yuan = (fen: number) => fen / 100;

/** Rows under one name are one sum: the money of all of them, and a project with a number or a name once. */
function addedUp(totals: readonly WantedTotal[]): WantedTotal[] {
  const known = new Map<string, WantedTotal>();
  for (const one of totals) {
    const { contribution: more, ref } = one;
    const before = known.get(ref)?.contribution ?? nothingYet;
    const projects =
      ref === NAMELESS ? before.projects + more.projects : Math.max(before.projects, more.projects);
    const moneyFen = before.moneyFen + more.moneyFen;
    const contribution = { ...more, moneyFen, projects, jobs: before.jobs + more.jobs };
    known.set(ref, { ...(known.get(ref) ?? one), contribution });
  }
  return [...known.values()];
}

/** Brings the rows of one helper together. */
class Gathering {
  readonly faults: ImportFault[] = [];
  readonly #ground: LedgerGround;
  readonly #pairings = new Map<string, WantedPairing>();

  constructor(ground: LedgerGround) {
    this.#ground = ground;
  }

  get pairings(): readonly WantedPairing[] {
    return [...this.#pairings.values()];
  }

  village(
    row: HelperRow,
    of: HelperRow['villages'][number],
    field: 'village' | 'strongCode' = 'village',
  ): string | undefined {
    const found = this.#ground.village(of);
    if ('ok' in found) return found.ok;
    const { refused: code, values } = found;
    this.faults.push(faultAt(row, code, { field, ...(values && { values }) }));
    return undefined;
  }

  /** The pairing with a subject, made when it is first named. */
  pairing(row: HelperRow, of: Partial<WantedPairing>): WantedPairing {
    const { household = null, village = null } = of;
    const key = String(household ?? village);
    const known = this.#pairings.get(key);
    const made: WantedPairing = known ?? {
      household,
      village,
      head: null,
      from: row.from,
      duty: null,
      promisedFen: null,
      totals: [],
      sheet: row.sheet,
      row: row.row,
    };
    const next = { ...made, ...of, totals: addedUp([...made.totals, ...(of.totals ?? [])]) };
    this.#pairings.set(key, next);
    return next;
  }
}

function total(
  named: Pick<WantedTotal, 'ref' | 'what'>,
  on: string | null,
  given: Partial<Contribution>,
): WantedTotal {
  return { ...named, on, contribution: { ...nothingYet, ...given } };
}

/** What a helper's own row says: villages and households, and what it promised and brought to the first of them. */
function takeMain(gathering: Gathering, row: HelperRow, from: string | null): void {
  const { duty, promisedFen, deliveredFen, jobs } = row;
  for (const [at, named] of row.villages.entries()) {
    const village = gathering.village(row, named);
    if (village === undefined) continue;
    const isFirst = at === 0;
    const came = { moneyFen: deliveredFen ?? 0, jobs: jobs ?? 0 };
    const hasCome = isFirst && (deliveredFen !== null || jobs !== null);
    const totals = hasCome ? [total({ ref: 'total', what: '到位投入' }, null, came)] : [];
    const promised = isFirst ? promisedFen : null;
    gathering.pairing(row, { village, from, duty, promisedFen: promised, totals });
  }
  for (const household of row.households) gathering.pairing(row, { household, from, duty });
}

/** A project of a department in a village. */
function takeProject(gathering: Gathering, row: HelperRow, ground: LedgerGround): void {
  const [named] = row.villages;
  const village = named && gathering.village(row, named);
  if (!named)
    gathering.faults.push(
      faultAt(row, 'value-missing', { field: 'villageCode', values: { field: '村编码' } }),
    );
  if (row.amountFen === null) gathering.faults.push(missingAmount(row));
  if (village === undefined || row.amountFen === null) return;
  const year = row.year ?? yearOfProject(row.project) ?? ground.year;
  const ref = row.project ?? row.projectName ?? NAMELESS;
  const what = [row.project, row.projectName].filter((one) => one !== null).join(' ') || '项目';
  const given = { moneyFen: row.amountFen, projects: 1 };
  const came = total({ ref, what }, endOfYear(year), given);
  gathering.pairing(row, { village, totals: [came] });
}

function missingAmount(row: HelperRow): ImportFault {
  return faultAt(row, 'value-missing', { field: 'amount', values: { field: '金额' } });
}

/** Money of a department for a household. */
function takeHelp(gathering: Gathering, row: HelperRow, ground: LedgerGround): void {
  const [household] = row.households;
  if (household === undefined)
    gathering.faults.push(faultAt(row, 'household-number-missing', { field: 'householdNumber' }));
  if (row.amountFen === null) gathering.faults.push(missingAmount(row));
  if (household === undefined || row.amountFen === null) return;
  const year = row.year ?? ground.year;
  const named = { ref: String(year), what: `${year}年帮扶资金` };
  const came = total(named, endOfYear(year), { moneyFen: row.amountFen });
  gathering.pairing(row, { household, head: row.head, totals: [came] });
}

function detailFen(pairings: readonly WantedPairing[]): number {
  const all = pairings.flatMap(({ totals }) => totals.filter(({ ref }) => ref !== 'total'));
  return all.reduce((sum, { contribution }) => sum + contribution.moneyFen, 0);
}

/** The year's sum is that of the details where there are any; otherwise it is brought to the first village. */
function settleTotal(
  gathering: Gathering,
  row: HelperRow,
  about: { readonly hasDetails: boolean; readonly year: number; readonly field: string },
): void {
  const { totalFen } = row;
  if (totalFen === null) return;
  const sum = detailFen(gathering.pairings);
  if (about.hasDetails) {
    if (sum === totalFen) return;
    const values = { field: about.field, stated: yuan(totalFen), sum: yuan(sum) };
    gathering.faults.push(faultAt(row, 'helper-total-differs', { field: 'yearTotal', values }));
    return;
  }
  const [first] = gathering.pairings;
  if (!first || totalFen === 0) return;
  const given = { moneyFen: totalFen, projects: row.projects ?? 0 };
  const what = `${about.year}年投入资金`;
  const totals = [total({ ref: String(about.year), what }, endOfYear(about.year), given)];
  gathering.pairing(row, { household: first.household, village: first.village, totals });
}

function refuseTwice(mains: readonly HelperRow[]): readonly ImportFault[] {
  const [first, ...others] = mains;
  if (!first || others.length === 0) return [];
  const rows = mains.map(({ row }) => row).join('、');
  return others.map((row) => faultAt(row, 'helper-twice', { values: { rows } }));
}

/** Takes in what stands about a department in sheets of their own. */
function takeDetail(gathering: Gathering, row: HelperRow, ground: LedgerGround): void {
  if (row.kind === 'project') takeProject(gathering, row, ground);
  else takeHelp(gathering, row, ground);
}

/** The code of a strong village is that of a village here. */
function checkOwn(gathering: Gathering, head: HelperRow): void {
  const { village } = head.details;
  if (village !== undefined) gathering.village(head, { code: village, name: null }, 'strongCode');
}

function helperOf(head: HelperRow): LedgerHelper['helper'] {
  const { name, organisation, post, contact, details } = head;
  const kind = head.kind === 'project' || head.kind === 'help' ? 'department' : head.kind;
  return { kind, name, organisation, post, contact, details };
}

/** A helper of the rows that speak of it, in the order of the file; faults name their rows. */
export function gatherHelper(
  rows: readonly [HelperRow, ...HelperRow[]],
  ground: LedgerGround,
): LedgerHelperRead {
  const gathering = new Gathering(ground);
  const mains = rows.filter(isMain);
  const details = rows.filter((row) => !isMain(row));
  const [head = rows[0]] = mains;
  const year = head.year ?? ground.year;
  const hasDetails = details.length > 0;
  // What a department did in a year it did as one paired from its first day on.
  const since = hasDetails || head.totalFen !== null ? `${year}-01-01` : null;
  for (const row of mains) takeMain(gathering, row, row.from ?? since);
  for (const row of details)
    takeDetail(gathering, { ...row, from: since, year: row.year ?? head.year }, ground);
  const field = ground.called(head, 'yearTotal');
  if (mains.length === 1) settleTotal(gathering, head, { hasDetails, year, field });
  checkOwn(gathering, head);
  const faults = [...refuseTwice(mains), ...gathering.faults];
  if (faults.length > 0) return { wanted: undefined, faults };
  const wanted: LedgerHelper = {
    helper: helperOf(head),
    phone: head.phone,
    isNamesake: ground.isNamesake,
    isDetailOnly: mains.length === 0,
    pairings: [...gathering.pairings],
  };
  return { wanted, faults };
}
