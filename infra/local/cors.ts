import * as z from 'zod';

const texts = z.array(z.string()).default([]);

/** CorsConfiguration of an HTTP API. */
export const apiCorsSchema = z.object({
  AllowOrigins: texts,
  AllowMethods: texts,
  AllowHeaders: texts,
  ExposeHeaders: texts,
  MaxAge: z.coerce.number().optional(),
  AllowCredentials: z.boolean().optional(),
});
export type ApiCors = z.infer<typeof apiCorsSchema>;

/** The headers an allowed origin gets on every answer; nothing for a foreign one. */
export function corsHeaders(cors: ApiCors, origin: string | undefined): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(allowed === '*' ? {} : { vary: 'Origin' }),
    ...(cors.AllowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...joined('access-control-expose-headers', cors.ExposeHeaders),
  };
}

/** The answer to a preflight; API Gateway answers it itself when CORS is configured. */
export function preflightHeaders(
  cors: ApiCors,
  origin: string | undefined,
): Record<string, string> {
  const basis = corsHeaders(cors, origin);
  if (Object.keys(basis).length === 0) return {};
  return {
    ...basis,
    ...joined('access-control-allow-methods', cors.AllowMethods),
    ...joined('access-control-allow-headers', cors.AllowHeaders),
    ...(cors.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
  };
}

function allowedOrigin(cors: ApiCors, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (cors.AllowOrigins.includes('*')) return '*';
  const fits = (allowed: string): boolean =>
    allowed === origin || (allowed.endsWith('://*') && origin.startsWith(allowed.slice(0, -1)));
  return cors.AllowOrigins.some(fits) ? origin : undefined;
}

function joined(name: string, values: readonly string[]): Record<string, string> {
  return values.length === 0 ? {} : { [name]: values.join(',') };
}
