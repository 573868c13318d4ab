import * as z from 'zod';
import type { Access } from '../core/access.ts';
import { ExitSheetShape } from '../core/exit-item.ts';
import * as input from '../core/household-input.ts';
import {
  AsOfQuery,
  EventsQuery,
  HouseholdPath,
  MemberPath,
  SheetQuery,
} from '../core/household-path.ts';
import { EventView, HouseholdView } from '../core/household-view.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

/** Who reads files in their area (helpers: those of the households they are paired with), and who changes them. */
const readers: Access = { office: true, auditor: true, helper: true };
const writers: Access = { office: ['county', 'town', 'village'] };

/** What a change answers: the version it made, and the person it was about. */
const Changed = z.object({
  id: z.string(),
  version: z.int(),
  person: z.string().nullable(),
});

const file = ['not-found'] as const;
const change = [
  ...file,
  'request-invalid',
  'if-match-required',
  'version-stale',
  'household-closed',
  'household-too-large',
  'record-too-large',
  'date-future',
  'date-order',
  'above-right',
  'busy',
] as const;
const post = ['idempotency-key-required', 'idempotency-key-reused'] as const;
const shape = [
  'head-missing',
  'head-twice',
  'person-twice',
  'person-elsewhere',
  'cause-too-many',
  'exit-before-identification',
  'exit-year-missing',
  'exit-year-unexpected',
  'status-transition',
  'value-missing',
] as const;
const place = ['village-outside', 'area-unknown', 'area-not-village', 'area-closed'] as const;

export const register = {
  id: 'household.register',
  method: 'POST',
  path: '/households',
  summary: {
    zh: '补录系统建成前已识别的一户',
    en: 'Register a household identified before this system',
  },
  access: writers,
  body: input.NewHousehold,
  response: Changed,
  status: 201,
  refusals: [
    'request-invalid',
    ...post,
    ...place,
    ...shape,
    'household-number-taken',
    'household-empty',
    'household-too-large',
    'record-too-large',
    'date-future',
    'register-above-right',
    'busy',
  ],
} as const satisfies Route;

export const read = {
  id: 'household.read',
  method: 'GET',
  path: '/households/{id}',
  summary: { zh: '一户一档', en: 'The whole file of a household, now or as of a day' },
  access: readers,
  params: HouseholdPath,
  query: AsOfQuery,
  response: HouseholdView,
  refusals: [...file, 'request-invalid'],
} as const satisfies Route;

export const patch = {
  id: 'household.change',
  method: 'PATCH',
  path: '/households/{id}',
  summary: {
    zh: '变更户信息、成员信息、状态、致贫原因或帮扶措施',
    en: 'Change facts, status, causes, measures, contact or members’ data',
  },
  access: writers,
  params: HouseholdPath,
  body: input.HouseholdChanges,
  response: Changed,
  ifMatch: true,
  refusals: [
    ...change,
    ...place,
    ...shape,
    'member-unknown',
    'reason-required',
    'case-open',
    'procedure-required',
  ],
} as const satisfies Route;

export const addMember = {
  id: 'household.member.add',
  method: 'POST',
  path: '/households/{id}/members',
  summary: { zh: '增加成员（出生、嫁入、迁入等）', en: 'Add a member: birth, marriage, moving in' },
  access: writers,
  params: HouseholdPath,
  body: input.NewMember,
  response: Changed,
  status: 201,
  ifMatch: true,
  refusals: [...change, ...post, 'head-twice', 'person-twice', 'person-elsewhere'],
} as const satisfies Route;

export const endMember = {
  id: 'household.member.end',
  method: 'POST',
  path: '/households/{id}/members/{personId}/end',
  summary: {
    zh: '减少成员（死亡、嫁出、迁出等）',
    en: 'End a membership: death, marriage, moving out',
  },
  access: writers,
  params: MemberPath,
  body: input.MemberEnd,
  response: Changed,
  ifMatch: true,
  refusals: [
    ...change,
    ...post,
    'member-unknown',
    'member-not-live',
    'head-cannot-leave',
    'head-stays',
    'head-twice',
    'void-day',
    'case-open',
  ],
} as const satisfies Route;

export const changeHead = {
  id: 'household.head',
  method: 'POST',
  path: '/households/{id}/head',
  summary: { zh: '变更户主', en: 'Change the head of household' },
  access: writers,
  params: HouseholdPath,
  body: input.NewHead,
  response: Changed,
  ifMatch: true,
  refusals: [...change, ...post, 'member-unknown', 'member-not-live', 'head-twice'],
} as const satisfies Route;

