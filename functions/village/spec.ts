import * as z from 'zod';
import { AreaPath } from '../core/area-view.ts';
import { isDay } from '../core/day.ts';
import { ExitSheetShape } from '../core/exit-item.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';
import { VillageEntry } from '../core/village-entry.ts';
import { NewEvidence } from '../core/village-evidence.ts';

const place = [
  'not-found',
  'request-invalid',
  'area-not-village',
  'area-unknown',
  'area-closed',
] as const;

export const enter = {
  id: 'village.change',
  method: 'PATCH',
  path: '/areas/{code}/village-profile',
  summary: {
    zh: '录入或更正村情（版本 0 表示首次录入）',
    en: 'Enter or put right facts of a village; version 0 describes one for the first time',
  },
  access: { office: ['county', 'town'] },
  params: AreaPath,
  body: VillageEntry,
  response: z.object({ village: z.string(), version: z.int() }),
  ifMatch: true,
  area: 'code',
  refusals: [
    ...place,
    'if-match-required',
    'version-stale',
    'village-facts-none',
    'village-facts-older',
    'village-exited-stays',
    'village-list-above',
    'case-open',
    'number-out-of-range',
    'date-future',
  ],
} as const satisfies Route;

export const addEvidence = {
  id: 'village.evidence.add',
  method: 'POST',
  path: '/areas/{code}/exit-evidence',
  summary: {
    zh: '为村退出的一项标准登记佐证（文号、说明、日期）',
    en: 'Record what proves one exit criterion of a village: document, description, day',
  },
  access: { office: ['county', 'town', 'village'] },
  params: AreaPath,
  body: NewEvidence,
  response: z.object({ id: z.string(), village: z.string() }),
  status: 201,
  area: 'code',
  refusals: [
    ...place,
    'idempotency-key-required',
    'idempotency-key-reused',
    'village-undescribed',
    'date-future',
    'busy',
  ],
} as const satisfies Route;

export const showSheet = {
  id: 'village.exit-sheet',
  method: 'GET',
  path: '/areas/{code}/exit-sheet',
  summary: {
    zh: '村退出核查表（今日或过去某日）：各项标准、现状、来源与佐证',
    en: 'The exit sheet of a village today or on a past day: criteria, what there is, who says so, evidence',
  },
  access: { office: true, auditor: true },
  params: AreaPath,
  query: z.object({ on: z.string().refine(isDay).meta({ format: 'date' }).optional() }),
  response: ExitSheetShape,
  area: 'code',
  refusals: [
    'not-found',
    'request-invalid',
    'area-not-village',
    'area-closed',
    'village-undescribed',
    'date-future',
  ],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'village',
  entry: 'village/handler.ts',
  purpose: 'takes in facts and evidence of villages and shows their exit sheets',
  tables: { household: 'write', access: 'write', area: 'read', case: 'read' },
  routes: [enter, addEvidence, showSheet],
};

/** Profiles, their events and evidence lie in the village's partition of the table of households. */
export const village: CapabilitySpec = { name: 'village', functions: [api] };
