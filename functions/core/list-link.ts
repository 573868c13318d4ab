import type { AreaCode } from './division.ts';

/** The list query that returns exactly the households of a figure: a path with its query. Without filters: all registered ones. */
export function householdsLink(area: AreaCode, filters: Readonly<Record<string, string>>): string {
  return link('/households', area, filters);
}

/** The same for persons. */
export function personsLink(area: AreaCode, filters: Readonly<Record<string, string>>): string {
  return link('/persons', area, filters);
}

/** The same for villages. */
export function villagesLink(area: AreaCode, filters: Readonly<Record<string, string>>): string {
  return link('/villages', area, filters);
}

function link(path: string, area: AreaCode, filters: Readonly<Record<string, string>>): string {
  let query = `${path}?area=${area}`;
  for (const [name, value] of Object.entries(filters))
    query += `&${name}=${encodeURIComponent(value)}`;
  return query;
}
