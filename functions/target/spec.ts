import type { Access } from '../core/access.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';
import {
  SplitBody,
  TargetBody,
  TargetChanged,
  TargetFile,
  TargetPath,
  TargetProposal,
} from '../core/target-view.ts';

/** Targets are the county's: it sets its own and those of its towns and villages. */
const setters: Access = { office: ['county'] };
const overseers: Access = { office: true, auditor: true };

export const setRoute = {
  id: 'target.set',
  method: 'PUT',
  path: '/areas/{code}/targets/{year}',
  summary: {
    zh: '下达一个区划的年度任务（户、人、村）',
    en: 'Set what an area is to reach in a year: households, persons and villages to exit',
  },
  access: setters,
  params: TargetPath,
  body: TargetBody,
  response: TargetChanged,
  ifMatch: true,
  refusals: [
    'not-found',
    'request-invalid',
    'if-match-required',
    'version-stale',
    'area-closed',
    'target-year-over',
    'number-out-of-range',
    'busy',
  ],
  area: 'code',
} as const satisfies Route;

export const splitRoute = {
  id: 'target.split',
  method: 'PUT',
  path: '/areas/{code}/targets/{year}/parts',
  summary: {
    zh: '把年度任务分解到下级，各项合计须与本级相等',
    en: 'Split the target of an area to its parts; every unit must add up exactly',
  },
  access: setters,
  params: TargetPath,
  body: SplitBody,
  response: TargetChanged,
  ifMatch: true,
  refusals: [
    'not-found',
    'request-invalid',
    'if-match-required',
    'version-stale',
    'area-closed',
    'target-missing',
    'target-year-over',
    'target-part-twice',
    'target-part-unknown',
    'target-parts-differ',
    'target-parts-many',
    'number-out-of-range',
    'busy',
  ],
  area: 'code',
} as const satisfies Route;

export const readRoute = {
  id: 'target.read',
  method: 'GET',
  path: '/areas/{code}/targets/{year}',
  summary: {
    zh: '年度任务：进度、剩余、预测、下级分解与变更记录',
    en: 'The target of an area in a year: progress, remainder, forecast, its parts, what happened',
  },
  access: overseers,
  params: TargetPath,
  response: TargetFile,
  refusals: ['not-found', 'figures-being-recounted'],
  area: 'code',
} as const satisfies Route;

export const proposalRoute = {
  id: 'target.proposal',
  method: 'GET',
  path: '/areas/{code}/targets/{year}/proposal',
  summary: {
    zh: '按各户、各村的计划脱贫年度测算的任务与分解方案',
    en: 'What a year comes to by the plans of households and villages, part by part',
  },
  access: overseers,
  params: TargetPath,
  response: TargetProposal,
  refusals: ['not-found', 'figures-being-recounted'],
  area: 'code',
} as const satisfies Route;

export const target: CapabilitySpec = {
  name: 'target',
  tables: [
    {
      name: 'target',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'the target of an area in a year: pk = T#<area above>#<year>, sk = <area>',
        'those of its parts: pk = T#<area>#<year>',
        'what happened to them, in order: pk = E#<area above>#<year>, sk = 3#<instant>#<id>',
      ],
    },
  ],
  functions: [
    {
      id: 'target',
      entry: 'target/handler.ts',
      purpose: 'sets the targets of a county and splits them to its towns and villages',
      tables: { target: 'write', area: 'read' },
      routes: [setRoute, splitRoute],
    },
    {
      id: 'target-read',
      entry: 'target/reader.ts',
      purpose: 'shows targets with progress, and proposes them from the plans of households',
      tables: { target: 'read', summary: 'read', area: 'read' },
      routes: [readRoute, proposalRoute],
    },
  ],
};
