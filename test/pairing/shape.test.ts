import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { HelperEvent } from '../../functions/core/helper.ts';
import { Delivery, Pairing } from '../../functions/core/pairing.ts';
import { V } from '../../functions/pairing/item.ts';
import { HelperItem } from '../../functions/pairing/store.ts';

/** Fields, types and limits of a stored shape, without the code lists in it: these are only ever appended to. */
function fingerprintOf(schema: z.ZodType): string {
  const shape = JSON.stringify(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    (key, value) => (key === 'enum' ? '…' : value),
  );
  return createHash('sha256').update(shape).digest('hex').slice(0, 12);
}

/** What is stored under each version; a line is never edited. */
const known: Readonly<Record<string, string>> = {
  'helper 1': 'bfa2f3943245',
  'pairing 1': 'c7bb716a6472',
  'delivery 1': '58d6fbc05d36',
  'helper event 1': '0b41d953002c',
};

it.each([
  ['helper', V.helper, HelperItem],
  ['pairing', V.pairing, Pairing],
  ['delivery', V.delivery, Delivery],
  ['helper event', V.event, HelperEvent],
] as const)('the shape of a %s is that of its version %i', (name, version, schema) => {
  expect({ [`${name} ${version}`]: fingerprintOf(schema) }).toEqual({
    [`${name} ${version}`]: known[`${name} ${version}`],
  });
});
