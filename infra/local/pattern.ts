import { child, isObject, type Json } from './json.ts';

/**
 * Whether a value fits an event pattern: the rules of EventBridge and of event source filters.
 * Each field names the values allowed, or tests: prefix, suffix, wildcard, anything-but, exists, numeric,
 * equals-ignore-case. A test that is not known here is an error, never a silent mismatch.
 */
export function matches(pattern: Json, value: Json | undefined): boolean {
  if (!isObject(pattern)) return false;
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return Array.isArray(wanted) && wanted.some((one) => matches(one, value));
    const found = child(value, key);
    if (!Array.isArray(wanted)) return matches(wanted, found);
    const candidates = Array.isArray(found) && found.length > 0 ? found : [found];
    return wanted.some((test) => candidates.some((candidate) => fits(test, candidate)));
  });
}

const tests: Record<string, (argument: Json, value: Json | undefined) => boolean> = {
  exists: (wanted, value) => (value !== undefined) === wanted,
  prefix: (wanted, value) => typeof value === 'string' && value.startsWith(String(wanted)),
  suffix: (wanted, value) => typeof value === 'string' && value.endsWith(String(wanted)),
  'equals-ignore-case': (wanted, value) =>
    typeof value === 'string' && value.toLowerCase() === String(wanted).toLowerCase(),
  'anything-but': (wanted, value) => {
    if (value === undefined) return false;
    const unwanted = Array.isArray(wanted) ? wanted : [wanted];
    return !unwanted.some((one) => fits(one, value));
  },
  wildcard: (wanted, value) => typeof value === 'string' && wildcard(String(wanted)).test(value),
  numeric: (wanted, value) => typeof value === 'number' && numeric(wanted, value),
};

function fits(test: Json, value: Json | undefined): boolean {
  if (!isObject(test)) return test === value;
  return Object.entries(test).every(([name, argument]) => {
    const check = tests[name];
    if (check === undefined)
      throw new Error(`event pattern: ${name} is not known to the local run`);
    return check(argument, value);
  });
}

/** `*` stands for any text, `\*` for the star itself. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\.|[^\\]/gs) ?? [];
  const source = parts.map((part) => (part === '*' ? '.*' : literal(part.slice(-1))));
  return new RegExp(`^${source.join('')}$`, 's');
}

function literal(mark: string): string {
  return mark.replace(/[.*+?^${}()|[\]\\]/, '\\$&');
}

function numeric(wanted: Json, value: number): boolean {
  const parts = Array.isArray(wanted) ? wanted : [];
  for (let index = 0; index < parts.length; index += 2) {
    const bound = Number(parts[index + 1]);
    const holds: Record<string, boolean> = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    if (!holds[String(parts[index])]) return false;
  }
  return true;
}
