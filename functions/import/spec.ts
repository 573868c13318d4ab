import type { Access } from '../core/access.ts';
import { KEPT_DAYS } from '../core/import.ts';
import * as shape from '../core/import-view.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

/** Uploading and approving are separate rights: a town uploads, the county approves. A department tells what it paid or did, and no other kind. */
const uploaders: Access = { office: ['province', 'city', 'county', 'town'], department: true };
const approvers: Access = { office: ['province', 'city', 'county'] };
const readers: Access = {
  office: ['province', 'city', 'county', 'town'],
  auditor: true,
  department: true,
};

const newImport = {
  id: 'import.new',
  method: 'POST',
  path: '/imports',
  summary: {
    zh: '登记一次导入，取得上传地址（按 upload.headers 原样发送，只能上传一次）',
    en: 'Announce an import and get the upload address (send upload.headers as they are; it takes one file once)',
  },
  access: uploaders,
  body: shape.NewImport,
  response: shape.NewImportAnswer,
  status: 201,
  refusals: [
    'not-found',
    'receipt-area',
    'request-invalid',
    'idempotency-key-reused',
    'import-not-ready',
    'busy',
  ],
} as const satisfies Route;

const list = {
  id: 'import.list',
  method: 'GET',
  path: '/imports',
  summary: { zh: '某地的导入记录', en: 'Imports of an area, newest first' },
  access: readers,
  query: shape.ImportListQuery,
  response: shape.ImportList,
  refusals: ['not-found', 'cursor-invalid'],
  area: 'area',
  keepsCode: true,
} as const satisfies Route;

const one = {
  id: 'import.read',
  method: 'GET',
  path: '/imports/{id}',
  summary: { zh: '导入的进度、统计与方案', en: 'State, progress, counts and plan of an import' },
  access: readers,
  params: shape.ImportPath,
  response: shape.ImportView,
  refusals: ['not-found'],
} as const satisfies Route;

const rows = {
  id: 'import.rows',
  method: 'GET',
  path: '/imports/{id}/rows',
  summary: { zh: '方案逐户明细', en: 'The plan, entry by entry' },
  access: readers,
  params: shape.ImportPath,
  query: shape.ImportRowsQuery,
  response: shape.EntryList,
  refusals: ['not-found', 'import-not-ready', 'import-expired', 'cursor-invalid'],
} as const satisfies Route;

const refusals = {
  id: 'import.refusals',
  method: 'GET',
  path: '/imports/{id}/refusals.xlsx',
  summary: {
    zh: '下载未导入的行及原因（转到短期有效地址）',
    en: 'The faulty rows with their reasons (leads to a short-lived address)',
  },
  access: uploaders,
  params: shape.ImportPath,
  response: shape.Nothing,
  status: 303,
  refusals: ['not-found', 'import-not-ready', 'import-expired'],
} as const satisfies Route;

const approval = {
  id: 'import.approve',
  method: 'POST',
  path: '/imports/{id}/approval',
  summary: { zh: '批准所查看的方案', en: 'Approve the plan that was looked at' },
  access: approvers,
  params: shape.ImportPath,
  body: shape.Approval,
  response: shape.ImportView,
  status: 202,
  refusals: [
    'not-found',
    'import-not-ready',
    'import-expired',
    'import-plan-changed',
    'import-same-person',
  ],
} as const satisfies Route;

const rejection = {
  id: 'import.reject',
  method: 'POST',
  path: '/imports/{id}/refusal',
  summary: { zh: '退回方案', en: 'Reject the plan' },
  access: approvers,
  params: shape.ImportPath,
  body: shape.Rejection,
  response: shape.ImportView,
  refusals: ['not-found', 'import-not-ready'],
} as const satisfies Route;

export const routes = { newImport, list, one, rows, refusals, approval, rejection };

/** Where uploads lie; the rest of the key is `<import>/source`. */
export const UPLOADS = 'uploads/';
/** Sealed chunks and refusal files. */
export const STAGED = 'imports/';

const api: FunctionSpec = {
  id: 'import',
  entry: 'import/handler.ts',
  purpose: 'takes imports in, shows their plans and takes decisions on them',
  memoryMb: 512,
  timeoutSeconds: 30,
  tables: { job: 'write', identity: 'read', area: 'read', access: 'write' },
  bucket: { writes: [UPLOADS] },
  sends: ['import'],
  dataKeys: true,
  routes: Object.values(routes),
};

const reader: FunctionSpec = {
  id: 'import-read',
  entry: 'import/read.ts',
  purpose:
    'reads an uploaded file, stages its rows in sealed chunks, and has imports go on that stand still',
  memoryMb: 1024,
  timeoutSeconds: 900,
  temporaryMb: 1024,
  tables: { job: 'write', identity: 'write', area: 'read' },
  bucket: { writes: [STAGED] },
  sends: ['import'],
  dataKeys: true,
  objectCreated: { prefix: UPLOADS },
  schedule: { name: 'import', cron: '27 * * * ? *' },
};

const worker: FunctionSpec = {
  id: 'import-chunk',
  entry: 'import/chunk.ts',
  purpose: 'matches and applies an import chunk by chunk',
  memoryMb: 1024,
  timeoutSeconds: 300,
  tables: {
    job: 'write',
    household: 'write',
    identity: 'write',
    area: 'write',
    access: 'write',
    policy: 'write',
    pairing: 'write',
  },
  bucket: { writes: [STAGED] },
  sends: ['import'],
  dataKeys: true,
  consumes: { queue: 'import', batch: 1, windowSeconds: 0, concurrency: 10 },
};

export const imports: CapabilitySpec = {
  name: 'import',
  tables: [
    {
      name: 'job',
      partition: 'pk',
      sort: 'sk',
      ttl: 'expiresAt',
      patterns: [
        'an import with its chunks: pk = I#<import>, sk = 0 | C#<chunk> | P#<phase>',
        'imports and jobs of a county: pk = W#<county>, sk descending',
        'division changes that are not done: pk = O#change, sk = <change>',
        'imports under way: pk = O#import, sk = <import>',
        'the snapshots of a county: pk = Y#<county>, sk = <year>; their chunks: pk = J#<job>, sk = C#<chunk>',
        'snapshots that are not frozen: pk = O#snapshot, sk = <county>#<year>',
      ],
    },
  ],
  objects: [
    { prefix: UPLOADS, days: KEPT_DAYS },
    { prefix: STAGED, days: KEPT_DAYS },
  ],
  functions: [api, reader, worker],
};
