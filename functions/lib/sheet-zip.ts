import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import * as yauzl from 'yauzl';
import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';

/** The parts of a workbook, by name (case does not count), each readable as a stream of unpacked bytes. */
export interface Archive {
  readonly names: readonly string[];
  has(name: string): boolean;
  read(name: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Below this a part may pack as well as it likes: empty style sheets do. */
const RATIO_FLOOR = 1024 * 1024;

function refusalOf(fault: unknown, part: string): unknown {
  if (fault instanceof SheetRefusal || !(fault instanceof Error)) return fault;
  // A system call that failed is a fault of ours, not of the file.
  if ('syscall' in fault) return fault;
  if (/too many bytes in the stream/.test(fault.message))
    return new SheetRefusal('file-bomb', part);
  if (
    /directory record signature not found|unexpected EOF|unexpected end of file/.test(fault.message)
  ) {
    return new SheetRefusal('file-truncated', part);
  }
  if (/encrypt/.test(fault.message)) return new SheetRefusal('file-encrypted', part);
  return new SheetRefusal('file-malformed', part);
}

function checkEntry(entry: yauzl.Entry, total: number, limits: SheetLimits): void {
  const { fileName, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw new SheetRefusal('file-encrypted', fileName);
  if (![0, 8].includes(entry.compressionMethod)) throw new SheetRefusal('file-malformed', fileName);
  if (total > limits.maxInflatedBytes) throw new SheetRefusal('file-bomb', fileName);
  if (uncompressedSize > RATIO_FLOOR && uncompressedSize > compressedSize * limits.maxRatio) {
    throw new SheetRefusal('file-bomb', fileName);
  }
}

async function listEntries(
  zip: yauzl.ZipFile,
  limits: SheetLimits,
): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  if (zip.entryCount > limits.maxParts) throw new SheetRefusal('file-too-complex', 'parts');
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const key = entry.fileName.toLowerCase();
    if (entries.has(key)) throw new SheetRefusal('file-malformed', 'two parts of one name');
    total += entry.uncompressedSize;
    checkEntry(entry, total, limits);
    entries.set(key, entry);
  }
  return entries;
}

async function* readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  try {
    // yauzl counts the bytes it unpacks and stops where the directory's figure is passed; so the figures checked
    // on opening are a true bound even if the directory lies.
    let sum = 0;
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (sum !== entry.crc32) throw new SheetRefusal('file-malformed', entry.fileName);
  } catch (fault) {
    throw refusalOf(fault, entry.fileName);
  }
}

async function closeZip(zip: yauzl.ZipFile): Promise<void> {
  if (!zip.isOpen) return;
  const closed = once(zip, 'close');
  zip.close();
  await closed;
}

/** Opens a zip archive, having read its directory only; refuses what could not be unpacked within the limits. */
export async function openArchive(path: string, limits: SheetLimits): Promise<Archive> {
  let zip: yauzl.ZipFile;
  try {
    zip = await yauzl.openPromise(path, { autoClose: false, lazyEntries: true });
  } catch (fault) {
    throw refusalOf(fault, 'archive');
  }
  let entries: Map<string, yauzl.Entry>;
  try {
    entries = await listEntries(zip, limits);
  } catch (fault) {
    await closeZip(zip);
    throw refusalOf(fault, 'archive');
  }
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name.toLowerCase()),
    read: (name) => {
      const entry = entries.get(name.toLowerCase());
      if (!entry) throw new SheetRefusal('file-malformed', 'a part is missing');
      return readEntry(zip, entry);
    },
    close: () => closeZip(zip),
  };
}
