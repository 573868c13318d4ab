import type { AreaCode } from '../core/division.ts';
import { addTallies, countVillage, NEVER, type Tally } from '../core/figure.ts';
import { figuresOf, type NamedFigures, nameFigures } from '../core/figure-name.ts';
import type { FrozenVillage } from '../core/snapshot-object.ts';
import type { FrozenRow } from './item.ts';
import { digest } from './object.ts';

/** Figures of a frozen row as boards take them: a past day changes no more. */
export function frozenTally({ figures }: Pick<FrozenRow, 'figures'>): Tally {
  return { figures: figuresOf(figures), until: NEVER };
}

/** What an object counts. */
export function countFrozen({ rosters, profile, about }: FrozenVillage): NamedFigures {
  return nameFigures(countVillage(rosters, profile, about.day).figures);
}

export function villageRow(village: FrozenVillage): FrozenRow {
  const { about, hash } = village;
  const { village: area, name, knownAt } = about;
  return { area, name, knownAt, hash, parts: [], figures: countFrozen(village) };
}

/** Digest of an area from its parts: what they are and what each of them says of itself. */
export function hashOfParts(parts: readonly FrozenRow[]): string {
  const lines = parts.map(({ area, name, hash, figures }) => [area, name, hash, figures]);
  return digest(JSON.stringify(lines));
}

/** What an area's parts add up to, as far as all of them were counted. */
export function sumOfParts(parts: readonly Pick<FrozenRow, 'figures'>[]): NamedFigures {
  const sum = nameFigures(addTallies(parts.map(frozenTally)).figures);
  const inAll = (kind: 'households' | 'persons') =>
    Object.fromEntries(
      Object.entries(sum[kind]).filter(([id]) => parts.every(({ figures }) => id in figures[kind])),
    );
  return { ...sum, households: inAll('households'), persons: inAll('persons') };
}

/** The row of an area that is made of others. */
export function rowOfParts(
  area: { readonly code: AreaCode; readonly name: string; readonly knownAt: string },
  parts: readonly FrozenRow[],
): FrozenRow {
  const [knownAt = area.knownAt] = parts.map((part) => part.knownAt).sort();
  return {
    area: area.code,
    name: area.name,
    knownAt,
    hash: hashOfParts(parts),
    parts: parts.map((part) => part.area),
    figures: sumOfParts(parts),
  };
}
