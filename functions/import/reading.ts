import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { dayOf } from '../core/day.ts';
import { type PlaceIndex, placeIndex } from '../core/division-name.ts';
import type { Division } from '../core/division-register.ts';
import type { Import } from '../core/import.ts';
import type { StagedEntry } from '../core/import-entry.ts';
import { systemYearBefore } from '../core/import-note.ts';
import type { ImportFault } from '../core/import-reason.ts';
import { headingCells, refusalColumns } from '../core/import-refusal.ts';
import { charsOf, type LedgerCell, type LedgerRow } from '../core/ledger-cell.ts';
import { HEADING_ROWS, type LedgerHeading, type LedgerKind } from '../core/ledger-heading.ts';
import { readLedger } from '../core/ledger-record.ts';
import type { Refusal } from '../core/refusal.ts';
import { downloadObject } from '../lib/objects.ts';
import { readSheet, SHEET_LIMITS, SheetRefusal } from '../lib/sheet-read.ts';
import { HelpersStager } from './helper-stager.ts';
import { uploadKey } from './place.ts';
import { ReceiptsStager } from './receipt-stager.ts';
import { Spill } from './spill.ts';
import {
  DivisionsStager,
  type Passed,
  RegistryStager,
  type Stager,
  VillagesStager,
} from './stager.ts';
import { loadImport, saveImport } from './table.ts';
import { putStaged, type Vault } from './vault.ts';
import type { ImportMessage } from './work.ts';

/** What reading a file needs. */
export interface Readings {
  readonly jobTable: string;
  readonly vault: Vault;
  /** Divisions of an area with everything inside, closed ones included. */
  places(area: string): Promise<readonly Division[]>;
  send(messages: readonly ImportMessage[]): Promise<void>;
  now(): Date;
  newAttempt(): string;
  /** Entries of a chunk, where not as many as its kind usually has. */
  readonly entriesAChunk?: number;
}

/** Names, and letters of each, that an import tells of what it passed over. */
const MAX_NAMED = 50;
const MAX_NAME = 40;
/** Rows after which a chunk is full, however few entries it has. */
const ROWS_A_CHUNK = 500;
/** Characters after which it is: whoever matches or applies it holds it in memory several times over. */
const CHARS_A_CHUNK = 2_000_000;
/** Columns of all sheets together, each name once: the rows that are not taken are given back under them. */
const MAX_COLUMNS = 1_000;
/** Characters of all headings together; they go along with every chunk. */
const MAX_HEADING_CHARS = 1_000_000;

/**
 * Reads an uploaded file: every row is parsed and judged, rows are brought together, and what they want is staged in sealed chunks.
 * Called again, by a second event or after a crash, it goes on: a file half read is read again, one that is read is sent on again.
 */
export async function readImport(readings: Readings, id: string): Promise<void> {
  const found = await loadImport(readings.jobTable, id);
  if (!found) return;
  if (found.state === 'awaiting' || found.state === 'reading') {
    const attempt = readings.newAttempt();
    const changedAt = readings.now().toISOString();
    const claimed = await saveImport(readings.jobTable, found, {
      state: 'reading',
      changedAt,
      attempt,
    });
    // Another reader was faster; it reads.
    if (claimed) await readClaimed(readings, claimed);
    return;
  }
  if (found.state === 'matching') await readings.send([{ import: id, phase: 'match' }]);
}

