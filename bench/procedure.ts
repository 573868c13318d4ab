import * as z from 'zod';
import { handler as summarise } from '../functions/board/consumer.ts';
import { handler as cases } from '../functions/case/handler.ts';
import { CaseTaken } from '../functions/core/case-view.ts';
import { addDays } from '../functions/core/day.ts';
import { ancestorAt, ancestorsOf } from '../functions/core/division.ts';
import { handler as household } from '../functions/household/handler.ts';
import { today } from '../functions/lib/clock.ts';
import { handler as relist } from '../functions/list/consumer.ts';
import { provenFacts } from '../test/support/proven.ts';
import { call, tell } from './call.ts';
import type { Ground } from './ground.ts';
import type { Units } from './meter.ts';
import type { Figure } from './ratio.ts';

const Made = z.object({ id: z.string(), version: z.int() });
const Shown = z.object({ members: z.array(z.object({ id: z.string() })) });

/** A household of three that meets every criterion of exit, registered as the county does. */
async function provenOne(county: string, order: number): Promise<{ id: string; version: number }> {
  const village = `${county}100201`;
  const { facts, cover } = provenFacts(today());
  const body = {
    ...{ number: `98${county}${order}`, village, facts },
    heldFrom: addDays(today(), -400),
    members: ['head', 'spouse', 'mother'].map((relation, place) => ({
      ...{ name: `样${place}`, sex: 'male', birth: `${1950 + place * 5}-05-04`, relation },
      facts: cover,
    })),
  };
  const made = await call(household, { route: 'POST /households', body, areas: county });
  return Made.parse(JSON.parse(made));
}

/** What follows from a change of a household, as the queues hand it on. */
async function follow(village: string, id: string): Promise<void> {
  for (const area of [village, ...ancestorsOf(village)])
    await tell(summarise, area === village ? { village } : { area });
  await tell(relist, { village, household: id });
}

interface Parts {
  readonly steps: Units;
  readonly consequences: Units;
  readonly writes: number;
}

const sum = (all: readonly Units[]): Units => ({
  read: all.reduce((total, { read }) => total + read, 0),
  write: all.reduce((total, { write }) => total + write, 0),
});

/** The exit of a household from the proposal to the mark, notice waited out, with all that boards and lists make of each step. */
async function exit({ meter }: Ground, county: string): Promise<Parts> {
  const { id } = await provenOne(county, 1);
  const village = `${county}100201`;
  const areasOf = { village, town: ancestorAt(village, 'town'), county } as const;
  const read = (await import('../functions/household/reader.ts')).handler;
  const file = await call(read, { route: 'GET /households/{id}', params: { id }, areas: county });
  const [head] = Shown.parse(JSON.parse(file)).members;
  const steps: Units[] = [];
  const consequences: Units[] = [];
  let found: CaseTaken | undefined;
  let last = '';
  const take = async (work: () => Promise<string>) => {
    steps.push(
      await meter.of(async () => {
        found = CaseTaken.parse(JSON.parse(await work()));
      }),
    );
    consequences.push(await meter.of(() => follow(village, id)));
  };
  // The notice has hung when it is told: no bench waits a week.
  const opened = addDays(today(), -20);
  const proposal = { kind: 'household-exit', household: id, heldOn: opened, reason: '达到标准' };
  await take(() => call(cases, { route: 'POST /cases', body: proposal, areas: village }));
  while (found?.awaits) {
    const { id: caseId, version, awaits, dueOn } = found;
    const [level = 'village'] = awaits.levels;
    const areas = { ...areasOf, province: county, city: county }[level];
    const heldOn = dueOn ?? (last === '' ? opened : last);
    last = heldOn;
    const given = awaits.act === 'confirm' ? { confirmedBy: head?.id } : {};
    const body = { step: awaits.id, outcome: 'passed', heldOn, ...given };
    const asked = { route: 'POST /cases/{id}/steps', params: { id: caseId }, version } as const;
    await take(() => call(cases, { ...asked, body, areas, sub: `${level}-office` }));
  }
  return { steps: sum(steps), consequences: sum(consequences), writes: steps.length };
}

/** As many ordinary changes of a household of the same make, with the same that follows. */
async function changes({ meter }: Ground, county: string, count: number): Promise<Parts> {
  const { id, version } = await provenOne(county, 2);
  const village = `${county}100201`;
  const steps: Units[] = [];
  const consequences: Units[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const body = { facts: { mainCause: turn % 2 === 0 ? 'skill' : 'illness' } };
    const asked = { route: 'PATCH /households/{id}', params: { id }, body, areas: county } as const;
    steps.push(await meter.of(() => call(household, { ...asked, version: version + turn })));
    consequences.push(await meter.of(() => follow(village, id)));
  }
  return { steps: sum(steps), consequences: sum(consequences), writes: count };
}

/** The day of the county the bench is at, whose line is known. */
const DAY = '2017-11-20';

/** Units of an exit from proposal to mark, against as many ordinary changes of such a household. */
export async function procedureFigures(ground: Ground, county: string): Promise<readonly Figure[]> {
  const before = process.env.CLOCK_OFFSET_MS ?? '0';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${DAY}T02:00:00Z`) - Date.now());
  const ours = await exit(ground, county);
  const base = await changes(ground, county, ours.writes);
  process.env.CLOCK_OFFSET_MS = before;
  const total = (parts: Parts, kind: keyof Units) => parts.steps[kind] + parts.consequences[kind];
  return (['write', 'read'] as const).map((kind) => ({
    name: `an exit of ${ours.writes} steps end to end: ${kind} units / as many plain changes`,
    unit: kind === 'read' ? 'RRU' : 'WRU',
    ours: total(ours, kind),
    base: total(base, kind),
    note: `steps themselves ${ours.steps[kind]}, boards and lists ${ours.consequences[kind]}`,
  }));
}
