import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Import } from '../../functions/core/import.ts';
import { HEADING_ROWS } from '../../functions/core/ledger-heading.ts';
import { SHEET_LIMITS } from '../../functions/lib/sheet-limit.ts';
import { readAlone, type Taken } from '../support/import-functions.ts';
import { countyGround, type ImportGround, MEMORY, townClerk } from '../support/import-ground.ts';
import { COUNTY, columns, households, ledgerRows } from '../support/ledger.ts';
import { cellXml, columnName, type Value, workbook } from '../support/sheet.ts';

const MINUTES = 5;
/** Part of what the limits allow that a file fills in every run; the soak fills them. */
const SHARE = process.env.SOAK ? 0.95 : 0.3;
let ground: ImportGround;

beforeAll(async () => {
  ground = await countyGround();
});
afterAll(() => ground.close());

async function read(book: Buffer): Promise<{ found: Import; taken: Taken }> {
  const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
  const id = await ground.importer.upload(book, about, townClerk);
  const taken = await readAlone(id, await ground.environment());
  return { found: await ground.importer.load(id), taken };
}

/** Remarks beside the county's own columns, all of one shared text. */
const REMARKS = 40;
const HEADING_ROW = 4;

function rowXml(cells: readonly Value[], row: number): string {
  if (cells.length === 0) return '';
  const own = cells.map((value, column) => cellXml(value, `${columnName(column)}${row}`));
  const width = Object.keys(columns).length;
  const remarks = Array.from({ length: row < HEADING_ROW ? 0 : REMARKS }, (_, at) => {
    const address = `${columnName(width + at)}${row}`;
    return row === HEADING_ROW
      ? cellXml(`备注${at}`, address)
      : `<c r="${address}" t="s"><v>0</v></c>`;
  });
  return `<row r="${row}">${own.join('')}${remarks.join('')}</row>`;
}

/** A ledger whose rows are as long as they may be and together hold so many characters: small itself, as the text stands in it once. */
function swollen(chars: number): Buffer {
  const room = SHEET_LIMITS.maxRowChars - 1_000;
  const count = Math.floor(chars / room);
  const persons = households(count).flat().slice(0, count);
  const data = ledgerRows(persons).map((cells, at) => rowXml(cells, at + 1));
  const text = '帮'.repeat(Math.floor(room / REMARKS));
  return workbook({
    sheets: [{ name: '台账', data: data.join('') }],
    strings: `<si><t>${text}</t></si>`,
  });
}

describe('a file that is small itself and large in what it says', () => {
  it(
    'is read within the memory of the reader, and staged in chunks that whoever matches them can hold',
    async ({ annotate }) => {
      const chars = SHEET_LIMITS.maxChars * SHARE;
      const { found, taken } = await read(swollen(chars));
      await annotate(`import-read ≤ ${taken.seconds.toFixed(1)} s, ≤ ${taken.megabytes} MB`);
      expect(found.fault).toBeUndefined();
      expect(found).toMatchObject({ state: 'matching' });
      // Two million characters a chunk, and one household more.
      expect(found.chunks).toBeGreaterThan(chars / 3_000_000);
      expect(taken.megabytes).toBeLessThan(MEMORY);
    },
    MINUTES * 60_000,
  );

  if (process.env.SOAK)
    it(
      'beyond the limit it is refused and says why',
      async () => {
        const { found, taken } = await read(swollen(SHEET_LIMITS.maxChars * 1.05));
        const values = { max: SHEET_LIMITS.maxChars };
        expect(found).toMatchObject({
          state: 'unreadable',
          fault: { code: 'file-too-much-text', values },
        });
        expect(taken.megabytes).toBeLessThan(MEMORY);
      },
      MINUTES * 60_000,
    );
});

describe('headings that go along with every chunk', () => {
  const book = (sheets: number, cells: number, heading: (column: number) => string) =>
    workbook({
      sheets: Array.from({ length: sheets }, (_, sheet) => {
        // More rows than the heading is looked for in: those of a shorter sheet are gone when it is found.
        const [, , , own = [], ...data] = ledgerRows(households(HEADING_ROWS * 2).flat());
        const more = Array.from({ length: cells }, (_, at) => heading(sheet * cells + at));
        return { name: `台账${sheet}`, rows: [[...own, ...more], ...data] };
      }),
    });

  it('are too many, each of its own name, over all sheets', async () => {
    const { found } = await read(book(6, 200, (at) => `另列${at}`));
    expect(found).toMatchObject({ fault: { code: 'file-too-wide' } });
    const { found: bearable } = await read(book(6, 200, (at) => `另列${at % 200}`));
    expect(bearable.fault).toBeUndefined();
  });

  it('are too long', async () => {
    const { found } = await read(book(13, 2, (at) => `${'长'.repeat(30_000 + (at % 2))}`));
    expect(found).toMatchObject({ fault: { code: 'file-too-complex' } });
  });
});
