import type * as z from 'zod';
import { type CodeListName, codeLists, labelOf } from './code-list.ts';
import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { calledBy, type Language } from './refusal-text.ts';
import words from './sheet-word.json' with { type: 'json' };

export type SheetCell = string | number | null;
export type Words = Readonly<Record<Language, string>>;

/**
 * How cells of a column are shown: texts and days as text, counts as whole numbers, `yuan` with two decimals. Of `place` and `mode` the value is
 * a code; what people read for it is looked up where the sheet is drawn.
 */
export type ColumnKind = 'text' | 'count' | 'yuan' | 'place' | 'mode';

/** A column of a list: what its heading is called in the words of the house, and what it says of a row. */
export interface Column<Row> {
  readonly heading: string;
  readonly kind: ColumnKind;
  readonly value: (row: Row, language: Language) => SheetCell;
}

/** What a list is about: its area, its day where it names one, the household it is of, and what its title adds. */
export interface SheetAbout {
  readonly area: AreaCode;
  readonly asOf?: string;
  readonly household?: string;
  readonly title?: Words;
}

/** What one answer of a list comes to on a sheet. */
export interface Drawn {
  readonly about: SheetAbout;
  readonly rows: readonly (readonly SheetCell[])[];
  /** Where the list goes on. */
  readonly cursor: string | undefined;
}

/** A list as a sheet: what it is called, its columns, and how an answer of its route is drawn; not declared is not shown. */
export interface Listing {
  readonly title: Words;
  readonly columns: readonly Omit<Column<never>, 'value'>[];
  draw(answer: unknown, language: Language): Drawn;
}

interface Declared<Answer, Row> {
  readonly title: Words;
  readonly about: (answer: Answer) => SheetAbout;
  readonly rows: (answer: Answer) => readonly Row[];
  readonly columns: readonly Column<Row>[];
}

function cursorIn(answer: unknown): string | undefined {
  const isPage = typeof answer === 'object' && answer !== null && 'cursor' in answer;
  return isPage && typeof answer.cursor === 'string' ? answer.cursor : undefined;
}

/**
 * Declares the sheet of a list over the very answer of its route: the answer is parsed by the route's schema first, so that a sheet can show
 * nothing that the list does not.
 */
export function listing<S extends z.ZodType, Row>(
  schema: S,
  { title, about, rows, columns }: Declared<z.output<S>, Row>,
): Listing {
  return {
    title,
    columns: columns.map(({ heading, kind }) => ({ heading, kind })),
    draw: (answer, language) => {
      const parsed = schema.parse(answer);
      const drawn = rows(parsed).map((row) => columns.map(({ value }) => value(row, language)));
      return { about: about(parsed), rows: drawn, cursor: cursorIn(parsed) };
    },
  };
}

const known = new Map<string, Words>(Object.entries(words));

/** What people read for a word of sheets, or of the house. */
export function sheetWord(word: string, language: Language): string {
  return known.get(word)?.[language] ?? calledBy(word, language);
}

type Value<Row, V> = (row: Row) => V | null | undefined;

function text<Row>(heading: string, of: Value<Row, string>): Column<Row> {
  return { heading, kind: 'text', value: (row) => of(row) ?? null };
}

function count<Row>(heading: string, of: Value<Row, number>): Column<Row> {
  return { heading, kind: 'count', value: (row) => of(row) ?? null };
}

/** A column of money: what is held in fen is written in yuan. */
function yuan<Row>(heading: string, of: Value<Row, number>): Column<Row> {
  const value = (row: Row) => {
    const fen = of(row) ?? null;
    return fen === null ? null : fen / 100;
  };
  return { heading, kind: 'yuan', value };
}

/** What is said in two languages. */
function said<Row>(heading: string, of: Value<Row, Words>): Column<Row> {
  return { heading, kind: 'text', value: (row, language) => of(row)?.[language] ?? null };
}

/** Yes, no, or nothing where nobody knows. */
function answered<Row>(heading: string, of: Value<Row, boolean>): Column<Row> {
  const value = (row: Row, language: Language) => {
    const answer = of(row) ?? null;
    return answer === null ? null : sheetWord(answer ? 'yes' : 'no', language);
  };
  return { heading, kind: 'text', value };
}

/** Words of the house, by their names. */
function word<Row>(heading: string, of: Value<Row, string>): Column<Row> {
  const value = (row: Row, language: Language) => {
    const name = of(row) ?? null;
    return name === null ? null : sheetWord(name, language);
  };
  return { heading, kind: 'text', value };
}

function joined(all: readonly string[], language: Language): string | null {
  return all.length === 0 ? null : all.join(language === 'zh' ? '、' : ', ');
}

