import { type AreaCode, type Level, levelOf, liesWithin } from './division.ts';

export const roles = ['office', 'helper', 'department', 'auditor', 'evaluator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who is asking: the claims of a token after codes of closed divisions were replaced by their successors. */
export interface Actor {
  readonly sub: string;
  readonly role: Role;
  /** 1 to 20 division codes. */
  readonly areas: readonly AreaCode[];
}

/** Roles that may call a route; a list narrows to offices (or auditors …) of those levels. `open` needs no token. */
export type Access = 'open' | Readonly<Partial<Record<Role, true | readonly Level[]>>>;

/** What decides whether a record may be seen: the current village of its household and who is paired with it now. */
export interface Place {
  readonly village: AreaCode;
  readonly helperSubs?: readonly string[];
}

/**
 * The actor as it may call a route: with those of its areas alone whose level the route allows, so that a right held in one area is not
 * used in another. Undefined when its role, or none of its areas, may call the route at all; refused with 403.
 */
export function asCaller(actor: Actor, access: Access): Actor | undefined {
  if (access === 'open') return actor;
  const right = access[actor.role];
  if (right === undefined) return undefined;
  if (right === true) return actor;
  const areas = actor.areas.filter((area) => {
    const level = levelOf(area);
    return level !== undefined && right.includes(level);
  });
  return areas.length > 0 ? { ...actor, areas } : undefined;
}

/** Whether an area (of a list, a board, a job) lies inside one of the actor's areas. Outside is 404, as if it did not exist. */
export function mayEnter(actor: Actor, area: AreaCode): boolean {
  return actor.areas.some((own) => liesWithin(area, own));
}

/**
 * Whether a household's record may be seen or changed: the one test behind every read and write of personal records.
 * Offices and auditors by area, helpers by current pairing; departments, evaluators and administrators own no registry records.
 */
export function mayReach(actor: Actor, place: Place): boolean {
  switch (actor.role) {
    case 'office':
    case 'auditor':
      return mayEnter(actor, place.village);
    case 'helper':
      return place.helperSubs?.includes(actor.sub) ?? false;
    case 'department':
    case 'evaluator':
    case 'admin':
      return false;
  }
}
