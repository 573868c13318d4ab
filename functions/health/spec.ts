import type { Access } from '../core/access.ts';
import * as input from '../core/health.ts';
import * as entry from '../core/health-follow-up.ts';
import * as view from '../core/health-view.ts';
import { HouseholdPath, MemberPath } from '../core/household-path.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

/** Who sees how somebody's contract and follow-ups stand: offices, and the helpers of the household. */
const readers: Access = { office: true, helper: true };
const writers: Access = { office: ['county', 'town', 'village'] };

const change = [
  'not-found',
  'request-invalid',
  'member-unknown',
  'household-closed',
  'date-future',
  'date-order',
  'busy',
  'idempotency-key-required',
  'idempotency-key-reused',
] as const;
const versioned = ['if-match-required', 'version-stale'] as const;
const member = ['household-too-large', 'record-too-large', 'person-elsewhere'] as const;

export const sign = {
  id: 'health.contract.sign',
  method: 'POST',
  path: '/households/{id}/members/{personId}/doctor-contracts',
  summary: {
    zh: '登记家庭医生签约（同时记入成员的“家庭医生签约”）',
    en: 'Enter a contract with a family doctor; the fact of the member follows in the same write. Its version is that of contract and health file, 0 where there is neither',
  },
  access: writers,
  params: MemberPath,
  body: input.NewContract,
  response: view.HealthTaken,
  status: 201,
  ifMatch: true,
  refusals: [...change, ...versioned, ...member, 'contract-running', 'contract-too-many'],
} as const satisfies Route;

export const renew = {
  id: 'health.contract.renew',
  method: 'POST',
  path: '/households/{id}/members/{personId}/doctor-contracts/renewal',
  summary: { zh: '续签家庭医生', en: 'Renew the contract in force to a later day' },
  access: writers,
  params: MemberPath,
  body: input.Renewal,
  response: view.HealthTaken,
  ifMatch: true,
  refusals: [...change, ...versioned, ...member, 'contract-none'],
} as const satisfies Route;

export const end = {
  id: 'health.contract.end',
  method: 'POST',
  path: '/households/{id}/members/{personId}/doctor-contracts/end',
  summary: { zh: '解除家庭医生签约', en: 'End the contract in force before it runs out' },
  access: writers,
  params: MemberPath,
  body: input.ContractEnd,
  response: view.HealthTaken,
  ifMatch: true,
  refusals: [...change, ...versioned, ...member, 'contract-none'],
} as const satisfies Route;

export const setUp = {
  id: 'health.file.set-up',
  method: 'PUT',
  path: '/households/{id}/members/{personId}/health-file',
  summary: {
    zh: '建立或更新健康档案（四类慢性病；原内容保留）',
    en: 'Set up or replace the health file with the chronic diseases it follows; what it said before is kept',
  },
  access: { office: ['county', 'town'] },
  params: MemberPath,
  body: input.NewHealthFile,
  response: view.HealthTaken,
  ifMatch: true,
  refusals: [
    'not-found',
    'request-invalid',
    'member-unknown',
    'household-closed',
    'date-future',
    'disease-twice',
    'busy',
    ...versioned,
  ],
} as const satisfies Route;

export const followUp = {
  id: 'health.follow-up',
  method: 'POST',
  path: '/households/{id}/members/{personId}/follow-ups',
  summary: { zh: '登记一次慢病随访', en: 'Enter a follow-up, late ones too' },
  access: writers,
  params: MemberPath,
  body: entry.NewFollowUp,
  response: view.FollowUpTaken,
  status: 201,
  refusals: [...change, 'health-file-none', 'follow-up-before-file'],
} as const satisfies Route;

export const correctFollowUp = {
  id: 'health.follow-up.correct',
  method: 'PUT',
  path: '/households/{id}/members/{personId}/follow-ups/{followUpId}',
  summary: {
    zh: '更正一次随访（写明原因，原内容保留，下次随访日期随之更改）',
    en: 'Put a follow-up right, for a reason: what it said before is kept, and the day of the next follows. By who entered it, or an office of a town or above; If-Match is its own version',
  },
  access: writers,
  params: view.FollowUpPath,
  body: entry.FollowUpCorrection,
  response: view.FollowUpTaken,
  ifMatch: true,
  refusals: [
    ...['not-found', 'request-invalid', 'member-unknown', 'household-closed', 'busy'],
    ...['date-future', 'date-order', 'health-file-none', 'follow-up-before-file'],
    ...['follow-up-not-yours', 'follow-up-withdrawn', 'if-match-required', 'version-stale'],
  ],
} as const satisfies Route;

