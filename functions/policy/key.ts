import type { AreaCode } from '../core/division.ts';
import type { PolicyDocument, PolicyItem, PolicyLine } from '../core/policy.ts';
import type { Key } from '../lib/dynamo.ts';

/** Versions of the shapes stored here. */
export const V = { document: 1, item: 1, line: 1, event: 1, head: 1 } as const;

/** Versions count up in keys with leading noughts, so that they come in order. */
function counted(version: number): string {
  return String(version).padStart(6, '0');
}

/** Partitions of an area. */
export const keptUnder = {
  documents: (area: AreaCode) => `D#${area}`,
  lines: (area: AreaCode) => `L#${area}`,
  events: (area: AreaCode) => `E#${area}`,
};

export function documentKey({ area, id }: Pick<PolicyDocument, 'area' | 'id'>): Required<Key> {
  return { pk: keptUnder.documents(area), sk: id };
}

/**
 * An item lies behind its document and the try in which that was entered, so that what a try left behind that broke off never stands in the
 * way of the next, and never becomes part of it.
 */
export function itemKey(
  item: Pick<PolicyItem, 'area' | 'document' | 'publication' | 'id' | 'version'>,
): Required<Key> {
  const { area, document, publication, id, version } = item;
  return {
    pk: keptUnder.documents(area),
    sk: `${document}~${publication}#${id}#${counted(version)}`,
  };
}

export function lineKey({
  area,
  id,
  validFrom,
}: Pick<PolicyLine, 'area' | 'id' | 'validFrom'>): Required<Key> {
  return { pk: keptUnder.lines(area), sk: `${id}#${validFrom}` };
}

/** Counts what an area has published, so that two documents at once do not pass each other unseen. */
export function headKey(area: AreaCode): Required<Key> {
  return { pk: `A#${area}`, sk: '0' };
}
