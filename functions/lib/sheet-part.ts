import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';
import { attribute, readXml, type XmlListener } from './sheet-xml.ts';
import type { Archive } from './sheet-zip.ts';

/** A relation of one part to another; `type` is the last word of its URI, which the two flavours of the format share. */
export interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly external: boolean;
}

const MACRO_PART =
  /(^|\/)(vbaproject[^/]*\.bin|vbadata\.xml)$|\/(macrosheets|dialogsheets|activex)\//;
const LINK_PART = /\/externallinks\/|\/connections\.xml$|\/querytables\/|\/webextensions\//;
const LINK_TYPES = new Set([
  'externalLinkPath',
  'externalLink',
  'oleObject',
  'connections',
  'queryTable',
]);

/** Refuses workbooks that carry code or reach for other files, by the names of their parts. */
export function refuseActiveParts(archive: Archive): void {
  for (const name of archive.names) {
    if (MACRO_PART.test(name)) throw new SheetRefusal('file-macro', name);
    if (LINK_PART.test(name)) throw new SheetRefusal('file-external-link', name);
  }
}

/** Refuses a macro workbook that hides under another name: its content types still say what it is. */
export async function refuseActiveTypes(archive: Archive): Promise<void> {
  const part = '[Content_Types].xml';
  if (!archive.has(part)) throw new SheetRefusal('file-mislabelled', 'not a workbook');
  await readXml(archive.read(part), part, {
    open: (_, attributes) => {
      const type = attribute(attributes, 'ContentType') ?? '';
      if (/macroEnabled|vbaProject|macrosheet/i.test(type))
        throw new SheetRefusal('file-macro', part);
      if (/\.sheet\.binary\./i.test(type)) throw new SheetRefusal('file-old-format', part);
    },
  });
}

/** `xl/` and `../a.xml` to `a.xml`; an absolute target counts from the archive's root. */
function resolve(folder: string, target: string): string {
  const path: string[] = [];
  const steps = target.startsWith('/') ? target : `${folder}/${target}`;
  for (const step of steps.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '' && step !== '.') path.push(step);
  }
  return path.join('/');
}

function relationOf(
  attributes: Readonly<Record<string, string>>,
  folder: string,
  part: string,
): Relation {
  const { Id: id = '', Type = '', Target = '', TargetMode } = attributes;
  const type = Type.slice(Type.lastIndexOf('/') + 1);
  const external = TargetMode === 'External';
  if (type === 'vbaProject') throw new SheetRefusal('file-macro', part);
  if (type === 'externalLink' || (external && LINK_TYPES.has(type)))
    throw new SheetRefusal('file-external-link', part);
  return { id, type, target: external ? Target : resolve(folder, Target), external };
}

/** The relations of a part (`''` is the archive itself); a link to a file outside is refused, a hyperlink is not. */
export async function readRelations(
  archive: Archive,
  part: string,
  { maxRelations }: SheetLimits,
): Promise<Relation[]> {
  const cut = part.lastIndexOf('/');
  const folder = part.slice(0, Math.max(cut, 0));
  const name = `${folder === '' ? '' : `${folder}/`}_rels/${part.slice(cut + 1)}.rels`;
  const relations: Relation[] = [];
  if (!archive.has(name)) return relations;
  await readXml(archive.read(name), name, {
    open: (tag, attributes) => {
      if (tag !== 'Relationship') return;
      if (relations.length >= maxRelations) throw new SheetRefusal('file-too-complex', name);
      relations.push(relationOf(attributes, folder, name));
    },
  });
  return relations;
}

const ESCAPE = /_x([0-9A-Fa-f]{4})_/g;

/** Writers put what XML cannot carry as `_xHHHH_`, and a literal `_x` as `_x005F_x`. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Shorter pieces are copied anyway. */
const PIECE = 13;

/** A text of its own: what was cut out of a longer one keeps the whole of it in memory for as long as it is kept itself. */
export function ownText(text: string): string {
  return text.length < PIECE ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Hears the shared text table; phonetic readings (`rPh`) are left out. */
class StringListener implements XmlListener {
  readonly strings: string[] = [];
  readonly #limits: SheetLimits;
  #text = '';
  #chars = 0;
  #phonetic = 0;
  #inText = false;

  constructor(limits: SheetLimits) {
    this.#limits = limits;
  }

  open(tag: string): void {
    if (tag === 'si') this.#text = '';
    else if (tag === 'rPh') this.#phonetic += 1;
    else if (tag === 't') this.#inText = this.#phonetic === 0;
  }

  text(run: string): void {
    if (!this.#inText) return;
    this.#text += run;
    if (this.#text.length > this.#limits.maxCellChars * 8)
      throw new SheetRefusal('file-too-complex', 'shared text');
  }

  close(tag: string): void {
    if (tag === 't') this.#inText = false;
    else if (tag === 'rPh') this.#phonetic -= 1;
    else if (tag === 'si') this.#take(unescapeText(this.#text));
  }

  #take(text: string): void {
    const { maxStrings, maxStringChars, maxCellChars } = this.#limits;
    this.#chars += text.length;
    if (text.length > maxCellChars)
      throw new SheetRefusal('file-cell-too-long', 'shared texts', { max: maxCellChars });
    if (this.strings.length >= maxStrings || this.#chars > maxStringChars) {
      throw new SheetRefusal('file-too-complex', 'shared texts');
    }
    this.strings.push(ownText(text));
  }
}

/** The shared text table. */
export async function readStrings(
  archive: Archive,
  part: string,
  limits: SheetLimits,
): Promise<readonly string[]> {
  const listener = new StringListener(limits);
  await readXml(archive.read(part), part, listener);
  return listener.strings;
}
