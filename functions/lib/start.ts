import { readFileSync } from 'node:fs';
import type { SourceMap } from 'node:module';
import * as z from 'zod';

// Stands first in every bundle, before any schema is declared.

// zod would compile a parser for each object when it first meets one: a tenth of a cold start, and warm calls gain next to nothing. Nor
// need it look out for values that contain themselves: what we parse comes out of JSON or a table.
z.config({
  jitless: true,
  memoizer: { attach: () => undefined, guard: () => undefined, alloc: (_, __, fresh) => fresh },
});

let read: SourceMap | undefined;

/** The map beside the bundle, read when the first fault asks for it: Node itself would read it at every cold start. */
function sourceMap(): SourceMap {
  if (read) return read;
  const { SourceMap } = process.getBuiltinModule('node:module');
  read = new SourceMap(JSON.parse(readFileSync(`${import.meta.filename}.map`, 'utf8')));
  return read;
}

/** A frame of a stack as it stands in our sources. */
function inSource(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const [file, line, column] = [
    frame.getFileName(),
    frame.getLineNumber(),
    frame.getColumnNumber(),
  ];
  if (file !== import.meta.url || line === null || column === null) return text;
  const origin = sourceMap().findEntry(line - 1, column - 1);
  if (!('originalSource' in origin) || origin.originalSource === undefined) return text;
  const source = origin.originalSource.replace(/^(\.\.\/)+/, '');
  const place = `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  return text.replace(`${file}:${line}:${column}`, place);
}

/** Called when somebody looks at the stack of an error for the first time; a map that cannot be read leaves it as it is. */
Error.prepareStackTrace = (error, frames) => {
  const lines = (show: (frame: NodeJS.CallSite) => string) =>
    [String(error), ...frames.map((frame) => `    at ${show(frame)}`)].join('\n');
  try {
    return lines(inSource);
  } catch {
    return lines(String);
  }
};
