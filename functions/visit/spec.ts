import * as z from 'zod';
import type { Access } from '../core/access.ts';
import { HouseholdPath } from '../core/household-path.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';
import * as view from '../core/visit-view.ts';

/** Where a phone uploads photos; each is taken from there without what it carries beside the picture, and the upload goes by itself. */
export const UPLOADS = 'visit-uploads/';
/** Where bare pictures lie; they stay there. */
export const PHOTOS = 'visits/';
/** Days for which an upload stays, should its picture have to be taken again. */
const KEPT_DAYS = 7;

/** Who reads visits: whoever reads the household's file. */
const readers: Access = { office: true, auditor: true, helper: true };
/** Who enters them: helpers themselves, and offices for those who keep theirs on paper. */
const visitors: Access = { office: ['county', 'town', 'village'], helper: true };

const post = ['idempotency-key-required', 'idempotency-key-reused', 'busy'] as const;
const content = [
  'not-found',
  'request-invalid',
  'visit-household-taken',
  'visitor-unknown',
  'date-future',
  'date-order',
  'visit-too-late',
  'visit-before-registration',
  'household-closed',
] as const;
const change = [
  'if-match-required',
  'version-stale',
  'visit-not-yours',
  'visit-withdrawn',
] as const;

export const enter = {
  id: 'visit.enter',
  method: 'POST',
  path: '/households/{id}/visits',
  summary: {
    zh: '登记一次走访（编号由手机自取：同一编号同一内容重复提交只算一次，可离线后补交）',
    en: 'Enter a visit. Its id is made by the phone: the same id with the same content is the same visit, however often and late it is sent',
  },
  access: visitors,
  params: HouseholdPath,
  body: view.NewVisit,
  response: view.VisitTaken,
  status: 201,
  refusals: [...content, ...post, 'visit-id-taken', 'value-missing', 'text-returned'],
} as const satisfies Route;

export const correct = {
  id: 'visit.correct',
  method: 'PUT',
  path: '/households/{id}/visits/{visitId}',
  summary: {
    zh: '更正一次走访（写明原因，原内容保留）',
    en: 'Put a visit right, for a reason; what it said before is kept',
  },
  access: visitors,
  params: view.VisitPath,
  body: view.VisitCorrection,
  response: view.VisitTaken,
  ifMatch: true,
  refusals: [...content, ...change, 'text-returned', 'busy'],
} as const satisfies Route;

export const withdraw = {
  id: 'visit.withdraw',
  method: 'POST',
  path: '/households/{id}/visits/{visitId}/withdrawal',
  summary: {
    zh: '撤销一次走访（写明原因，不删除，不再计入）',
    en: 'Withdraw a visit, for a reason: it stays, and no longer counts',
  },
  access: visitors,
  params: view.VisitPath,
  body: view.VisitWithdrawal,
  response: view.VisitTaken,
  ifMatch: true,
  refusals: ['not-found', 'request-invalid', 'visit-household-taken', ...change, ...post],
} as const satisfies Route;

export const addPhoto = {
  id: 'visit.photo.add',
  method: 'POST',
  path: '/households/{id}/visits/{visitId}/photos',
  summary: {
    zh: '为一次走访申请上传照片（照片从不是必须的）',
    en: 'Ask for an address to upload a photo of a visit to; no photo is ever needed',
  },
  access: visitors,
  params: view.VisitPath,
  body: view.NewPhoto,
  response: view.PhotoUpload,
  status: 201,
  refusals: [
    'not-found',
    'request-invalid',
    'visit-household-taken',
    'visit-not-yours',
    'visit-withdrawn',
    'photo-id-taken',
    'photo-too-many',
    'photo-too-large',
    ...post,
  ],
} as const satisfies Route;

