import type { Access } from '../core/access.ts';
import { HouseholdList, HouseholdQuery, PersonList, PersonQuery } from '../core/list-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Helpers see the households paired with them and their members, whatever they ask for. */
const readers: Access = { office: true, auditor: true, helper: true };

export const listHouseholdsRoute = {
  id: 'household.list',
  method: 'GET',
  path: '/households',
  sheet: '/households.xlsx',
  summary: {
    zh: '按条件筛选的农户名单（可指定过去某日，或定格的年度）',
    en: 'Households of an area for which every condition holds, today, on a past day, or in the snapshot of a year. Of a snapshot: those within the reader’s reach today; outOfReach says how many more the frozen figure counts',
  },
  access: readers,
  query: HouseholdQuery,
  response: HouseholdList,
  refusals: [
    'not-found',
    'cursor-invalid',
    'date-future',
    'snapshot-and-as-of',
    'snapshot-none',
    'snapshot-running',
  ],
  area: 'area',
  keepsCode: 'snapshot',
} as const satisfies Route;

export const listPersonsRoute = {
  id: 'person.list',
  method: 'GET',
  path: '/persons',
  sheet: '/persons.xlsx',
  summary: {
    zh: '按条件筛选的人员名单（证件号码遮盖，可指定过去某日，或定格的年度）',
    en: 'Persons of an area for whom every condition holds, today, on a past day, or in the snapshot of a year, masked. Of a snapshot: those within the reader’s reach today, under the names they have now; outOfReach says how many more the frozen figure counts',
  },
  access: readers,
  query: PersonQuery,
  response: PersonList,
  refusals: [
    'not-found',
    'cursor-invalid',
    'date-future',
    'snapshot-and-as-of',
    'snapshot-none',
    'snapshot-running',
  ],
  area: 'area',
  keepsCode: 'snapshot',
} as const satisfies Route;

export const list: CapabilitySpec = {
  name: 'list',
  tables: [
    {
      name: 'list',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'households of an area by one filter: pk = <county>#<dimension>#<value>, sk begins with the area, = <village>#<household>',
        'all registered households of an area: pk = <county>#all#yes',
        'households whose age bands change on a day: pk = <county>#reband#<day>',
        'the keys a household stands under: pk = M#<household>, sk = 0',
      ],
    },
  ],
  functions: [
    {
      id: 'list',
      entry: 'list/handler.ts',
      purpose: 'lists households and persons by what the boards count',
      memoryMb: 1024,
      tables: { list: 'read', household: 'read', summary: 'read', area: 'read', job: 'read' },
      bucket: { writes: [] },
      routes: [listHouseholdsRoute, listPersonsRoute],
    },
    {
      id: 'relist',
      entry: 'list/consumer.ts',
      purpose: 'keeps the lists a household stands in',
      timeoutSeconds: 60,
      tables: { household: 'read', list: 'write' },
      consumes: { queue: 'listing', batch: 10, windowSeconds: 0, concurrency: 10 },
    },
  ],
};
