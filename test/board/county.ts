import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { type RecountPorts, recountChunk, start } from '../../functions/board/recount.ts';
import { recountPorts } from '../../functions/board/recount-ports.ts';
import type { Day } from '../../functions/core/day.ts';
import { parentOf } from '../../functions/core/division.ts';
import { RecountMessage } from '../../functions/core/drift.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import type { Tables } from '../support/database.ts';

/** A county on its tables, with queues that are plain lists and a day that the test sets. */
export class County {
  day: Day;
  readonly summary: string[] = [];
  readonly listing: { readonly village: string; readonly household: string }[] = [];
  readonly recounts: RecountMessage[] = [];
  readonly drifts: string[] = [];
  readonly #tables: Tables;
  readonly ports: RecountPorts;

  constructor(tables: Tables, day: Day) {
    this.#tables = tables;
    this.day = day;
    const queues = { summary: '', listing: '', recount: '' };
    this.ports = {
      ...recountPorts(tables, queues),
      toSummary: async (messages) => {
        this.summary.push(...messages.map((one) => one.village ?? one.area ?? ''));
      },
      toListing: async (messages) => {
        this.listing.push(...messages);
      },
      toRecount: async (messages) => {
        this.recounts.push(...messages);
      },
      wait: () => Promise.resolve(),
      report: ({ area }) => {
        this.drifts.push(area);
      },
      today: () => this.day,
    };
  }

  /** Writes a household; `isTold` false is a message that was lost. */
  async write(one: Roster, isTold = true): Promise<void> {
    const { village, id, version } = one;
    const item = { pk: `V#${village}`, sk: `1#${id}`, v: 1, version, b: encodeRoster(one) };
    await putItem(this.#tables.household, item);
    if (!isTold) return;
    this.summary.push(village);
    this.listing.push({ village, household: id });
  }

  /** Works on every message until none is left. */
  async settle(): Promise<void> {
    const summaries = summaryStore(this.#tables);
    const lists = listStore(this.#tables);
    for (let area = this.summary.shift(); area; area = this.summary.shift()) {
      const waiting = new Set(this.summary.splice(0));
      waiting.delete(area);
      this.summary.push(...waiting);
      const isChanged = await recompute(summaries, area, this.day);
      const parent = parentOf(area);
      if (isChanged && parent !== undefined) this.summary.push(parent);
    }
    for (let one = this.listing.shift(); one; one = this.listing.shift())
      await relist(lists, one, this.day);
  }

  /** Recounts an area to the end. */
  async recount(run: string, area: string): Promise<void> {
    await start(this.ports, run, area);
    for (let message = this.recounts.shift(); message; message = this.recounts.shift()) {
      const asked = RecountMessage.parse(message);
      if ('run' in asked) await start(this.ports, asked.run, asked.area);
      else await recountChunk(this.ports, asked.recount, asked.chunk);
    }
  }
}
