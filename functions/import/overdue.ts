import type { Import } from '../core/import.ts';
import { remedyFor, standsStill } from '../core/import-overdue.ts';
import { faultFields, log } from '../lib/log.ts';
import {
  dropNote,
  listNoted,
  loadImport,
  loadProgress,
  type Noted,
  noteSeen,
  saveImport,
} from './table.ts';
import type { ImportMessage } from './work.ts';

/** What having imports go on needs. */
export interface Overdue {
  readonly jobTable: string;
  /** Whether the file of an import has arrived. */
  isUploaded(id: string): Promise<boolean>;
  /** Reads an uploaded file. */
  read(id: string): Promise<void>;
  send(messages: readonly ImportMessage[]): Promise<void>;
  now(): Date;
}

/** What became of the imports that did not go on by themselves. */
export interface Revived {
  readonly ended: number;
  readonly told: number;
  readonly read: number;
  /** Could not be looked at; looked at again an hour later. */
  readonly failed: number;
}

/** How long one call begins to read files whose arrival nobody noticed, in milliseconds; the others are read an hour later. */
const READS_MS = 300_000;

/**
 * Has every import go on that stands still: a message or an event may have been lost, or have ended with the dead letters. One whose
 * reader has died of it for good ends as unreadable.
 */
export async function reviveImports(ports: Overdue): Promise<Revived> {
  const began = ports.now().getTime();
  const count = { ended: 0, told: 0, read: 0, failed: 0, none: 0 };
  const arrived: string[] = [];
  for (const noted of await listNoted(ports.jobTable)) {
    const outcome = await guarded(noted.id, () => revive(ports, noted));
    if (outcome === 'arrived') arrived.push(noted.id);
    else count[outcome] += 1;
  }
  for (const id of arrived) {
    if (ports.now().getTime() - began > READS_MS) break;
    count[await guarded(id, () => read(ports, id))] += 1;
  }
  const { none: _, ...revived } = count;
  return revived;
}

/** One import that cannot be gone on with holds up no other. */
async function guarded<Outcome>(
  id: string,
  work: () => Promise<Outcome>,
): Promise<Outcome | 'failed'> {
  try {
    return await work();
  } catch (fault) {
    log.error('import-revival-failed', { import: id, ...faultFields(fault) });
    return 'failed';
  }
}

async function read(ports: Overdue, id: string): Promise<'read'> {
  await ports.read(id);
  return 'read';
}

async function revive(
  ports: Overdue,
  noted: Noted,
): Promise<'ended' | 'told' | 'arrived' | 'none'> {
  const found = await loadImport(ports.jobTable, noted.id);
  if (!found) return 'none';
  switch (remedyFor(found, ports.now())) {
    case 'wait':
      return 'none';
    case 'look':
      return (await ports.isUploaded(noted.id)) ? 'arrived' : 'none';
    case 'end':
      return (await end(ports, found)) ? 'ended' : 'none';
    case 'tell':
      return (await tell(ports, found, noted)) ? 'told' : 'none';
    case 'forget':
      await dropNote(ports.jobTable, found);
      return 'none';
  }
}

async function end(ports: Overdue, found: Import): Promise<boolean> {
  const changedAt = ports.now().toISOString();
  const fault = { code: 'file-not-finished' } as const;
  const state = 'unreadable';
  return (await saveImport(ports.jobTable, found, { state, changedAt, fault })) !== undefined;
}

/** Sends the first message of a phase again, unless the phase has come further since the last look. */
async function tell(ports: Overdue, found: Import, { seen }: Noted): Promise<boolean> {
  const phase = found.state === 'matching' ? 'match' : 'apply';
  const { done } = await loadProgress(ports.jobTable, found.id, phase);
  await noteSeen(ports.jobTable, found.id, done);
  if (!standsStill(done, seen)) return false;
  await ports.send([{ import: found.id, phase }]);
  return true;
}
