import { describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import type { HouseholdChange, HouseholdEvent } from '../../functions/core/household-event.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import { addMember, changeHead, endMember } from '../../functions/core/member.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { rosterKnown, rosterOn } from '../../functions/core/roster-on.ts';
import {
  context,
  family,
  granted,
  VILLAGE,
  wantedHousehold,
  wantedMember,
} from '../support/build.ts';

const next = '350122101202';

/** A household and all that happened to it. */
class Story {
  file: HouseholdFile;
  readonly events: HouseholdEvent[] = [];

  constructor() {
    const wanted = wantedHousehold({ members: family() });
    const { next: file, event } = granted(registerHousehold(wanted, '2016-03-01', context()));
    this.file = file;
    this.events.push(event);
  }

  take(change: HouseholdChange | undefined): void {
    if (!change) throw new Error('nothing changed');
    this.file = change.next;
    this.events.push(change.event);
  }

  state(facts: object, heldFrom: string, heldTo: string | null = null): void {
    const empty = { cleared: [], contact: {}, members: [] };
    const patch = { heldFrom, heldTo, reason: '核实', facts, ...empty };
    this.take(granted(changeHousehold(this.file, patch, context({ today: '2018-12-31' }))));
  }

  on(day: string) {
    return rosterOn(this.file.household, this.events, day);
  }
}

describe('the roster of a household on a day', () => {
  it('is that of now when nothing has changed since', () => {
    const { file, events } = new Story();
    // Who was paired with it that day is not told.
    const known = { ...rosterOf(file.household), paired: null };
    expect(rosterOn(file.household, events, '2017-10-23')).toEqual(known);
  });

  it('does not exist before the household came onto the register', () => {
    expect(new Story().on('2016-02-29')).toBeUndefined();
    expect(new Story().on('2016-03-01')).toBeDefined();
  });

  it('keeps what held that day, whatever has changed since, under the present version', () => {
    const story = new Story();
    const before = story.on('2017-01-01');
    story.state({ status: 'exited', exitYear: 2017, mainCause: 'disability' }, '2017-06-01');
    const version = story.file.household.version;
    expect(story.on('2017-05-31')).toEqual({ ...before, version });
    expect(story.on('2017-06-01')).toMatchObject({ status: 'exited', exitYear: 2017 });
  });

  it('changes with a correction that holds from before that day, entered today', () => {
    const story = new Story();
    story.state({ mainCause: 'disability' }, '2018-01-01');
    story.state({ mainCause: 'disaster' }, '2016-06-01');
    expect(story.on('2016-12-31')).toMatchObject({ mainCause: 'disaster' });
    expect(story.on('2018-01-01')).toMatchObject({ mainCause: 'disability' });
    story.state({ mainCause: 'school' }, '2016-07-01', '2016-08-01');
    expect(story.on('2016-07-15')).toMatchObject({ mainCause: 'school' });
    expect(story.on('2016-08-01')).toMatchObject({ mainCause: 'disaster' });
  });

  it('has the members and the head of that day', () => {
    const story = new Story();
    const [head, spouse] = story.file.household.members;
    const taken = {
      person: spouse?.id ?? '',
      heldFrom: '2017-02-01',
      reason: '户主死亡',
      relations: {},
    };
    story.take(granted(changeHead(story.file, taken, context())));
    const end = { person: head?.id ?? '', heldTo: '2017-02-02', endReason: 'death' };
    story.take(granted(endMember(story.file, end, context())));
    expect(story.on('2017-01-31')).toMatchObject({ headName: '陈样一' });
    expect(story.on('2017-01-31')?.members).toHaveLength(4);
    expect(story.on('2017-02-02')).toMatchObject({ headName: '林样二' });
    expect(story.on('2017-02-02')?.members.map(({ id }) => id)).not.toContain(head?.id);
  });

  it('stands in the village of its day', () => {
    const story = new Story();
    const move = { village: next, heldFrom: '2017-05-01', reason: '搬迁' };
    story.take(granted(moveHousehold(story.file, move, context())));
    expect(story.on('2017-04-30')).toMatchObject({ village: VILLAGE });
    expect(story.on('2017-05-01')).toMatchObject({ village: next });
  });
});

describe('the roster of a household in the account of a year', () => {
  it('has the place, status and exit year of its last day, and all else as it is known by then', () => {
    const story = new Story();
    story.state({ status: 'exited', exitYear: 2017, mainCause: 'disability' }, '2017-06-01');
    const { household } = story.file;
    const known = (day: string) => rosterKnown(household, story.events, day);
    expect(known('2016-12-31')).toEqual({
      ...rosterOf(household),
      ...{ status: 'unexited', exitYear: null, paired: null },
    });
    expect(known('2017-12-31')).toEqual({ ...rosterOf(household), paired: null });
    expect(known('2016-02-29')).toBeUndefined();
  });

  it('has those who left since, under the head of that day, and not those who came', () => {
    const story = new Story();
    const { household } = story.file;
    const [head, spouse] = household.members;
    const taken = {
      person: spouse?.id ?? '',
      heldFrom: '2017-02-01',
      reason: '户主死亡',
      relations: {},
    };
    story.take(granted(changeHead(story.file, taken, context())));
    const end = { person: head?.id ?? '', heldTo: '2017-02-02', endReason: 'death' };
    story.take(granted(endMember(story.file, end, context())));
    const born = {
      relation: 'daughter',
      birth: '2017-03-05',
      identity: null,
      heldFrom: '2017-03-05',
      joinReason: 'birth',
    };
    story.take(granted(addMember(story.file, { ...wantedMember(), ...born }, context())));
    const then = rosterKnown(story.file.household, story.events, '2016-12-31');
    expect(then?.headName).toBe(head?.name);
    expect(then?.members[0]?.id).toBe(head?.id);
    expect(then?.members.map(({ id }) => id).sort()).toEqual(
      household.members.map(({ id }) => id).sort(),
    );
    expect(then?.members.filter(({ relation }) => relation === 'head')).toHaveLength(1);
  });

  it('has a child of whom the ledger told, though it was born later', () => {
    const birth = '2017-03-05';
    const child = wantedMember({ relation: 'daughter', birth, identity: null });
    const wanted = wantedHousehold({ members: [...family(), child] });
    const { next: file, event } = granted(registerHousehold(wanted, '2016-03-01', context()));
    const then = rosterKnown(file.household, [event], '2016-12-31');
    expect(then?.members).toHaveLength(5);
    expect(rosterOn(file.household, [event], '2016-12-31')?.members).toHaveLength(4);
  });
});
