import { describe, expect, it } from 'vitest';
import type { Actor } from '../../functions/core/access.ts';
import { HouseholdFacts, PersonFacts } from '../../functions/core/fact.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold, type HouseholdPatch } from '../../functions/core/household-change.ts';
import { assignHelpers, strikeOff } from '../../functions/core/household-close.ts';
import type { HouseholdChange } from '../../functions/core/household-event.ts';
import { mergeHouseholds } from '../../functions/core/household-merge.ts';
import { relocate } from '../../functions/core/household-relocation.ts';
import { reinstate } from '../../functions/core/household-return.ts';
import documents from '../../functions/core/household-right.json' with { type: 'json' };
import {
  type Keeper,
  keeperFor,
  keeperOf,
  type Need,
  needsOf,
  refuseAboveRight,
  refuseBypass,
  refuseRegistering,
  standsAt,
} from '../../functions/core/household-right.ts';
import { splitHousehold } from '../../functions/core/household-split.ts';
import { addMember, changeHead, endMember } from '../../functions/core/member.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';
import {
  context,
  family,
  granted,
  identityOf,
  registered,
  TODAY,
  VILLAGE,
  wantedMember,
} from '../support/build.ts';

const file = registered({ members: family(), facts: { otherCauses: ['skill'] } });
const [head, spouse, , mother] = file.household.members.map(({ id }) => id);
const NEAR = '350122101202';
const FAR = '350122102201';

const office = (...areas: readonly string[]): Actor => ({ sub: 'clerk', role: 'office', areas });
const village = office(VILLAGE);
const town = office(VILLAGE.slice(0, 9));
const county = office('350122');

function patched(given: Partial<HouseholdPatch>, of = file): HouseholdChange {
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
  const changed = granted(changeHousehold(of, patch, context()));
  if (!changed) throw new Error('nothing new');
  return changed;
}

const of = (before: HouseholdFile, change: HouseholdChange) => ({ before, ...change });
const keeper = (change: HouseholdChange, before = file) => keeperFor([of(before, change)], TODAY);
const member = (person = '', given: Partial<HouseholdPatch['members'][number]> = {}) => ({
  members: [{ person, facts: {}, cleared: [], ...given }],
});

function ended(person = '', endReason = 'death', before = file): HouseholdChange {
  // What was entered by mistake has no last day.
  const end = endReason === 'error' ? {} : { heldTo: '2017-06-01' };
  return granted(endMember(before, { person, endReason, ...end }, context()));
}