export const strikeOff = {
  id: 'household.strike-off',
  method: 'POST',
  path: '/households/{id}/striking-off',
  summary: {
    zh: '注销录入错误的一户；其他原因的注销走程序',
    en: 'Strike off a household entered by mistake; other reasons go through the procedure',
  },
  access: writers,
  params: HouseholdPath,
  body: input.StrikingOff,
  response: Changed,
  ifMatch: true,
  refusals: [...change, ...post, 'case-open', 'procedure-required'],
} as const satisfies Route;

export const events = {
  id: 'household.events',
  method: 'GET',
  path: '/households/{id}/events',
  summary: { zh: '一户的变更记录', en: 'What happened to a household, newest first' },
  access: readers,
  params: HouseholdPath,
  query: EventsQuery,
  response: z.object({ events: z.array(EventView), cursor: z.string().optional() }),
  refusals: [...file, 'request-invalid'],
} as const satisfies Route;

export const exitSheet = {
  id: 'household.exit-sheet',
  method: 'GET',
  path: '/households/{id}/exit-sheet',
  summary: {
    zh: '退出标准核查表：逐项达到、未达到或不明',
    en: 'The criteria sheet of an exit on a day: each item met, not met or unknown, with its sources',
  },
  access: readers,
  params: HouseholdPath,
  query: SheetQuery,
  response: ExitSheetShape,
  refusals: [...file, 'request-invalid', 'date-future'],
} as const satisfies Route;

export const disclose = {
  id: 'household.disclose',
  method: 'POST',
  path: '/households/{id}/identity-disclosures',
  summary: {
    zh: '写明理由后查看完整证件号码、电话或账号（记入查阅日志）',
    en: 'See a full identity number, phone or account for a reason; the access log says so',
  },
  access: writers,
  params: HouseholdPath,
  body: input.DisclosureRequest,
  response: z.object({
    personId: z.string().nullable(),
    identityNumber: z.string().nullable(),
    phone: z.string().nullable(),
    bankAccount: z.string().nullable(),
  }),
  refusals: [...file, 'request-invalid', 'idempotency-key-required', 'member-unknown'],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'household',
  entry: 'household/handler.ts',
  purpose: 'registers households, changes their files, and shows full numbers for a reason',
  tables: { household: 'write', identity: 'write', access: 'write', area: 'read' },
  dataKeys: true,
  routes: [register, patch, addMember, endMember, changeHead, strikeOff, disclose],
};

/** Most look and few write: who only looks needs no keys and no right to write, and starts faster. */
const reader: FunctionSpec = {
  id: 'household-read',
  entry: 'household/reader.ts',
  purpose: 'shows the files of households, what happened to them and what they lack for an exit',
  tables: { household: 'read', area: 'read' },
  routes: [read, events, exitSheet],
};

const rehash: FunctionSpec = {
  id: 'household-rehash',
  entry: 'household/rehash.ts',
  purpose: 'moves identity locks to a new lookup key, village by village',
  timeoutSeconds: 600,
  tables: { household: 'write', identity: 'write', access: 'read', area: 'read', job: 'write' },
  dataKeys: true,
  schedule: { name: 'rehash', cron: '20 2 * * ? *' },
};

export const household: CapabilitySpec = {
  name: 'household',
  tables: [
    {
      name: 'household',
      partition: 'pk',
      sort: 'sk',
      stream: [{ prefix: 'V#', to: ['summary', 'listing', 'entitlement'] }],
      patterns: [
        'the whole file: pk = H#<household>; household 0, live members 1#<person>, past members 2#<person>#<heldFrom>',
        'what happened to it, newest first: pk = H#<household>, sk = 3#<999999999 - version>',
        'rosters of a village, struck-off households included: pk = V#<village>, sk begins with 1#',
        'households that stood in a village once: pk = V#<village>, sk = 2#<household>',
        'village profile: pk = V#<village>, sk = 0; its events 3#<999999999 - version>',
        'evidence of exit criteria of a village: pk = V#<village>, sk = 4#<evidence>',
      ],
    },
    {
      name: 'identity',
      partition: 'pk',
      patterns: [
        'who holds an identity number: pk = P#<keyed hash>',
        'who holds a household number: pk = N#<county>#<number>',
        'wrapped data key of a county and month: pk = K#<county>#<yyyy-mm>',
        'wrapped lookup keys: pk = L#',
      ],
    },
  ],
  functions: [api, reader, rehash],
};
