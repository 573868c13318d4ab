import type { Access } from '../core/access.ts';
import { AreaPath } from '../core/area-view.ts';
import { HouseholdPath } from '../core/household-path.ts';
import * as input from '../core/pairing-input.ts';
import * as view from '../core/pairing-view.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

const overseers: Access = { office: true, auditor: true };
/** Helpers see themselves, and who else helps the households they are paired with. */
const readers: Access = { ...overseers, helper: true };

export const list = {
  id: 'helper.list',
  method: 'GET',
  path: '/helpers',
  sheet: '/helpers.xlsx',
  summary: { zh: '某地的帮扶力量', en: 'Helpers kept in an area or paired in it, masked' },
  access: overseers,
  query: input.HelperQuery,
  response: view.HelperList,
  area: 'area',
  refusals: ['not-found', 'request-invalid', 'cursor-invalid', 'area-too-wide'],
} as const satisfies Route;

export const read = {
  id: 'helper.read',
  method: 'GET',
  path: '/helpers/{id}',
  sheet: '/helpers/{id}/caseload.xlsx',
  summary: {
    zh: '一个帮扶力量及其结对、承诺与到位合计',
    en: 'A helper with the caseload, and what was promised and delivered',
  },
  access: readers,
  params: input.HelperPath,
  response: view.HelperFileView,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const events = {
  id: 'helper.events',
  method: 'GET',
  path: '/helpers/{id}/events',
  summary: { zh: '帮扶力量的变更记录', en: 'What happened to a helper, newest first' },
  access: overseers,
  params: input.HelperPath,
  query: view.EventsPageQuery,
  response: view.HelperEvents,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const readPairing = {
  id: 'pairing.read',
  method: 'GET',
  path: '/helpers/{id}/pairings/{pairingId}',
  summary: { zh: '一个结对及各笔到位记录', en: 'A pairing with everything that came of it' },
  access: readers,
  params: input.PairingPath,
  response: view.PairingFileView,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const ofHousehold = {
  id: 'pairing.of-household',
  method: 'GET',
  path: '/households/{id}/helpers',
  summary: { zh: '一户的帮扶力量', en: 'Who helps a household, and who did' },
  access: readers,
  params: HouseholdPath,
  response: view.HelpersOfSubject,
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const ofVillage = {
  id: 'pairing.of-village',
  method: 'GET',
  path: '/villages/{code}/helpers',
  summary: { zh: '一村的帮扶力量', en: 'Who helps a village, and who did' },
  access: overseers,
  params: input.VillagePath,
  response: view.HelpersOfSubject,
  area: 'code',
  refusals: ['not-found', 'request-invalid', 'area-closed'],
} as const satisfies Route;

export const gaps = {
  id: 'pairing.gaps',
  method: 'GET',
  path: '/pairings/gaps',
  sheet: '/pairings/gaps.xlsx',
  summary: {
    zh: '帮扶缺口：无人帮扶的户和村、超额的帮扶人、无人接替和待结束的结对',
    en: 'Uncovered households and villages, overloaded helpers, pairings without successor and those to be ended',
  },
  access: overseers,
  query: input.AreaQuery,
  response: view.Gaps,
  area: 'area',
  refusals: ['not-found', 'request-invalid', 'area-too-wide'],
} as const satisfies Route;

export const summary = {
  id: 'helper.summary',
  method: 'GET',
  path: '/areas/{code}/helpers',
  summary: {
    zh: '分类汇总：帮扶力量、结对、承诺与到位资金、项目、户数',
    en: 'By kind: helpers, pairings, promised and delivered money, projects, households',
  },
  access: overseers,
  params: AreaPath,
  response: view.HelperSummary,
  area: 'code',
  refusals: ['not-found', 'request-invalid', 'area-too-wide'],
} as const satisfies Route;

const reader: FunctionSpec = {
  id: 'helper',
  entry: 'helper/reader.ts',
  purpose: 'shows helpers with their caseloads, who helps whom, and where help is lacking',
  memoryMb: 512,
  tables: { pairing: 'read', household: 'read', area: 'read', summary: 'read' },
  routes: [list, read, events, readPairing, ofHousehold, ofVillage, gaps, summary],
};

/** Who helps, as it may be looked at; what is written stands with pairings. */
export const helper: CapabilitySpec = { name: 'helper', functions: [reader] };
