import type { Day } from '../core/day.ts';
import type { Helper } from '../core/helper.ts';
import { isCurrent } from '../core/pairing.ts';
import { coversLacking, pairingRuleOn } from '../core/pairing-rule.ts';
import type { VillageProfile } from '../core/roster.ts';
import { type Placed, pairingView } from './place.ts';

/** Rows of each list at most. */
const MOST_ROWS = 500;

/** What is known of an area: who helps there, whom, and which of its villages are poor. */
export interface GapGround {
  readonly helpers: readonly Helper[];
  readonly placed: readonly Placed[];
  readonly profiles: ReadonlyMap<string, VillageProfile>;
  readonly day: Day;
}

/** Poor villages that have not left the list and lack a cover. */
function villagesLacking({ placed, profiles, day }: GapGround) {
  const current = placed.filter(({ pairing }) => isCurrent(pairing));
  const byVillage = Map.groupBy(
    current.flatMap(({ pairing, villages }) =>
      pairing.subject.type === 'village'
        ? villages.map((village) => ({ village, kind: pairing.kind }))
        : [],
    ),
    ({ village }) => village,
  );
  const poor = [...profiles.values()].filter((one) => one.poor && one.exitedOn === null);
  return poor
    .map(({ village }) => {
      const kinds = (byVillage.get(village) ?? []).map(({ kind }) => kind);
      const lacks = coversLacking(pairingRuleOn(day, village).covers.village, kinds);
      return { village, lacks: [...lacks], href: `/villages/${village}/helpers` };
    })
    .filter(({ lacks }) => lacks.length > 0)
    .toSorted((one, other) => (one.village < other.village ? -1 : 1));
}

function overloadedOf({ helpers, day }: GapGround) {
  return helpers.flatMap((helper) => {
    const limit = pairingRuleOn(day, helper.area).kinds[helper.kind].mostHouseholds;
    const isOver = limit !== null && helper.households > limit;
    return isOver ? [{ helper, households: helper.households, limit }] : [];
  });
}

/** What a pairing is about, and by whom: the village or household it stands for today, and the kind. */
function placeOf({ pairing, villages, home }: Placed): string {
  const { subject, kind } = pairing;
  const name = subject.type === 'household' && home ? subject.id : (villages[0] ?? '');
  return `${kind} ${name}`;
}

/** Pairings that ended, were handed to nobody, and have nobody of their kind in their place; the latest of each place. */
function withoutSuccessor({ placed }: GapGround) {
  const taken = new Set(placed.filter(({ pairing }) => isCurrent(pairing)).map(placeOf));
  const open = placed.filter(
    (one) =>
      !(isCurrent(one.pairing) || one.isGone) &&
      one.pairing.successor === null &&
      !taken.has(placeOf(one)),
  );
  const latest = new Map<string, Placed>();
  for (const one of open) {
    const known = latest.get(placeOf(one));
    if (!known || (known.pairing.to ?? '') < (one.pairing.to ?? '')) latest.set(placeOf(one), one);
  }
  return [...latest.values()].map(pairingView);
}

/** Where help is lacking in an area, and where there is too much on one. */
export function gapsOf(ground: GapGround) {
  const villages = villagesLacking(ground);
  const overloaded = overloadedOf(ground);
  const ended = withoutSuccessor(ground);
  const toEnd = ground.placed.map(pairingView).filter((one) => one.toEnd);
  const lists = [villages, overloaded, ended, toEnd];
  return {
    villages: villages.slice(0, MOST_ROWS),
    overloaded: overloaded.slice(0, MOST_ROWS),
    withoutSuccessor: ended.slice(0, MOST_ROWS),
    toEnd: toEnd.slice(0, MOST_ROWS),
    more: lists.some((list) => list.length > MOST_ROWS),
  };
}
