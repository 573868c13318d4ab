import type { ChangeRequest, RequestState } from '../core/change-request.ts';
import { type AreaCode, ancestorAt } from '../core/division.ts';
import { type Action, absent, atVersion, batchGet, getItem, queryPage } from '../lib/dynamo.ts';
import { RequestEntry, RequestItem, type StoredRequest, V } from './item.ts';

const keyOf = (id: string) => ({ pk: `Q#${id}`, sk: '0' });

const partition = (county: AreaCode) => `W#${county}#request`;

/** Where a request stands in the list: under the county and the village of the day it was filed. */
function entryKey({ id, state, village }: Pick<ChangeRequest, 'id' | 'state' | 'village'>) {
  return { pk: partition(ancestorAt(village, 'county')), sk: `${state}#${village}#${id}` };
}

function storedOf(item: unknown): StoredRequest {
  const { v: _, sealed, ...request } = RequestItem.parse(item);
  return { request, sealed };
}

export async function loadRequest(table: string, id: string): Promise<StoredRequest | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && storedOf(item);
}

/** The actions that file a request. */
export function fileActions(
  table: string,
  { request, sealed }: StoredRequest,
): readonly [Action, ...Action[]] {
  const header = { ...keyOf(request.id), v: V, ...request, sealed };
  return [
    { table, put: header, when: absent },
    { table, put: { ...entryKey(request), v: V, request: request.id } },
  ];
}

/** The actions that end a request on condition of the version that was read; its body goes along unopened. */
export function endActions(
  table: string,
  { request, sealed }: StoredRequest,
  next: ChangeRequest,
): readonly [Action, ...Action[]] {
  const header = { ...keyOf(next.id), v: V, ...next, sealed };
  return [
    { table, put: header, when: atVersion(request.version) },
    { table, delete: entryKey(request) },
    { table, put: { ...entryKey(next), v: V, request: next.id } },
  ];
}

export interface RequestPage {
  readonly requests: readonly ChangeRequest[];
  /** Sort key to go on after. */
  readonly next?: string;
}

/** Beginning of the sort keys of an area's requests in a state. */
export function prefixOf(area: AreaCode, state: RequestState): string {
  return `${state}#${area}`;
}

/**
 * A page of an area's requests in a state, by village and then by the time of filing: one Query in the county's partition, one batch of
 * reads. An entry that a request has left behind, as after a restore, is passed over.
 * @param area a county, or a town or village of it
 */
export async function listRequests(
  table: string,
  asked: { readonly area: AreaCode; readonly state: RequestState },
  page: { readonly limit: number; readonly after?: string },
): Promise<RequestPage> {
  const { area, state } = asked;
  const pk = partition(ancestorAt(area, 'county'));
  const { items, next } = await queryPage(table, { pk, prefix: prefixOf(area, state), ...page });
  const ids = items.map((item) => RequestEntry.parse(item).request);
  const headers = await batchGet(table, ids.map(keyOf));
  const found = new Map(headers.map(storedOf).map(({ request }) => [request.id, request]));
  const requests = ids.flatMap((id) => {
    const request = found.get(id);
    return request?.state === state ? [request] : [];
  });
  return next === undefined ? { requests } : { requests, next };
}
