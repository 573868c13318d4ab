import { basename } from 'node:path';
import type { Household, HouseholdFile } from '../../functions/core/household.ts';
import { planHousehold } from '../../functions/core/household-plan.ts';
import type { WantedHousehold } from '../../functions/core/household-wanted.ts';
import { groupHousehold } from '../../functions/core/import-household.ts';
import type { RegistryRow } from '../../functions/core/import-registry.ts';
import { readRegistryRow } from '../../functions/core/import-row.ts';
import type { LedgerRow } from '../../functions/core/ledger-cell.ts';
import { findHeading, HEADING_ROWS } from '../../functions/core/ledger-heading.ts';
import { refuse } from '../../functions/core/refusal.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { granted } from './build.ts';
import { SAMPLE_COUNTY, SAMPLE_DAY, villageCodes } from './sample.ts';

/** The households of the sample county as the import would make them of its ledgers, without a store. */
const period = { from: '2015-10-01', to: '2016-09-30' };

async function registryRows(path: string): Promise<readonly RegistryRow[]> {
  const rows: LedgerRow[] = [];
  for await (const row of readSheet(path, basename(path))) rows.push(row);
  const heading = granted(findHeading('registry', rows.slice(0, HEADING_ROWS)));
  return rows
    .filter(({ sheet, row }) => sheet === heading.sheet && row > heading.row)
    .map((row) => readRegistryRow(heading, row))
    .filter(({ person }) => person.identity !== undefined);
}

/** What a ledger of the sample wants, household by household; a faulty one fails the test with its faults. */
async function wantedOf(path: string): Promise<readonly WantedHousehold[]> {
  const places = villageCodes();
  const reading = {
    today: SAMPLE_DAY,
    area: SAMPLE_COUNTY,
    incomePeriod: period,
    findVillage: ({ town = '', village = '' }) => {
      const found = places.get(`${town} ${village}`);
      return found === undefined ? refuse('village-unknown', { village }) : { ok: found };
    },
    twice: () => undefined,
    called: (field: string) => field,
  };
  const groups = Map.groupBy(await registryRows(path), ({ number }) => number);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { wanted, faults } = groupHousehold([first, ...others], reading);
    if (!wanted) throw new Error(`${path}: ${JSON.stringify(faults)}`);
    return [wanted];
  });
}

let count = 0;

function entered(file: HouseholdFile | undefined, wanted: WantedHousehold): HouseholdFile {
  const context = {
    actor: 'sample-uploader',
    role: 'office' as const,
    at: '2017-10-23T01:00:00.000Z',
    today: SAMPLE_DAY,
    ledgerDay: SAMPLE_DAY,
    newId: (kind: string) => {
      count += 1;
      return `${kind}_${count}`;
    },
  };
  return granted(planHousehold(file, wanted, context)).next;
}

export interface SampleHouseholds {
  /** By the base ledger alone. */
  readonly base: readonly HouseholdFile[];
  /** With the supplement, in the same order. */
  readonly supplemented: readonly HouseholdFile[];
}

/** Enters 补充登记.xlsx upon households as they are. */
export async function enterSupplement(
  files: readonly HouseholdFile[],
): Promise<readonly HouseholdFile[]> {
  const more = new Map((await wantedOf('sample/补充登记.xlsx')).map((one) => [one.number, one]));
  return files.map((file) => {
    const wanted = more.get(file.household.number);
    return wanted ? entered(file, wanted) : file;
  });
}

/** Reads 贫困人口台账.xlsx and then 补充登记.xlsx. */
export async function sampleHouseholds(): Promise<SampleHouseholds> {
  const wanted = await wantedOf('sample/贫困人口台账.xlsx');
  const base = wanted.map((one) => entered(undefined, one));
  return { base, supplemented: await enterSupplement(base) };
}

/** The households of a set of files. */
export function householdsOf(files: readonly HouseholdFile[]): readonly Household[] {
  return files.map(({ household }) => household);
}
