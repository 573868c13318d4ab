import * as z from 'zod';

/** Version of the counter's shape. */
export const V = 1;

export const RateItem = z.object({ n: z.int().positive() });
