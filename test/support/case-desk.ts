import { saveDivisions } from '../../functions/area/table.ts';
import { CaseTaken, CaseView } from '../../functions/core/case-view.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { WantedHousehold } from '../../functions/core/household-wanted.ts';
import { identityOf, VILLAGE, wantedMember } from './build.ts';
import { type Call, type Caller, callOf } from './call.ts';
import type { Tables } from './database.ts';

export const village: Caller = { sub: 'village', role: 'office', areas: VILLAGE };
export const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
export const otherTown: Caller = { sub: 'other-town', role: 'office', areas: '350122102' };
export const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
export const offices: Readonly<Record<string, Caller>> = { village, town, county };

/** Sets the day it is for the functions of this process. */
export function setDay(day: string): void {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${day}T02:00:00Z`) - Date.now());
}

/** The divisions of the places used here. */
export async function seedPlaces(tables: Tables, more: readonly string[] = []): Promise<void> {
  const codes = [VILLAGE, '350122102203', ...more];
  const all = new Set(codes.flatMap((code) => [code, ...ancestorsOf(code)]));
  await saveDivisions(
    tables.area,
    [...all].map((code) => ({ before: null, after: newDivision(code, `名${code}`, null) })),
    { actor: 'seed', at: '2017-01-01T00:00:00.000Z', heldOn: '2017-01-01', reason: '', source: '' },
  );
}

let count = 0;

/** A household that meets every criterion of exit in 2017. */
export function provenHousehold(given: Partial<WantedHousehold> = {}): Partial<WantedHousehold> {
  count += 1;
  const { facts, ...others } = given;
  const cover = { basicMedical: true, seriousIllness: true, familyDoctor: true };
  const member = wantedMember({ identity: identityOf('1962-07-15', count), facts: cover });
  const amounts = { wagesFen: 900_000, businessFen: 0, propertyFen: 0, transferFen: 0 };
  const income = { from: '2016-10-01', to: '2017-09-30', ...amounts, businessCostFen: 0 };
  return {
    number: `P${String(count).padStart(6, '0')}`,
    members: [member],
    ...others,
    facts: {
      ...{ status: 'unexited', type: 'general', mainCause: 'illness', identifiedYear: 2016 },
      ...{ planYear: 2017, housingGrade: 'A', waterSafe: true, food: true, clothes: true, income },
      ...facts,
    },
  };
}

/** The routes of cases as offices use them; the environment must be set before the first call. */
export function caseDesk() {
  const call = async (asked: Call) => {
    const { handler } = asked.route.startsWith('GET')
      ? await import('../../functions/case/reader.ts')
      : await import('../../functions/case/handler.ts');
    return callOf(handler, asked);
  };
  const propose = (household: string, given: object = {}, by = village) =>
    call({
      route: 'POST /cases',
      by,
      body: { kind: 'household-exit', household, reason: '达到脱贫标准', ...given },
    });
  const step = (
    found: Pick<CaseTaken, 'id' | 'version' | 'awaits'>,
    given: object = {},
    by?: Caller,
  ) => {
    const next = found.awaits;
    const body = {
      ...{ step: next?.id ?? '', outcome: 'passed' },
      ...(next?.quorum && { votes: { of: 30, present: 25, agreed: 20 } }),
      ...given,
    };
    return call({
      route: 'POST /cases/{id}/steps',
      by: by ?? offices[next?.levels[0] ?? 'village'] ?? village,
      params: { id: found.id },
      ifMatch: found.version,
      body,
    });
  };
  const show = async (id: string, by = county): Promise<CaseView> => {
    const answer = await call({ route: 'GET /cases/{id}', by, params: { id } });
    return CaseView.parse(answer.body);
  };
  /** Takes steps, each by the lowest office that may, with the clock moved over notices, until the one named comes next. */
  const upTo = async (id: string, act: string, head: string): Promise<CaseView> => {
    let found: CaseTaken = CaseTaken.parse({ ...(await show(id)), objection: null });
    while (found.awaits && ![found.awaits.act, found.awaits.id].includes(act)) {
      if (found.dueOn !== null) setDay(found.dueOn);
      const given = found.awaits.act === 'confirm' ? { confirmedBy: head } : {};
      const answer = await step(found, given);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      found = CaseTaken.parse(answer.body);
    }
    return show(id);
  };
  return { call, propose, step, show, upTo };
}
