import * as z from 'zod';
import type { Route } from './spec.ts';

/** A route whose list can be had as a spreadsheet. */
export interface ListRoute extends Route {
  readonly sheet: `/${string}.xlsx`;
}

export function isList(route: Route): route is ListRoute {
  return route.sheet !== undefined;
}

/** A sheet is the whole list: it takes the filters of its list, and no page. */
function filtersOf({ query }: Route): z.ZodObject | undefined {
  if (!query) return undefined;
  const { cursor: _, limit: __, ...filters } = query.shape;
  return z.object(filters);
}

/** The route of a list's spreadsheet: whoever may have the list may have it, with the very same filters and in the same area. */
export function sheetRoute(list: ListRoute): Route {
  const { id, sheet: path, summary, access, params, area, keepsCode, refusals } = list;
  const query = filtersOf(list);
  return {
    id: `${id}.sheet`,
    method: 'GET',
    path,
    summary: {
      zh: `电子表格：${summary.zh}`,
      en: `As a spreadsheet, at an address that is good for two minutes: ${summary.en}`,
    },
    access,
    ...(params && { params }),
    ...(query && { query }),
    response: z.object({}),
    status: 303,
    refusals: [...refusals.filter((code) => code !== 'cursor-invalid'), 'sheet-too-long'],
    ...(area !== undefined && { area }),
    ...(keepsCode !== undefined && { keepsCode }),
  };
}
