import { getRow, getRows, getVillage } from '../board/table.ts';
import { isRegistered } from '../core/dimension.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import type { EvaluationMessage, VillageSize } from '../core/evaluation.ts';
import { registeredIn } from '../core/figure.ts';
import { statusOfHousehold, villageOf } from '../core/household.ts';
import { groundOf } from '../core/policy-ground.ts';
import { hadByVillage } from '../core/receipt-village.ts';
import { readStanding } from '../household/table.ts';
import { now, today } from '../lib/clock.ts';
import { policiesNow } from '../policy/table.ts';
import { noteHome, receiptsWith } from '../receipt/table.ts';
import { villageReceipts } from '../receipt/village-table.ts';
import type { SumPorts } from './area.ts';
import type { JobPorts } from './job.ts';
import {
  endChunk,
  getChunk,
  getEvaluation,
  isAnyWaiting,
  isOvertaken,
  putChunk,
  saveEvaluation,
  waitingChunks,
} from './job-table.ts';
import { RuleBook } from './rules.ts';
import {
  dropHouseholdRow,
  getCoverage,
  getCoverages,
  getHouseholdRow,
  getHouseholdRows,
  putCoverage,
  putHouseholdRow,
} from './table.ts';
import { bringUp, type VillagePorts } from './village.ts';

/** Tables that evaluating touches. */
export interface EvaluationTables {
  readonly household: string;
  readonly summary: string;
  readonly policy: string;
  readonly job: string;
}

export function ruleBook({ policy }: Pick<EvaluationTables, 'policy'>): RuleBook {
  return new RuleBook((county) => policiesNow(policy, county), { now, today });
}

/** Evaluating villages on the tables of a deployment. */
export function villagePorts(
  tables: Pick<EvaluationTables, 'household' | 'policy'>,
  rules: RuleBook = ruleBook(tables),
): VillagePorts {
  const { household: households, policy } = tables;
  return {
    rows: (village) => getHouseholdRows(policy, village),
    row: (village, household) => getHouseholdRow(policy, village, household),
    village: (village) => getVillage(households, village),
    received: async (village) => hadByVillage(await villageReceipts(policy, village)),
    subject: async (id, { village, profile, day }) => {
      const file = await readStanding({ tables: { household: households } }, id);
      if (!file || villageOf(file.household) !== village) return undefined;
      const { household } = file;
      if (!isRegistered({ status: statusOfHousehold(household) })) return undefined;
      await noteHome(policy, household);
      return {
        ground: groundOf({ household, village: profile }, day),
        receipts: await receiptsWith(policy, household),
        births: household.members.map(({ birth }) => birth),
      };
    },
    put: (village, row) => putHouseholdRow(policy, village, row),
    drop: (village, row) => dropHouseholdRow(policy, village, row),
    ...coveragePorts(policy),
    rules: (village, since) => rules.of(village, since),
    freshRules: (village, since) => rules.fresh(village, since),
  };
}

function coveragePorts(policy: string): Omit<SumPorts, 'coverages'> {
  return {
    coverage: (area) => getCoverage(policy, area),
    putCoverage: (area, row) => putCoverage(policy, area, row),
    now,
  };
}

/** Adding up areas above villages on the table of a deployment. */
export function sumPorts({ policy }: Pick<EvaluationTables, 'policy'>): SumPorts {
  return { ...coveragePorts(policy), coverages: (area) => getCoverages(policy, area, true) };
}

/** Villages in which anybody is registered or was ever evaluated, in the order of their codes: a Query or two for each area above them. */
async function* villagesIn(
  tables: Pick<EvaluationTables, 'summary' | 'policy'>,
  area: AreaCode,
): AsyncGenerator<VillageSize> {
  if (levelOf(area) === 'village') {
    const row = await getRow(tables.summary, area);
    yield sizeOf(area, row?.figures);
    return;
  }
  const rows = await getRows(tables.summary, area, true);
  const figures = new Map(rows.map((row) => [row.area, row.figures]));
  const counted = (await getCoverages(tables.policy, area, true)).map((row) => row.area);
  for (const code of [...new Set([...figures.keys(), ...counted])].toSorted()) {
    if (levelOf(code) === 'village') yield sizeOf(code, figures.get(code));
    else yield* villagesIn(tables, code);
  }
}

function sizeOf(area: AreaCode, figures: Parameters<typeof registeredIn>[0] | undefined) {
  return { area, households: figures ? registeredIn(figures).households : 0 };
}

/** Households of a chunk: less than a minute of work. */
const PER_CHUNK = 500;

export interface Post {
  send(messages: readonly EvaluationMessage[]): Promise<void>;
  tellVillages(villages: readonly AreaCode[]): Promise<void>;
  tellSums(areas: readonly AreaCode[]): Promise<void>;
}

/** The evaluation of whole areas on the tables of a deployment. */
export function jobPorts(
  tables: EvaluationTables,
  post: Post,
  rules: RuleBook = ruleBook(tables),
): JobPorts {
  const { job } = tables;
  const village = villagePorts(tables, rules);
  return {
    ...post,
    job: (id) => getEvaluation(job, id),
    villages: (area) => villagesIn(tables, area),
    putChunk: (one, plan, chunk) => putChunk(job, one, { plan, chunk }),
    chunk: (one, chunk) => getChunk(job, one, chunk),
    waiting: (one) => waitingChunks(job, one),
    isAnyWaiting: (one) => isAnyWaiting(job, one),
    isOvertaken: (one) => isOvertaken(job, one),
    endChunk: (one, chunk) => endChunk(job, one, chunk),
    save: (one, next) => saveEvaluation(job, one, next),
    evaluate: (code, asked) => bringUp(village, { village: code, ...asked }),
    forgetRules: () => rules.forget(),
    due: async (area) =>
      (await getCoverages(tables.policy, area))
        .filter(({ coverage }) => coverage.until <= today())
        .map((row) => row.area),
    newPlan: () => crypto.randomUUID(),
    perChunk: PER_CHUNK,
    now,
  };
}
