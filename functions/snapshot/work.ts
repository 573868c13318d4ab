import { type AreaCode, levelOf } from '../core/division.ts';
import { isRefused } from '../core/refusal.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import {
  BY_SCHEDULE,
  type NamedArea,
  type Snapshot,
  type SnapshotChunk,
  type SnapshotMessage,
} from '../core/snapshot.ts';
import type { FrozenVillage, VillageInput } from '../core/snapshot-object.ts';
import type { FrozenRow } from './item.ts';
import { rowOfParts, villageRow } from './row.ts';
import { type BeginPorts, begin } from './service.ts';

export type VillageReader = (
  area: AreaCode,
  day: string,
) => Promise<{ readonly rosters: readonly Roster[]; readonly profile: VillageProfile | undefined }>;

export interface WorkPorts extends BeginPorts {
  chunks(job: string): Promise<readonly SnapshotChunk[]>;
  chunk(job: string, chunk: number): Promise<SnapshotChunk | undefined>;
  saveChunk(job: string, chunk: SnapshotChunk): Promise<void>;
  /** Areas directly inside an area above counties in which anybody is registered. */
  inside(area: AreaCode): Promise<readonly AreaCode[]>;
  /** Reading villages on a day, as far as is known now. */
  villages(): VillageReader;
  /** The object of a village and year, once it is written. */
  object(year: number, village: AreaCode): Promise<FrozenVillage | undefined>;
  /** Writes the object of a village where there is none; false where there is. */
  storeObject(input: VillageInput): Promise<boolean>;
  row(year: number, area: AreaCode): Promise<FrozenRow | undefined>;
  rows(year: number, area: AreaCode): Promise<readonly FrozenRow[]>;
  /** Puts a row where there is none. */
  putRow(year: number, row: FrozenRow): Promise<boolean>;
  /** The county's row and the end of the snapshot in one; false when it had ended. */
  freeze(
    snapshot: Snapshot,
    end: { readonly row: FrozenRow; readonly frozenAt: string },
  ): Promise<boolean>;
  /** Name of a division as it stands. */
  nameOf(area: AreaCode): Promise<string>;
  send(messages: readonly SnapshotMessage[]): Promise<void>;
  now(): Date;
  today(): string;
}

/** Households frozen per message; the message is sent again for the villages that are left, so that none runs into the time limit. */
const PER_MESSAGE = 1500;

/** Freezes a year of every county inside an area. One that has its snapshot keeps it; one that got another code is frozen under that. */
async function year(ports: WorkPorts, area: AreaCode, asked: number): Promise<void> {
  if (levelOf(area) !== 'county') {
    const inside = await ports.inside(area);
    await ports.send(inside.map((part) => ({ step: 'year', area: part, year: asked })));
    return;
  }
  const begun = await begin(ports, {
    ...{ county: area, year: asked, actor: BY_SCHEDULE, role: null, reason: null },
    ...{ at: ports.now().toISOString(), today: ports.today() },
  });
  if (isRefused(begun)) {
    if (begun.refused === 'area-closed') return;
    if (begun.refused !== 'snapshot-exists')
      throw new Error(`a county cannot be frozen: ${begun.refused}`);
  }
  // Also where it had begun before: the message that was to go on may have been lost with us.
  await ports.send([{ step: 'open', county: area, year: asked }]);
}

async function open(ports: WorkPorts, snapshot: Snapshot): Promise<void> {
  const { county, year: asked, job } = snapshot;
  const waiting = (await ports.chunks(job)).filter(({ isDone }) => !isDone);
  await ports.send(
    waiting.length > 0
      ? waiting.map(({ chunk }) => ({ step: 'town', county, year: asked, chunk }))
      : [{ step: 'close', county, year: asked }],
  );
}

interface Village extends NamedArea {
  readonly read: VillageReader;
}

