import type { Access } from '../core/access.ts';
import { LineBody, PublishBody } from '../core/policy-publish.ts';
import { TrialBody } from '../core/policy-trial.ts';
import { TrialResult } from '../core/policy-trial-view.ts';
import { VersionBody } from '../core/policy-version.ts';
import {
  AreaAndDay,
  AreaOnly,
  EventList,
  FactList,
  LineList,
  LineMade,
  LinePath,
  PolicyFile,
  PolicyList,
  PolicyPath,
  Published,
  VersionMade,
} from '../core/policy-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Documents are a county's, a city's or a province's, each by the office of that very level. */
const publishers: Access = { office: ['county', 'city', 'province'] };
const overseers: Access = { office: true, auditor: true };
/** Policies are public; a token only says for which places. */
const everyone: Access = {
  office: true,
  helper: true,
  department: true,
  auditor: true,
  evaluator: true,
  admin: true,
};

const post = ['request-invalid', 'idempotency-key-required', 'idempotency-key-reused'] as const;

export const publish = {
  id: 'policy.publish',
  method: 'POST',
  path: '/policy-documents',
  summary: {
    zh: '发布一份政策文件及其全部项目（要么全部发布，要么一项不发布）',
    en: 'Publish a policy document with its items, all or nothing',
  },
  access: publishers,
  body: PublishBody,
  response: Published,
  status: 201,
  refusals: [
    ...post,
    'not-found',
    'area-closed',
    'policy-invalid',
    'policy-document-exists',
    'policy-level',
    'busy',
  ],
} as const satisfies Route;

export const version = {
  id: 'policy.version',
  method: 'POST',
  path: '/policies/{id}/versions',
  summary: {
    zh: '从某日起发布一个项目的新版本，或从某日起终止（原版本不改动）',
    en: 'Publish another version of an item from a day on, or end it; what stood is never changed',
  },
  access: publishers,
  params: PolicyPath,
  query: AreaOnly,
  body: VersionBody,
  response: VersionMade,
  status: 201,
  ifMatch: true,
  refusals: [
    ...post,
    'not-found',
    'area-closed',
    'if-match-required',
    'version-stale',
    'policy-invalid',
    'policy-version-early',
    'policy-unchanged',
    'policy-level',
    'busy',
  ],
  area: 'area',
} as const satisfies Route;

export const setLine = {
  id: 'policy.line',
  method: 'PUT',
  path: '/policy-lines/{id}/{validFrom}',
  summary: {
    zh: '设置一条标准从某日起的数额（如低保标准）',
    en: 'Set what a line, such as that of the low-income allowance, comes to from a day on',
  },
  access: publishers,
  params: LinePath,
  query: AreaOnly,
  body: LineBody,
  response: LineMade,
  ifMatch: true,
  refusals: [
    'request-invalid',
    'not-found',
    'area-closed',
    'if-match-required',
    'version-stale',
    'policy-line-reserved',
    'policy-validity',
    'policy-level',
    'busy',
  ],
  area: 'area',
} as const satisfies Route;

export const list = {
  id: 'policy.list',
  method: 'GET',
  path: '/policies',
  summary: {
    zh: '某区划某日有效的政策清单：文件、项目（条件为一句话）、标准',
    en: 'What is in force in an area on a day: documents, items with their conditions in words, lines',
  },
  access: everyone,
  query: AreaAndDay,
  response: PolicyList,
  refusals: ['not-found', 'area-closed', 'request-invalid'],
  area: 'area',
} as const satisfies Route;

export const read = {
  id: 'policy.read',
  method: 'GET',
  path: '/policies/{id}',
  summary: {
    zh: '一个政策项目：条件、标准、材料与历次版本',
    en: 'One item: condition, benefit, papers, and every version of it',
  },
  access: everyone,
  params: PolicyPath,
  query: AreaAndDay,
  response: PolicyFile,
  refusals: ['not-found', 'area-closed', 'request-invalid'],
  area: 'area',
} as const satisfies Route;

