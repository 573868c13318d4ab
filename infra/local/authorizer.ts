import { createLocalJWKSet, jwtVerify } from 'jose';
import * as z from 'zod';
import type { Identity } from './api-event.ts';
import type { Issuer } from './issuer.ts';
import type { Json } from './json.ts';

export const authorizerSchema = z.looseObject({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.array(z.string()).or(z.string()).default(['$request.header.Authorization']),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});
export type Authorizer = z.infer<typeof authorizerSchema>;

/** Checks a bearer token as the HTTP API's JWT authorizer does. RS256 only. */
export type Authorize = (header: string | undefined, scopes: readonly string[]) => Promise<Verdict>;
export type Verdict = { identity: Identity } | { refused: 401 | 403 };

export function makeAuthorize({ JwtConfiguration: jwt }: Authorizer, local: Issuer): Authorize {
  const keys = createLocalJWKSet({ keys: [local.publicKey] });
  return async (header, scopes) => {
    const token = header?.replace(/^Bearer\s+/i, '');
    if (token === undefined) return { refused: 401 };
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: jwt.Issuer,
        // A token may name the client in `client_id` instead of `aud`.
        requiredClaims: ['exp'],
      });
      if (!namesAudience(payload, jwt.Audience)) return { refused: 401 };
      const granted = scopesOf(payload);
      if (scopes.length > 0 && !scopes.some((scope) => granted?.includes(scope))) {
        return { refused: 403 };
      }
      return { identity: { claims: textClaims(payload), scopes: granted } };
    } catch {
      return { refused: 401 };
    }
  };
}

function namesAudience(
  payload: { [claim: string]: unknown },
  audience: readonly string[],
): boolean {
  const named = payload.aud ?? payload.client_id;
  const all: unknown[] = Array.isArray(named) ? named : [named];
  return all.some((one) => typeof one === 'string' && audience.includes(one));
}

function scopesOf(payload: { [claim: string]: unknown }): string[] | null {
  const scope = payload.scope ?? payload.scp;
  if (typeof scope === 'string') return scope.split(' ');
  return Array.isArray(scope) ? scope.map(String) : null;
}

/** Claims reach the function as text: a number as its digits, a list as `[a b]`. */
function textClaims(payload: { [claim: string]: unknown }): Record<string, string> {
  const claims: Record<string, string> = {};
  for (const [name, value] of Object.entries(payload)) claims[name] = textOf(z.json().parse(value));
  return claims;
}

function textOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
