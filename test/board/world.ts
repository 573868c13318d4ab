import type { SummaryStore } from '../../functions/board/recompute.ts';
import { getRow } from '../../functions/board/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { addTallies, countVillage, equalFigures, type Tally } from '../../functions/core/figure.ts';
import { entryKeysOf, partitionOf } from '../../functions/core/list-entry.ts';
import type { MemberDigest, Roster } from '../../functions/core/roster.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { type Action, transact } from '../../functions/lib/dynamo.ts';
import type { ListStore } from '../../functions/list/relist.ts';
import { member, roster } from '../support/roster.ts';

export const TODAY = '2017-10-23';

/** A small seeded generator (mulberry32): the same seed, the same story. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Message =
  | { readonly to: 'summary'; readonly area: string }
  | { readonly to: 'listing'; readonly village: string; readonly household: string };

export interface WorldTables {
  readonly household: string;
  readonly list: string;
}

/** The register as it really is, beside the database, and what its stream would say. */
export class World {
  /** Two digits; nothing of another province is ever touched. */
  readonly province: string;
  readonly villages: readonly string[];
  readonly rosters = new Map<string, Roster>();
  readonly told: Message[] = [];
  readonly #tables: WorldTables;
  readonly #next: () => number;

  constructor(tables: WorldTables, province: number, next: () => number) {
    this.#tables = tables;
    this.#next = next;
    this.province = `${province}`;
    this.villages = ['0101101201', '0101101202', '0102101201'].map((rest) => `${province}${rest}`);
  }

  pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.#next() * from.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  item(one: Roster) {
    const { village, id, version } = one;
    return { pk: `V#${village}`, sk: `1#${id}`, v: 1, version, b: encodeRoster(one) };
  }

  #tell(one: Roster): void {
    this.told.push({ to: 'summary', area: one.village });
    this.told.push({ to: 'listing', village: one.village, household: one.id });
  }

  /** One write of the registry: a household is registered, changed, struck off, or moves. */
  async act(): Promise<void> {
    const id = `hh_${this.province}_${Math.floor(this.#next() * 5)}`;
    const before = this.rosters.get(id);
    const after = this.#changed(before ?? this.#blank(id));
    const table = this.#tables.household;
    const actions: Action[] = [{ table, put: this.item(after) }];
    if (before && before.village !== after.village) {
      actions.push({ table, delete: { pk: `V#${before.village}`, sk: `1#${id}` } });
      this.#tell(before);
    }
    const obstacles = await transact(actions);
    if (obstacles.length > 0) throw new Error('the world stood still');
    this.rosters.set(id, after);
    this.#tell(after);
  }

  #blank(id: string): Roster {
    return roster({ id, version: 0, village: this.pick(this.villages), members: [this.#member()] });
  }

  #member(): MemberDigest {
    return member({
      id: `per_${Math.floor(this.#next() * 1e9)}`,
      birth: this.pick(['1950-01-01', '1980-05-05', '2008-03-03', '2015-07-07']),
      labour: this.pick([null, 'skilled', 'lost', 'ordinary']),
    });
  }

  /** Changes that often undo each other, since those are the ones that hide a lost update. */
  #changed(before: Roster): Roster {
    const version = before.version + 1;
    const kind = Math.floor(this.#next() * 5);
    if (kind === 0) return { ...before, version, village: this.pick(this.villages) };
    if (kind === 1)
      return { ...before, version, members: [...before.members, this.#member()].slice(-3) };
    if (kind === 2)
      return { ...before, version, mainCause: this.pick([null, 'illness', 'schooling']) };
    if (kind === 3)
      return { ...before, version, status: this.pick(['unexited', 'exited', 'struck-off']) };
    return { ...before, version, headName: this.pick(['甲', '乙']) };
  }

  /** What every summary must say, counted one by one. */
  truth(): ReadonlyMap<string, Tally> {
    const all = [...this.rosters.values()];
    const villages = this.villages.map(
      (village) =>
        [
          village,
          countVillage(
            all.filter((one) => one.village === village),
            undefined,
            TODAY,
          ),
        ] as const,
    );
    const areas = new Set(this.villages.flatMap((village) => ancestorsOf(village)));
    const above = [...areas].map(
      (area) =>
        [
          area,
          addTallies(villages.flatMap(([code, tally]) => (code.startsWith(area) ? [tally] : []))),
        ] as const,
    );
    return new Map([...villages, ...above]);
  }

  /** Areas whose summary differs from the truth; one that was never written may only stand for nothing. */
  async drift(summary: string): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const [area, tally] of this.truth()) {
      const row = await getRow(summary, area);
      const figures = row?.figures ?? addTallies([]).figures;
      const until = row?.until ?? tally.until;
      if (!equalFigures(figures, tally.figures) || until !== tally.until) wrong.push(area);
    }
    return wrong;
  }

  /** Every entry the index must have, as `<partition> <sort key>`. */
  entries(): readonly string[] {
    return [...this.rosters.values()]
      .flatMap((one) =>
        entryKeysOf(one, TODAY).map(
          (key) => `${partitionOf(one.village, key)} ${one.village}#${one.id}`,
        ),
      )
      .sort();
  }
}

