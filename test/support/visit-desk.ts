import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { type HouseholdFile, villageOf } from '../../functions/core/household.ts';
import { assignHelpers } from '../../functions/core/household-close.ts';
import { loadFile, type Store } from '../../functions/household/table.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { granted, TODAY, VILLAGE } from './build.ts';
import { type Call, type Caller, callOf } from './call.ts';
import type { Tables } from './database.ts';
import { doing, write } from './store.ts';

export const helper: Caller = { sub: 'helper-lin', role: 'helper', areas: VILLAGE };
export const successor: Caller = { sub: 'helper-zhao', role: 'helper', areas: VILLAGE };
export const auditor: Caller = { sub: 'auditor', role: 'auditor', areas: '350122' };

/** What the streams tell after changes of these households, on a day. */
export async function tellOf(
  tables: Tables,
  files: readonly HouseholdFile[],
  day = TODAY,
): Promise<void> {
  const villages = [...new Set(files.map(({ household }) => villageOf(household)))];
  const areas = villages.flatMap((village) => [village, ...ancestorsOf(village)]);
  const upwards = [...new Set(areas)].toSorted((one, two) => two.length - one.length);
  for (const area of upwards) await recompute(summaryStore(tables), area, day);
  for (const { household } of files) {
    const pointer = { village: villageOf(household), household: household.id };
    await relist(listStore(tables), pointer, day);
  }
}

/** Who helps a household from now on. */
export async function helpedBy(
  store: Store,
  household: string,
  subs: readonly string[],
): Promise<HouseholdFile> {
  const file = await loadFile(store, household);
  if (!file) throw new Error('no such household');
  const pairing = { subs, heldFrom: '2017-10-01', reason: '结对' };
  const change = granted(assignHelpers(file, pairing, doing()));
  if (!change) return file;
  granted(await write(store, file, change));
  return change.next;
}

let count = 0;

/** An id as a phone makes one. */
export function phoneId(kind: 'vs' | 'ph' = 'vs'): string {
  count += 1;
  return `${kind}_phone${String(count).padStart(6, '0')}`;
}

/** A visit of which nothing is wrong. */
export function visitBody(given: object = {}) {
  return {
    ...{ id: phoneId(), heldOn: '2017-10-20', purposes: ['routine'] },
    found: '屋顶漏雨，老人咳嗽',
    ...given,
  };
}

/** The routes of visits; the environment must be set before the first call. */
export function visitDesk() {
  const call = async (asked: Call) => {
    const { handler } = asked.route.startsWith('GET')
      ? await import('../../functions/visit/reader.ts')
      : await import('../../functions/visit/handler.ts');
    return callOf(handler, asked);
  };
  const enter = (id: string, body: object, given: Partial<Call> = {}) =>
    call({
      route: 'POST /households/{id}/visits',
      by: helper,
      params: { id },
      body,
      ...given,
    });
  const correct = (
    visit: { readonly household: string; readonly id: string; readonly version: number },
    body: object,
    by = helper,
  ) =>
    call({
      route: 'PUT /households/{id}/visits/{visitId}',
      by,
      params: { id: visit.household, visitId: visit.id },
      ifMatch: visit.version,
      body,
    });
  const withdraw = (
    visit: { readonly household: string; readonly id: string; readonly version: number },
    by = helper,
  ) =>
    call({
      route: 'POST /households/{id}/visits/{visitId}/withdrawal',
      by,
      params: { id: visit.household, visitId: visit.id },
      ifMatch: visit.version,
      body: { reason: '记错了户' },
    });
  const listed = (id: string, by: Caller = helper, query: Record<string, string> = {}) =>
    call({ route: 'GET /households/{id}/visits', by, params: { id }, query });
  const shown = (household: string, visitId: string, by = helper) =>
    call({
      route: 'GET /households/{id}/visits/{visitId}',
      by,
      params: { id: household, visitId },
    });
  const overdue = (by: Caller, query: Record<string, string> = {}) =>
    call({ route: 'GET /visits/overdue', by, query: { area: by.areas, ...query } });
  return { call, enter, correct, withdraw, listed, shown, overdue };
}
