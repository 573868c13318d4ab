/** One row that is made of others, and how it is read, made and put. */
export interface InTurn<Row, Made> {
  /** The row as it stands, consistent. */
  readonly read: () => Promise<Row | undefined>;
  /** What it is to be, from what it is made of, read consistently and after the row. */
  readonly make: (before: Row | undefined) => Promise<Made>;
  /** Puts it with its version raised, on condition that the row is still the one that was read. */
  readonly put: (before: Row | undefined, made: Made) => Promise<boolean>;
}

/**
 * Makes a row that is drawn from others true: reads its version, then what it is made of, then puts it on condition that the version is
 * unchanged, otherwise starts again.
 *
 * The row is put, with its version raised, also where nothing turns out to differ. Otherwise this could happen: two changes that undo each
 * other; the first consumer reads the row and what had changed and is delayed; the second sees everything as it was before, finds the row
 * true and leaves it; the first now puts what has been undone, and nobody comes again. With every pass raising the version, passes are in
 * order, each sees at least what those before it saw, and the pass of the last message sees the last change.
 * The dispatcher passes on rows that differ in more than their version and no others, so an echo still ends by itself.
 *
 * A pass that loses twice is covered and goes no further, so that many passes over one row cost at most two each. Who put the first time may
 * have looked before the change of our message. Who put the second time started from a row that was put after we had begun, so it looked
 * later than our message, and no later pass knows less.
 * @returns the row before and what was put; undefined where this pass was covered by others
 */
export async function inTurn<Row, Made>(
  { read, make, put }: InTurn<Row, Made>,
  start?: { readonly before: Row | undefined; readonly made: Made },
): Promise<{ readonly before: Row | undefined; readonly made: Made } | undefined> {
  for (let turn = 1; turn <= 2; turn += 1) {
    const before = turn === 1 && start ? start.before : await read();
    const made = turn === 1 && start ? start.made : await make(before);
    if (await put(before, made)) return { before, made };
  }
  return undefined;
}
