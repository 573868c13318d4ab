import { atTime, type When } from './as-of.ts';
import type { AreaCode } from './division.ts';

/** What a list is about: an area, today, on a past day or in a snapshot. */
export interface Scope extends When {
  readonly area: AreaCode;
}

/** The list query that returns exactly the households of a figure: a path with its query. Without filters: all registered ones. */
export function householdsLink(scope: Scope, filters: Readonly<Record<string, string>>): string {
  return link('/households', scope, filters);
}

/** The same for persons. */
export function personsLink(scope: Scope, filters: Readonly<Record<string, string>>): string {
  return link('/persons', scope, filters);
}

/** The same for villages. */
export function villagesLink(scope: Scope, filters: Readonly<Record<string, string>>): string {
  return link('/villages', scope, filters);
}

function link(path: string, scope: Scope, filters: Readonly<Record<string, string>>): string {
  let query = `${path}?area=${scope.area}`;
  for (const [name, value] of Object.entries(filters))
    query += `&${name}=${encodeURIComponent(value)}`;
  return atTime(query, scope);
}
