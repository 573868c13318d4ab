import type { Day } from '../core/day.ts';
import type { Helper } from '../core/helper.ts';
import { isCurrent } from '../core/pairing.ts';
import { coversLacking, pairingRuleOn } from '../core/pairing-rule.ts';
import type { VillageProfile } from '../core/roster.ts';
import { type Placed, pairingView } from './place.ts';

/** What is known of an area: who helps there, whom, and which of its villages are poor. */
export interface GapGround {
  readonly helpers: readonly Helper[];
  /** What helpers are called, those who have ended included. */
  readonly names: ReadonlyMap<string, string>;
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
function withoutSuccessor({ placed }: GapGround): readonly Placed[] {
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
  return [...latest.values()];
}

/** Where help is lacking in an area, and where there is too much on one: so many rows of each list at most. */
export function gapsOf(ground: GapGround, most: number) {
  const named = (one: Placed) => {
    const helperName = ground.names.get(one.pairing.helper) ?? null;
    return { ...pairingView(one), helperName };
  };
  const villages = villagesLacking(ground);
  const overloaded = overloadedOf(ground);
  const ended = withoutSuccessor(ground);
  const toEnd = ground.placed.filter((one) => pairingView(one).toEnd);
  const lists = [villages, overloaded, ended, toEnd];
  return {
    villages: villages.slice(0, most),
    overloaded: overloaded.slice(0, most),
    withoutSuccessor: ended.slice(0, most).map(named),
    toEnd: toEnd.slice(0, most).map(named),
    more: lists.some((list) => list.length > most),
  };
}
