import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chunk, Import } from '../core/import.ts';
import { withLate } from '../core/import-entry.ts';
import { isGivenBack, refusalColumns, refusalRows } from '../core/import-refusal.ts';
import { putStream } from '../lib/objects.ts';
import { type OutRow, writeWorkbook } from '../lib/sheet-write.ts';
import { refusalsKey } from './place.ts';
import type { Phase } from './table.ts';
import { getPlanned, getStaged, type Vault } from './vault.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function* rowsGivenBack(
  vault: Vault,
  found: Import,
  chunks: readonly Chunk[],
): AsyncGenerator<OutRow> {
  for (const chunk of chunks) {
    const { conflicting, refused } = (chunk.applied?.tally ?? chunk.tally).entries;
    if (conflicting + refused === 0) continue;
    const staged = await getStaged(vault, found, chunk.chunk);
    const plan = await getPlanned(vault, chunk.key);
    const entries = withLate(plan.entries, chunk.applied?.late ?? []);
    for (const [place, entry] of entries.entries()) {
      const rows = staged.entries[place];
      if (rows && isGivenBack(entry)) yield* refusalRows(rows, entry, staged.headings);
    }
  }
}

/**
 * Writes the rows that are not taken, as they were and with the reasons in both languages, as one workbook. Like the upload it holds
 * identity numbers in the clear, since a clerk corrects it and uploads it again; it goes the way of the upload.
 */
export async function writeRefusals(
  vault: Vault,
  found: Import,
  of: { readonly phase: Phase; readonly chunks: readonly Chunk[] },
): Promise<void> {
  const [first] = of.chunks;
  if (!first) return;
  const { headings } = await getStaged(vault, found, first.chunk);
  const header = refusalColumns(headings);
  const textColumns = header.map((_, column) => column);
  const folder = await mkdtemp(join(tmpdir(), 'refusals-'));
  const path = join(folder, 'refusals.xlsx');
  try {
    const rows = rowsGivenBack(vault, found, of.chunks);
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(writeWorkbook(rows, { sheet: '未导入', header, textColumns }));
    await file.close();
    const { size: length } = await stat(path);
    const place = { bucket: vault.bucket, key: refusalsKey(found.id, of.phase) };
    await putStream(place, createReadStream(path), { type: XLSX, length });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
