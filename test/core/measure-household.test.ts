import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../functions/core/day.ts';
import { factsOn } from '../../functions/core/fact-history.ts';
import { current, type HouseholdFile } from '../../functions/core/household.ts';
import { allSheets, allSheetsOf } from '../../functions/core/household-as-of.ts';
import type { HouseholdEvent } from '../../functions/core/household-event.ts';
import { type MeasureDigest, runsOn } from '../../functions/core/measure.ts';
import { followMeasures, followPost } from '../../functions/core/measure-household.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { context, granted } from '../support/build.ts';
import { digest, working } from '../support/measure.ts';

type Step = readonly [readonly MeasureDigest[], readonly MeasureDigest[]];

function follow(
  file: HouseholdFile,
  [before, after]: Step,
  kind: 'measure-opened' | 'measure-ended' = 'measure-opened',
) {
  const told = { kind, measure: digest(), heldOn: '2017-10-23', reason: null };
  return granted(followMeasures(file, { before, after }, { told, context: context() }));
}

describe('the household of a measure', () => {
  it('has its batch, kind and mode from the day it began; what was stated of it stays apart', () => {
    const file = working({ measures: ['education'] });
    const one = digest({ startedOn: '2017-02-01' });
    const { next, event } = follow(file, [[], [one]]);
    expect(current(next.household.facts)).toMatchObject({
      ...{ measures: ['education'], measureBatches: ['production'] },
      ...{ measureKinds: ['industry'], modes: ['cooperative'] },
    });
    expect(rosterOf(next.household)).toMatchObject({
      ...{
        measures: ['production', 'education'],
        modes: ['cooperative'],
        measureKinds: ['industry'],
      },
      measuresKnown: true,
    });
    expect(event).toMatchObject({ kind: 'measure-opened', heldOn: '2017-10-23' });
    expect(event.changes).toContainEqual({
      field: 'measure',
      person: null,
      before: null,
      after: 'industry',
    });
    const ended = follow(
      next,
      [[one], [{ ...one, endedOn: '2017-09-01', result: 'achieved' }]],
      'measure-ended',
    );
    expect(rosterOf(ended.next.household)).toMatchObject({ measures: ['education'], modes: [] });
    expect(ended.event.changes).toContainEqual({
      field: 'measure',
      person: null,
      before: 'industry',
      after: null,
    });
  });

  it('a batch that another measure still has stays', () => {
    const [bees, pigs] = [digest({ id: 'ms_a' }), digest({ id: 'ms_b', mode: 'dividend' })];
    const { next } = follow(working(), [[], [bees, pigs]]);
    const after = follow(next, [
      [bees, pigs],
      [bees, { ...pigs, endedOn: '2017-09-01' }],
    ]);
    expect(current(after.next.household.facts)).toMatchObject({
      ...{ measureBatches: ['production'], modes: ['cooperative'] },
    });
  });

  it('a measure entered by mistake leaves nothing known, as before it', () => {
    const one = digest();
    const { next } = follow(working(), [[], [one]]);
    const gone = follow(next, [[one], [{ ...one, endedOn: one.startedOn, result: 'error' }]]);
    expect(current(gone.next.household.facts).measureBatches).toBeUndefined();
    expect(rosterOf(gone.next.household).measuresKnown).toBe(false);
  });

  it('who has a public-welfare post is known to have one, from its first day to its last', () => {
    const post = digest({ kind: 'public-post', person: 'per_a', mode: null });
    const { next } = follow(working(), [
      [],
      [post, digest({ person: 'per_gone', kind: 'public-post' })],
    ]);
    const factsOf = ({ household }: HouseholdFile) => current(household.members[0]?.facts ?? []);
    expect(factsOf(next).publicPost).toBe(true);
    const ended = follow(next, [[post], [{ ...post, endedOn: '2017-09-01' }]]).next;
    expect(factsOf(ended).publicPost).toBe(false);
    const gone = follow(next, [
      [post],
      [{ ...post, endedOn: post.startedOn, result: 'error' }],
    ]).next;
    expect(factsOf(gone).publicPost).toBeUndefined();
  });

  it('who lives in another household now has a post no longer where that ends, and nothing else changes there', () => {
    const post = digest({ kind: 'public-post', person: 'per_a', mode: null });
    const { next } = follow(working(), [[], [post]]);
    const after = [{ ...post, endedOn: '2017-09-01' }];
    const told = {
      kind: 'measure-ended',
      measure: post,
      heldOn: '2017-09-01',
      reason: null,
    } as const;
    const about = { told, context: context() };
    const change = granted(followPost(next, { before: [post], after }, about));
    const [member] = change?.next.household.members ?? [];
    expect(current(member?.facts ?? []).publicPost).toBe(false);
    expect(change?.next.household.facts).toEqual(next.household.facts);
    expect(granted(followPost(next, { before: [post], after: [post] }, about))).toBeUndefined();
  });

  const day = fc.integer({ min: 0, max: 12 }).map((days) => addDays('2017-01-01', days));
  const some = fc.record({
    id: fc.constantFrom('ms_1', 'ms_2', 'ms_3', 'ms_4'),
    startedOn: day,
    lasts: fc.option(fc.integer({ min: 0, max: 8 })),
    mode: fc.constantFrom('cooperative', 'dividend', null),
    kind: fc.constantFrom('industry', 'public-post'),
    isVoid: fc.boolean(),
  });
  type Told = typeof some extends fc.Arbitrary<infer T> ? T : never;

  /** A measure that begins under an id, or, where that is known, ends or is taken back. */
  function told(measures: readonly MeasureDigest[], one: Told): readonly MeasureDigest[] {
    const { id, lasts, mode, kind, isVoid } = one;
    const known = measures.find((measure) => measure.id === id);
    if (known?.result === 'error' || (known && known.endedOn !== null && !isVoid)) return measures;
    const { startedOn } = known ?? one;
    const last = lasts === null ? null : addDays(startedOn, lasts);
    const gone = { endedOn: known?.endedOn ?? startedOn, result: 'error' };
    const end = isVoid ? gone : { endedOn: last, result: null };
    const measure = known ?? digest({ id, mode, kind, person: 'per_a' });
    return [...measures.filter((other) => other.id !== id), { ...measure, startedOn, ...end }];
  }

  /** What of measures ran on a day; unknown before any had begun. */
  function ran<T>(
    measures: readonly MeasureDigest[],
    on: string,
    of: (running: readonly MeasureDigest[]) => T,
  ) {
    const isBegun = measures.some((one) => one.result !== 'error' && one.startedOn <= on);
    return isBegun ? of(measures.filter((one) => runsOn(one, on))) : undefined;
  }

  it('whatever the order in which measures are entered, ended and taken back, every day says what ran on it', () => {
    const modesOf = (running: readonly MeasureDigest[]) =>
      ['cooperative', 'dividend'].filter((mode) => running.some((one) => one.mode === mode));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), (all) => {
        let file = working();
        let measures: readonly MeasureDigest[] = [];
        const events: HouseholdEvent[] = [];
        for (const one of all) {
          const change = follow(file, [measures, told(measures, one)]);
          measures = told(measures, one);
          file = change.next;
          events.push(change.event);
        }
        const posts = measures.filter(({ kind }) => kind === 'public-post');
        for (let days = 0; days < 24; days += 1) {
          const on = addDays('2016-12-31', days);
          expect(factsOn(allSheets(file.household, events), on).modes).toEqual(
            ran(measures, on, modesOf),
          );
          const sheets = file.household.members.flatMap((head) => allSheetsOf(head, events));
          expect(factsOn(sheets, on).publicPost).toBe(
            ran(posts, on, (running) => running.length > 0),
          );
        }
      }),
      { seed: 350122, numRuns: 300 },
    );
  });
});
