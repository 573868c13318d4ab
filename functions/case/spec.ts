import type { Access } from '../core/access.ts';
import { AreaPath } from '../core/area-view.ts';
import { BulkAction, BulkResult } from '../core/case-bulk.ts';
import * as input from '../core/case-input.ts';
import { CaseList, CaseTaken, CaseView, ProcedureList } from '../core/case-view.ts';
import { HouseholdPath } from '../core/household-path.ts';
import { Procedure } from '../core/procedure.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

const readers: Access = { office: true, auditor: true };
/** Which of them may take a step stands with the step. */
const actors: Access = { office: ['county', 'town', 'village'] };

const post = ['request-invalid', 'idempotency-key-required', 'idempotency-key-reused'] as const;
const days = ['date-future', 'date-order'] as const;
const change = [
  'not-found',
  ...post,
  ...days,
  'if-match-required',
  'version-stale',
  'record-too-large',
  'busy',
] as const;

export const open = {
  id: 'case.open',
  method: 'POST',
  path: '/cases',
  summary: {
    zh: '提出识别、脱贫、返贫、注销或贫困村退出',
    en: 'Propose an identification, exit, return, striking off or the exit of a village',
  },
  access: actors,
  body: input.NewCase,
  response: CaseTaken,
  status: 201,
  refusals: [
    ...change.filter((code) => code !== 'if-match-required'),
    'case-open',
    'village-case-open',
    'case-status',
    'exit-not-proven',
    'household-closed',
    'household-number-taken',
    'household-too-large',
    'person-elsewhere',
    'step-wrong-level',
    'village-outside',
    'area-unknown',
    'area-not-village',
    'area-closed',
    'head-missing',
    'head-twice',
    'person-twice',
    'cause-too-many',
    'household-empty',
    'value-missing',
    'village-undescribed',
    'village-not-poor',
    'village-exited',
  ],
} as const satisfies Route;

