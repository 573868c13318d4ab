import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Measure, MeasureEvent } from '../../functions/core/measure.ts';
import { DigestItem, ModesItem, PostItem, V } from '../../functions/measure/item.ts';

/** Fields, types and limits of a stored shape, without the code lists in it: these are only ever appended to. */
function fingerprintOf(schema: z.ZodType): string {
  const shape = JSON.stringify(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    (key, value) => (key === 'enum' ? '…' : value),
  );
  return createHash('sha256').update(shape).digest('hex').slice(0, 12);
}

/** A shape that changed needs a new version, a way to read the old one, and a new line here; a line is never edited. */
const known: Readonly<Record<string, string>> = {
  'measure 1': '4e283bb5a05c',
  'measure event 1': 'c7672f343bb1',
  'measures in short 1': '7966e234f681',
  'last post 1': '5cb38bd34595',
  'last post 2': 'bd13bd63c95d',
  'industry modes 1': '8e0476b25d94',
};

const stored: readonly (readonly [string, number, z.ZodType])[] = [
  ['measure', V.measure, Measure],
  ['measure event', V.event, MeasureEvent],
  ['measures in short', V.digest, DigestItem],
  ['last post', V.post, PostItem],
  ['industry modes', V.modes, ModesItem],
];

describe('stored shapes of measures', () => {
  it.each(stored)('the shape of a %s is that of its version %i', (name, version, schema) => {
    expect({ [`${name} ${version}`]: fingerprintOf(schema) }).toEqual({
      [`${name} ${version}`]: known[`${name} ${version}`],
    });
  });
});
