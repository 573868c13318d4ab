import { SaxesParser } from 'saxes';
import { S3Fault } from './s3-fault.ts';

/** A document to be: text, or elements by name; a list repeats its element. */
export type Xml = string | number | boolean | { [name: string]: Xml | Xml[] | undefined };

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function document(root: string, content: Xml, plain = false): string {
  const open = plain ? root : `${root} xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${open}>${body(content)}</${root}>`;
}

function body(content: Xml): string {
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: one })))
    .map(({ name, value }) => (value === undefined ? '' : `<${name}>${body(value)}</${name}>`))
    .join('');
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (mark) => escapes[mark] ?? mark)
    .replaceAll('\r', '&#13;')
    .replaceAll('\n', '&#10;');
}

/**
 * The texts of the children of every element of that name: `Object` -> `[{ Key: 'a' }, …]`. Other elements that stand
 * at the top are given as `rest`.
 * @throws S3Fault MalformedXML
 */
export function parseList(
  xml: string,
  element: string,
): { items: Record<string, string>[]; rest: Record<string, string> } {
  const items: Record<string, string>[] = [];
  const rest: Record<string, string> = {};
  const path: string[] = [];
  const parser = new SaxesParser({});
  parser.on('opentag', ({ name }) => {
    path.push(name);
    if (name === element && path.length === 2) items.push({});
  });
  parser.on('text', (text) => {
    const name = path.at(-1) ?? '';
    const item = path.length === 3 && path[1] === element ? items.at(-1) : undefined;
    if (item) item[name] = (item[name] ?? '') + text;
    else if (path.length === 2) rest[name] = (rest[name] ?? '') + text;
  });
  parser.on('closetag', () => {
    path.pop();
  });
  parser.on('error', () => {
    throw new S3Fault('MalformedXML');
  });
  parser.write(xml).close();
  return { items, rest };
}
