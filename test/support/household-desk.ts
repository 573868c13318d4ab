import { expect } from 'vitest';
import { HouseholdView } from '../../functions/core/household-view.ts';
import { identityOf, VILLAGE } from './build.ts';
import { type Call, type Caller, callOf } from './call.ts';

/** Days of birth that the identity numbers of made-up members carry. */
export const births = ['1960-01-02', '1971-02-03'];

/** What only the county does: entering a household directly, and striking one off. */
const countys = new Set(['POST /households', 'POST /households/{id}/striking-off']);

const lives = ['split', 'merger', 'relocation', 'reinstatement'];

/** The function that answers a route of households. */
async function handlerOf(route: string) {
  if (route.startsWith('GET')) return (await import('../../functions/household/reader.ts')).handler;
  return lives.some((one) => route.endsWith(`/${one}`))
    ? (await import('../../functions/life/handler.ts')).handler
    : (await import('../../functions/household/handler.ts')).handler;
}

/**
 * The routes of households as a town uses them, and its county where the town may not; the environment must be set before the first call.
 */
export function householdDesk(town: Caller) {
  const county = { ...town, areas: town.areas.slice(0, 6) };
  let count = 0;

  const call = async (asked: Omit<Call, 'by'> & { by?: Caller }) => {
    return callOf(await handlerOf(asked.route), {
      by: countys.has(asked.route) ? county : town,
      ...asked,
    });
  };

  /** A body that registers a household nobody else has. */
  function bodyOf(given: object = {}) {
    count += 1;
    const identityNumber = identityOf(births[count % 2] ?? '', count + 1);
    return {
      number: `35012288${String(count).padStart(4, '0')}`,
      village: VILLAGE,
      heldFrom: '2016-01-01',
      facts: { status: 'unexited', mainCause: 'illness' },
      members: [{ name: `样${count}`, relation: 'head', identityNumber }],
      ...given,
    };
  }

  async function registered(given: object = {}): Promise<string> {
    const answer = await call({ route: 'POST /households', body: bodyOf(given) });
    expect(answer).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    return answer.body.id;
  }

  async function shown(id: string, by: Caller = town): Promise<HouseholdView> {
    const answer = await call({ route: 'GET /households/{id}', params: { id }, by });
    expect(answer.status).toBe(200);
    return HouseholdView.parse(answer.body);
  }

  return { call, bodyOf, registered, shown };
}