describe('who may change what directly', () => {
  it('is said of every field once, and of no field that does not exist', () => {
    for (const document of documents) {
      const all = (part: 'household' | 'person') =>
        [document.village, document.town, document.county].flatMap((level) => level[part]);
      expect(all('household').toSorted()).toEqual(
        [
          ...Object.keys(HouseholdFacts.shape).filter((field) => field !== 'village'),
          ...['phone', 'bankName', 'bankAccount', 'helpers'],
        ].toSorted(),
      );
      expect(all('person').toSorted()).toEqual(
        [
          ...Object.keys(PersonFacts.shape),
          ...['name', 'number', 'sex', 'birth', 'identityNumber', 'firstIdentityNumber'],
        ].toSorted(),
      );
    }
  });

  it('what no document in force names is for the county', () => {
    const living: Need = { of: 'household', name: 'housingGrade' };
    expect(keeperOf(living, VILLAGE, TODAY)).toBe('village');
    expect(keeperOf(living, VILLAGE, '2013-12-31')).toBe('county');
    expect(keeperOf({ of: 'acts', name: 'unheard-of' }, VILLAGE, TODAY)).toBe('county');
  });

  const table: readonly (readonly [string, Keeper, Partial<HouseholdPatch>])[] = [
    ['living conditions', 'village', { facts: { housingGrade: 'C', hamlet: '下厝' } }],
    ['contact', 'village', { contact: { phone: '10000000018', bankName: '信用社' } }],
    ['a member’s health and labour', 'village', member(head, { facts: { labour: 'lost' } })],
    ['what is unknown again', 'village', { cleared: ['housingArea'] }],
    ['the type', 'town', { facts: { type: 'low-income' } }],
    ['causes', 'town', { facts: { mainCause: 'skill', otherCauses: [] } }],
    ['measures', 'town', { facts: { measures: ['production'] } }],
    ['the planned year', 'town', { facts: { planYear: 2017 } }],
    ['the status before exit', 'town', { facts: { status: 'pre-exit' } }],
    ['a name', 'town', member(head, { name: '陈改' })],
    ['the year of identification', 'county', { facts: { identifiedYear: 2015 } }],
    ['a village of the same town', 'town', { facts: { village: NEAR } }],
    ['a village of another town', 'county', { facts: { village: FAR } }],
    ['several of them at once', 'county', { facts: { food: true, planYear: 2018, village: FAR } }],
  ];

  it.each(table)('%s: %s', (_, level, given) => {
    const facts = { housingArea: 60 };
    const known = registered({ members: family(), facts });
    const [first] = known.household.members;
    const members = (given.members ?? []).map((one) => ({ ...one, person: first?.id ?? '' }));
    const asked = { ...given, members };
    expect(keeper(patched(asked, known), known)).toBe(level);
  });

  it('what is said of the past needs the same right as of today', () => {
    const past = { heldFrom: '2016-02-01', heldTo: '2016-03-01' };
    expect(keeper(patched({ ...past, facts: { food: true } }))).toBe('village');
    expect(keeper(patched({ ...past, facts: { type: 'low-income' } }))).toBe('town');
    expect(keeper(patched({ ...past, facts: { identifiedYear: 2015 } }))).toBe('county');
    expect(keeper(patched({ ...past, facts: { village: NEAR } }))).toBe('county');
    const labour = member(head, { facts: { labour: 'lost' }, cleared: ['skills'] });
    expect(keeper(patched({ ...past, ...labour }))).toBe('village');
  });

  it('a first identity number is the village’s to enter, and one that was wrong the town’s to put right', () => {
    const newborn = { ...wantedMember({ name: '陈五', identity: null, birth: '2017-05-05' }) };
    const joining = { ...newborn, relation: 'son', heldFrom: '2017-05-05', joinReason: 'birth' };
    const added = granted(addMember(file, joining, context()));
    const baby = added.next.household.members.at(-1)?.id ?? '';
    const numberOf = (birth: string, order: number) => ({
      number: identityOf(birth, order),
      birth,
      sex: order % 2 === 1 ? ('male' as const) : ('female' as const),
      card: null,
    });
    const first = patched(member(baby, { identity: numberOf('2017-05-06', 72) }), added.next);
    expect(first.event.changes.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['identityNumber', 'birth', 'sex']),
    );
    expect(needsOf(of(added.next, first))).toEqual([{ of: 'person', name: 'firstIdentityNumber' }]);
    const renamed = member(baby, { identity: numberOf('2017-05-05', 71), name: '陈五郎' });
    expect(keeper(patched(renamed, added.next), added.next)).toBe('town');
    const wrong = patched(member(head, { identity: numberOf('1962-07-15', 25) }));
    expect(keeper(wrong)).toBe('town');
  });

  it('members come and go, and the head changes, by the village', () => {
    const joining = { ...wantedMember({ birth: '2017-01-01', identity: null }), relation: 'son' };
    const reasons = { heldFrom: '2017-02-01', joinReason: 'birth' };
    expect(keeper(granted(addMember(file, { ...joining, ...reasons }, context())))).toBe('village');
    expect(keeper(ended(mother))).toBe('village');
    const change = { person: spouse ?? '', heldFrom: '2017-02-01', reason: '去世', relations: {} };
    expect(keeper(granted(changeHead(file, change, context())))).toBe('village');
  });

  it('a household ends with its last member by the town; one that never was one is struck off by the county', () => {
    const alone = registered();
    const [only] = alone.household.members;
    expect(keeper(ended(only?.id, 'death', alone), alone)).toBe('town');
    expect(keeper(ended(only?.id, 'error', alone), alone)).toBe('county');
    const order = { heldFrom: TODAY, reason: 'error' };
    expect(keeper(granted(strikeOff(file, order, context())))).toBe('county');
  });

  it('households are split and merged by the town, and put back onto the register by the county', () => {
    const persons = { [file.household.members[1]?.id ?? '']: 'head' };
    const order = { number: '2', village: VILLAGE, heldFrom: '2017-06-01', note: '婚后单过' };
    const parting = { ...order, persons, reason: 'marriage', facts: {}, succession: {} };
    const sheet = { heldFrom: '2016-01-01', heldTo: null, enteredAt: '2016-01-01T00:00:00.000Z' };
    const { stays, parts } = granted(splitHousehold(file, parting, context()));
    const born = { ...parts, before: undefined };
    expect([keeper(stays), keeperFor([born], TODAY)]).toEqual(['town', 'town']);
    const relations = { [file.household.members[1]?.id ?? '']: 'spouse' };
    const joining = { ...order, relations, reason: 'marriage' };
    const both = { order: joining, context: context() };
    const merged = granted(mergeHouseholds(stays.next, parts.next, both));
    expect(keeper(merged.stays, stays.next)).toBe('town');
    expect(keeper(merged.gone, parts.next)).toBe('town');
    const all = (before: HouseholdFile) => [
      { ...merged.stays, before: stays.next },
      { ...merged.gone, before },
    ];
    const facts = [{ ...sheet, values: { village: VILLAGE, status: 'exited' } }];
    const exited = { ...parts.next, household: { ...parts.next.household, facts } };
    expect(keeperFor(all(parts.next), TODAY)).toBe('town');
    expect(keeperFor(all(exited), TODAY)).toBe('county');
    const gone = granted(strikeOff(file, { heldFrom: '2017-06-01', reason: 'error' }, context()));
    const wanted = { ...order, status: 'unexited', reason: 'mistaken', gone: [], back: {} };
    const back = reinstate(
      gone.next,
      { order: { ...wanted, succession: {} }, was: 'unexited' },
      context(),
    );
    expect(keeper(granted(back), gone.next)).toBe('county');
  });

  it('a household is moved by whoever may move it, whatever is noted beside it', () => {
    const move = { heldFrom: '2017-06-01', reason: 'work', note: '务工' };
    const moved = (village: string) =>
      keeper(granted(relocate(file, { ...move, village }, context())));
    expect(moved('350122101202')).toBe('town');
    expect(moved('350122102203')).toBe('county');
  });

  it('what changes nothing that has a right of its own is the village’s', () => {
    const { event, next } = patched({ facts: { food: true } });
    const silent = { ...event, changes: [], putAway: [] };
    expect(keeper({ next, event: silent })).toBe('village');
    const order = { subs: ['helper'], heldFrom: TODAY, reason: '结对' };
    const paired = granted(assignHelpers(file, order, context()));
    expect(paired && keeper(paired)).toBe('town');
  });
});

