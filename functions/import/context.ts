import { dayOf } from '../core/day.ts';
import type { LedgerContext } from '../core/household-wanted.ts';
import type { Import } from '../core/import.ts';
import { lettersFrom } from '../lib/id.ts';

/**
 * Ids that follow from the import and the household: a chunk that is applied again after a crash writes the very same items, and
 * recognises its own event.
 */
export function idsFor(found: Import, number: string): LedgerContext['newId'] {
  let count = 0;
  return (kind) => {
    // One event per household and import, whatever else got an id before it.
    const order = kind === 'ev' ? 'event' : String(count++);
    return `${kind}_${lettersFrom(JSON.stringify([found.id, number, kind, order]))}`;
  };
}

/** The approver answers for what is written; until there is one, the uploader. Everything follows from the import, nothing from now. */
export function contextOf(found: Import, number: string): LedgerContext {
  const at = found.decidedAt ?? found.createdAt;
  return {
    actor: found.decidedBy ?? found.uploadedBy,
    role: 'office',
    at,
    today: dayOf(new Date(at)),
    newId: idsFor(found, number),
    source: found.id,
    ledgerDay: found.heldOn,
  };
}
