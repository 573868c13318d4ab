import { join } from 'node:path';
import { expect } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { answerOf, type Caller, callOf } from '../support/call.ts';
import { collect, fileMaker } from '../support/sheet.ts';

/** A list, or the sheet of it, as somebody asks for it. */
export interface Ask {
  readonly by: Caller;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
}

export type Cells = readonly unknown[];
export type Json = Record<string, unknown>;

const served = new Map(
  catalogue.flatMap(({ functions }) =>
    functions.flatMap(({ entry, routes = [] }) =>
      routes.map(({ id, method, path }) => [id, { entry, route: `${method} ${path}` }] as const),
    ),
  ),
);

async function handlerOf(id: string) {
  const one = served.get(id);
  if (!one) throw new Error(`there is no ${id}`);
  const { handler } = await import(join(import.meta.dirname, '../../functions', one.entry));
  return { handler, route: one.route };
}

/** Every answer of a list, page after page. */
export async function answersOf(id: string, { query, ...ask }: Ask): Promise<readonly Json[]> {
  const { handler, route } = await handlerOf(id);
  const answers: Json[] = [];
  let cursor: unknown;
  do {
    const page = typeof cursor === 'string' ? { ...query, cursor } : query;
    const { status, body } = await callOf(handler, { ...ask, route, ...(page && { query: page }) });
    expect([id, status]).toEqual([id, 200]);
    answers.push(body);
    cursor = body.cursor;
  } while (cursor !== undefined);
  return answers;
}

const file = await fileMaker();

/** What is asked of a sheet's route: status and problem, or where it lies. */
export async function askSheet(id: string, ask: Ask) {
  const { handler, route } = await handlerOf(`${id}.sheet`);
  const { status, headers, text } = await answerOf(handler, { ...ask, route });
  return { status, location: headers.location, code: JSON.parse(text).code };
}

/** A sheet, fetched and read back. */
export async function sheetOf(id: string, ask: Ask) {
  const { status, location = '', code } = await askSheet(id, ask);
  expect([id, status, code]).toEqual([id, 303, undefined]);
  const fetched = await fetch(location);
  const path = await file(Buffer.from(await fetched.arrayBuffer()));
  const read = await collect(readSheet(path, 'a.xlsx'));
  const [title, origin, heading, ...rows] = read.map(({ cells }): Cells => cells);
  return { title, origin, heading, rows, headers: fetched.headers };
}
