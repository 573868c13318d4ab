import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import { sameValue } from './fact-history.ts';
import { ItemTerms, type Policies, type PolicyItem, type PolicyLine } from './policy.ts';
import { lineNames, POVERTY } from './policy-line.ts';
import { type LineBody, type PublishContext, reasonShape } from './policy-publish.ts';
import { itemFaults } from './policy-rule.ts';
import { type Decided, refuse } from './refusal.ts';

/** What of an item may be said anew; for whom it is stays, since what was received hangs on that. */
export const ItemChanges = z.strictObject(
  z.strictObject(ItemTerms.shape).omit({ subject: true, validFrom: true }).partial().shape,
);
export type ItemChanges = z.infer<typeof ItemChanges>;

/** Another version of an item from a day; with `ends`, it is given no longer from that day. */
export const VersionBody = z.strictObject({
  ...reasonShape,
  validFrom: z.string().refine(isDay),
  changes: ItemChanges.default({}),
  ends: z.boolean().default(false),
});
export type VersionBody = z.infer<typeof VersionBody>;

/** The latest version of an item of an area. */
export function latestOf(
  items: readonly PolicyItem[],
  { area, id }: Pick<PolicyItem, 'area' | 'id'>,
): PolicyItem | undefined {
  return items
    .filter((one) => one.area === area && one.id === id)
    .toSorted((one, other) => other.version - one.version)[0];
}

/** Fields that were not given are missing, never undefined. */
function changed(item: PolicyItem, changes: ItemChanges, validFrom: Day): PolicyItem {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...item, ...Object.fromEntries(given), validFrom };
}

/** The terms of an item with changes, held against what is published. Refused: policy-invalid. */
export function amended(
  item: PolicyItem,
  known: Policies,
  { changes, validFrom }: Pick<VersionBody, 'changes' | 'validFrom'>,
): Decided<PolicyItem> {
  const next = changed(item, changes, validFrom);
  const { document } = item;
  const own = known.documents.find((one) => one.area === item.area && one.id === document);
  const faults = itemFaults(next, {
    items: new Set(known.items.map(({ id }) => id)),
    lines: lineNames(known.lines),
    // A later document may carry an item on.
    document: { validFrom: own?.validFrom ?? item.validFrom, validTo: null },
  });
  return faults.length > 0
    ? { ...refuse('policy-invalid', { count: faults.length }), faults }
    : { ok: next };
}

/**
 * The next version of an item, from a day on; what stood stays as it was.
 * @param asked `version`: the one that was read (If-Match)
 * Refused: version-stale, policy-version-early (before the present version begins), policy-unchanged, policy-invalid.
 */
export function nextVersion(
  known: Policies,
  asked: { readonly item: PolicyItem; readonly version: number; readonly body: VersionBody },
  { enacted }: Pick<PublishContext, 'enacted'>,
): Decided<PolicyItem> {
  const { item, version, body } = asked;
  if (item.version !== version) return refuse('version-stale', { version: item.version });
  const { validFrom, ends } = body;
  if (validFrom < item.validFrom) return refuse('policy-version-early', { day: item.validFrom });
  const next = amended(item, known, body);
  if ('refused' in next) return next;
  const isSame = sameValue({ ...next.ok, validFrom: '' }, { ...item, validFrom: '' });
  if (isSame && ends === item.ended) return refuse('policy-unchanged');
  return { ok: { ...next.ok, version: version + 1, ended: ends, enacted } };
}

/**
 * A line as it stands from a day on; one that was set for that very day is set right under the next version.
 * Refused: version-stale, policy-line-reserved, policy-validity.
 */
export function setLine(
  known: readonly PolicyLine[],
  asked: Pick<PolicyLine, 'id' | 'area' | 'validFrom'> & {
    readonly version: number;
    readonly body: LineBody;
  },
  { enacted }: Pick<PublishContext, 'enacted'>,
): Decided<PolicyLine> {
  const { id, area, validFrom, version, body } = asked;
  const { name, validTo, fen, source, illustrative } = body;
  if (id === POVERTY) return refuse('policy-line-reserved', { line: id });
  const before = known.find(
    (one) => one.area === area && one.id === id && one.validFrom === validFrom,
  );
  const present = before?.version ?? 0;
  if (present !== version) return refuse('version-stale', { version: present });
  if (validTo !== null && validTo < validFrom)
    return refuse('policy-validity', { item: id, from: validFrom, to: '—' });
  const terms = { name, validTo, fen, source, illustrative };
  return { ok: { id, area, validFrom, version: version + 1, ...terms, enacted } };
}
