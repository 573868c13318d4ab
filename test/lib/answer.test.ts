import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { shownOf } from '../../functions/lib/answer.ts';

const Person = z.object({
  name: z.string(),
  born: z.int().nullable(),
  ill: z.boolean().optional(),
});
const Answer = z.object({
  area: z.object({ code: z.string(), name: z.string().optional() }),
  people: z.array(Person),
  counts: z.record(z.string(), z.object({ persons: z.int(), share: z.number().nullable() })),
  state: z.enum(['open', 'closed']),
  shown: z.union([z.string(), z.array(z.string())]),
  anything: z.unknown(),
});

/** Fields nobody declared, among the declared ones. */
const hidden = fc.record({ identityNumber: fc.string(), sealed: fc.anything() });
const withHidden = <Part extends object>(part: fc.Arbitrary<Part>) =>
  fc.tuple(part, hidden).map(([declared, more]) => ({ ...more, ...declared }));
const person = fc.record(
  { name: fc.string(), born: fc.option(fc.integer()), ill: fc.boolean() },
  { requiredKeys: ['name', 'born'] },
);
const count = fc.record({ persons: fc.integer(), share: fc.option(fc.double({ noNaN: true })) });
const answer = withHidden(
  fc.record({
    area: withHidden(
      fc.record({ code: fc.string(), name: fc.string() }, { requiredKeys: ['code'] }),
    ),
    people: fc.array(withHidden(person)),
    counts: fc.dictionary(fc.string(), withHidden(count)),
    state: fc.constantFrom('open', 'closed'),
    shown: fc.oneof(fc.string(), fc.array(fc.string())),
    anything: fc.jsonValue(),
  }),
);
const sent = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('what an answer shows', () => {
  it('is what its schema declares, wherever a private field stands', () => {
    fc.assert(
      fc.property(answer, (given) => {
        fc.pre(Answer.safeParse(given).success);
        const shown = sent(shownOf(Answer, given));
        expect(shown).toEqual(sent(Answer.parse(given)));
        expect(Object.keys(shown)).not.toContain('identityNumber');
      }),
    );
  });

  const whole = {
    area: { code: '350199' },
    people: [{ name: '样本', born: 1960 }],
    counts: { a: { persons: 1, share: null } },
    state: 'open',
    shown: 'x',
    anything: null,
  };

  it.each([
    ['a field is missing', { ...whole, area: {} }],
    ['a number is a text', { ...whole, counts: { a: { persons: '1', share: null } } }],
    ['a number is none', { ...whole, counts: { a: { persons: Number.NaN, share: null } } }],
    ['a list is an object', { ...whole, people: {} }],
    ['an object is a list', { ...whole, area: [] }],
    ['a code is not in its list', { ...whole, state: 'ajar' }],
    ['a value is none of those allowed', { ...whole, shown: 3 }],
  ])('is a fault when %s', (_, wrong) => {
    expect(shownOf(Answer, whole)).toEqual(whole);
    expect(() => shownOf(Answer, wrong)).toThrow(z.ZodError);
  });

  it('leaves to zod what adds to a value or allows every field', () => {
    const Loose = z.object({
      open: z.looseObject({ a: z.string() }),
      at: z.string().default('now'),
    });
    expect(shownOf(Loose, { open: { a: 'x', b: 1 }, c: 2 })).toEqual({
      open: { a: 'x', b: 1 },
      at: 'now',
    });
  });

  it('is the same for every route of the registry when nothing is there to be shown', () => {
    const routes = catalogue.flatMap(({ functions }) =>
      functions.flatMap((one) => one.routes ?? []),
    );
    for (const { response } of routes) {
      const parsed = response.safeParse({});
      if (parsed.success) expect(shownOf(response, {})).toEqual(parsed.data);
      else expect(() => shownOf(response, {})).toThrow(z.ZodError);
    }
  });
});