describe('an actor’s level', () => {
  it('is the highest of the areas that hold the household', () => {
    expect(standsAt(town, VILLAGE, 'town')).toBe(true);
    expect(standsAt(town, VILLAGE, 'county')).toBe(false);
    expect(standsAt(office(VILLAGE, '350122'), VILLAGE, 'county')).toBe(true);
    expect(standsAt(office(VILLAGE, '350121'), VILLAGE, 'town')).toBe(false);
    expect(standsAt(office('35', '3501'), VILLAGE, 'village')).toBe(false);
  });

  it('that is too low is told which level may, and what to do', () => {
    const change = of(file, patched({ facts: { type: 'low-income' } }));
    expect(refuseAboveRight(village, [change], TODAY)).toEqual({
      refused: 'above-right',
      values: { level: 'town' },
    });
    expect(refuseAboveRight(town, [change], TODAY)).toBeUndefined();
    expect(refuseAboveRight(county, [change], TODAY)).toBeUndefined();
    expect(wordsOf('above-right', 'zh', { level: 'town' })).toContain('由乡镇审批');
    expect(wordsOf('above-right', 'en', { level: 'county' })).toContain('for the county');
  });

  it('is asked for over every household a change concerns, and what lies in several towns is the county’s', () => {
    const change = of(file, patched({ facts: { food: true } }));
    const near = registered({ village: NEAR, members: family() });
    const far = registered({ village: FAR, members: family() });
    const also = (one: HouseholdFile) => of(one, patched({ facts: { food: true } }, one));
    expect(refuseAboveRight(village, [change, also(near)], TODAY)).toMatchObject({
      values: { level: 'village' },
    });
    expect(refuseAboveRight(town, [change, also(near)], TODAY)).toBeUndefined();
    expect(keeperFor([change, also(far)], TODAY)).toBe('county');
    expect(keeperFor([], TODAY)).toBe('village');
  });

  it('decides who enters a household that was identified before there was a register', () => {
    expect(refuseRegistering(county, VILLAGE, TODAY)).toBeUndefined();
    expect(refuseRegistering(town, VILLAGE, TODAY)).toEqual({
      refused: 'register-above-right',
      values: { level: 'county' },
    });
    const registering = { before: undefined, ...patched({ facts: { food: true } }) };
    expect(needsOf(registering)).toEqual([{ of: 'acts', name: 'register' }]);
    expect(refuseAboveRight(town, [registering], TODAY)).toMatchObject({ refused: 'above-right' });
  });
});

