import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import * as z from 'zod';

/** Name of what is stored, its present version, and its schema. */
export type StoredShape = readonly [string, number, z.ZodType];

/** Fields, types and limits of a stored shape, without the code lists in it: these are only ever appended to. */
export function fingerprintOf(schema: z.ZodType): string {
  const shape = JSON.stringify(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    (key, value) => (key === 'enum' ? '…' : value),
  );
  return createHash('sha256').update(shape).digest('hex').slice(0, 12);
}

/**
 * A shape that changed needs a new version, a way to read the old one, and a new line among those that are known; a line is never edited.
 */
export function keepsShapes(
  known: Readonly<Record<string, string>>,
  stored: readonly StoredShape[],
): void {
  it.each(stored)('the shape of a %s is that of its version %i', (name, version, schema) => {
    const line = `${name} ${version}`;
    expect({ [line]: fingerprintOf(schema) }).toEqual({ [line]: known[line] });
  });
}
