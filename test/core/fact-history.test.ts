import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactSheet } from '../../functions/core/fact.ts';
import {
  enterFacts,
  factsOn,
  fieldsOf,
  knownLater,
  newsIn,
  refuseDays,
  sameValue,
  sheetOf,
  stated,
  valueOn,
} from '../../functions/core/fact-history.ts';
import { sparingLater } from '../../functions/core/fact-sparing.ts';
import { current } from '../../functions/core/household.ts';

interface Facts {
  readonly school: string;
  readonly months: number;
  readonly health: readonly string[];
}
type Sheet = FactSheet<Facts>;

const days = fc.integer({ min: 10, max: 28 }).map((day) => `2017-05-${day}`);
const values = fc.record(
  {
    school: fc.constantFrom('primary-1', 'primary-2'),
    months: fc.integer({ min: 0, max: 3 }),
    health: fc.constantFrom(['healthy'], ['chronic', 'disabled']),
  },
  { requiredKeys: [] },
);
const entries = fc
  .array(
    fc.record({
      from: days,
      length: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null, freq: 3 }),
      values,
      clears: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ from, length, values: stated, clears }, place): Sheet => {
      const to = length === null ? null : `2017-05-${Number(from.slice(8)) + length}`;
      const cleared = clears && stated.school === undefined ? (['school'] as const) : [];
      return {
        heldFrom: from,
        heldTo: to,
        enteredAt: `2017-06-01T00:00:0${place}Z`,
        values: stated,
        ...(cleared.length > 0 && { cleared }),
      };
    }),
  );

function enterAll(all: readonly Sheet[]): { now: readonly Sheet[]; away: readonly Sheet[] } {
  let now: readonly Sheet[] = [];
  const away: Sheet[] = [];
  for (const entry of all) {
    const entered = enterFacts(now, entry);
    now = entered.current;
    away.push(...entered.putAway);
  }
  return { now, away };
}

/** The rule in its plainest form: of the entries that hold on the day and speak of the field, the last by (heldFrom, enteredAt). */
function plainly(all: readonly Sheet[], field: keyof Facts, day: string): unknown {
  let best: Sheet | undefined;
  for (const entry of all) {
    const holds = entry.heldFrom <= day && (entry.heldTo ?? '9999') > day;
    if (!holds || !fieldsOf(entry).includes(field)) continue;
    if (!best || best.heldFrom + best.enteredAt < entry.heldFrom + entry.enteredAt) best = entry;
  }
  return best?.values[field] ?? null;
}