export const facts = {
  id: 'policy.facts',
  method: 'GET',
  path: '/policy-facts',
  summary: {
    zh: '政策条件可以使用的事实目录：类型、单位、可用的比较与取值',
    en: 'The facts that conditions may ask: types, units, operators and codes',
  },
  access: everyone,
  response: FactList,
  refusals: [],
} as const satisfies Route;

export const lines = {
  id: 'policy.lines',
  method: 'GET',
  path: '/policy-lines',
  summary: {
    zh: '某区划及其上级设置过的全部标准',
    en: 'Every dated line of an area and those above it',
  },
  access: everyone,
  query: AreaOnly,
  response: LineList,
  refusals: ['not-found', 'area-closed', 'request-invalid'],
  area: 'area',
} as const satisfies Route;

export const events = {
  id: 'policy.events',
  method: 'GET',
  path: '/policy-events',
  summary: {
    zh: '某区划对政策的历次操作：何人、何时、何故、依据何文件（最近 200 条）',
    en: 'What an area did with its policies: who, when, why, by which document; the latest 200',
  },
  access: overseers,
  query: AreaOnly,
  response: EventList,
  refusals: ['not-found', 'area-closed', 'request-invalid'],
  area: 'area',
} as const satisfies Route;

export const trial = {
  id: 'policy.trial',
  method: 'POST',
  path: '/policies/{id}/trial',
  summary: {
    zh: '试算：条件、金额、有效期或标准改动后，多少户、多少人、多少钱会变，哪些户会变（不写入任何内容）',
    en: 'What would change if the item or a line did: households, persons, money, and who; nothing is written',
  },
  access: { office: true },
  params: PolicyPath,
  body: TrialBody,
  response: TrialResult,
  refusals: [
    ...post,
    'not-found',
    'area-closed',
    'date-future',
    'trial-empty',
    'trial-too-wide',
    'policy-line-unknown',
    'policy-invalid',
    'cursor-invalid',
    'figures-being-recounted',
  ],
} as const satisfies Route;

export const policy: CapabilitySpec = {
  name: 'policy',
  tables: [
    {
      name: 'policy',
      partition: 'pk',
      sort: 'sk',
      stream: [
        { prefix: 'R#', to: ['entitlement'] },
        { prefix: 'E#', to: ['entitlement'] },
        { prefix: 'G#', to: ['coverage'] },
      ],
      patterns: [
        'what an area has published: pk = D#<area>; its documents: sk = <document>, their items: sk = <document>~<try>#<item>#<version>',
        'lines of an area: pk = L#<area>, sk = <line>#<first day>',
        'what an area did with its policies, in order: pk = E#<area>, sk = 3#<instant>#<id>',
        'how often an area has published: pk = A#<area>, sk = 0',
        'what a household received: pk = R#<household>, sk = <item>#<person or 0>#<day>#<receipt>; what changed of it: sk = 3#<receipt>#<version>',
        'what a village received: pk = R#<village>, keys as those of households with 0 for the person; where villages came from and went: sk = 0#from#<village>#<whole or part>, 0#to#<village>#<whole or part>',
        'where a receipt lies: pk = N#<receipt>, sk = 0; by its person: pk = P#<person>, sk = R#<receipt>',
        'who is told of what a person received elsewhere: pk = P#<person>, sk = H#<household>',
        'what was found of a household: pk = V#<village>, sk = <household>',
        'coverage of an area by item, in the partition of the area above: pk = G#<area above, 0 above provinces>, sk = <area>',
      ],
    },
  ],
  functions: [
    {
      id: 'policy',
      entry: 'policy/handler.ts',
      purpose: 'publishes policy documents, versions of items, and lines',
      tables: { policy: 'write', access: 'write', area: 'read' },
      routes: [publish, version, setLine],
    },
    {
      id: 'policy-read',
      entry: 'policy/reader.ts',
      purpose: 'shows what is in force in an area, and what conditions may ask',
      tables: { policy: 'read', area: 'read' },
      routes: [list, read, facts, lines, events],
    },
    {
      id: 'policy-trial',
      entry: 'policy/trial.ts',
      purpose: 'works out what a changed policy would change, and writes nothing',
      memoryMb: 1769,
      tables: { policy: 'read', household: 'read', summary: 'read', area: 'read' },
      routes: [trial],
    },
  ],
};