async function readClaimed(readings: Readings, found: Import): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  try {
    const outcome = await readFile(readings, found, folder);
    const changedAt = readings.now().toISOString();
    const changes = { changedAt, ...outcome };
    const saved = await saveImport(readings.jobTable, found, changes);
    if (saved?.state === 'matching') await readings.send([{ import: found.id, phase: 'match' }]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Outcome = Pick<Import, 'state'> & Partial<Import>;

function unreadable(fault: ImportFault): Outcome {
  return { state: 'unreadable', fault };
}

async function readFile(readings: Readings, found: Import, folder: string): Promise<Outcome> {
  const path = join(folder, `source${extname(found.fileName).toLowerCase()}`);
  const { bucket } = readings.vault;
  const place = { bucket, key: uploadKey(found.id) };
  const bytes = await downloadObject(place, path, SHEET_LIMITS.maxBytes);
  if (bytes === undefined) {
    const values = { max: SHEET_LIMITS.maxBytes / 1024 ** 2 };
    return unreadable({ code: 'file-too-large', values });
  }
  const file = { readings, found, folder, path };
  try {
    switch (found.kind) {
      case 'registry':
        return await new FileReader(
          'registry',
          new RegistryStager(dayOf(readings.now())),
          file,
        ).read();
      case 'villages':
        return await new FileReader('villages', new VillagesStager(), file).read();
      case 'divisions':
        return await new FileReader('divisions', new DivisionsStager(), file).read();
      case 'helpers':
        return await new FileReader('helpers', new HelpersStager(), file).read();
      case 'receipts':
        return await new FileReader(
          'receipts',
          new ReceiptsStager(dayOf(readings.now())),
          file,
        ).read();
    }
  } catch (fault) {
    if (!(fault instanceof SheetRefusal)) throw fault;
    return unreadable({ code: fault.code, values: { ...fault.values } });
  }
}

interface File {
  readonly readings: Readings;
  readonly found: Import;
  readonly folder: string;
  readonly path: string;
}

/** One file in two passes: past the grouping onto disk, and back by group into chunks. */
class FileReader<K extends LedgerKind> {
  readonly #kind: K;
  readonly #stager: Stager<K>;
  readonly #file: File;
  readonly #headings = new Map<string, LedgerHeading<K>>();
  readonly #headingCells: Record<string, (LedgerCell | null)[]> = Object.create(null);
  #headingChars = 0;
  readonly #foreign: string[] = [];
  #top: LedgerRow[] = [];

  constructor(kind: K, stager: Stager<K>, file: File) {
    this.#kind = kind;
    this.#stager = stager;
    this.#file = file;
  }

  async read(): Promise<Outcome> {
    const spill = new Spill(join(this.#file.folder, 'rows'));
    try {
      return await this.#readBy(spill);
    } finally {
      await spill.close();
    }
  }

  async #readBy(spill: Spill): Promise<Outcome> {
    const refusal = await this.#pass(spill);
    if (refusal) {
      const { refused: code, values } = refusal;
      return unreadable({ code, ...(values && { values: { ...values } }) });
    }
    if (spill.isEmpty) return unreadable({ code: 'file-empty' });
    const days = this.#days();
    const chunks = await this.#stage(spill, days);
    return { state: 'matching', chunks, ...days, ...this.#unread() };
  }

  async #pass(spill: Spill): Promise<Refusal | undefined> {
    for await (const item of readLedger(this.#kind, this.#rows())) {
      if (item.is === 'refused') return item.refusal;
      if (item.is === 'heading') this.#found(item.heading);
      if (item.is === 'foreign') this.#foreign.push(item.sheet);
      if (item.is !== 'row') continue;
      const group = this.#stager.meet(item.heading, item.row);
      await spill.add({ ...item.row, cells: [...item.row.cells], group });
    }
    return undefined;
  }

  /** The rows of the file; the first of each sheet are kept, since one of them turns out to be its heading. */
  async *#rows(): AsyncGenerator<LedgerRow> {
    const { path, found } = this.#file;
    for await (const row of readSheet(path, found.fileName)) {
      if (this.#top[0]?.sheet !== row.sheet) this.#top = [];
      if (this.#top.length < HEADING_ROWS) this.#top.push(row);
      yield row;
    }
  }

  #found(heading: LedgerHeading<K>): void {
    this.#headings.set(heading.sheet, heading);
    // A sheet shorter than the search is settled when the next one has begun: then its rows are gone, its columns are not.
    const rows = this.#top.filter((row) => row.sheet === heading.sheet);
    const cells = headingCells(heading, rows);
    this.#headingCells[heading.sheet] = cells;
    this.#headingChars += charsOf(cells) + charsOf(heading.unread);
    if (this.#headingChars > MAX_HEADING_CHARS) {
      throw new SheetRefusal('file-too-complex', heading.sheet);
    }
    if (refusalColumns(this.#headingCells).length > MAX_COLUMNS) {
      throw new SheetRefusal('file-too-wide', heading.sheet, { max: MAX_COLUMNS });
    }
  }

  /** What nobody reads, for the eyes of the uploader. */
  #unread(): Pick<Import, 'unread'> {
    const named = (names: readonly string[]) =>
      [...new Set(names)].slice(0, MAX_NAMED).map((name) => name.slice(0, MAX_NAME));
    const columns = named([...this.#headings.values()].flatMap(({ unread }) => unread));
    const sheets = named(this.#foreign);
    return columns.length + sheets.length > 0 ? { unread: { columns, sheets } } : {};
  }

  /** The day and the income period: as the uploader says, else as the sheet says, else from the calendar. */
  #days(): Pick<Import, 'heldOn'> & { incomePeriod: { from: string; to: string } } {
    const { found, readings } = this.#file;
    const today = dayOf(readings.now());
    const notes = [...this.#headings.values()].map((heading) => heading.note);
    const noted = notes.map((note) => note.day).find((day) => day !== null && day <= today);
    const heldOn = found.heldOnGiven ? found.heldOn : (noted ?? found.heldOn);
    const period = notes.map((note) => note.period).find((one) => one !== null);
    return { heldOn, incomePeriod: found.incomePeriod ?? period ?? systemYearBefore(heldOn) };
  }

  async #stage(spill: Spill, days: Pick<Passed, 'incomePeriod'>): Promise<number> {
    const { readings, found } = this.#file;
    const divisions = await readings.places(found.area);
    const byCode = new Map(divisions.map((division) => [division.code, division]));
    let places: PlaceIndex | undefined;
    const passed: Passed = {
      today: dayOf(readings.now()),
      area: found.area,
      incomePeriod: days.incomePeriod,
      places: () => {
        places ??= placeIndex(divisions);
        return places;
      },
      known: (code) => byCode.get(code),
    };
    let chunk = 0;
    for await (const entries of this.#chunks(spill, passed)) {
      const about = { place: chunk, attempt: found.attempt ?? '', headings: this.#headingCells };
      await putStaged(readings.vault, found, { ...about, entries });
      chunk += 1;
    }
    return chunk;
  }

  /** Entries in the order in which the file first names them. */
  async *#entries(spill: Spill, passed: Passed): AsyncGenerator<StagedEntry> {
    const heading = (row: LedgerRow): LedgerHeading<K> => {
      const found = this.#headings.get(row.sheet);
      if (!found) throw new Error('a row without a heading');
      return found;
    };
    for await (const group of spill.groups()) {
      yield* this.#stager.entries(group, { heading, passed });
    }
  }

  async *#chunks(spill: Spill, passed: Passed): AsyncGenerator<StagedEntry[]> {
    const full = this.#file.readings.entriesAChunk ?? this.#stager.entriesAChunk;
    let entries: StagedEntry[] = [];
    let rows = 0;
    let chars = 0;
    for await (const entry of this.#entries(spill, passed)) {
      entries.push(entry);
      rows += entry.rows.length;
      chars += entry.rows.reduce((sum, { cells }) => sum + charsOf(cells), 0);
      if (entries.length < full && rows < ROWS_A_CHUNK && chars < CHARS_A_CHUNK) continue;
      yield entries;
      entries = [];
      rows = 0;
      chars = 0;
    }
    if (entries.length > 0) yield entries;
  }
}
