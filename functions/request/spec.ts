import type { Access } from '../core/access.ts';
import * as input from '../core/request-input.ts';
import { RequestList, RequestView } from '../core/request-view.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

/** The county may make every change itself; nobody is asked. */
const askers: Access = { office: ['town', 'village'] };
const approvers: Access = { office: ['county', 'town'] };
const readers: Access = { office: true, auditor: true };

const post = [
  'not-found',
  'request-invalid',
  'idempotency-key-required',
  'idempotency-key-reused',
  'busy',
] as const;
/** What the change itself may be refused for, as by the route that makes it. */
const change = [
  'version-stale',
  'household-closed',
  'household-too-large',
  'record-too-large',
  'date-future',
  'date-order',
  'area-unknown',
  'area-not-village',
  'area-closed',
  'head-missing',
  'head-twice',
  'head-cannot-leave',
  'person-twice',
  'person-elsewhere',
  'member-unknown',
  'member-not-live',
  'cause-too-many',
  'exit-before-identification',
  'exit-year-missing',
  'exit-year-unexpected',
  'status-transition',
  'procedure-required',
  'value-missing',
  'reason-required',
  'case-open',
  'head-stays',
  'household-empty',
  'household-live',
  'household-number-taken',
  'merger-same',
  'split-all',
  'village-same',
  'void-day',
] as const;
const decision = ['request-not-open', 'request-same-person', 'above-right'] as const;

export const file = {
  id: 'change-request.file',
  method: 'POST',
  path: '/change-requests',
  summary: {
    zh: '申请本级无权直接办理的变更；提交后内容不可再改',
    en: 'Ask for a change above one’s right; frozen once it is filed',
  },
  access: askers,
  body: input.NewRequest,
  response: RequestView,
  status: 201,
  refusals: [...post, ...change, 'request-nothing', 'request-not-needed'],
} as const satisfies Route;

export const list = {
  id: 'change-request.list',
  method: 'GET',
  path: '/change-requests',
  summary: {
    zh: '一县、乡镇或村的变更申请，默认为待审批的',
    en: 'Change requests of a county, town or village, those waiting for a decision unless told',
  },
  access: readers,
  query: input.RequestListQuery,
  response: RequestList,
  refusals: ['not-found', 'request-invalid', 'area-above-county', 'cursor-invalid'],
  area: 'area',
} as const satisfies Route;

export const read = {
  id: 'change-request.read',
  method: 'GET',
  path: '/change-requests/{id}',
  summary: {
    zh: '一项变更申请：变更前后对照、申请与审批',
    en: 'A change request with its view before and after, who filed it and what became of it',
  },
  access: readers,
  params: input.RequestPath,
  response: RequestView,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const approve = {
  id: 'change-request.approve',
  method: 'POST',
  path: '/change-requests/{id}/approval',
  summary: {
    zh: '批准申请并办理变更；该户已有变动的，申请作废',
    en: 'Approve a request and make the change; it lapses where the household has changed',
  },
  access: approvers,
  params: input.RequestPath,
  response: RequestView,
  refusals: [...post, ...change, ...decision, 'village-outside', 'request-stale'],
} as const satisfies Route;

export const reject = {
  id: 'change-request.reject',
  method: 'POST',
  path: '/change-requests/{id}/rejection',
  summary: { zh: '退回申请，写明原因', en: 'Reject a request with a reason' },
  access: approvers,
  params: input.RequestPath,
  body: input.Rejection,
  response: RequestView,
  refusals: [...post, ...decision],
} as const satisfies Route;

export const withdraw = {
  id: 'change-request.withdraw',
  method: 'POST',
  path: '/change-requests/{id}/withdrawal',
  summary: { zh: '申请人撤回申请', en: 'Take back a request one has filed' },
  access: askers,
  params: input.RequestPath,
  response: RequestView,
  refusals: [...post, 'request-not-open', 'request-not-yours'],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'change-request',
  entry: 'request/handler.ts',
  purpose: 'files change requests, and makes the changes that are approved',
  tables: {
    case: 'write',
    household: 'write',
    identity: 'write',
    access: 'write',
    area: 'read',
  },
  dataKeys: true,
  routes: [file, approve, reject, withdraw],
};

/** Who only looks needs no keys and no right to write. */
const reader: FunctionSpec = {
  id: 'change-request-read',
  entry: 'request/reader.ts',
  purpose: 'shows change requests',
  tables: { case: 'read', household: 'read', area: 'read' },
  routes: [list, read],
};

export const request: CapabilitySpec = { name: 'request', functions: [api, reader] };
