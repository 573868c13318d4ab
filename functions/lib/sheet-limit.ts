import type { RefusalCode } from '../core/refusal.ts';

/** Bounds of what one upload may cost. Bytes, counts and characters. */
export interface SheetLimits {
  /** Bytes of the file itself. */
  readonly maxBytes: number;
  /** Parts in the archive. */
  readonly maxParts: number;
  /** Bytes of all parts when unpacked. */
  readonly maxInflatedBytes: number;
  /** Unpacked to packed bytes of one part, for parts over 1 MiB; real ledgers lie at 6 to 10. */
  readonly maxRatio: number;
  /** Rows with a value, over all visible sheets. */
  readonly maxRows: number;
  /** Right-most column that may hold a value. */
  readonly maxColumns: number;
  /** Characters of one cell. */
  readonly maxCellChars: number;
  /** Characters of one row, repeated shared texts and merged values counted each time; what is no text counts as eight. */
  readonly maxRowChars: number;
  /** Characters of all rows together. */
  readonly maxChars: number;
  /** Entries of the shared text table. */
  readonly maxStrings: number;
  /** Characters of the shared text table. */
  readonly maxStringChars: number;
  /** Merged areas of one sheet. */
  readonly maxMerges: number;
  /** Sheets of the workbook, hidden ones included. */
  readonly maxSheets: number;
  /** Cell formats, and number formats, of the workbook; the spreadsheet program itself stops at 65,490. */
  readonly maxStyles: number;
  /** Relations of one part; every hyperlink of a sheet is one, and the program stops at 65,530. */
  readonly maxRelations: number;
  /** Lines of a CSV file, empty ones included: as many as the spreadsheet program has rows. */
  readonly maxLines: number;
}

export const MIB = 1024 * 1024;

/** A county's ledger of 100,000 persons passes with room to spare (17 MB packed, 147 MB unpacked, 53 columns); the reader of one that fills
 * them all stays below half a gigabyte. */
export const SHEET_LIMITS: SheetLimits = {
  maxBytes: 64 * MIB,
  maxParts: 2_000,
  maxInflatedBytes: 512 * MIB,
  maxRatio: 100,
  maxRows: 300_000,
  maxColumns: 256,
  maxCellChars: 32_767,
  maxRowChars: 100_000,
  maxChars: 200_000_000,
  maxStrings: 3_000_000,
  maxStringChars: 48_000_000,
  maxMerges: 1_500_000,
  maxSheets: 1_000,
  maxStyles: 65_536,
  maxRelations: 65_536,
  maxLines: 1_048_576,
};

/** Codes with which a file is refused as a whole. */
export type FileRefusalCode = Extract<RefusalCode, `file-${string}`>;

/**
 * A file refused as a whole. It is thrown, since a reader of rows has no other way out of the loop of its caller; the
 * caller turns it into a refusal by its code and values.
 */
export class SheetRefusal extends Error {
  readonly code: FileRefusalCode;
  /** Where, as part or sheet and row number; never a value of a cell. For the log. */
  readonly detail: string;
  /** What the words of the refusal name: the limit as `max`, the `row`. */
  readonly values: Readonly<Record<string, string | number>>;

  constructor(
    code: FileRefusalCode,
    detail: string,
    values: Readonly<Record<string, string | number>> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'SheetRefusal';
    this.code = code;
    this.detail = detail;
    this.values = values;
  }
}
