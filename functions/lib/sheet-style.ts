import type { DateCell } from '../core/ledger-cell.ts';
import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';
import { readXml } from './sheet-xml.ts';
import type { Archive } from './sheet-zip.ts';

/** Built-in formats that show a day; 27-36 and 50-58 are the Chinese ones. 18-21 and 45-47 show a time only. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

/** Characters of a number format; the spreadsheet program takes 255. Longer ones would cost the patterns below their square. */
const MAX_FORMAT = 1_000;

/** Whether a number format shows a day: a y or d, or a month without hours, outside quotes, brackets and escapes. */
export function isDateFormat(format: string): boolean {
  const shown = format.replace(/\[(h+|m+|s+)\]/gi, '$1');
  const [positive = ''] = shown.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';');
  if (/general/i.test(positive)) return false;
  return /[yd]/i.test(positive) || (/m/i.test(positive) && !/[hs0#]/i.test(positive));
}

/** For each cell style of the workbook, whether it shows a date. */
export async function readDateStyles(
  archive: Archive,
  part: string,
  { maxStyles }: SheetLimits,
): Promise<boolean[]> {
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  await readXml(archive.read(part), part, {
    open: (tag, attributes) => {
      const id = Number(attributes.numFmtId ?? 0);
      const { formatCode = '' } = attributes;
      if (formatCode.length > MAX_FORMAT || Math.max(custom.size, styles.length) > maxStyles)
        throw new SheetRefusal('file-too-complex', 'styles');
      if (tag === 'numFmt') custom.set(id, isDateFormat(formatCode));
      else if (tag === 'cellXfs') inCellFormats = true;
      else if (tag === 'xf' && inCellFormats) styles.push(custom.get(id) ?? isBuiltInDate(id));
    },
    close: (tag) => {
      if (tag === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}

const MS_PER_DAY = 86_400_000;
const MINUTES_PER_DAY = 1_440;
/** 9999-12-31, the last day a spreadsheet knows. */
const LAST_SERIAL = 2_958_465;
const DAYS_1900_TO_1904 = 1_462;

/**
 * The day of a serial number (days since 1900, or since 1904 in workbooks made on old Macs), or `null` where the
 * program itself could not show it as a date. Serial 60 is a 29 February 1900 that never was: days before it lie one
 * further on.
 */
export function dateOfSerial(serial: number, is1904: boolean): DateCell | null {
  const days = is1904 ? serial + DAYS_1900_TO_1904 : serial;
  const minutes = Math.round(days * MINUTES_PER_DAY);
  const whole = Math.floor(minutes / MINUTES_PER_DAY);
  if (whole < 1 || whole > LAST_SERIAL || whole === 60) return null;
  const epoch = Date.UTC(1899, 11, whole < 60 ? 31 : 30);
  const instant = new Date(epoch + whole * MS_PER_DAY + (minutes % MINUTES_PER_DAY) * 60_000);
  const [day = '', clock = ''] = instant.toISOString().split('T');
  const time = clock.slice(0, 5);
  return time === '00:00' ? { day } : { day, time };
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?/;

/** A cell of type `d` keeps its date as text. */
export function dateOfIso(text: string): DateCell | null {
  const [, day, time] = ISO.exec(text) ?? [];
  if (day === undefined) return null;
  return time === undefined || time === '00:00' ? { day } : { day, time };
}
