import { addDays } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { Occasion } from '../core/division-event.ts';
import {
  type ChangeChunk,
  type ChangeJob,
  type ChangeMessage,
  type ChangePiece,
  claimedBy,
} from '../core/division-job.ts';
import type { VillageMove } from '../core/division-plan.ts';
import { type Division, newDivision } from '../core/division-register.ts';

/** The register of divisions as a change needs it. */
export interface DivisionPort {
  get(codes: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, Division>>;
  /** @returns codes that stood at another version */
  save(
    steps: readonly { readonly before: Division | null; readonly after: Division }[],
    occasion: Occasion,
  ): Promise<readonly AreaCode[]>;
  /** Notes from where a village came to another county; nothing happens when it is noted already. */
  noteArrivals(move: VillageMove): Promise<void>;
}

/** Households as a change needs them. */
export interface HouseholdPort {
  /** Households of a village that have to leave it. */
  leaving(move: VillageMove): Promise<readonly string[]>;
  /** Places one household where the move says; nothing happens when it is there already. */
  place(household: string, move: VillageMove, job: ChangeJob): Promise<void>;
}

export interface JobPort {
  job(id: string): Promise<ChangeJob | undefined>;
  pieces(id: string): Promise<readonly ChangePiece[]>;
  chunks(id: string): Promise<readonly ChangeChunk[]>;
  chunk(id: string, chunk: number): Promise<ChangeChunk | undefined>;
  saveChunk(id: string, chunk: ChangeChunk): Promise<void>;
  /** Saves a chunk with the number of its households, unless one is stored already. */
  countChunk(id: string, chunk: ChangeChunk): Promise<void>;
  saveJob(found: ChangeJob, next: Partial<ChangeJob>): Promise<boolean>;
  send(messages: readonly ChangeMessage[]): Promise<void>;
}

export interface WorkPorts {
  readonly divisions: DivisionPort;
  readonly households: HouseholdPort;
  readonly jobs: JobPort;
  /** Moves the village's profile; nothing happens when it is moved already. */
  readonly moveProfile: (move: VillageMove, occasion: Occasion) => Promise<void>;
  /** Has the targets of divisions that close go along; nothing happens to those that went already. */
  readonly moveTargets: (closes: ChangePiece['closes'], occasion: Occasion) => Promise<void>;
  readonly now: () => Date;
}

/** Households moved per message; the message is sent again for the rest, so that none runs into the function's time limit. */
const PER_MESSAGE = 300;
/** Households on their way at once. */
const LANES = 6;

function occasionOf(job: ChangeJob, now: Date): Occasion {
  const { change } = job;
  const reason = change.document ? `${change.reason}（${change.document}）` : change.reason;
  return {
    actor: job.actor,
    at: now.toISOString(),
    heldOn: change.effective,
    reason,
    source: job.id,
  };
}

async function save(
  ports: WorkPorts,
  job: ChangeJob,
  afters: readonly (readonly [Division | undefined, Division | undefined])[],
): Promise<void> {
  const steps = afters.flatMap(([before, after]) =>
    after ? [{ before: before ?? null, after }] : [],
  );
  const conflicts = await ports.divisions.save(steps, occasionOf(job, ports.now()));
  // Nobody else may touch what a change has claimed; the message comes again and reads afresh.
  if (conflicts.length > 0) throw new Error('a division changed under the change');
}

/** New divisions come into being, old ones name their successors: from now on nobody is placed there. */
async function openPiece(ports: WorkPorts, job: ChangeJob, piece: ChangePiece): Promise<void> {
  const { effective } = job.change;
  const opened = piece.opens.map(
    ({ code, name }) =>
      [undefined, { ...newDivision(code, name, effective), change: job.id }] as const,
  );
  const touched = [...piece.renames, ...piece.closes].map((one) => one.code);
  const known = await ports.divisions.get([...touched, ...piece.opens.map((one) => one.code)]);
  const names = new Map(piece.renames.map((one) => [one.code, one.name]));
  const successors = new Map(piece.closes.map((one) => [one.code, one.successors]));
  const changed = [...new Set(touched)].map((code) => {
    const before = known.get(code);
    if (!before) throw new Error('a division of the plan is missing');
    const after = {
      ...before,
      name: names.get(code) ?? before.name,
      successors: successors.get(code) ?? before.successors,
      change: job.id,
    };
    const isDone = JSON.stringify(before) === JSON.stringify(after);
    return [before, isDone ? undefined : { ...after, version: before.version + 1 }] as const;
  });
  const missing = opened.filter(([, after]) => !known.has(after.code));
  await save(ports, job, [...missing, ...changed]);
}

async function open(ports: WorkPorts, job: ChangeJob): Promise<void> {
  if (job.state === 'done') return;
  if (job.state === 'opening') {
    for (const piece of await ports.jobs.pieces(job.id)) await openPiece(ports, job, piece);
    await ports.jobs.saveJob(job, { state: 'moving' });
  }
  const waiting = (await ports.jobs.chunks(job.id)).filter((chunk) => chunk.state !== 'done');
  await ports.jobs.send(
    waiting.length > 0
      ? waiting.map(({ chunk }) => ({ job: job.id, step: 'move', chunk }))
      : [{ job: job.id, step: 'close' }],
  );
}

/** Places up to `PER_MESSAGE` households; true when all are placed. */
async function placeSome(ports: WorkPorts, job: ChangeJob, chunk: ChangeChunk): Promise<boolean> {
  const leaving = await ports.households.leaving(chunk.move);
  if (chunk.households === null)
    await ports.jobs.countChunk(job.id, { ...chunk, state: 'moving', households: leaving.length });
  const due = leaving.slice(0, PER_MESSAGE);
  const lane = async (): Promise<void> => {
    for (let next = due.pop(); next; next = due.pop())
      await ports.households.place(next, chunk.move, job);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return leaving.length <= PER_MESSAGE;
}

async function move(ports: WorkPorts, job: ChangeJob, index: number): Promise<void> {
  const chunk = await ports.jobs.chunk(job.id, index);
  if (!chunk) throw new Error('a chunk of the change is missing');
  if (chunk.state !== 'done') {
    const isAll = await placeSome(ports, job, chunk);
    if (!isAll) {
      await ports.jobs.send([{ job: job.id, step: 'move', chunk: index }]);
      return;
    }
    await ports.divisions.noteArrivals(chunk.move);
    await ports.moveProfile(chunk.move, occasionOf(job, ports.now()));
    const counted = (await ports.jobs.chunk(job.id, index)) ?? chunk;
    await ports.jobs.saveChunk(job.id, { ...counted, state: 'done' });
  }
  const chunks = await ports.jobs.chunks(job.id);
  if (chunks.every((one) => one.state === 'done'))
    await ports.jobs.send([{ job: job.id, step: 'close' }]);
}

/** Villages that received a household between the plan and the moment placements there were refused are swept once more. */
async function stragglers(ports: WorkPorts, job: ChangeJob): Promise<readonly ChangeChunk[]> {
  const behind: ChangeChunk[] = [];
  for (const chunk of await ports.jobs.chunks(job.id)) {
    const isEmpty = (await ports.households.leaving(chunk.move)).length === 0;
    if (chunk.state !== 'done' || !isEmpty) behind.push({ ...chunk, state: 'moving' });
  }
  return behind;
}

async function closePiece(ports: WorkPorts, job: ChangeJob, piece: ChangePiece): Promise<void> {
  await ports.moveTargets(piece.closes, occasionOf(job, ports.now()));
  const closes = new Set(piece.closes.map((one) => one.code));
  const codes = [...piece.opens, ...piece.renames, ...piece.closes].map((one) => one.code);
  await release(ports, job, { codes, closes });
}

/** Lets go of divisions; those that close end on the day before the new order. */
async function release(
  ports: WorkPorts,
  job: ChangeJob,
  due: { readonly codes: readonly AreaCode[]; readonly closes: ReadonlySet<AreaCode> },
): Promise<void> {
  const known = await ports.divisions.get(due.codes);
  const validTo = addDays(job.change.effective, -1);
  const steps = [...known.values()]
    .filter((before) => before.change === job.id)
    .map((before) => {
      const ends = due.closes.has(before.code) ? { validTo } : {};
      return [before, { ...before, ...ends, change: null, version: before.version + 1 }] as const;
    });
  await save(ports, job, steps);
}

async function close(ports: WorkPorts, job: ChangeJob): Promise<void> {
  if (job.state === 'done') return;
  const behind = await stragglers(ports, job);
  if (behind.length > 0) {
    for (const chunk of behind) await ports.jobs.saveChunk(job.id, chunk);
    await ports.jobs.send(behind.map(({ chunk }) => ({ job: job.id, step: 'move', chunk })));
    return;
  }
  for (const piece of await ports.jobs.pieces(job.id)) await closePiece(ports, job, piece);
  await release(ports, job, { codes: claimedBy(job.change), closes: new Set() });
  await ports.jobs.saveJob(job, { state: 'done', doneAt: ports.now().toISOString() });
}

/**
 * Does the step a message names. Every step may be done twice, and begun again after a crash at any point: what is done is recognised by how
 * the register and the rosters stand, not by a counter.
 */
export async function work(ports: WorkPorts, message: ChangeMessage): Promise<void> {
  const job = await ports.jobs.job(message.job);
  if (!job) throw new Error('there is no such change');
  switch (message.step) {
    case 'open':
      return open(ports, job);
    case 'move':
      return move(ports, job, message.chunk);
    case 'close':
      return close(ports, job);
  }
}
