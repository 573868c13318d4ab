import type { AreaCode } from '../core/division.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { Language } from '../core/refusal-text.ts';
import {
  askedWords,
  type ColumnKind,
  type Drawn,
  type Listing,
  originRow,
  placeName,
  type SheetCell,
  sheetWord,
  titleRow,
} from '../core/sheet.ts';
import { type ListRoute, sheetRoute } from '../core/sheet-route.ts';
import { writeAccess } from './access-log.ts';
import { today } from './clock.ts';
import type { Endpoint } from './http.ts';
import { newId } from './id.ts';
import type { Answer } from './idempotency.ts';
import { presignGet, putObject } from './objects.ts';
import { type Request, requestOf } from './request.ts';
import { asGiven } from './scope.ts';
import { type OutRow, writeWorkbook } from './sheet-write.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Seconds the address of a sheet is good for: its download starts at once. */
const DOWNLOAD_SECONDS = 120;
/** Rows a list is asked for at once. */
const AT_ONCE = 1000;

/** What one sheet may cost: rows, and milliseconds of reading, since whoever waits is given up after 29 seconds. */
export interface SheetBounds {
  readonly rows: number;
  readonly ms: number;
}
const BOUNDS: SheetBounds = { rows: 100_000, ms: 18_000 };

export interface SheetPorts {
  readonly bucket: string;
  /** The access log: every sheet is on record before it can be fetched. */
  readonly access: string;
  /** Names of divisions. */
  places(codes: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, string>>;
  /** Where a household lives now, whatever day a list of it is of. */
  home(household: string): Promise<AreaCode | undefined>;
  /** What a county calls its industry modes. */
  modes(area: AreaCode, language: Language): Promise<ReadonlyMap<string, string>>;
  readonly bounds?: SheetBounds;
}

/** Where a page of a list begins, and how many rows it may have. */
export interface PageAsked {
  readonly cursor?: string;
  readonly limit: number;
}

type List<R extends ListRoute> = (
  request: Request<R>,
  page: PageAsked,
) => Promise<Answer | Refusal>;

type Whole = Omit<Drawn, 'cursor'>;

/** Every page of a list, one after the other. Refusals: sheet-too-long, and those of the list. */
async function readAll(
  { rows: most, ms }: SheetBounds,
  page: (asked: PageAsked) => Promise<Drawn | Refusal>,
): Promise<Whole | Refusal> {
  const began = performance.now();
  let drawn = await page({ limit: AT_ONCE });
  if ('refused' in drawn) return drawn;
  const rows = [...drawn.rows];
  while (drawn.cursor !== undefined) {
    if (performance.now() - began > ms) return refuse('sheet-too-long', { most });
    drawn = await page({ limit: AT_ONCE, cursor: drawn.cursor });
    if ('refused' in drawn) return drawn;
    for (const row of drawn.rows) rows.push(row);
    if (rows.length > most) return refuse('sheet-too-long', { most });
  }
  return rows.length > most ? refuse('sheet-too-long', { most }) : { about: drawn.about, rows };
}

function codesIn({ columns }: Listing, rows: Whole['rows'], kind: ColumnKind): readonly string[] {
  const at = columns.flatMap((column, index) => (column.kind === kind ? [index] : []));
  const codes = rows.flatMap((row) => at.flatMap((index) => row[index] ?? []));
  return [...new Set(codes.map(String))];
}

/** The names of the divisions a sheet tells of: villages with their towns. */
async function placesIn(ports: SheetPorts, listing: Listing, { about, rows }: Whole) {
  const codes = [about.area, ...codesIn(listing, rows, 'place')];
  const towns = codes.filter((code) => code.length === 12).map((code) => code.slice(0, 9));
  return ports.places([...new Set([...codes, ...towns])]);
}

interface Names {
  readonly places: ReadonlyMap<string, string>;
  readonly modes: ReadonlyMap<string, string>;
}

function named(cell: SheetCell | undefined, kind: ColumnKind, { places, modes }: Names): SheetCell {
  if (cell === undefined || cell === null) return null;
  if (kind === 'place') return placeName(String(cell), places);
  return kind === 'mode' ? (modes.get(String(cell)) ?? cell) : cell;
}

const formats: Partial<Record<ColumnKind, string>> = { text: '@', place: '@', yuan: '0.00' };
const widths: Record<ColumnKind, number> = { text: 14, count: 9, yuan: 12, place: 20, mode: 16 };

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

interface Sheet {
  readonly listing: Listing;
  readonly whole: Whole;
  readonly request: Pick<Request, 'actor' | 'language'>;
  /** Whose list it is, where it is one helper's or one policy item's. */
  readonly of: string | undefined;
  /** What was asked for, as it stands in the address. */
  readonly asked: Readonly<Record<string, string | undefined>>;
}

async function drawSheet(ports: SheetPorts, sheet: Sheet) {
  const { listing, whole } = sheet;
  const { actor, language } = sheet.request;
  const { about, rows } = whole;
  const isMode =
    sheet.asked.mode !== undefined || listing.columns.some(({ kind }) => kind === 'mode');
  const names = {
    places: await placesIn(ports, listing, whole),
    modes: isMode ? await ports.modes(about.area, language) : new Map<string, string>(),
  };
  const day = about.asOf ?? today();
  const place = placeName(about.area, names.places);
  const asked = askedWords(sheet.asked, language, names.modes);
  const origin = { place, day, by: actor.sub, rows: rows.length, asked };
  const cells = rows.map(
    (row): OutRow => listing.columns.map(({ kind }, at) => named(row[at], kind, names)),
  );
  const workbook = writeWorkbook(cells, {
    sheet: listing.title[language],
    above: [titleRow(listing, about, language), originRow(origin, language)],
    header: listing.columns.map(({ heading }) => sheetWord(heading, language)),
    widths: listing.columns.map(({ kind }) => widths[kind]),
    formats: listing.columns.map(({ kind }) => formats[kind]),
  });
  const fileName = `${listing.title[language]}_${place}_${day}.xlsx`;
  return { fileName, bytes: await bytesOf(workbook) };
}

/** Keeps a sheet, with a line in the access log before anybody can fetch it. */
async function handOver(ports: SheetPorts, route: ListRoute, sheet: Sheet): Promise<Answer> {
  const { bucket, access } = ports;
  const { household = null, area: about } = sheet.whole.about;
  const { fileName, bytes } = await drawSheet(ports, sheet);
  const isOfOne = household === null && sheet.of !== undefined;
  const reference = isOfOne ? `${route.id} ${sheet.of}` : route.id;
  const { sub, role } = sheet.request.actor;
  // A past day's sheet names the village of that day; the line is for the office the household is under now.
  const area = (household === null ? undefined : await ports.home(household)) ?? about;
  await writeAccess(access, {
    ...{ kind: 'sheet', sub, role, area, household },
    ...{ person: null, reason: null, reference, fields: [] },
  });
  const key = `sheets/${newId('sheet')}.xlsx`;
  await putObject({ bucket, key }, bytes, XLSX);
  const location = await presignGet({ bucket, key, fileName, seconds: DOWNLOAD_SECONDS });
  return { headers: { location } };
}

/**
 * Serves lists as spreadsheets. A sheet is the list's own pages, one after the other, asked for by the same person with the same filters: what
 * the list refuses the sheet refuses, what it leaves out the sheet leaves out. It goes by the bucket, since an answer holds 6 MB at most.
 */
export function sheetsBy(ports: SheetPorts) {
  return <R extends ListRoute>(route: R, listing: Listing, list: List<R>): Endpoint => {
    const own = sheetRoute(route);
    const bounds = ports.bounds ?? BOUNDS;
    return {
      route: own,
      run: async (event, { resolve = asGiven }) => {
        const request = await requestOf(own, event, resolve);
        if (isRefused(request)) return request;
        const asked = await requestOf(route, event, resolve);
        if (isRefused(asked)) return asked;
        const { language } = asked.ok;
        const whole = await readAll(bounds, async (page) => {
          const answer = await list(asked.ok, page);
          return 'refused' in answer ? answer : listing.draw(answer.body, language);
        });
        if ('refused' in whole) return whole;
        const sheet = {
          listing,
          whole,
          request: request.ok,
          of: event.pathParameters?.id,
          asked: event.queryStringParameters ?? {},
        };
        return handOver(ports, route, sheet);
      },
    };
  };
}
