import type { Access } from '../core/access.ts';
import { AreaPath } from '../core/area-view.ts';
import { HouseholdPath } from '../core/household-path.ts';
import * as input from '../core/measure-input.ts';
import * as view from '../core/measure-view.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

const readers: Access = { office: true, auditor: true, helper: true };
const overseers: Access = { office: true, auditor: true };
/** Who of them may keep the measures of a household stands with the right to its batches. */
const keepers: Access = { office: ['county', 'town', 'village'] };

const post = ['idempotency-key-required', 'idempotency-key-reused'] as const;
const change = [
  'not-found',
  'request-invalid',
  'measure-above-right',
  'date-future',
  'date-order',
  'record-too-large',
  'busy',
] as const;
const versioned = [...change, 'if-match-required', 'version-stale', 'measure-void'] as const;
const household = ['household-too-large', 'person-elsewhere'] as const;

export const openRoute = {
  id: 'measure.open',
  method: 'POST',
  path: '/households/{id}/measures',
  summary: {
    zh: '登记一项帮扶措施（户或家庭成员；已结束的也可补登，写明起止日期与结果）',
    en: 'Open a measure of a household or of a person in it, or enter one that is over already (`ended`)',
  },
  access: keepers,
  params: HouseholdPath,
  body: input.NewMeasure,
  response: view.MeasureTaken,
  status: 201,
  refusals: [
    ...change,
    ...post,
    ...household,
    'household-closed',
    'loan-outstanding',
    'loan-overpaid',
    'measure-no-loan',
    'measure-batch',
    'measure-details',
    'measure-link',
    'measure-no-person',
    'measure-no-rule',
    'measure-of-household',
    'measure-too-many',
    'member-unknown',
    'mode-closed',
    'mode-not-industry',
    'mode-unknown',
    'value-missing',
    'post-age',
    'post-cadre',
    'post-twice',
    'loan-age',
    'loan-no-rule',
    'loan-no-top-up',
    'loan-too-large',
    'loan-too-long',
  ],
} as const satisfies Route;

export const changeRoute = {
  id: 'measure.change',
  method: 'PATCH',
  path: '/households/{id}/measures/{measureId}',
  summary: {
    zh: '补充或更正一项措施（责任人、计划结束、增收、明细）',
    en: 'Add to a measure or put it right: responsible, planned end, income, details',
  },
  access: keepers,
  params: input.MeasurePath,
  body: input.MeasureChanges,
  response: view.MeasureTaken,
  ifMatch: true,
  refusals: [...versioned, 'measure-details', 'measure-link'],
} as const satisfies Route;

export const endRoute = {
  id: 'measure.end',
  method: 'POST',
  path: '/households/{id}/measures/{measureId}/end',
  summary: {
    zh: '结束一项措施并登记结果；录入错误的作废',
    en: 'End a measure with its result; one entered by mistake never ran',
  },
  access: keepers,
  params: input.MeasurePath,
  body: input.MeasureEnd,
  response: view.MeasureTaken,
  ifMatch: true,
  refusals: [
    ...versioned,
    ...post,
    ...household,
    'measure-ended',
    'measure-no-loan',
    'loan-outstanding',
  ],
} as const satisfies Route;

export const repayRoute = {
  id: 'measure.repay',
  method: 'POST',
  path: '/households/{id}/measures/{measureId}/repayments',
  summary: { zh: '登记小额信贷还款', en: 'Record a repayment of a micro-credit' },
  access: keepers,
  params: input.MeasurePath,
  body: input.Repayment,
  response: view.MeasureTaken,
  status: 201,
  ifMatch: true,
  refusals: [...versioned, ...post, 'measure-no-loan', 'loan-overpaid'],
} as const satisfies Route;

export const renewRoute = {
  id: 'measure.renew',
  method: 'POST',
  path: '/households/{id}/measures/{measureId}/renewals',
  summary: { zh: '小额信贷续贷或展期', en: 'Renew or extend a micro-credit' },
  access: keepers,
  params: input.MeasurePath,
  body: input.Renewal,
  response: view.MeasureTaken,
  status: 201,
  ifMatch: true,
  refusals: [
    ...versioned,
    ...post,
    ...['measure-ended', 'measure-no-loan', 'loan-no-rule'],
    ...['loan-repaid', 'loan-renewed-often', 'loan-too-long'],
  ],
} as const satisfies Route;

