import * as z from 'zod';

/**
 * Reads and checks the environment once at cold start, so that a missing variable stops the function before it
 * answers anything.
 * @param shape the variables a function needs
 */
export function env<T extends z.ZodRawShape>(shape: T): z.infer<z.ZodObject<T>> {
  return z.object(shape).parse(process.env);
}
