/** Signs with which a spreadsheet program may begin to calculate; the full-width ones are read as the others. */
const CALCULATES = /^[\t\r\n]|^[\s\u200B\uFEFF]*[=+\-@＝＋－＠﹢﹣﹦﹫−]/u;
/** A plain number, and the dashes with which clerks strike out a cell, calculate nothing. */
const HARMLESS = /^(?:[+-]?\d+(?:\.\d+)?|[-－−]+)$/u;

/**
 * Text that a spreadsheet program could take for a formula gets an apostrophe in front, in workbooks too: there it is
 * text today, but becomes a formula once someone edits the cell or saves the sheet as CSV. A text that begins with an
 * apostrophe gets a second one, so that `restore` gives back exactly what was exported.
 */
export function neutralise(text: string): string {
  if (text.startsWith("'")) return `'${text}`;
  return CALCULATES.test(text) && !HARMLESS.test(text) ? `'${text}` : text;
}

/** Takes the apostrophe away again; clerks also put one before long numbers to keep them text. */
export function restore(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}