describe('dated facts', () => {
  it('the value on a day is that of the entry held from the latest day, whatever was replaced since', () => {
    fc.assert(
      fc.property(entries, days, (all, day) => {
        const { now, away } = enterAll(all);
        for (const field of ['school', 'months', 'health'] as const) {
          expect(valueOn([...now, ...away], field, day)).toEqual(plainly(all, field, day));
        }
      }),
    );
  });

  it('the order of entry does not matter, except between entries of one day', () => {
    fc.assert(
      fc.property(
        entries.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(current(enterAll(shuffled).now)).toEqual(current(enterAll(all).now));
        },
      ),
    );
  });

  it('each field is current in one sheet only, and nothing entered is lost', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const { now, away } = enterAll(all);
        const fields = now.flatMap(fieldsOf);
        expect(new Set(fields).size).toBe(fields.length);
        const total = (sheets: readonly Sheet[]) => sheets.flatMap(fieldsOf).toSorted();
        expect(total([...now, ...away])).toEqual(total(all));
      }),
    );
  });

  it('what is current is what holds on any later day', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const { now, away } = enterAll(all);
        expect(factsOn([...now, ...away], '2018-01-01')).toEqual(current(now));
      }),
    );
  });

  it('repeating what is known to hold is no news; an earlier day or another value is', () => {
    fc.assert(
      fc.property(entries, days, (all, day) => {
        const { now } = enterAll(all);
        const repeated = { heldFrom: '2017-06-01', heldTo: null, enteredAt: 'z' };
        expect(newsIn(now, { ...repeated, values: current(now) })).toBeUndefined();
        const late = newsIn(now, { ...repeated, heldFrom: day, values: { months: 9 } });
        expect(late?.values).toEqual({ months: 9 });
      }),
    );
    const sheet = { heldFrom: '2017-05-02', heldTo: null, enteredAt: 'a', values: { months: 1 } };
    expect(newsIn([sheet], { ...sheet, heldFrom: '2017-05-01' })).toMatchObject({
      heldFrom: '2017-05-01',
    });
    const past = { ...sheet, heldTo: '2017-05-03' };
    expect(newsIn([sheet], past)).toBe(past);
  });

  it('facts of one entry split by a later one come together again under one sheet', () => {
    const base = { heldFrom: '2017-05-01', heldTo: null, enteredAt: 'a' };
    const first: Sheet = { ...base, values: { months: 1 }, cleared: ['school'] };
    const { current: now } = enterFacts([first], { ...base, values: { health: ['healthy'] } });
    expect(now).toEqual([{ ...first, values: { months: 1, health: ['healthy'] } }]);
    const second: Sheet = { ...base, values: {}, cleared: ['months'] };
    expect(enterFacts([{ ...base, values: { health: ['healthy'] } }], second).current).toEqual([
      { ...base, values: { health: ['healthy'] }, cleared: ['months'] },
    ]);
  });

  it('a source older than what is known is spared, and told where it differs', () => {
    const known: readonly Sheet[] = [
      {
        heldFrom: '2017-05-20',
        heldTo: null,
        enteredAt: 'a',
        values: { months: 1, school: 'primary-1' },
      },
    ];
    const old = {
      heldFrom: '2017-05-19',
      heldTo: null,
      enteredAt: 'b',
      values: { months: 2, school: 'primary-1', health: ['healthy'] },
    };
    expect(knownLater(known, old)).toEqual(['months', 'school']);
    expect(sparingLater(known, old)).toMatchObject({
      entry: { values: { health: ['healthy'] } },
      kept: ['months'],
    });
    expect(sparingLater(known, { ...old, heldFrom: '2017-05-21' })).toMatchObject({
      entry: { values: old.values },
      kept: [],
    });
  });

  it('a fact cannot be held from tomorrow, end tomorrow, or end before it begins', () => {
    const today = '2017-10-23';
    expect(refuseDays({ heldFrom: today, heldTo: null }, today)).toBeUndefined();
    expect(refuseDays({ heldFrom: '2017-10-24', heldTo: null }, today)).toMatchObject({
      refused: 'date-future',
    });
    expect(refuseDays({ heldFrom: '2017-10-01', heldTo: '2017-10-24' }, today)).toMatchObject({
      refused: 'date-future',
    });
    expect(refuseDays({ heldFrom: '2017-10-01', heldTo: '2017-10-01' }, today)).toMatchObject({
      refused: 'date-order',
    });
    expect(refuseDays({ heldFrom: '2017-10-01', heldTo: '2017-10-02' }, today)).toBeUndefined();
  });

  it('lists of codes are sets, records compare by field, unknown equals absent', () => {
    expect(sameValue(['a', 'b'], ['b', 'a'])).toBe(true);
    expect(sameValue(['a'], ['a', 'b'])).toBe(false);
    expect(sameValue({ to: 'x', wagesFen: 1 }, { wagesFen: 1, to: 'x' })).toBe(true);
    expect(sameValue({ to: 'x' }, { to: 'x', wagesFen: 1 })).toBe(false);
    expect(sameValue(null, undefined)).toBe(true);
    expect(sameValue(['a'], 'a')).toBe(false);
    expect(sameValue({}, null)).toBe(false);
    expect(stated({ a: 1, b: undefined, c: null })).toEqual({ a: 1, c: null });
  });
});

describe('the sheet that a fact comes from', () => {
  it('says the value of the day, is silent where nothing was said, and clears where it was forgotten', () => {
    fc.assert(
      fc.property(entries, days, (sheets, day) => {
        const sheet = sheetOf(sheets, 'school', day);
        expect(sheet?.values.school ?? null).toBe(valueOn(sheets, 'school', day));
        if (sheet) expect(fieldsOf(sheet)).toContain('school');
      }),
    );
  });
});
