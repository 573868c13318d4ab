import { describe, expect, it } from 'vitest';
import type { Actor } from '../../functions/core/access.ts';
import {
  type ChangeRequest,
  ended,
  fileRequest,
  refuseDecision,
  refuseWithdrawal,
} from '../../functions/core/change-request.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import type { HouseholdChange } from '../../functions/core/household-event.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { AskedChange, frozen } from '../../functions/core/request-input.ts';
import { requestView } from '../../functions/core/request-view.ts';
import {
  context,
  family,
  granted,
  identityOf,
  registered,
  TODAY,
  VILLAGE,
  wantedHousehold,
} from '../support/build.ts';

const before = registered({ members: family() });
const [head] = before.household.members;
const office = (sub: string, ...areas: readonly string[]): Actor => ({
  sub,
  role: 'office',
  areas,
});
const village = office('village', VILLAGE);
const town = office('town', VILLAGE.slice(0, 9));
const county = office('county', '350122');

function decided(given: object): HouseholdChange & { before: typeof before } {
  const patch = {
    heldFrom: '2017-06-01',
    heldTo: null,
    reason: '核实',
    facts: {},
    cleared: [],
    contact: {},
    members: [],
    ...given,
  };
  const change = granted(changeHousehold(before, patch, context()));
  if (!change) throw new Error('nothing new');
  return { ...change, before };
}

function filing(actor: Actor, kind = 'change') {
  const at = '2017-10-23T02:00:00.000Z';
  return { id: 'cr_1', kind, actor, at, today: TODAY, reason: '入户核实', note: null };
}

const typed = decided({ facts: { type: 'low-income' } });
const filed = (): ChangeRequest => granted(fileRequest([typed], filing(village)));

describe('a request for a change above one’s right', () => {
  it('shows before and after, and names the level that decides', () => {
    expect(filed()).toMatchObject({
      state: 'open',
      version: 1,
      level: 'town',
      village: VILLAGE,
      household: before.household.id,
      heldOn: '2017-06-01',
      requestedBy: 'village',
      parts: [
        {
          version: 1,
          changes: [{ field: 'type', person: null, before: 'general', after: 'low-income' }],
          past: [],
        },
      ],
    });
  });

  it('shows an identity number as events do', () => {
    const number = identityOf('1962-07-15', 25);
    const identity = { number, birth: '1962-07-15', sex: 'male' as const, card: null };
    const members = [{ person: head?.id ?? '', facts: {}, cleared: [], identity }];
    const request = granted(fileRequest([decided({ members })], filing(village)));
    expect(JSON.stringify(request)).toContain('350199************');
    expect(JSON.stringify(request)).not.toContain(number);
  });

  it('shows what is said of days past, which is no difference of today', () => {
    const past = { heldFrom: '2016-02-01', heldTo: '2016-03-01' };
    const measures = { ...past, facts: { measures: ['production'] }, cleared: ['planYear'] };
    const members = [{ person: head?.id ?? '', facts: { labour: 'lost' }, cleared: [] }];
    const request = granted(fileRequest([decided({ ...measures, members })], filing(village)));
    expect(request.parts).toMatchObject([
      {
        changes: [],
        past: [
          { person: null, ...past, values: { measures: ['production'] }, cleared: ['planYear'] },
          { person: head?.id, ...past, values: { labour: 'lost' }, cleared: [] },
        ],
      },
    ]);
  });

  it('may bring another household into being', () => {
    const change = granted(registerHousehold(wantedHousehold(), '2016-01-01', context()));
    const request = granted(fileRequest([{ ...change, before: undefined }], filing(town)));
    expect(request).toMatchObject({ level: 'county', parts: [{ version: 0 }] });
  });

  it('is not filed for nothing, nor by who may make the change', () => {
    expect(fileRequest([], filing(village))).toEqual({ refused: 'request-nothing' });
    expect(fileRequest([typed], filing(town))).toEqual({ refused: 'request-not-needed' });
    expect(isRefused(fileRequest([typed], filing(village)))).toBe(false);
  });
});

describe('who decides on it', () => {
  it('is another person of the level that may make the change, where the household lives now', () => {
    expect(refuseDecision(filed(), town, VILLAGE)).toBeUndefined();
    expect(refuseDecision(filed(), county, VILLAGE)).toBeUndefined();
    const same = { ...town, sub: 'village' };
    expect(refuseDecision(filed(), same, VILLAGE)).toEqual({ refused: 'request-same-person' });
    const peer = office('peer', VILLAGE);
    expect(refuseDecision(filed(), peer, VILLAGE)).toMatchObject({ refused: 'above-right' });
    expect(refuseDecision(filed(), town, '350122102203')).toMatchObject({ refused: 'above-right' });
  });

  it('only who filed it takes it back', () => {
    expect(refuseWithdrawal(filed(), village)).toBeUndefined();
    expect(refuseWithdrawal(filed(), town)).toEqual({ refused: 'request-not-yours' });
  });

  it('nobody decides twice, and the view stays as it was filed', () => {
    const at = '2017-10-24T02:00:00.000Z';
    const approved = ended(filed(), { state: 'approved', by: 'town', at, made: 2 });
    expect(approved).toMatchObject({
      version: 2,
      decidedBy: 'town',
      made: 2,
      decisionReason: null,
    });
    expect(approved.parts).toEqual(filed().parts);
    const closed = { refused: 'request-not-open', values: { state: 'approved' } };
    expect(refuseDecision(approved, county, VILLAGE)).toEqual(closed);
    expect(refuseWithdrawal(approved, village)).toEqual(closed);
    const stale = ended(filed(), { state: 'stale', by: 'town', at });
    expect(refuseDecision(stale, town, VILLAGE)).toEqual({ refused: 'request-stale' });
    const rejected = ended(filed(), { state: 'rejected', by: 'town', at, reason: '不实' });
    expect(rejected).toMatchObject({ decisionReason: '不实', made: null });
  });

  it('is told when the household has changed since', () => {
    expect(requestView(filed(), 1).isOvertaken).toBe(false);
    expect(requestView(filed(), 2).isOvertaken).toBe(true);
    const ending = { state: 'approved', by: 'town', at: '2017-10-24T02:00:00.000Z' } as const;
    expect(requestView(ended(filed(), ending), 2).isOvertaken).toBe(false);
  });
});

describe('the body of a request', () => {
  it('means the day of filing where it names none', () => {
    const end = AskedChange.parse({ kind: 'member-end', personId: 'per_1', reason: 'death' });
    expect(frozen(end, TODAY)).toEqual({ ...end, heldTo: TODAY });
    const change = AskedChange.parse({ kind: 'change', facts: {}, heldFrom: '2017-01-01' });
    expect(frozen(change, TODAY)).toEqual(change);
  });

  it('is that of the route that makes the change, and no other', () => {
    const parse = (body: object) => AskedChange.safeParse(body).success;
    expect(parse({ kind: 'head', personId: 'per_1', reason: '去世' })).toBe(true);
    expect(parse({ kind: 'head', personId: 'per_1', reason: '去世', facts: {} })).toBe(false);
    expect(parse({ kind: 'register' })).toBe(false);
  });
});
