import { saveDivisions } from '../../functions/area/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold, type HouseholdPatch } from '../../functions/core/household-change.ts';
import type { WantedHousehold } from '../../functions/core/household-wanted.ts';
import type { Decided } from '../../functions/core/refusal.ts';
import type { Snapshot, SnapshotMessage } from '../../functions/core/snapshot.ts';
import { decideVillage } from '../../functions/core/village.ts';
import { checkPorts, workPorts } from '../../functions/snapshot/port.ts';
import { begin } from '../../functions/snapshot/service.ts';
import { type WorkPorts, work } from '../../functions/snapshot/work.ts';
import { saveProfiles } from '../../functions/village/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import type { Tables } from '../support/database.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';

export const NOW = new Date('2017-10-23T02:00:00Z');

const occasion = {
  actor: 'seed',
  at: '2016-06-01T01:00:00.000Z',
  heldOn: '2016-06-01',
  reason: 'seed',
  source: 'imp_0',
};

let count = 0;

/** Divisions with all above them; those known already stay. */
export async function open(tables: Tables, villages: readonly string[]): Promise<void> {
  const codes = [...new Set(villages.flatMap((one) => [one, ...ancestorsOf(one)]))];
  const steps = codes.map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  await saveDivisions(tables.area, steps, occasion);
}

/** A household of two that has been on the register since the beginning of 2016. */
export function home(
  tables: Tables,
  village: string,
  given: Partial<WantedHousehold['facts']> = {},
): Promise<HouseholdFile> {
  count += 1;
  const births = ['1950-01-01', '2008-03-04'] as const;
  const members = births.map((birth, at) =>
    wantedMember({
      birth,
      name: `样${count}${at}`,
      relation: at === 0 ? 'head' : 'son',
      identity: identityOf(birth, (count * 2 + at) % 1000),
    }),
  );
  const number = `${village.slice(0, 6)}7${String(count).padStart(4, '0')}`;
  const facts = { status: 'unexited', type: 'general', mainCause: 'illness', ...given };
  return settle(storeOf(tables), { village, number, members, facts });
}

/** A change of a household's facts, held from a day. */
export async function correct(
  tables: Tables,
  file: HouseholdFile,
  change: Pick<HouseholdPatch, 'facts' | 'heldFrom'>,
): Promise<HouseholdFile> {
  const patch = { heldTo: null, reason: '更正', cleared: [], contact: {}, members: [], ...change };
  const decided = granted(changeHousehold(file, patch, doing()));
  granted(await write(storeOf(tables), file, decided));
  return decided?.next ?? file;
}

/** Puts a village on the list of poor ones. */
export async function poor(tables: Tables, village: string, heldOn = '2016-06-01') {
  const row = { village, heldOn, facts: { poor: true, population: 1000 } };
  const step = { before: null, after: granted(decideVillage(undefined, row)).profile };
  await saveProfiles(tables.household, [step], { ...occasion, heldOn });
}

/** Freezing on real tables and a real bucket, with a queue that is a plain list. */
export class Desk {
  readonly queue: SnapshotMessage[] = [];
  readonly ports: WorkPorts;
  readonly tables: Tables;
  readonly bucket: string;
  now = NOW;

  constructor(tables: Tables, bucket: string, tick: () => void = () => undefined) {
    this.tables = tables;
    this.bucket = bucket;
    const send = async (messages: readonly SnapshotMessage[]) => {
      for (const message of messages) {
        tick();
        this.queue.push(message);
      }
      tick();
    };
    this.ports = {
      ...workPorts(tables, bucket, send),
      now: () => this.now,
      today: () => this.now.toISOString().slice(0, 10),
    };
  }

  get checks() {
    return checkPorts(this.tables, this.bucket);
  }

  ask(county: string, year = 2016, actor = 'county-office'): Promise<Decided<Snapshot>> {
    return begin(this.ports, {
      ...{ county, year, actor, role: 'office', reason: '年终定格' },
      ...{ at: this.now.toISOString(), today: this.ports.today() },
    });
  }

  /** Works until no message is left. */
  async drain(): Promise<void> {
    for (let next = this.queue.shift(); next; next = this.queue.shift())
      await work(this.ports, next);
  }

  /** A county's year from the first message to the end. */
  async freeze(county: string, year = 2016): Promise<Snapshot> {
    const begun = granted(await this.ask(county, year));
    this.queue.push({ step: 'open', county, year });
    await this.drain();
    const found = await this.ports.snapshot(county, year);
    if (found?.state !== 'frozen') throw new Error(`not frozen: ${begun.job}`);
    return found;
  }
}
