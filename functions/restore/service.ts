import {
  addCounts,
  type Counts,
  cut,
  type FilePlan,
  householdRows,
  isOlder,
  type Mode,
  noCounts,
  type Outcome,
  type Progress,
  planFile,
} from './plan.ts';
import {
  isStruckOff,
  keyOf,
  nameOf,
  type Restorable,
  type Row,
  type RowKey,
  type Rule,
  rosterKeysOf,
  ruleOf,
  versionOf,
} from './rule.ts';

/** What the job needs of the two tables; the live one is only ever written on condition. */
export interface Ports {
  /** Next rows of the segment in the recovered table. */
  readonly page: (
    after: RowKey | undefined,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next?: RowKey }>;
  /** Rows of the recovered table by key. */
  readonly saved: (keys: readonly RowKey[]) => Promise<readonly Row[]>;
  /** Rows of the live table by key, as they stand this moment. */
  readonly live: (keys: readonly RowKey[]) => Promise<readonly Row[]>;
  /** Puts a row where there is none, or over one of a lower version; false when something else stands there. */
  readonly put: (row: Row, mode: Mode) => Promise<boolean>;
  /** Rows of the live household table by key. */
  readonly households: (keys: readonly RowKey[]) => Promise<readonly Row[]>;
  /** Puts a lock where there is none while its household has this version. */
  readonly putLock: (
    row: Row,
    at: { readonly head: RowKey; readonly version: number },
  ) => Promise<'put' | 'present' | 'changed'>;
  /** Puts a row of a file where there is none while its row `0` has this version. */
  readonly putAt: (
    row: Row,
    at: { readonly head: RowKey; readonly version: number },
  ) => Promise<boolean>;
  /** Puts a whole file in place of the live one of that version, or nothing. */
  readonly replace: (
    rows: readonly Row[],
    at: { readonly head: RowKey; readonly version: number },
  ) => Promise<boolean>;
  readonly load: () => Promise<Progress>;
  /** False when another worker has saved meanwhile. */
  readonly save: (progress: Progress) => Promise<boolean>;
  /** Time is running out: stop after this page. */
  readonly isLate: () => boolean;
  /** Seconds since 1970, to leave out rows whose time is over. */
  readonly now: () => number;
}

/** How often what changes under our hands is looked at again. */
const TURNS = 5;

export interface Order {
  readonly to: Restorable;
  readonly mode: Mode;
}

/** `taken`: another worker is at this segment. */
export type SegmentState = 'done' | 'unfinished' | 'taken';
export interface SegmentReport {
  readonly state: SegmentState;
  readonly counts: Counts;
}

/**
 * Works through one segment of the recovered table from where it was left, saving its place after every page. Doing a page twice
 * changes nothing, so a kill between writing and saving costs a page, never a row.
 */
export async function restoreSegment(order: Order, ports: Ports): Promise<SegmentReport> {
  let progress = await ports.load();
  let cursor = progress.after;
  let held: readonly Row[] = [];
  while (!progress.isDone) {
    const page = await ports.page(cursor);
    const isDone = page.next === undefined;
    const [rows, torn] = cut([...held, ...page.rows], isDone);
    const counts = await restoreRows(rows, order, ports);
    const last = rows.at(-1);
    const after = last ? keyOf(last) : progress.after;
    const next = {
      version: progress.version + 1,
      isDone,
      counts: addCounts(progress.counts, counts),
      ...(after && { after }),
    };
    if (!(await ports.save(next))) return { state: 'taken', counts: progress.counts };
    progress = next;
    held = torn;
    cursor = page.next;
    if (!isDone && ports.isLate()) return { state: 'unfinished', counts: progress.counts };
  }
  return { state: 'done', counts: progress.counts };
}

/** Files of a page by household, and the rows that stand alone. Rosters go with their household's file. */
function sort(rows: readonly Row[], table: Restorable) {
  const files = new Map<string, Row[]>();
  const single: Row[] = [];
  for (const row of rows) {
    const { kind } = ruleOf(table, row);
    const { pk } = keyOf(row);
    if (kind === 'file') files.set(pk, [...(files.get(pk) ?? []), row]);
    else if (kind !== 'roster') single.push(row);
  }
  return { files: [...files.values()], single };
}

