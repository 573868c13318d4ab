import type { Division } from '../functions/core/division-register.ts';
import type { WantedHousehold, WantedMember } from '../functions/core/household-wanted.ts';
import { identityOf } from '../test/support/build.ts';

/** A county that does not exist: the same towns and villages at any size, so that villages grow with it. */
export interface CountySize {
  /** Six digits. */
  readonly code: string;
  readonly households: number;
}

const TOWNS = 22;
const VILLAGES = 10;
/** Of a hundred households, one is poor for this reason: what a list of one per cent is asked by. */
export const RARE = 'disaster';
const causes = ['illness', 'disability', 'schooling', 'skill', 'labour', 'funds'] as const;

const three = (place: number) => String(place).padStart(3, '0');

function townsOf(county: string): readonly string[] {
  return Array.from({ length: TOWNS }, (_, place) => `${county}${three(100 + place)}`);
}

/** Codes of the county's villages. */
export function villagesOf(county: string): readonly string[] {
  return townsOf(county).flatMap((town) =>
    Array.from({ length: VILLAGES }, (_, place) => `${town}${three(200 + place)}`),
  );
}

function division(code: string): Division {
  const open = { validFrom: null, validTo: null, successors: [], change: null, version: 1 };
  return { code, name: `样${code}`, ...open };
}

/** The county with its towns and villages. */
export function divisionsOf(county: string): readonly Division[] {
  const above = [county.slice(0, 2), county.slice(0, 4)];
  return [...above, county, ...townsOf(county), ...villagesOf(county)].map(division);
}

function memberOf(order: number, place: number): WantedMember {
  const seed = order * 7 + place * 31;
  const birth = `${1940 + (seed % 65)}-${String((seed % 12) + 1).padStart(2, '0')}-15`;
  const relation = (['head', 'spouse', 'son', 'mother'] as const)[place] ?? 'other';
  return {
    number: null,
    name: `样${order}之${place}`,
    identity: place === 0 ? identityOf(birth, seed % 1000) : null,
    sex: seed % 2 === 0 ? 'male' : 'female',
    birth,
    relation,
    facts: {
      health: seed % 5 === 0 ? ['chronic'] : ['healthy'],
      labour: seed % 3 === 0 ? 'none' : 'ordinary',
      basicMedical: true,
      seriousIllness: seed % 7 !== 0,
      pension: true,
    },
  };
}

/** The household of an order in its county: sizes, status and causes in about the shares of the sample county. */
export function householdOf({ code }: CountySize, order: number): WantedHousehold {
  const villages = villagesOf(code);
  // Consecutive households lie in different villages; the rare ones are spread over all of them.
  const village = villages[order % villages.length] ?? `${code}100200`;
  const hasExited = order % 5 !== 0;
  const cause = order % 100 === 37 ? RARE : (causes[order % causes.length] ?? 'illness');
  return {
    number: `${code}${String(order).padStart(6, '0')}`,
    village,
    contact: {},
    facts: {
      status: hasExited ? 'exited' : 'unexited',
      type: order % 3 === 0 ? 'low-income' : 'general',
      mainCause: cause,
      otherCauses: [order % 2 === 0 ? 'funds' : 'skill'].filter((one) => one !== cause),
      measures: ['production'],
      identifiedYear: 2015,
      ...(hasExited && { exitYear: 2016 }),
      housingGrade: 'B',
      waterSafe: true,
      food: true,
      clothes: true,
      electricity: true,
    },
    members: Array.from({ length: 2 + (order % 3) }, (_, place) => memberOf(order, place)),
  };
}
