import type { Access } from '../core/access.ts';
import { AreaPath } from '../core/area-view.ts';
import {
  CoveragePath,
  CoverageQuery,
  CoverageView,
  EvaluationBody,
  EvaluationList,
  EvaluationView,
  ItemCoverageView,
  NamesQuery,
  NamesView,
} from '../core/coverage-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Whoever may see every household of an area sees names; departments see how many, never who. */
const overseers: Access = { office: true, auditor: true };
const counters: Access = { ...overseers, department: true };

export const showCoverage = {
  id: 'coverage.show',
  method: 'GET',
  path: '/coverage',
  summary: {
    zh: '一个区划各项政策的应享、已享、未享、不符合、不符合而享受、不明（户数、人数、金额）',
    en: 'Every policy item in force in an area: entitled, received, missed, not eligible, received though not eligible, unknown; households, persons and fen',
  },
  access: counters,
  query: CoverageQuery,
  response: CoverageView,
  refusals: ['not-found'],
  area: 'area',
} as const satisfies Route;

export const showItemCoverage = {
  id: 'coverage.item',
  method: 'GET',
  path: '/policies/{id}/coverage',
  summary: {
    zh: '一项政策在一个区划及其下级区划的覆盖情况',
    en: 'The coverage of one policy item in an area and in its parts',
  },
  access: counters,
  params: CoveragePath,
  query: CoverageQuery,
  response: ItemCoverageView,
  refusals: ['not-found'],
  area: 'area',
} as const satisfies Route;

export const listCoverage = {
  id: 'coverage.names',
  method: 'GET',
  path: '/policies/{id}/coverage/households',
  sheet: '/policies/{id}/coverage/households.xlsx',
  summary: {
    zh: '一项政策某种结果的名单（应享、未享、不符合而享受等）',
    en: 'The names behind a figure of coverage: households, and persons where the item is theirs; villages where it is of villages',
  },
  access: overseers,
  params: CoveragePath,
  query: NamesQuery,
  response: NamesView,
  refusals: ['not-found', 'cursor-invalid'],
  area: 'area',
} as const satisfies Route;

export const askEvaluation = {
  id: 'evaluation.ask',
  method: 'POST',
  path: '/areas/{code}/evaluations',
  summary: {
    zh: '按现行政策重新评估一个区划的所有农户（后台执行）',
    en: 'Have every household of an area evaluated anew by the policies in force, in the background',
  },
  access: { office: ['province', 'city', 'county'], admin: true },
  params: AreaPath,
  body: EvaluationBody,
  response: EvaluationView,
  status: 202,
  refusals: ['not-found', 'busy', 'idempotency-key-required', 'idempotency-key-reused'],
  area: 'code',
} as const satisfies Route;

export const listEvaluations = {
  id: 'evaluation.list',
  method: 'GET',
  path: '/areas/{code}/evaluations',
  summary: {
    zh: '一个区划最近的重新评估及进度（含上级区划的）',
    en: 'The latest evaluations of an area and of the areas above it, with their progress',
  },
  access: { ...overseers, admin: true },
  params: AreaPath,
  response: EvaluationList,
  refusals: ['not-found'],
  area: 'code',
} as const satisfies Route;

/** Rows lie in the table of policies: what was found of a household `V#<village>`, coverage of an area `G#<area above>`. */
export const coverage: CapabilitySpec = {
  name: 'coverage',
  functions: [
    {
      id: 'coverage',
      entry: 'coverage/handler.ts',
      purpose: 'shows who is entitled to what, who receives it and who misses it',
      memoryMb: 1024,
      tables: { policy: 'read', household: 'read', area: 'read', job: 'read' },
      routes: [showCoverage, showItemCoverage, listCoverage, listEvaluations],
    },
    {
      id: 'evaluation-ask',
      entry: 'coverage/ask.ts',
      purpose: 'has the households of an area evaluated anew on demand',
      tables: { area: 'read', job: 'write', access: 'write' },
      sends: ['evaluation'],
      routes: [askEvaluation],
    },
    {
      id: 'entitle',
      entry: 'coverage/consumer.ts',
      purpose:
        'keeps what households are entitled to, and the coverage of villages, up to date after a change',
      memoryMb: 1024,
      timeoutSeconds: 120,
      tables: { household: 'read', policy: 'write', job: 'write' },
      sends: ['entitlement', 'evaluation'],
      consumes: { queue: 'entitlement', batch: 100, windowSeconds: 1, concurrency: 10 },
    },
    {
      id: 'add-up',
      entry: 'coverage/sum.ts',
      purpose: 'adds coverage up from villages to the province',
      timeoutSeconds: 120,
      tables: { policy: 'write' },
      consumes: { queue: 'coverage', batch: 1000, windowSeconds: 5, concurrency: 2 },
    },
    {
      id: 'evaluate',
      entry: 'coverage/evaluate.ts',
      purpose:
        'evaluates the households of whole areas, and those of whom the day has changed something',
      memoryMb: 1024,
      timeoutSeconds: 600,
      tables: { household: 'read', summary: 'read', policy: 'write', job: 'write' },
      sends: ['entitlement', 'evaluation', 'coverage'],
      consumes: { queue: 'evaluation', batch: 1, windowSeconds: 0, concurrency: 5 },
      schedule: { name: 'entitlement', cron: '52 * * * ? *' },
    },
  ],
};
