import { countyVillages } from '../area/around.ts';
import { areaResolver, getDivisions } from '../area/table.ts';
import { type Actor, mayEnter, mayReach } from '../core/access.ts';
import type { AreaCode } from '../core/division.ts';
import { isCurrent, nameOfSubject, type Pairing } from '../core/pairing.ts';
import type { PairingView } from '../core/pairing-view.ts';
import { type Home, homesOf } from '../household/table.ts';

/** Where the subjects of pairings stand today. */
export interface Placed {
  readonly pairing: Pairing;
  /** Codes under which the village, or that of the household, stands today. */
  readonly villages: readonly AreaCode[];
  readonly home: Home | undefined;
  /** Struck off, or a village that is no more. */
  readonly isGone: boolean;
}

export interface PlaceTables {
  readonly household: string;
  readonly area: string;
}

/** Looks up where pairings stand: households by where they are now, villages by the codes that took their place. */
export function placing(tables: PlaceTables) {
  const resolve = areaResolver(tables.area);
  const store = { tables: { household: tables.household } };
  return async (pairings: readonly Pairing[]): Promise<readonly Placed[]> => {
    const idsOf = (type: 'household' | 'village') =>
      pairings
        .filter(({ subject }) => subject.type === type)
        .map((one) => nameOfSubject(one.subject));
    const homes = await homesOf(store, idsOf('household'));
    const divisions = await getDivisions(tables.area, idsOf('village'));
    return Promise.all(
      pairings.map(async (pairing): Promise<Placed> => {
        const name = nameOfSubject(pairing.subject);
        if (pairing.subject.type === 'household') {
          const home = homes.get(name);
          const villages = home ? [home.village] : [];
          return { pairing, villages, home, isGone: home?.isStruckOff ?? true };
        }
        const { validTo = null, successors = [] } = divisions.get(name) ?? {};
        const isGone = validTo !== null && successors.length === 0;
        return { pairing, villages: await resolve([name]), home: undefined, isGone };
      }),
    );
  };
}

/** Whether an actor may see a pairing: that of a household by where it is and who is paired with it, that of a village by place. */
export function isInReach(actor: Actor, { villages, home }: Placed): boolean {
  if (home) return mayReach(actor, home);
  return actor.role === 'helper' || villages.some((code) => mayEnter(actor, code));
}

/** A pairing as it is shown, under the codes of today. */
export function pairingView({ pairing, villages, home, isGone }: Placed): PairingView {
  const { subject, ...shown } = pairing;
  const name = nameOfSubject(subject);
  const [village = name] = villages;
  const isHousehold = subject.type === 'household';
  return {
    ...shown,
    subject: {
      type: subject.type,
      ...(isHousehold && { id: name, number: home?.number ?? '' }),
      village,
      href: isHousehold ? `/households/${name}` : `/areas/${village}`,
    },
    href: `/helpers/${pairing.helper}/pairings/${pairing.id}`,
    toEnd: isGone && isCurrent(pairing),
  };
}

/** The codes a village had: what is written under them is its own. */
export function formerVillages(area: string): (village: AreaCode) => Promise<readonly AreaCode[]> {
  const around = countyVillages(area);
  return async (village) => (await around(village)).origins(village).map(({ code }) => code);
}