describe('what is left to procedures', () => {
  const exited = registered({ facts: { status: 'exited', exitYear: 2016 } }, '2016-12-31');
  const bypass = (change: HouseholdChange, before = file) => refuseBypass(of(before, change));

  it('a correction brings nobody out of poverty or back into it', () => {
    const exit = patched({ facts: { status: 'exited', exitYear: 2017 } });
    expect(bypass(exit)).toEqual({
      refused: 'procedure-required',
      values: { to: 'exited', procedure: 'household-exit' },
    });
    const fallen = patched({ facts: { status: 'returned' } }, exited);
    expect(bypass(fallen, exited)).toMatchObject({ values: { procedure: 'return' } });
    expect(wordsOf('procedure-required', 'zh', { to: 'exited', procedure: 'household-exit' })).toBe(
      '状态改为“已脱贫”须走“贫困户退出”程序，不能直接修改；请为该户发起该程序。',
    );
  });

  it('a household that has applied waits for its identification', () => {
    const { household } = file;
    const sheets = household.facts.map((sheet) =>
      sheet.values.status === undefined
        ? sheet
        : { ...sheet, values: { ...sheet.values, status: 'applicant' } },
    );
    const applicant = { ...file, household: { ...household, facts: sheets } };
    const entered = patched({ facts: { status: 'new' } }, applicant);
    expect(bypass(entered, applicant)).toEqual({
      refused: 'procedure-required',
      values: { to: 'new', procedure: 'identification' },
    });
    expect(bypass(patched({ facts: { food: true } }, applicant), applicant)).toBeUndefined();
  });

  it('steps before the exit, and facts of who has exited, may be corrected', () => {
    expect(bypass(patched({ facts: { status: 'pre-exit' } }))).toBeUndefined();
    expect(bypass(patched({ facts: { food: true } }, exited), exited)).toBeUndefined();
    expect(bypass(ended(mother))).toBeUndefined();
  });

  it('nor does it say so of days past, or take an exit back for a while', () => {
    const past = { heldFrom: '2016-02-01', heldTo: '2016-03-01' };
    expect(bypass(patched({ ...past, facts: { status: 'exited', exitYear: 2016 } }))).toMatchObject(
      { refused: 'procedure-required' },
    );
    const earlier = { heldFrom: '2016-02-01', facts: { status: 'exited' } };
    expect(bypass(patched(earlier, exited), exited)).toMatchObject({
      refused: 'procedure-required',
    });
    const undone = { ...past, facts: { status: 'unexited' } };
    expect(bypass(patched(undone, exited), exited)).toEqual({
      refused: 'status-transition',
      values: { from: 'exited', to: 'unexited' },
    });
    expect(bypass(patched({ ...past, facts: { status: 'pre-exit' } }))).toBeUndefined();
  });

  it('striking off without one is for wrong entries, and for a household that has emptied', () => {
    const struck = (reason: string) =>
      granted(strikeOff(file, { heldFrom: TODAY, reason }, context()));
    expect(bypass(struck('error'))).toBeUndefined();
    expect(bypass(struck('not-eligible'))).toMatchObject({
      refused: 'procedure-required',
      values: { procedure: 'strike-off' },
    });
    const alone = registered();
    expect(bypass(ended(alone.household.members[0]?.id, 'death', alone), alone)).toBeUndefined();
  });
});