interface Waits {
  readonly go: () => void;
  readonly kill: () => void;
}

/** Share of steps before which a consumer is held up, and how many may be at a time. */
const HELD_UP = 0.1;
const MOST_ASLEEP = 3;

/** A consumer was killed: what it had done is done, what it was about to do is not. */
export class Killed extends Error {}

/**
 * Lets one step of one consumer happen at a time, in an order drawn from the seed, and kills some before or after a step: reads and writes
 * of overlapping consumers interleave in every way.
 */
export class Theatre {
  readonly #next: () => number;
  readonly #killed: number;
  readonly #waiting: Waits[] = [];
  /** Held up until all others have done their work: what they have read gets old. */
  readonly #asleep: Waits[] = [];
  #idle: (() => void) | undefined;
  #running = 0;

  constructor(next: () => number, killed: number) {
    this.#next = next;
    this.#killed = killed;
  }

  /** A step of a consumer: it happens when its turn has come. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    const done = await work();
    if (this.#next() < this.#killed) throw new Killed();
    return done;
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const waits = { go: resolve, kill: () => reject(new Killed()) };
      const isHeldUp = this.#asleep.length < MOST_ASLEEP && this.#next() < HELD_UP;
      (isHeldUp ? this.#asleep : this.#waiting).push(waits);
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    });
  }

  /** A consumer begins; it ends well or is killed. */
  start(work: () => Promise<unknown>, ended: (isKilled: boolean) => void): void {
    this.#running += 1;
    void work()
      .then(
        () => ended(false),
        (fault: unknown) => {
          if (!(fault instanceof Killed)) throw fault;
          ended(true);
        },
      )
      .finally(() => {
        this.#running -= 1;
        if (this.#running === 0) this.#idle?.();
      });
  }

  /** Consumers that wait for their turn, without those held up. */
  get size(): number {
    return this.#waiting.length;
  }

  get isEmpty(): boolean {
    return this.#waiting.length + this.#asleep.length === 0;
  }

  /** Lets one waiting consumer, drawn by lot, make its step; where none waits and nothing else is to do, one that was held up. */
  async proceed(isQuiet: boolean): Promise<void> {
    await this.#settle();
    const from = this.#waiting.length === 0 && isQuiet ? this.#asleep : this.#waiting;
    const [one] = from.splice(Math.floor(this.#next() * from.length), 1);
    if (!one) return;
    this.#running += 1;
    if (this.#next() < this.#killed) one.kill();
    else one.go();
    await this.#settle();
  }

  async #settle(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    this.#idle = undefined;
  }
}

export function staged(store: SummaryStore, theatre: Theatre): SummaryStore {
  return {
    row: (area) => theatre.step(() => store.row(area)),
    count: (area, day) => theatre.step(() => store.count(area, day)),
    put: (before, area, found) => theatre.step(() => store.put(before, area, found)),
  };
}

export function stagedList(store: ListStore, theatre: Theatre): ListStore {
  return {
    manifest: (household) => theatre.step(() => store.manifest(household)),
    roster: (village, household) => theatre.step(() => store.roster(village, household)),
    write: (steps, changes) => theatre.step(() => store.write(steps, changes)),
  };
}
