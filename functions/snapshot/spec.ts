import type { Access } from '../core/access.ts';
import {
  SnapshotBody,
  SnapshotCheck,
  SnapshotFile,
  SnapshotList,
  SnapshotPath,
  SnapshotQuery,
  SnapshotView,
} from '../core/snapshot-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Whoever may see the figures of an area. */
const overseers: Access = { office: true, auditor: true };

export const askSnapshot = {
  id: 'snapshot.ask',
  method: 'POST',
  path: '/snapshots',
  summary: {
    zh: '定格一个县某年年末的台账（后台执行，定格后不再改变；每县每年一份）',
    en: 'Freeze what is known about the last day of a year in a county, in the background; there is one snapshot of a county and year, and it never changes',
  },
  access: { office: ['county'] },
  body: SnapshotBody,
  response: SnapshotView,
  status: 202,
  refusals: [
    'not-found',
    'snapshot-year-not-over',
    'snapshot-exists',
    'area-unknown',
    'area-closed',
    'division-change-running',
    'busy',
    'idempotency-key-required',
    'idempotency-key-reused',
  ],
} as const satisfies Route;

export const listSnapshots = {
  id: 'snapshot.list',
  method: 'GET',
  path: '/snapshots',
  summary: {
    zh: '一个地区的年度快照',
    en: 'The year snapshots of an area’s county, or of the counties of a city or province',
  },
  access: overseers,
  query: SnapshotQuery,
  response: SnapshotList,
  refusals: ['not-found'],
  area: 'area',
  keepsCode: true,
} as const satisfies Route;

export const readSnapshot = {
  id: 'snapshot.read',
  method: 'GET',
  path: '/snapshots/{area}/{year}',
  summary: {
    zh: '一个县、乡镇或村的年度快照：进度、何时所知、由谁定格、户数人数',
    en: 'The snapshot of a year for a county, town or village: how far it is, what was known when, who had it frozen, households and persons',
  },
  access: overseers,
  params: SnapshotPath,
  response: SnapshotFile,
  refusals: ['not-found', 'snapshot-none'],
  area: 'area',
  keepsCode: true,
} as const satisfies Route;

export const checkSnapshot = {
  id: 'snapshot.check',
  method: 'GET',
  path: '/snapshots/{area}/{year}/check',
  summary: {
    zh: '按定格的名册重新统计并核对（偏差应为零）',
    en: 'Count an area of a snapshot again from its frozen rosters and compare with its frozen figures and digests; drift must be zero. Counties of more than some hundred villages are checked town by town',
  },
  access: overseers,
  params: SnapshotPath,
  response: SnapshotCheck,
  refusals: ['not-found', 'snapshot-none', 'snapshot-running'],
  area: 'area',
  keepsCode: true,
} as const satisfies Route;

export const snapshot: CapabilitySpec = {
  name: 'snapshot',
  functions: [
    {
      id: 'snapshot-ask',
      entry: 'snapshot/ask.ts',
      purpose: 'has a year of a county frozen on demand',
      tables: { area: 'read', job: 'write', access: 'write' },
      sends: ['snapshot'],
      routes: [askSnapshot],
    },
    {
      id: 'snapshot-read',
      entry: 'snapshot/handler.ts',
      purpose: 'shows year snapshots and counts them again from their objects',
      memoryMb: 1024,
      tables: { area: 'read', job: 'read', summary: 'read' },
      bucket: { writes: [] },
      routes: [listSnapshots, readSnapshot, checkSnapshot],
    },
    {
      id: 'snapshot-work',
      entry: 'snapshot/job.ts',
      purpose: 'freezes a year town by town, and has snapshots go on that stand still',
      memoryMb: 1024,
      timeoutSeconds: 600,
      tables: { household: 'read', area: 'read', summary: 'write', job: 'write' },
      bucket: { writes: ['snapshots/'] },
      sends: ['snapshot'],
      consumes: { queue: 'snapshot', batch: 1, windowSeconds: 0, concurrency: 5 },
      schedule: { name: 'snapshot-resume', cron: '42 * * * ? *' },
    },
    {
      id: 'snapshot-year',
      entry: 'snapshot/year.ts',
      purpose: 'has the year that just ended frozen in every county',
      sends: ['snapshot'],
      schedule: { name: 'snapshot', cron: '10 0 1 1 ? *' },
    },
  ],
};
