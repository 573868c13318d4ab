import type { Access } from '../core/access.ts';
import { HouseholdList, HouseholdQuery, PersonList, PersonQuery } from '../core/list-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Helpers see the households paired with them and their members, whatever they ask for. */
const readers: Access = { office: true, auditor: true, helper: true };

export const listHouseholdsRoute = {
  id: 'household.list',
  method: 'GET',
  path: '/households',
  summary: {
    zh: '按条件筛选的农户名单（可指定过去某日）',
    en: 'Households of an area for which every condition holds, today or on a past day',
  },
  access: readers,
  query: HouseholdQuery,
  response: HouseholdList,
  refusals: ['not-found', 'cursor-invalid', 'date-future'],
  area: 'area',
} as const satisfies Route;

export const listPersonsRoute = {
  id: 'person.list',
  method: 'GET',
  path: '/persons',
  summary: {
    zh: '按条件筛选的人员名单（证件号码遮盖，可指定过去某日）',
    en: 'Persons of an area for whom every condition holds, today or on a past day, masked',
  },
  access: readers,
  query: PersonQuery,
  response: PersonList,
  refusals: ['not-found', 'cursor-invalid', 'date-future'],
  area: 'area',
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
      tables: { list: 'read', household: 'read', summary: 'read', area: 'read' },
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
