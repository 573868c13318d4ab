import { LocalError } from './fault.ts';

/**
 * The one thing whose name is, ends with, begins with or holds the given part, tried in this order.
 * @throws LocalError NOT_FOUND when there is none or more than one
 */
export function pick<T>(things: readonly T[], part: string, names: (thing: T) => string[]): T {
  const wanted = part.toLowerCase();
  const ways: ((name: string) => boolean)[] = [
    (name) => name === wanted,
    (name) => name.endsWith(wanted),
    (name) => name.startsWith(wanted),
    (name) => name.includes(wanted),
  ];
  for (const holds of ways) {
    const found = new Set(
      things.filter((one) => names(one).some((name) => holds(name.toLowerCase()))),
    );
    const [only] = found;
    if (only !== undefined && found.size === 1) return only;
  }
  const all = things.map((one) => names(one)[0]).join(', ') || 'nothing';
  throw new LocalError('NOT_FOUND', `No single thing is called ${part}. There is: ${all}.`);
}