export const withdrawFollowUp = {
  id: 'health.follow-up.withdraw',
  method: 'POST',
  path: '/households/{id}/members/{personId}/follow-ups/{followUpId}/withdrawal',
  summary: {
    zh: '撤销一次误登的随访（写明原因，不删除，不再计入）',
    en: 'Withdraw a follow-up entered by mistake, for a reason: it stays, and no longer counts',
  },
  access: writers,
  params: view.FollowUpPath,
  body: entry.FollowUpWithdrawal,
  response: view.FollowUpTaken,
  ifMatch: true,
  refusals: [
    ...['not-found', 'request-invalid', 'member-unknown', 'health-file-none', 'busy'],
    ...['follow-up-not-yours', 'follow-up-withdrawn', 'if-match-required', 'version-stale'],
    ...['idempotency-key-required', 'idempotency-key-reused'],
  ],
} as const satisfies Route;

export const ofHousehold = {
  id: 'health.of-household',
  method: 'GET',
  path: '/households/{id}/health',
  summary: {
    zh: '一户各成员的家庭医生签约、健康档案与随访（病种仅乡镇及以上办公室可见）',
    en: 'Contracts, health files and follow-ups of the members of a household; which disease it is shown to offices of towns and above alone',
  },
  access: readers,
  params: HouseholdPath,
  response: view.HouseholdHealth,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const followUps = {
  id: 'health.follow-ups',
  method: 'GET',
  path: '/households/{id}/members/{personId}/follow-ups',
  summary: { zh: '一人的随访记录', en: 'The follow-ups of a member, latest first' },
  access: readers,
  params: MemberPath,
  query: view.FollowUpQuery,
  response: view.FollowUpList,
  refusals: ['not-found', 'request-invalid', 'member-unknown', 'cursor-invalid'],
} as const satisfies Route;

export const readFollowUp = {
  id: 'health.follow-up.read',
  method: 'GET',
  path: '/households/{id}/members/{personId}/follow-ups/{followUpId}',
  summary: {
    zh: '一次随访及其更正前的内容',
    en: 'A follow-up, with what it said before it was put right or withdrawn',
  },
  access: readers,
  params: view.FollowUpPath,
  response: view.FollowUpFile,
  refusals: ['not-found', 'request-invalid', 'member-unknown'],
} as const satisfies Route;

export const persons = {
  id: 'health.persons',
  method: 'GET',
  path: '/health-files',
  sheet: '/health-files.xlsx',
  summary: {
    zh: '按签约、建档、随访情况列出人员（不显示病种）',
    en: 'Persons by how their contract, file and follow-ups stand, in the order of places; no disease is shown. Pages may be short: the cursor goes on',
  },
  access: readers,
  query: view.HealthQuery,
  response: view.HealthPersons,
  area: 'area',
  refusals: ['not-found', 'request-invalid', 'cursor-invalid'],
} as const satisfies Route;

export const coverage = {
  id: 'health.coverage',
  method: 'GET',
  path: '/areas/{code}/health',
  summary: {
    zh: '签约、建档与随访覆盖情况（每个数字可点到名单）',
    en: 'Coverage of all registered persons by contracts, health files and follow-ups; every figure names its list. Above counties, and of a county of very many, the figures of boards and the parts',
  },
  access: { office: true },
  params: view.CoveragePath,
  response: view.HealthCoverage,
  area: 'code',
  refusals: ['not-found', 'request-invalid', 'figures-being-recounted'],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'health-file',
  entry: 'health/handler.ts',
  purpose: 'enters contracts with family doctors, health files and follow-ups',
  tables: {
    ...{ care: 'write', household: 'write', identity: 'write' },
    ...{ access: 'write', area: 'read' },
  },
  dataKeys: true,
  routes: [sign, renew, end, setUp, followUp, correctFollowUp, withdrawFollowUp],
};

/** A county's coverage is counted from its persons while somebody waits. */
const reader: FunctionSpec = {
  id: 'health-read',
  entry: 'health/reader.ts',
  purpose: 'shows contracts and health files, whose follow-up is due, and how far all are covered',
  memoryMb: 1024,
  tables: { care: 'read', household: 'read', list: 'read', summary: 'read', area: 'read' },
  routes: [ofHousehold, followUps, readFollowUp, persons, coverage],
};

export const health: CapabilitySpec = { name: 'health', functions: [api, reader] };
