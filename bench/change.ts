import * as z from 'zod';
import { saveDivisions } from '../functions/area/table.ts';
import { handler as summarise } from '../functions/board/consumer.ts';
import { ancestorsOf } from '../functions/core/division.ts';
import { handler as household } from '../functions/household/handler.ts';
import { today } from '../functions/lib/clock.ts';
import { inLanes } from '../functions/lib/lanes.ts';
import { handler as relist } from '../functions/list/consumer.ts';
import { call, tell } from './call.ts';
import { type CountySize, householdOf } from './county.ts';
import type { Ground, Tables } from './ground.ts';
import type { Units } from './meter.ts';
import type { Figure } from './ratio.ts';
import { recount, seedRosters, settled } from './seed.ts';

const SIZES = [10, 100, 1000];
const Registered = z.object({ id: z.string(), version: z.int() });

/** Registers a household of three as a clerk does. */
export async function registerOne(county: string, village: string) {
  const body = {
    number: `99${village}`,
    village,
    heldFrom: '2016-01-01',
    facts: { status: 'unexited', type: 'general', mainCause: 'illness', measures: ['production'] },
    members: ['head', 'spouse', 'son'].map((relation, place) => ({
      name: `样${place}`,
      sex: 'male',
      birth: `${1960 + place * 20}-05-04`,
      relation,
    })),
  };
  const made = await call(household, { route: 'POST /households', body, areas: county });
  return Registered.parse(JSON.parse(made));
}

/** Registers the households of a county of that size, nobody with an identity number. Returns their ids. */
export async function registerCounty(size: CountySize): Promise<readonly string[]> {
  const orders = Array.from({ length: size.households }, (_, order) => order);
  return inLanes(orders, 8, async (order) => {
    const { contact: _, members, ...wanted } = householdOf(size, order);
    const body = {
      ...wanted,
      number: `98${wanted.number}`,
      heldFrom: '2016-01-01',
      members: members.map(({ number: _number, identity: _identity, ...member }) => member),
    };
    const made = await call(household, { route: 'POST /households', body, areas: size.code });
    return Registered.parse(JSON.parse(made)).id;
  });
}

/** A village of that many households in an existing county, one of them registered as a clerk does. */
async function village(ground: Ground, tables: Tables, at: { county: string; size: number }) {
  const { county, size } = at;
  const code = `${county}100${900 + SIZES.indexOf(size)}`;
  const division = { code, name: `样${size}`, validFrom: null, validTo: null };
  const after = { ...division, successors: [], change: null, version: 1 };
  const occasion = { actor: 'bench', at: new Date().toISOString(), heldOn: today() };
  await saveDivisions(tables.area, [{ before: null, after }], {
    ...occasion,
    reason: 'the bench',
    source: 'bench',
  });
  const others = Array.from({ length: size - 1 }, (_, order) =>
    settled({ ...householdOf({ code: county, households: size }, order), village: code }),
  );
  await seedRosters(ground, tables, others);
  const registered = await registerOne(county, code);
  await recount(tables, [code]);
  await tell(relist, { village: code, household: registered.id });
  return { code, ...registered };
}

/** One change of a household's cause and everything that follows from it, as the queues hand it on. */
async function change(ground: Ground, tables: Tables, at: { county: string; size: number }) {
  const { code, id, version } = await village(ground, tables, at);
  const { meter } = ground;
  const written = await meter.of(() =>
    call(household, {
      route: 'PATCH /households/{id}',
      params: { id },
      body: { facts: { mainCause: 'skill' } },
      areas: at.county,
      version,
    }),
  );
  const summaries = await meter.of(async () => {
    await tell(summarise, { village: code });
    for (const area of ancestorsOf(code)) await tell(summarise, { area });
  });
  const lists = await meter.of(() => tell(relist, { village: code, household: id }));
  return { written, summaries, lists };
}

type Parts = Awaited<ReturnType<typeof change>>;

function figureOf(kind: keyof Units, size: number, { parts, base }: { parts: Parts; base: Parts }) {
  const total = ({ written, summaries, lists }: Parts) =>
    written[kind] + summaries[kind] + lists[kind];
  const { written, summaries, lists } = parts;
  return {
    name: `one change in a village of ${size}: ${kind} units / of ${SIZES[0]}`,
    unit: kind === 'read' ? 'RRU' : 'WRU',
    ours: total(parts),
    base: total(base),
    note: `file and event ${written[kind]}, summaries up to the province ${summaries[kind]}, lists ${lists[kind]}`,
  } satisfies Figure;
}

/** Units of one household change with event, roster, summaries and lists, in villages of three sizes. */
export async function changeFigures(
  ground: Ground,
  tables: Tables,
  county: string,
): Promise<readonly Figure[]> {
  const all: Parts[] = [];
  for (const size of SIZES) all.push(await change(ground, tables, { county, size }));
  const [base] = all;
  if (!base) return [];
  return all.flatMap((parts, place) => {
    const size = SIZES[place] ?? 0;
    return [figureOf('read', size, { parts, base }), figureOf('write', size, { parts, base })];
  });
}
