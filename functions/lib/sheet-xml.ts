import { SaxesParser } from 'saxes';
import { SheetRefusal } from './sheet-limit.ts';

/** What a reader of one part wants to hear; names come without their prefix. */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Characters between two tags; a cell holds at most 32,767, so more is an attack on memory. */
/** Tags inside tags; a workbook's parts go eight or so deep, and every open tag costs memory. */
const MAX_DEPTH = 64;
const MAX_RUN = 1_000_000;

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The attribute of that name, whatever its prefix: writers choose their own for `r:id`. */
export function attribute(
  attributes: Readonly<Record<string, string>>,
  name: string,
): string | undefined {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === name || key.endsWith(`:${name}`)) return value;
  }
  return undefined;
}

/** Reads one XML part as it is unpacked; refuses entities, documents that are not well-formed, and endless runs. */
export async function readXml(
  chunks: AsyncIterable<Buffer>,
  part: string,
  listener: XmlListener,
): Promise<void> {
  for await (const _ of parseXml(chunks, part, listener));
}

/** As `readXml`, but pauses after every chunk so that the caller can hand on what the listener collected. */
export async function* parseXml(
  chunks: AsyncIterable<Buffer>,
  part: string,
  listener: XmlListener,
): AsyncGenerator<void> {
  const parser = new SaxesParser({ position: false, xmlns: false });
  let run = 0;
  let depth = 0;
  parser.on('error', () => {
    throw new SheetRefusal('file-malformed', part);
  });
  parser.on('doctype', () => {
    throw new SheetRefusal('file-xml-entity', part);
  });
  parser.on('opentag', (tag) => {
    run = 0;
    depth += 1;
    if (depth > MAX_DEPTH) throw new SheetRefusal('file-too-complex', part);
    listener.open(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    run = 0;
    depth -= 1;
    listener.close?.(localName(tag.name));
  });
  if (listener.text) {
    parser.on('text', (text) => listener.text?.(text));
    parser.on('cdata', (text) => listener.text?.(text));
  }
  const decode = strictDecoder(part);
  for await (const chunk of chunks) {
    run += chunk.length;
    parser.write(decode(chunk));
    if (run > MAX_RUN) throw new SheetRefusal('file-cell-too-long', part, { max: MAX_RUN });
    yield;
  }
  parser.write(decode());
  parser.close();
}

function strictDecoder(part: string): (chunk?: Buffer) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new SheetRefusal('file-encoding', part);
    }
  };
}
