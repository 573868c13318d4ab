import { FIRST_YEAR, LAST_YEAR } from '../core/dimension.ts';
import { type AreaCode, parentOf } from '../core/division.ts';
import type { Occasion } from '../core/division-event.ts';
import type { ChangeMessage } from '../core/division-job.ts';
import { destinationsOf, type VillageMove } from '../core/division-plan.ts';
import type { Target } from '../core/target.ts';
import { moveTarget } from '../core/target-move.ts';
import { moveDay, moveProfiles } from '../core/village-move.ts';
import { noteMove } from '../receipt/village-table.ts';
import { getTarget, partTargets, saveTargets } from '../target/table.ts';
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
import { getDivisions, noteArrivals, saveDivisions } from './table.ts';
import type { DivisionPort, JobPort, WorkPorts } from './work.ts';

/** The register of divisions, for a change. */
export function divisionPort(table: string): DivisionPort {
  return {
    get: (codes) => getDivisions(table, codes),
    save: (steps, occasion) => saveDivisions(table, steps, occasion),
    noteArrivals: (move) => {
      const { from } = move;
      return noteArrivals(
        table,
        destinationsOf(move).map((to) => ({ to, from })),
      );
    },
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
 * profile has gone, since nobody can add to what has none; and what the village received counts for those that take its place.
 */
export function profileMover({
  household: table,
  policy,
}: {
  readonly household: string;
  readonly policy: string;
}): WorkPorts['moveProfile'] {
  return async (move: VillageMove, occasion: Occasion) => {
    const profiles = await getProfiles(table, [move.from, ...destinationsOf(move)]);
    const heldOn = moveDay(profiles.values(), occasion.heldOn);
    const steps = moveProfiles(move, (village) => profiles.get(village), heldOn);
    if (!(await saveProfiles(table, steps, { ...occasion, heldOn })))
      throw new Error('a village profile changed under the change');
    await copyEvidence(table, move.from, destinationsOf(move));
    await noteMove(policy, move, occasion.heldOn);
  };
}

const targetYears = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, at) => FIRST_YEAR + at);

/** The targets of divisions that close, of every year: a query per year for all that lie side by side. */
async function targetsLeft(table: string, codes: readonly AreaCode[]): Promise<readonly Target[]> {
  const closing = new Set(codes);
  const found: Target[] = [];
  for (const parent of new Set(codes.map((code) => parentOf(code) ?? '0'))) {
    const byYear = await Promise.all(
      targetYears.map((year) => partTargets(table, { code: parent, year })),
    );
    found.push(...byYear.flat().filter(({ code }) => closing.has(code)));
  }
  return found;
}

/** Has the targets of divisions that close go to the one division that takes their place, as the core decides. */
export function targetMover(table: string): WorkPorts['moveTargets'] {
  return async (closes, occasion) => {
    const heirs = new Map(
      closes.flatMap(({ code, successors: [to, other] }) =>
        to !== undefined && other === undefined ? [[code, to] as const] : [],
      ),
    );
    for (const left of await targetsLeft(table, [...heirs.keys()])) {
      const to = heirs.get(left.code) ?? left.code;
      const there = await getTarget(table, { code: to, year: left.year });
      const decision = moveTarget(left, { to, there }, occasion);
      if (decision && !(await saveTargets(table, decision)))
        throw new Error('a target changed under the change');
    }
  };
}
