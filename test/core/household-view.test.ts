import { describe, expect, it } from 'vitest';
import { AccessLine, commonArea, logPartition } from '../../functions/core/access-log.ts';
import { current } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import {
  eventView,
  HouseholdView,
  householdView,
  householdViewOn,
  personFound,
} from '../../functions/core/household-view.ts';
import { endMember } from '../../functions/core/member.ts';
import { context, family, granted, registered, VILLAGE } from '../support/build.ts';

describe('a file as it is shown', () => {
  const file = registered({ members: family(), contact: { phone: '10000000017' } });

  it('has current facts, masked contact and no secret', () => {
    const view = householdView(file.household, []);
    expect(view.batches).toEqual({});
    expect(HouseholdView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      village: VILLAGE,
      status: 'unexited',
      facts: current(file.household.facts),
      contact: { phoneMasked: '100******17' },
    });
    const shown = JSON.stringify(view);
    const secrets = [...Object.values(file.secrets.identities), file.secrets.phone ?? ''];
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  });

  it('names the batches it is helped by, and that its ledger says so', () => {
    const { household } = registered({ facts: { measures: ['education', 'production'] } });
    expect(householdView(household, []).batches).toEqual({
      production: ['stated'],
      education: ['stated'],
    });
  });

  it('an event names who asked for the change, and the step of a case it is, where there is one', () => {
    const end = { person: file.household.members.at(-1)?.id ?? '', heldTo: '2017-03-01' };
    const { event } = granted(endMember(file, { ...end, endReason: 'death' }, context()));
    const step = { id: 'cs_1', kind: 'return', step: 'notice', outcome: 'passed' } as const;
    expect(eventView({ ...event, requestedBy: 'clerk-2', case: step })).toMatchObject({
      ...{ requestedBy: 'clerk-2', case: step },
    });
    expect(Object.keys(eventView(event))).not.toContain('requestedBy');
  });

  it('as of a day it has the facts and members of that day, and who had left by then', () => {
    const person = file.household.members.at(-1)?.id ?? '';
    const end = { person, heldTo: '2017-03-01', endReason: 'death' };
    const left = granted(endMember(file, end, context()));
    const patch = { heldTo: null, reason: '评议', cleared: [], contact: {}, members: [] };
    const changed = granted(
      changeHousehold(
        left.next,
        { ...patch, heldFrom: '2017-06-01', facts: { status: 'pre-exit' } },
        context(),
      ),
    );
    const { household } = changed?.next ?? left.next;
    const events = [left.event, ...(changed ? [changed.event] : [])];
    const on = (day: string) => householdViewOn(household, events, day);
    expect(on('2015-12-31')).toBeUndefined();
    expect(on('2017-02-28')).toMatchObject({ status: 'unexited', past: [] });
    expect(on('2017-02-28')?.members).toHaveLength(4);
    expect(on('2017-03-01')).toMatchObject({ past: [{ id: person }], asOf: '2017-03-01' });
    expect(on('2017-06-01')).toMatchObject({ status: 'pre-exit' });
  });

  it('who is among the past members without a day of leaving is still a member on any day', () => {
    const [head, ...others] = file.household.members;
    const household = { ...file.household, members: head ? [head] : [], past: others };
    expect(householdViewOn(household, [], '2017-01-01')).toMatchObject({ past: [] });
    expect(householdViewOn(household, [], '2017-01-01')?.members).toHaveLength(4);
  });

  it('says what it can of a household whose facts are unknown', () => {
    const bare = { ...file.household, facts: [] };
    expect(householdView(bare, [])).toMatchObject({ status: 'new', village: '' });
    const placed = [
      { heldFrom: '2016-01-01', heldTo: null, enteredAt: '', values: { village: VILLAGE } },
    ];
    expect(householdViewOn({ ...bare, facts: placed }, [], '2016-01-01')).toMatchObject({
      status: 'new',
    });
  });

  it('a person found is shown with the household in short, a stranger not at all', () => {
    const [head] = file.household.members;
    expect(personFound(file.household, head?.id ?? '')).toMatchObject({
      person: { id: head?.id, facts: current(head?.facts ?? []) },
      household: {
        id: file.household.id,
        village: VILLAGE,
        status: 'unexited',
        headName: head?.name,
      },
    });
    expect(personFound(file.household, 'per_x')).toBeUndefined();
    const bare = { ...file.household, facts: [], members: file.household.members.slice(1) };
    expect(personFound(bare, bare.members[0]?.id ?? '')).toMatchObject({
      household: { village: '', status: 'new', headName: '' },
    });
  });
});

describe('the access log', () => {
  it('lies with the county of the area, or with the city or province above several', () => {
    expect(logPartition(VILLAGE, '2017-10-23')).toBe('L#350122#2017-10-23');
    expect(logPartition('3501', '2017-10-23')).toBe('L#3501#2017-10-23');
  });

  it('the lowest office above two places is the smallest place that holds both', () => {
    expect(commonArea(VILLAGE, VILLAGE)).toBe(VILLAGE);
    expect(commonArea(VILLAGE, '350122101202')).toBe('350122101');
    expect(commonArea(VILLAGE, '350122102203')).toBe('350122');
    expect(commonArea(VILLAGE, '350123102203')).toBe('3501');
    expect(commonArea(VILLAGE, '350223102203')).toBe('35');
    expect(commonArea(VILLAGE, '360223102203')).toBeUndefined();
    expect(commonArea('', '')).toBeUndefined();
  });

  it('a line holds ids and reasons, nothing else', () => {
    const line = {
      id: 'log_1',
      at: '2017-10-23T00:00:00.000Z',
      kind: 'lookup',
      sub: 's',
      role: 'office',
      area: VILLAGE,
      household: null,
      person: null,
      reason: null,
      reference: null,
      fields: [],
    };
    expect(AccessLine.parse({ ...line, identityNumber: 'x' })).toEqual(line);
  });
});