export const ofHousehold = {
  id: 'visit.of-household',
  method: 'GET',
  path: '/households/{id}/visits',
  summary: { zh: '一户的走访记录', en: 'The visits of a household, latest first' },
  access: readers,
  params: HouseholdPath,
  query: view.VisitsQuery,
  response: view.VisitList,
  refusals: ['not-found', 'request-invalid', 'cursor-invalid'],
} as const satisfies Route;

export const read = {
  id: 'visit.read',
  method: 'GET',
  path: '/households/{id}/visits/{visitId}',
  summary: {
    zh: '一次走访：照片与更正前的内容',
    en: 'A visit with its photos and what it said before it was corrected',
  },
  access: readers,
  params: view.VisitPath,
  response: view.VisitFile,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const photo = {
  id: 'visit.photo',
  method: 'GET',
  path: '/households/{id}/visits/{visitId}/photos/{photoId}',
  summary: {
    zh: '查看一张走访照片（短期有效的地址）',
    en: 'A photo, at an address that is good for two minutes',
  },
  access: readers,
  params: view.PhotoPath,
  response: z.object({}),
  status: 303,
  refusals: ['not-found', 'request-invalid', 'photo-missing'],
} as const satisfies Route;

export const overdue = {
  id: 'visit.overdue',
  method: 'GET',
  path: '/visits/overdue',
  sheet: '/visits/overdue.xlsx',
  summary: {
    zh: '逾期未走访的户；which=never 为尚无走访记录的户（按所在地排列，不排名次；帮扶人只见自己的户）',
    en: 'Households whose visit is overdue, or (`which=never`) of whom no visit is on record, in the order of places; helpers see their own. Pages may be short: the cursor goes on',
  },
  access: readers,
  query: view.OverdueQuery,
  response: view.OverdueList,
  area: 'area',
  refusals: ['not-found', 'request-invalid', 'cursor-invalid'],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'visit',
  entry: 'visit/handler.ts',
  purpose: 'enters visits to households, puts them right, and takes their photos in',
  tables: { care: 'write', household: 'read', pairing: 'read', access: 'write', area: 'read' },
  bucket: { writes: [UPLOADS] },
  routes: [enter, correct, withdraw, addPhoto],
};

const reader: FunctionSpec = {
  id: 'visit-read',
  entry: 'visit/reader.ts',
  purpose: 'shows visits, and households whose visit is overdue',
  tables: {
    care: 'read',
    household: 'read',
    pairing: 'read',
    list: 'read',
    summary: 'read',
    area: 'read',
  },
  bucket: { writes: [] },
  routes: [ofHousehold, read, photo, overdue],
};

const photos: FunctionSpec = {
  id: 'visit-photo',
  entry: 'visit/photo.ts',
  purpose:
    'keeps the picture of an uploaded photo, without the position and whatever else a phone writes beside it',
  memoryMb: 512,
  timeoutSeconds: 60,
  bucket: { writes: [PHOTOS] },
  objectCreated: { prefix: UPLOADS },
};

export const visit: CapabilitySpec = {
  name: 'visit',
  tables: [
    {
      name: 'care',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'when a household was last visited: pk = H#<household>, sk = 0#visit',
        'visits of a household, latest first: pk = H#<household>, sk = V#<day>#<visit>',
        'what a visit was before it was corrected: pk = H#<household>, sk = W#<visit>#<version>',
        'photos of a visit: pk = H#<household>, sk begins with P#<visit>#',
        'a visit by the id its phone gave it: pk = I#<visit>, sk = 0',
        'contract and health file of a person: pk = N#<person>, sk = 0; what it was before W#<version>; follow-ups F#<day>#<follow-up>',
        'measures of a household: pk = H#<household>, sk = M#<measure>, all in short 0#measure, what happened to one E#<measure>#<version>',
        'the public-welfare post a person has, or had last: pk = N#<person>, sk = 0#post',
        'industry modes of a county: pk = D#<county>#mode, sk = 0, former lists 3#<version>',
      ],
    },
  ],
  objects: [{ prefix: UPLOADS, days: KEPT_DAYS }],
  functions: [api, reader, photos],
};
