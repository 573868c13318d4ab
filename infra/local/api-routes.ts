/** A route of an HTTP API: `GET /areas/{code}`, `ANY /files/{proxy+}` or `$default`. */
export interface Route<T> {
  routeKey: string;
  value: T;
}

export interface Match<T> {
  route: Route<T>;
  pathParameters: Record<string, string>;
}

/**
 * Chooses as API Gateway does: a full match before a path variable, that before a greedy one, a named method before
 * ANY, and `$default` when nothing else fits.
 * @param path the path of the request, still percent-encoded
 */
export function matchRoute<T>(
  routes: readonly Route<T>[],
  method: string,
  path: string,
): Match<T> | undefined {
  const segments = path.split('/').slice(1);
  const [best] = routes
    .flatMap((route) => fitOf(route, method, segments))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  if (best !== undefined) return { route: best.route, pathParameters: best.pathParameters };
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return fallback && { route: fallback, pathParameters: {} };
}

/** The rank sorts before another when it is the closer match. */
interface Fit<T> extends Match<T> {
  rank: string;
}

function fitOf<T>(route: Route<T>, method: string, segments: readonly string[]): Fit<T>[] {
  const [routeMethod, template] = route.routeKey.split(' ');
  if (template === undefined || (routeMethod !== method && routeMethod !== 'ANY')) return [];
  const parts = template.split('/').slice(1);
  const greedy = parts.at(-1)?.endsWith('+}') === true;
  if (greedy ? segments.length < parts.length : segments.length !== parts.length) return [];
  const pathParameters: Record<string, string> = {};
  let rank = '';
  for (const [index, part] of parts.entries()) {
    const kind = take(part, segments.slice(index), pathParameters);
    if (kind === undefined) return [];
    rank += kind;
  }
  return [{ route, pathParameters, rank: rank + (routeMethod === 'ANY' ? 'b' : 'a') }];
}

/** 0: a literal segment, 1: a variable, 2: a greedy one; undefined: it does not fit. */
function take(
  part: string,
  rest: readonly string[],
  parameters: Record<string, string>,
): string | undefined {
  const [, name, plus] = /^\{(.+?)(\+?)\}$/.exec(part) ?? [];
  const [segment = ''] = rest;
  if (name === undefined) return decode(segment) === part ? '0' : undefined;
  if (plus === '+') {
    parameters[name] = rest.map(decode).join('/');
    return '2';
  }
  parameters[name] = decode(segment);
  return segment === '' ? undefined : '1';
}

/** Percent-decoding that leaves a broken escape as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
