import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';
import {
  type Relation,
  readRelations,
  readStrings,
  refuseActiveParts,
  refuseActiveTypes,
} from './sheet-part.ts';
import { readDateStyles } from './sheet-style.ts';
import { attribute, readXml } from './sheet-xml.ts';
import type { Archive } from './sheet-zip.ts';

/** What the rows of any sheet need to be understood. */
export interface Workbook {
  /** Visible sheets in the order of their tabs. */
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly strings: readonly string[];
  /** By style number: whether it shows a date. */
  readonly dateStyles: readonly boolean[];
  readonly is1904: boolean;
}

interface Listed {
  readonly name: string;
  readonly id: string;
}

async function workbookPart(archive: Archive, limits: SheetLimits): Promise<string> {
  const relations = await readRelations(archive, '', limits);
  const part = relations.find(({ type }) => type === 'officeDocument')?.target;
  if (part === undefined || !archive.has(part)) {
    throw new SheetRefusal('file-mislabelled', 'not a workbook');
  }
  if (!part.endsWith('.xml')) throw new SheetRefusal('file-old-format', 'binary workbook');
  return part;
}

/** Characters of a sheet's name; the spreadsheet program takes 31. It goes along with every row. */
const MAX_NAME = 255;

async function readIndex(
  archive: Archive,
  part: string,
  { maxSheets: max }: SheetLimits,
): Promise<{ listed: Listed[]; is1904: boolean }> {
  const listed: Listed[] = [];
  let is1904 = false;
  let root = '';
  let count = 0;
  await readXml(archive.read(part), part, {
    open: (tag, attributes) => {
      root ||= tag;
      if (tag === 'workbookPr') is1904 = /^(1|true|on)$/.test(attributes.date1904 ?? '');
      if (tag !== 'sheet') return;
      const { name = '', state = 'visible' } = attributes;
      count += 1;
      if (count > max) throw new SheetRefusal('file-too-many-sheets', part, { max });
      if (name.length > MAX_NAME) throw new SheetRefusal('file-too-complex', part);
      if (state === 'visible') listed.push({ name, id: attribute(attributes, 'id') ?? '' });
    },
  });
  if (root !== 'workbook') throw new SheetRefusal('file-mislabelled', 'not a workbook');
  return { listed, is1904 };
}

function targetOf(
  relations: readonly Relation[],
  type: string,
  archive: Archive,
): string | undefined {
  const relation = relations.find((one) => one.type === type && !one.external);
  return relation && archive.has(relation.target) ? relation.target : undefined;
}

/** Reads everything of a workbook but its rows. */
export async function readWorkbook(archive: Archive, limits: SheetLimits): Promise<Workbook> {
  refuseActiveParts(archive);
  await refuseActiveTypes(archive);
  const part = await workbookPart(archive, limits);
  const relations = await readRelations(archive, part, limits);
  const { listed, is1904 } = await readIndex(archive, part, limits);
  const sheets: { name: string; part: string }[] = [];
  for (const { name, id } of listed) {
    const relation = relations.find((one) => one.id === id);
    // A tab may also be a chart, which has no rows.
    if (relation?.type !== 'worksheet') continue;
    if (relation.external) throw new SheetRefusal('file-external-link', part);
    if (!archive.has(relation.target))
      throw new SheetRefusal('file-malformed', 'a sheet is missing');
    // Two tabs of one part would have it unpacked again and again.
    if (sheets.some((sheet) => sheet.part === relation.target))
      throw new SheetRefusal('file-malformed', 'a sheet stands twice');
    await readRelations(archive, relation.target, limits);
    sheets.push({ name, part: relation.target });
  }
  if (sheets.length === 0) throw new SheetRefusal('file-no-sheet', part);
  const strings = targetOf(relations, 'sharedStrings', archive);
  const styles = targetOf(relations, 'styles', archive);
  return {
    sheets,
    is1904,
    strings: strings ? await readStrings(archive, strings, limits) : [],
    dateStyles: styles ? await readDateStyles(archive, styles, limits) : [],
  };
}
