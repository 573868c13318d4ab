import type { Import, Outcome } from '../core/import.ts';
import { type PlannedEntry, withLate } from '../core/import-entry.ts';
import { loadChunk } from './table.ts';
import { getPlanned, type Vault } from './vault.ts';

/**
 * Entries of one chunk as they came out, undefined past the end; a chunk without the outcome asked for is not opened.
 */
export async function planEntries(
  from: { readonly jobTable: string; readonly vault: Vault },
  found: Import,
  asked: { readonly chunk: number; readonly outcome: Outcome | undefined },
): Promise<{ entries: readonly PlannedEntry[] } | undefined> {
  const chunk = await loadChunk(from.jobTable, found.id, asked.chunk);
  if (!chunk) return undefined;
  const { tally, late } = chunk.applied ?? { tally: chunk.tally, late: [] };
  if (asked.outcome !== undefined && tally.entries[asked.outcome] === 0) return { entries: [] };
  const { entries } = await getPlanned(from.vault, chunk.key);
  return { entries: withLate(entries, late) };
}
