import * as z from 'zod';
import type { Access } from '../core/access.ts';
import { AreaChildren, AreaFile, AreaPath, ChangePath, VillageFile } from '../core/area-view.ts';
import { DivisionChange } from '../core/division-change.ts';
import { ChangeView } from '../core/division-job.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

/** Names and codes of places are public; anyone with a token sees those inside the own areas. */
const everybody: Access = {
  office: true,
  helper: true,
  department: true,
  auditor: true,
  evaluator: true,
  admin: true,
};
const countyAndAbove: Access = { office: ['province', 'city', 'county'] };
const watchers: Access = { ...countyAndAbove, auditor: true };

export const read = {
  id: 'area.read',
  method: 'GET',
  path: '/areas/{code}',
  summary: {
    zh: '一个区划：名称、起止、继任区划、变更记录',
    en: 'One division: its name, validity, successors and what happened to it',
  },
  access: everybody,
  params: AreaPath,
  response: AreaFile,
  refusals: ['not-found'],
} as const satisfies Route;

export const children = {
  id: 'area.children',
  method: 'GET',
  path: '/areas/{code}/children',
  summary: {
    zh: '下级区划（可含已撤销的）',
    en: 'Divisions directly inside, closed ones on request',
  },
  access: everybody,
  params: AreaPath,
  query: z.object({ closed: z.enum(['true', 'false']).default('false') }),
  response: AreaChildren,
  refusals: ['not-found'],
  area: 'code',
} as const satisfies Route;

export const profile = {
  id: 'village.profile',
  method: 'GET',
  path: '/areas/{code}/village-profile',
  summary: {
    zh: '村情：人口、自然村、道路、村财等，及其变更记录',
    en: 'What is known of a village: population, hamlets, road, income, and what changed',
  },
  access: { office: true, auditor: true },
  params: AreaPath,
  response: VillageFile,
  refusals: ['not-found'],
  area: 'code',
} as const satisfies Route;

export const ask = {
  id: 'division-change.ask',
  method: 'POST',
  path: '/division-changes',
  summary: {
    zh: '办理区划更名、合并、拆分或划转（后台执行）',
    en: 'Rename, merge, split or move divisions; carried out in the background',
  },
  access: countyAndAbove,
  body: DivisionChange,
  response: ChangeView,
  status: 202,
  refusals: [
    'not-found',
    'date-future',
    'area-unknown',
    'area-closed',
    'division-exists',
    'division-parent-unknown',
    'division-level-mismatch',
    'division-part-missing',
    'division-part-twice',
    'division-change-nothing',
    'division-change-running',
    'snapshot-running',
    'village-case-open',
    'idempotency-key-reused',
  ],
} as const satisfies Route;

export const progress = {
  id: 'division-change.read',
  method: 'GET',
  path: '/division-changes/{id}',
  summary: { zh: '区划变更的进度', en: 'How far a division change has come' },
  access: watchers,
  params: ChangePath,
  response: ChangeView,
  refusals: ['not-found'],
} as const satisfies Route;

export const resume = {
  id: 'division-change.resume',
  method: 'POST',
  path: '/division-changes/{id}/resumption',
  summary: {
    zh: '继续一个停住的区划变更',
    en: 'Go on with a division change that has come to a halt',
  },
  access: countyAndAbove,
  params: ChangePath,
  response: ChangeView,
  status: 202,
  refusals: ['not-found'],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'area',
  entry: 'area/handler.ts',
  purpose: 'shows divisions and takes in changes of divisions',
  tables: { area: 'write', job: 'write', access: 'write', household: 'read', case: 'read' },
  sends: ['job'],
  routes: [read, children, profile, ask, progress, resume],
};

const worker: FunctionSpec = {
  id: 'area-change',
  entry: 'area/change.ts',
  purpose: 'carries out division changes, village by village, and has those go on that stand still',
  timeoutSeconds: 120,
  tables: {
    area: 'write',
    job: 'write',
    household: 'write',
    identity: 'write',
    access: 'write',
    target: 'write',
    policy: 'write',
  },
  sends: ['job'],
  dataKeys: true,
  consumes: { queue: 'job', batch: 1, windowSeconds: 0, concurrency: 5 },
  schedule: { name: 'change', cron: '12 * * * ? *' },
};

export const areas: CapabilitySpec = {
  name: 'area',
  tables: [
    {
      name: 'area',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'a division: pk = A#<parent>, sk = <code>; the code tells the parent (0 for a province)',
        'the divisions directly inside: pk = A#<code>',
        'what happened to a division, newest first: pk = E#<code>, sk = 3#<999999999 - version>',
        'villages that came to a county from others: pk = F#<county>',
      ],
    },
  ],
  functions: [api, worker],
};
