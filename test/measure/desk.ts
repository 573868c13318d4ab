import type { HouseholdFile } from '../../functions/core/household.ts';
import type { WantedHousehold } from '../../functions/core/household-wanted.ts';
import { MeasureFile, MeasureTaken } from '../../functions/core/measure-view.ts';
import type { Store } from '../../functions/household/table.ts';
import { identityOf, wantedMember } from '../support/build.ts';
import { type Call, type Caller, callOf } from '../support/call.ts';
import { county, town } from '../support/case-desk.ts';
import { settle } from '../support/store.ts';

let count = 0;

/** A household of one who can work, with a number of its own. */
export function homeOf(store: Store, given: Partial<WantedHousehold> = {}): Promise<HouseholdFile> {
  count += 1;
  const identity = identityOf('1970-05-04', count);
  const members = [wantedMember({ birth: '1970-05-04', identity, facts: { labour: 'ordinary' } })];
  return settle(store, { number: `M${String(count).padStart(6, '0')}`, members, ...given });
}

/** The routes of measures as offices use them; the environment must be set before the first call. */
export function measureDesk() {
  const call = async (asked: Call) => {
    const { handler } = asked.route.startsWith('GET')
      ? await import('../../functions/measure/reader.ts')
      : await import('../../functions/measure/handler.ts');
    return callOf(handler, asked);
  };
  const open = (
    household: string,
    body: object,
    { by = town, key }: { readonly by?: Caller; readonly key?: string } = {},
  ) =>
    call({
      ...{ route: 'POST /households/{id}/measures', by, params: { id: household }, body },
      ...(key !== undefined && { key }),
    });
  /** Opens a measure that is expected to be opened. */
  const opened = async (household: string, body: object): Promise<MeasureTaken> => {
    const answer = await open(household, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return MeasureTaken.parse(answer.body);
  };
  const act = (
    what: '' | '/end' | '/repayments' | '/renewals',
    { household, id, version }: MeasureTaken,
    { body, by = town }: { readonly body: object; readonly by?: Caller },
  ) =>
    call({
      route: `${what === '' ? 'PATCH' : 'POST'} /households/{id}/measures/{measureId}${what}`,
      ...{ by, params: { id: household, measureId: id }, ifMatch: version, body },
    });
  const show = async ({ household, id }: Pick<MeasureTaken, 'household' | 'id'>) => {
    const route = 'GET /households/{id}/measures/{measureId}';
    const answer = await call({ route, by: county, params: { id: household, measureId: id } });
    return MeasureFile.parse(answer.body);
  };
  return { call, open, opened, act, show };
}