export const changeModesRoute = {
  id: 'measure.modes.change',
  method: 'PUT',
  path: '/areas/{code}/measure-modes',
  summary: {
    zh: '县里修改产业模式清单：改名、停用、增加（至多四种）',
    en: 'Rename, close and add industry modes of a county, four of its own at most',
  },
  access: { office: ['county'] },
  params: AreaPath,
  body: input.ModesBody,
  response: view.ModeListView,
  ifMatch: true,
  area: 'code',
  refusals: [
    'not-found',
    'request-invalid',
    'if-match-required',
    'version-stale',
    'mode-missing',
    'mode-twice',
    'busy',
  ],
} as const satisfies Route;

export const ofHousehold = {
  id: 'measure.of-household',
  method: 'GET',
  path: '/households/{id}/measures',
  summary: {
    zh: '一户的帮扶措施，及五个一批分别由谁记载',
    en: 'The measures of a household, and who says by which batches it is helped',
  },
  access: readers,
  params: HouseholdPath,
  response: view.MeasuresOfHousehold,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const readRoute = {
  id: 'measure.read',
  method: 'GET',
  path: '/households/{id}/measures/{measureId}',
  summary: { zh: '一项措施及其变更记录', en: 'A measure with what happened to it' },
  access: readers,
  params: input.MeasurePath,
  response: view.MeasureFile,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const listRoute = {
  id: 'measure.list',
  method: 'GET',
  path: '/measures',
  sheet: '/measures.xlsx',
  summary: {
    zh: '县、乡镇或村的措施清单，可按五个一批、类别、模式、状态筛选',
    en: 'Measures of a county, town or village by batch, kind, mode and state',
  },
  access: overseers,
  query: view.MeasureQuery,
  response: view.MeasureList,
  area: 'area',
  refusals: ['not-found', 'request-invalid', 'cursor-invalid', 'area-too-wide'],
} as const satisfies Route;

export const loansRoute = {
  id: 'measure.loans',
  method: 'GET',
  path: '/measures/loans',
  sheet: '/measures/loans.xlsx',
  summary: {
    zh: '未还清的小额信贷：某日前到期的，或已逾期的',
    en: 'Micro-credits that are not repaid: due by a day, or overdue',
  },
  access: overseers,
  query: view.LoanQuery,
  response: view.MeasureList,
  area: 'area',
  refusals: ['not-found', 'request-invalid', 'cursor-invalid', 'area-too-wide'],
} as const satisfies Route;

export const sumRoute = {
  id: 'measure.sum',
  method: 'GET',
  path: '/areas/{code}/measures',
  summary: {
    zh: '县、乡镇或村的措施统计：五个一批、类别、模式、增收、岗位、培训、贷款',
    en: 'Measures of a county, town or village, counted, with the list behind every figure',
  },
  access: overseers,
  params: AreaPath,
  query: view.SumQuery,
  response: view.MeasureSum,
  area: 'code',
  refusals: ['not-found', 'request-invalid', 'area-too-wide'],
} as const satisfies Route;

export const modesRoute = {
  id: 'measure.modes',
  method: 'GET',
  path: '/areas/{code}/measure-modes',
  summary: {
    zh: '一个县的产业模式清单，停用的也列出；市、省为原始清单',
    en: 'The industry modes of a county, closed ones included; above it the list that is shipped',
  },
  access: { office: true, auditor: true, helper: true, department: true, evaluator: true },
  params: AreaPath,
  response: view.ModeListView,
  area: 'code',
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const rulesRoute = {
  id: 'measure.rules',
  method: 'GET',
  path: '/measure-rules',
  summary: {
    zh: '某日某地施行的措施规则及出处：类别归属、岗位、贷款、致贫原因与措施的对应',
    en: 'The rules of measures in force in an area on a day, with their sources',
  },
  access: { office: true, auditor: true, helper: true, department: true, evaluator: true },
  query: view.RulesQuery,
  response: view.MeasureRulesView,
  area: 'area',
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'measure',
  entry: 'measure/handler.ts',
  purpose:
    'opens, changes and ends measures of assistance, and keeps the industry modes of counties',
  tables: {
    care: 'write',
    household: 'write',
    identity: 'write',
    access: 'write',
    area: 'read',
    pairing: 'read',
    policy: 'read',
  },
  dataKeys: true,
  routes: [openRoute, changeRoute, endRoute, repayRoute, renewRoute, changeModesRoute],
};

const reader: FunctionSpec = {
  id: 'measure-read',
  entry: 'measure/reader.ts',
  purpose: 'shows, lists and counts measures of assistance, and the rules they follow',
  memoryMb: 1769,
  tables: { care: 'read', household: 'read', summary: 'read', area: 'read' },
  routes: [ofHousehold, readRoute, listRoute, loansRoute, sumRoute, modesRoute, rulesRoute],
};

export const measure: CapabilitySpec = { name: 'measure', functions: [api, reader] };