async function withRosters(
  files: readonly (readonly Row[])[],
  ports: Ports,
): Promise<readonly (readonly Row[])[]> {
  const keys = files.map((rows) => {
    const { head } = householdRows(rows);
    return head ? rosterKeysOf(head) : [];
  });
  const rosters = byName(await ports.saved(keys.flat()));
  return files.map((rows, index) => {
    const own = (keys[index] ?? []).map((key) => rosters.get(nameOf(key)));
    return [...rows, ...own.filter((row) => row !== undefined)];
  });
}

function byName(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [nameOf(keyOf(row)), row]));
}

async function restoreRows(rows: readonly Row[], order: Order, ports: Ports): Promise<Counts> {
  const sorted = sort(rows, order.to);
  const files = await withRosters(sorted.files, ports);
  const live = byName(await ports.live([...files.flat(), ...sorted.single].map(keyOf)));
  let counts = noCounts;
  const work = [
    ...files.map((file) => () => restoreFile(file, { order, ports, live })),
    ...sorted.single.map((row) => () => restoreSingle(row, { order, ports, live })),
  ];
  // A few at a time: the live table serves the county meanwhile.
  for (let from = 0; from < work.length; from += 16) {
    const done = await Promise.all(work.slice(from, from + 16).map((one) => one()));
    for (const one of done) counts = addCounts(counts, one);
  }
  return counts;
}

interface Bench {
  readonly order: Order;
  readonly ports: Ports;
  readonly live: ReadonlyMap<string, Row>;
}

async function restoreSingle(row: Row, { order, ports, live }: Bench): Promise<Partial<Counts>> {
  if (typeof row.expiresAt === 'number' && row.expiresAt <= ports.now()) return { expired: 1 };
  const standing = live.get(nameOf(keyOf(row)));
  const rule = ruleOf(order.to, row);
  if (rule.kind === 'drawn') return { present: 1 };
  if (standing && !(rule.kind === 'own' && order.mode === 'overwrite' && isOlder(standing, row)))
    return { present: 1 };
  if (rule.kind === 'lock') return { [await restoreLock(row, rule, ports)]: 1 };
  return (await ports.put(row, rule.kind === 'own' ? order.mode : 'missing'))
    ? { put: 1 }
    : { present: 1 };
}

/**
 * A lock comes back in force while its holder is there, and freed where the member has left or the household was struck off since:
 * in force it would keep the person out of every other household.
 */
async function restoreLock(
  row: Row,
  { head, holder }: Extract<Rule, { readonly kind: 'lock' }>,
  ports: Ports,
): Promise<Outcome> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const keys = nameOf(head) === nameOf(holder) ? [head] : [head, holder];
    const found = byName(await ports.households(keys));
    const household = found.get(nameOf(head));
    const version = versionOf(household);
    if (!household || version === undefined) return 'orphan';
    const isHeld = found.has(nameOf(holder)) && !isStruckOff(household);
    const put = await ports.putLock(isHeld ? row : { ...row, live: false }, { head, version });
    if (put !== 'changed') return put;
  }
  return 'failed';
}

/** Puts back what one household lost, or leaves its file alone. */
async function restoreFile(rows: readonly Row[], bench: Bench): Promise<Partial<Counts>> {
  const file = householdRows(rows);
  let { live } = bench;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const plan = planFile(file, live, bench.order.mode);
    if (await carryOut(plan, file.head, bench.ports)) {
      const put = plan.events.length + plan.fill.length + plan.replace.length;
      return { ...plan.counts, put };
    }
    live = byName(await bench.ports.live(rows.map(keyOf)));
  }
  return { failed: rows.length };
}

async function carryOut(plan: FilePlan, head: Row | undefined, ports: Ports): Promise<boolean> {
  for (const row of plan.events) await ports.put(row, 'missing');
  if (!head) return true;
  const at = plan.at === null ? undefined : { head: keyOf(head), version: plan.at };
  if (at && plan.replace.length > 0) return ports.replace(plan.replace, at);
  for (const row of plan.fill) {
    const isPut = at ? await ports.putAt(row, at) : await ports.put(row, 'missing');
    if (!isPut) return false;
  }
  return true;
}