/** Several words of the house in one cell. */
function allWords<Row>(heading: string, of: (row: Row) => readonly string[]): Column<Row> {
  const value = (row: Row, language: Language) =>
    joined(
      of(row).map((name) => sheetWord(name, language)),
      language,
    );
  return { heading, kind: 'text', value };
}

/** Several texts in one cell. */
function texts<Row>(heading: string, of: (row: Row) => readonly string[]): Column<Row> {
  return { heading, kind: 'text', value: (row, language) => joined(of(row), language) };
}

/** Codes of a list of codes as people read them, several in one cell. */
function labels<Row>(
  heading: string,
  name: CodeListName,
  of: (row: Row) => readonly (string | null)[],
): Column<Row> {
  const value = (row: Row, language: Language) =>
    joined(
      of(row).flatMap((code) => (code === null ? [] : [labelOf(name, code, language)])),
      language,
    );
  return { heading, kind: 'text', value };
}

/** A division by name, with its code beside it. */
function placed<Row>(of: (row: Row) => AreaCode | null): readonly Column<Row>[] {
  return [
    { heading: 'place', kind: 'place', value: of },
    { heading: 'villageCode', kind: 'text', value: of },
  ];
}

/** What columns of rows of one kind are declared with. */
export function columnsOf<Row>() {
  return {
    text: text<Row>,
    texts: texts<Row>,
    count: count<Row>,
    yuan: yuan<Row>,
    said: said<Row>,
    answered: answered<Row>,
    word: word<Row>,
    allWords: allWords<Row>,
    labels: labels<Row>,
    placed: placed<Row>,
  };
}

/** A division as people say it: a village with its town, anything else by its own name; the code where it has none. */
export function placeName(code: AreaCode, names: ReadonlyMap<AreaCode, string>): string {
  const name = names.get(code) ?? code;
  const town = code.length === 12 ? names.get(code.slice(0, 9)) : undefined;
  return town === undefined ? name : `${town}${name}`;
}

const colon = { zh: '：', en: ': ' } as const;

/** What the first row of a sheet says: what it is. */
export function titleRow({ title }: Listing, about: SheetAbout, language: Language): string {
  const more = about.title?.[language];
  return more === undefined ? title[language] : `${title[language]}${colon[language]}${more}`;
}

/** Lists of codes that filters take their values from, where they are not called as the filter is. */
const codesOfFilters: Readonly<Record<string, CodeListName>> = {
  otherCause: 'cause',
  batch: 'measure',
  kind: 'measureKind',
};

function isCodeList(name: string): name is CodeListName {
  return Object.hasOwn(codeLists, name);
}

function valueCalled(name: string, value: string, language: Language): string {
  const list = codesOfFilters[name] ?? name;
  const label = isCodeList(list) ? labelOf(list, value, language) : value;
  if (label !== value) return label;
  const own = sheetWord(`${name}-${value}`, language);
  return own === `${name}-${value}` ? sheetWord(value, language) : own;
}

/** A guarantee is asked for together with its answer: `housing:not-met`. */
function partsOf(name: string, value: string): readonly string[] {
  return name === 'guarantee' ? value.split(':') : [value];
}

/** What was asked for besides the area, in people's words as far as there are any; industry modes as the county calls them. */
export function askedWords(
  asked: Readonly<Record<string, string | undefined>>,
  language: Language,
  modes: ReadonlyMap<string, string> = new Map(),
): string {
  const words = Object.entries(asked).flatMap(([name, values = '']) => {
    if (name === 'area') return [];
    const called = values.split(',').map((value) => {
      const mode = name === 'mode' ? modes.get(value) : undefined;
      if (mode !== undefined) return mode;
      const parts = partsOf(name, value).map((part) => valueCalled(name, part, language));
      return parts.join(' ');
    });
    return [`${sheetWord(name, language)}${colon[language]}${called.join('、')}`];
  });
  return words.join(language === 'zh' ? '；' : '; ');
}

/** What the second row says of whence it comes. */
export interface Origin {
  readonly place: string;
  readonly day: Day;
  readonly by: string;
  readonly rows: number;
  /** What was asked for, in words. */
  readonly asked: string;
}

export function originRow(origin: Origin, language: Language): string {
  const { place, day, by, rows, asked } = origin;
  const filter = { zh: `　条件：${asked}`, en: `; asked for: ${asked}` }[language];
  return {
    zh: `区划：${place}　日期：${day}　制表人：${by}　共 ${rows} 行${asked === '' ? '' : filter}`,
    en: `Area: ${place}; day: ${day}; drawn by: ${by}; rows: ${rows}${asked === '' ? '' : filter}`,
  }[language];
}
