import type { Occasion } from '../core/division-event.ts';
import type { ChangeMessage } from '../core/division-job.ts';
import { destinationsOf, type VillageMove } from '../core/division-plan.ts';
import { moveProfiles } from '../core/village-move.ts';
import { copyEvidence, getProfiles, saveProfiles } from '../village/table.ts';
import {
  countChunk,
  loadChunk,
  loadChunks,
  loadJob,
  loadPieces,
  saveChunk,
  saveJob,
} from './change-table.ts';
import { getDivisions, saveDivisions } from './table.ts';
import type { DivisionPort, JobPort, WorkPorts } from './work.ts';

/** The register of divisions, for a change. */
export function divisionPort(table: string): DivisionPort {
  return {
    get: (codes) => getDivisions(table, codes),
    save: (steps, occasion) => saveDivisions(table, steps, occasion),
  };
}

/** The stored change with its chunks, and the queue its messages go to. */
export function jobPort(
  table: string,
  send: (messages: readonly ChangeMessage[]) => Promise<void>,
): JobPort {
  return {
    job: (id) => loadJob(table, id),
    pieces: (id) => loadPieces(table, id),
    chunks: (id) => loadChunks(table, id),
    chunk: (id, chunk) => loadChunk(table, id, chunk),
    saveChunk: (id, chunk) => saveChunk(table, id, chunk),
    countChunk: (id, chunk) => countChunk(table, id, chunk),
    saveJob: (found, next) => saveJob(table, found, next),
    send,
  };
}

/**
 * Moves the profile of a village as the core decides; someone else's change meanwhile lets the message come again. Evidence follows once the
 * profile has gone, since nobody can add to what has none.
 */
export function profileMover(table: string): WorkPorts['moveProfile'] {
  return async (move: VillageMove, occasion: Occasion) => {
    const profiles = await getProfiles(table, [move.from, ...destinationsOf(move)]);
    const steps = moveProfiles(move, (village) => profiles.get(village), occasion.heldOn);
    if (!(await saveProfiles(table, steps, occasion)))
      throw new Error('a village profile changed under the change');
    await copyEvidence(table, move.from, destinationsOf(move));
  };
}