export const read = {
  id: 'case.read',
  method: 'GET',
  path: '/cases/{id}',
  summary: { zh: '一件事项的全过程', en: 'A case with every step, its notice and its proof' },
  access: readers,
  params: input.CasePath,
  response: CaseView,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const ofHousehold = {
  id: 'case.of-household',
  method: 'GET',
  path: '/households/{id}/cases',
  summary: { zh: '一户的各次事项', en: 'The cases of a household, latest first' },
  access: readers,
  params: HouseholdPath,
  response: CaseList,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const ofVillage = {
  id: 'case.of-village',
  method: 'GET',
  path: '/areas/{code}/cases',
  summary: { zh: '一个村的各次退出事项', en: 'The cases of a village, latest first' },
  access: readers,
  params: AreaPath,
  response: CaseList,
  area: 'code',
  keepsCode: true,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const step = {
  id: 'case.step',
  method: 'POST',
  path: '/cases/{id}/steps',
  summary: { zh: '办理下一步', en: 'Take the next step of a case' },
  access: actors,
  params: input.CasePath,
  body: input.CaseStep,
  response: CaseTaken,
  ifMatch: true,
  refusals: [
    ...change,
    'area-closed',
    'case-ended',
    'exit-not-proven',
    'household-closed',
    'household-too-large',
    'member-unknown',
    'notice-running',
    'objection-open',
    'reason-required',
    'step-before-previous',
    'step-before-settlement',
    'step-cannot-fail',
    'step-not-next',
    'step-same-person',
    'step-wrong-level',
    'value-missing',
    'votes-missing',
    'votes-impossible',
    'votes-too-few',
    'votes-not-agreed',
    'status-transition',
    'village-undescribed',
    'village-not-poor',
    'village-exited',
  ],
} as const satisfies Route;

export const object = {
  id: 'case.object',
  method: 'POST',
  path: '/cases/{id}/objections',
  summary: {
    zh: '登记公示期内的异议（公示暂停计日）',
    en: 'Record an objection to a notice; its days stop counting',
  },
  access: actors,
  params: input.CasePath,
  body: input.NewObjection,
  response: CaseTaken,
  status: 201,
  ifMatch: true,
  refusals: [
    ...change,
    'area-closed',
    'case-ended',
    'objection-no-notice',
    'objection-before-notice',
    'objection-too-many',
  ],
} as const satisfies Route;

export const settle = {
  id: 'case.settle',
  method: 'POST',
  path: '/cases/{id}/objections/{objectionId}/settlement',
  summary: {
    zh: '异议处理：成立则终止，不成立则继续计日',
    en: 'Settle an objection: upheld ends the case, dismissed lets the notice run on',
  },
  access: { office: ['county', 'town'] },
  params: input.ObjectionPath,
  body: input.ObjectionSettlement,
  response: CaseTaken,
  ifMatch: true,
  refusals: [
    ...change,
    'area-closed',
    'case-ended',
    'objection-unknown',
    'objection-settled',
    'settlement-before-objection',
  ],
} as const satisfies Route;

export const withdraw = {
  id: 'case.withdraw',
  method: 'POST',
  path: '/cases/{id}/withdrawal',
  summary: { zh: '审定之前撤回', en: 'Take a proposal back before it is decided' },
  access: actors,
  params: input.CasePath,
  body: input.Withdrawal,
  response: CaseTaken,
  ifMatch: true,
  refusals: [...change, 'case-ended', 'case-decided', 'case-not-yours'],
} as const satisfies Route;

export const procedures = {
  id: 'procedure.read',
  method: 'GET',
  path: '/procedures',
  summary: {
    zh: '一类事项的程序：步骤、公示天数、由谁办理，及历次版本',
    en: 'The steps of a kind of decision in a county, its notice days, who acts, and all versions',
  },
  access: { office: true, auditor: true, helper: true, department: true, evaluator: true },
  query: input.ProcedureQuery,
  response: ProcedureList,
  refusals: ['not-found', 'request-invalid'],
  area: 'area',
} as const satisfies Route;

export const publish = {
  id: 'procedure.publish',
  method: 'POST',
  path: '/procedures',
  summary: {
    zh: '县里发布一类事项程序的新版本（在办事项仍按原版本）',
    en: 'Publish a version of a procedure from a day on; cases under way keep theirs',
  },
  access: { office: ['county'] },
  body: input.NewProcedure,
  response: Procedure,
  status: 201,
  refusals: [...post, 'not-found', 'date-past', 'procedure-published', 'busy'],
} as const satisfies Route;

export const bulk = {
  id: 'case.bulk',
  method: 'POST',
  path: '/bulk-actions',
  summary: {
    zh: '按名单批量提出或办理下一步（至多 500 户，逐户给出结果）',
    en: 'Propose, or take the next step, for up to 500 households of a list, with a result for each',
  },
  access: actors,
  body: BulkAction,
  response: BulkResult,
  refusals: [...post, 'not-found', 'case-none', 'busy'],
} as const satisfies Route;

/** What a step of a case is written with. */
const written = {
  case: 'write',
  household: 'write',
  identity: 'write',
  access: 'write',
  area: 'read',
} as const;

const api: FunctionSpec = {
  id: 'case',
  entry: 'case/handler.ts',
  purpose: 'takes households and villages through their procedures, step by step',
  tables: written,
  dataKeys: true,
  routes: [open, step, object, settle, withdraw, publish],
};

/** Five hundred files are read, opened and written while somebody waits: a whole processor is worth it. */
const many: FunctionSpec = {
  id: 'case-bulk',
  entry: 'case/bulk.ts',
  purpose: 'takes many households through the same step of their procedures at once',
  memoryMb: 1769,
  tables: { ...written, list: 'read', summary: 'read' },
  dataKeys: true,
  routes: [bulk],
};

const reader: FunctionSpec = {
  id: 'case-read',
  entry: 'case/reader.ts',
  purpose: 'shows cases, their proof, and the procedures they follow',
  tables: { case: 'read', household: 'read', area: 'read' },
  routes: [read, ofHousehold, ofVillage, procedures],
};

export const cases: CapabilitySpec = {
  name: 'case',
  tables: [
    {
      name: 'case',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'a case: pk = P#<case>; 0 where it stands with its records, objections and proof, 1 the steps it began under',
        'the cases of a household or village: pk = B#<household or village>, sk = <case>',
        'versions of a procedure in a county: pk = D#<county>#<kind>, sk = <version>',
        'a change request with its sealed body: pk = Q#<request>, sk = 0',
        'change requests of a county, town or village in a state: pk = W#<county>#request, sk begins with <state>#<area>',
      ],
    },
  ],
  functions: [api, many, reader],
};