/** The object of a village: the first that was written, whoever wrote it. */
async function objectOf(
  ports: WorkPorts,
  { year: asked, day }: Snapshot,
  { code, name, read }: Village,
): Promise<FrozenVillage> {
  const standing = await ports.object(asked, code);
  if (standing) return standing;
  const knownAt = ports.now().toISOString();
  const { rosters, profile } = await read(code, day);
  await ports.storeObject({ village: code, name, year: asked, day, knownAt, rosters, profile });
  const stored = await ports.object(asked, code);
  if (!stored) throw new Error('an object of the snapshot is missing');
  return stored;
}

/** Freezes one village, its figures from its object; how many households that were. */
async function freezeVillage(
  ports: WorkPorts,
  snapshot: Snapshot,
  village: Village,
): Promise<number> {
  const object = await objectOf(ports, snapshot, village);
  if (!object.isWhole) throw new Error('an object of the snapshot is not what was written');
  await ports.putRow(snapshot.year, villageRow(object));
  return object.rosters.length;
}

/** Freezes villages until enough is done for one message; whether all are. */
async function freezeSome(
  ports: WorkPorts,
  snapshot: Snapshot,
  { town, villages }: SnapshotChunk,
): Promise<boolean> {
  const frozen = new Set((await ports.rows(snapshot.year, town.code)).map(({ area }) => area));
  const read = ports.villages();
  let households = 0;
  for (const village of villages) {
    if (frozen.has(village.code)) continue;
    if (households >= PER_MESSAGE) return false;
    households += await freezeVillage(ports, snapshot, { ...village, read });
  }
  return true;
}

/** One town: its villages, then its own figures from their rows. */
async function freezeTown(ports: WorkPorts, snapshot: Snapshot, index: number): Promise<void> {
  const { county, year: asked, job, knownAt } = snapshot;
  const chunk = await ports.chunk(job, index);
  if (!chunk) throw new Error('a chunk of the snapshot is missing');
  if (!chunk.isDone) {
    if (!(await freezeSome(ports, snapshot, chunk))) {
      await ports.send([{ step: 'town', county, year: asked, chunk: index }]);
      return;
    }
    const parts = await ports.rows(asked, chunk.town.code);
    await ports.putRow(asked, rowOfParts({ ...chunk.town, knownAt }, parts));
    await ports.saveChunk(job, { ...chunk, isDone: true });
  }
  const chunks = await ports.chunks(job);
  if (chunks.every(({ isDone }) => isDone))
    await ports.send([{ step: 'close', county, year: asked }]);
}

async function close(ports: WorkPorts, snapshot: Snapshot): Promise<void> {
  const { county: code, year: asked, job, knownAt } = snapshot;
  const chunks = await ports.chunks(job);
  if (chunks.length < snapshot.chunks) throw new Error('a chunk of the snapshot is missing');
  if (chunks.some(({ isDone }) => !isDone)) {
    await open(ports, snapshot);
    return;
  }
  const towns = await ports.rows(asked, code);
  const row = rowOfParts({ code, name: await ports.nameOf(code), knownAt }, towns);
  const frozenAt = ports.now().toISOString();
  if (await ports.freeze(snapshot, { row, frozenAt })) return;
  const standing = await ports.snapshot(code, asked);
  if (standing?.state !== 'frozen') throw new Error('a snapshot changed while it was being ended');
}

/**
 * Does the step a message names. Every step may come twice, and begin again after a crash at any point: objects and rows are put where there
 * are none and read back, so that whoever comes second goes on with what the first has put; once frozen nothing happens any more.
 */
export async function work(ports: WorkPorts, message: SnapshotMessage): Promise<void> {
  if (message.step === 'year') return year(ports, message.area, message.year);
  const snapshot = await ports.snapshot(message.county, message.year);
  if (!snapshot) throw new Error('there is no such snapshot');
  if (snapshot.state === 'frozen') return undefined;
  switch (message.step) {
    case 'open':
      return open(ports, snapshot);
    case 'town':
      return freezeTown(ports, snapshot, message.chunk);
    case 'close':
      return close(ports, snapshot);
  }
}
