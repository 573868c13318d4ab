import type { LedgerRow } from './ledger-cell.ts';
import {
  findHeading,
  HEADING_ROWS,
  isForeign,
  keyText,
  type LedgerHeading,
  type LedgerKind,
  noHeading,
  requiredColumns,
} from './ledger-heading.ts';
import { comparable, isBlank, isFailed, textOf } from './ledger-text.ts';
import type { Refusal } from './refusal.ts';

/** What a ledger turns out to hold, in the order of its rows. */
export type LedgerItem<K extends LedgerKind> =
  /** A heading was found; the rows of its sheet follow. */
  | { readonly is: 'heading'; readonly heading: LedgerHeading<K> }
  | { readonly is: 'row'; readonly heading: LedgerHeading<K>; readonly row: LedgerRow }
  /** A row that is no data: totals, notes at the foot, headings repeated on every page, rows with nothing but a number. */
  | {
      readonly is: 'skipped';
      readonly why: 'total' | 'note' | 'heading' | 'empty';
      readonly row: LedgerRow;
    }
  /** A sheet of something else, beside at least one of ours. */
  | { readonly is: 'foreign'; readonly sheet: string }
  /** The file cannot be taken; nothing follows. */
  | { readonly is: 'refused'; readonly refusal: Refusal };

const TOTAL = /^.{0,20}(?:合计|小计|总计|共计|累计|汇总)[::]?(?:\(.*\))?$/;
const NOTE =
  /^(?:注|备注|说明|附注|填表|制表|填报|审核|复核|负责人|单位|联系人|经办|第\d+页|共\d+页|日期|本表|以上|镇长|乡长|分管领导|主要领导)/;
/** 村主任（签字）：, （盖章） */
const SIGNED = /签[字名章]|盖章|公章/;

/** The texts of a row in order, each once however far it is merged. */
function textsOf(row: LedgerRow): readonly string[] {
  const texts = row.cells.map((cell) => comparable(textOf(cell)));
  return [...new Set(texts)].filter((text) => !isBlank(text));
}

/** Whether the row sums others up: 合计, 小计, 凤城镇小计, 总计： before any other text. */
export function isTotal(row: LedgerRow): boolean {
  const first = textsOf(row).find((text) => !/^[\d.,]+$/.test(text));
  return first !== undefined && TOTAL.test(first);
}

function isNote(row: LedgerRow): boolean {
  const [first = '', ...others] = textsOf(row);
  return others.length < 4 && (NOTE.test(first) || SIGNED.test(first));
}

/** One text across the whole sheet says something about it, whatever it says. */
function isAcross(row: LedgerRow): boolean {
  const filled = row.cells.filter((cell) => !isBlank(textOf(cell)));
  return filled.length > 3 && textsOf(row).length === 1;
}

/** A few words beside the columns that make a record, none of which is filled. */
function isBeside<K extends LedgerKind>(heading: LedgerHeading<K>, row: LedgerRow): boolean {
  const texts = textsOf(row);
  if (texts.length > 3 || texts.some((text) => /^[\d.,]+$/.test(text))) return false;
  return requiredColumns(heading).every((column) => isBlank(textOf(row.cells[column])));
}

/** A heading printed again at the top of every page. */
function isHeadingAgain<K extends LedgerKind>(heading: LedgerHeading<K>, row: LedgerRow): boolean {
  const columns = [...heading.columns.values()];
  const alike = columns.filter(
    ({ column, heading: text }) => textOf(row.cells[column]).replace(/\s+/g, '') === text,
  );
  return alike.length * 2 > columns.length;
}

function isEmpty<K extends LedgerKind>(heading: LedgerHeading<K>, row: LedgerRow): boolean {
  // Formulas filled down below the last row fail there.
  return [...heading.columns.values()].every(
    ({ column }) => isFailed(row.cells[column]) || isBlank(textOf(row.cells[column])),
  );
}

function sort<K extends LedgerKind>(heading: LedgerHeading<K>, row: LedgerRow): LedgerItem<K> {
  const key = keyText(heading, row);
  const isNamed = !(isBlank(key) || TOTAL.test(key) || NOTE.test(key));
  if (!isNamed && isTotal(row)) return { is: 'skipped', why: 'total', row };
  if ((!isNamed && isNote(row)) || isAcross(row)) return { is: 'skipped', why: 'note', row };
  if (isEmpty(heading, row)) return { is: 'skipped', why: 'empty', row };
  if (isBeside(heading, row)) return { is: 'skipped', why: 'note', row };
  if (isHeadingAgain(heading, row)) return { is: 'skipped', why: 'heading', row };
  return { is: 'row', heading, row };
}

/** One sheet while it is being read. */
interface Open<K extends LedgerKind> {
  readonly sheet: string;
  /** Rows held back until the heading is known; null afterwards. */
  held: LedgerRow[] | null;
  heading: LedgerHeading<K> | null;
}

/** Looks for the heading in the rows held back, then sorts those below it. */
class LedgerReader<K extends LedgerKind> {
  readonly #kind: K;
  #open: Open<K> | null = null;
  /** Whether a heading was found or the file refused. */
  #isDecided = false;
  #refusal: Refusal;

  constructor(kind: K) {
    this.#kind = kind;
    this.#refusal = noHeading(kind);
  }

  *take(row: LedgerRow): Generator<LedgerItem<K>> {
    if (this.#open?.sheet !== row.sheet) {
      yield* this.settle();
      this.#open = { sheet: row.sheet, held: [], heading: null };
    }
    const { held, heading } = this.#open;
    if (heading) yield sort(heading, row);
    held?.push(row);
    if (held?.length === HEADING_ROWS) yield* this.settle();
  }

  /** To be called when a sheet ends or enough of its rows are held. */
  *settle(): Generator<LedgerItem<K>> {
    const open = this.#open;
    if (!open?.held) return;
    const { held, sheet } = open;
    open.held = null;
    const found = findHeading(this.#kind, held);
    this.#isDecided ||= 'ok' in found || !isForeign(found);
    if ('ok' in found) {
      open.heading = found.ok;
      yield { is: 'heading', heading: found.ok };
      for (const row of held) if (row.row > found.ok.row) yield sort(found.ok, row);
    } else if (isForeign(found)) {
      // The sheet that comes closest says best what is missing.
      if (this.#refusal.refused !== 'column-missing') this.#refusal = found;
      yield { is: 'foreign', sheet };
    } else {
      yield { is: 'refused', refusal: found };
    }
  }

  *end(): Generator<LedgerItem<K>> {
    yield* this.settle();
    if (!this.#isDecided) yield { is: 'refused', refusal: this.#refusal };
  }
}

/**
 * Tells what each row of a ledger is. Every sheet finds its own heading; sheets without one are named and passed over
 * if another has one, otherwise the file is refused with what it lacks. After `refused` nothing follows.
 */
export async function* readLedger<K extends LedgerKind>(
  kind: K,
  rows: AsyncIterable<LedgerRow> | Iterable<LedgerRow>,
): AsyncGenerator<LedgerItem<K>> {
  const reader = new LedgerReader(kind);
  for await (const row of rows) {
    for (const item of reader.take(row)) {
      yield item;
      if (item.is === 'refused') return;
    }
  }
  yield* reader.end();
}
