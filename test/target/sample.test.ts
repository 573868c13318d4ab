import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Meter } from '../../bench/meter.ts';
import { saveDivisions } from '../../functions/area/table.ts';
import { putRow } from '../../functions/board/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { addTallies, countVillage } from '../../functions/core/figure.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables, testClient } from '../support/database.ts';
import {
  type Row,
  rowsOf,
  SAMPLE_COUNTY,
  SAMPLE_DAY,
  sampleProfiles,
  sampleRosters,
} from '../support/sample.ts';

const office: Caller = { sub: 'county-office', role: 'office', areas: SAMPLE_COUNTY };
const params = { code: SAMPLE_COUNTY, year: '2017' };

interface Amounts {
  households: number;
  persons: number;
  villages: number;
}

/** Codes of towns by name, from the list of divisions. */
function townCodes(): ReadonlyMap<string, string> {
  const lines = readFileSync('sample/divisions.csv', 'utf8').trim().split('\n').slice(1);
  const places = lines.map((line) => line.trim().split(','));
  return new Map(
    places
      .filter(([, , level]) => level === 'town')
      .map(([code = '', name = '']) => [name, code] as const),
  );
}

const cell = (row: Row, heading: string) => String(row.get(heading) ?? '');

/** What the ledgers themselves plan for 2017, town by town: their rows counted, nothing of the registry used. */
async function plannedByTown(): Promise<ReadonlyMap<string, Amounts>> {
  const towns = townCodes();
  const found = new Map(
    [...towns.values()].map((code) => [code, { households: 0, persons: 0, villages: 0 }]),
  );
  const at = (code: string): Amounts => {
    const amounts = found.get(code);
    if (!amounts) throw new Error(`no town ${code}`);
    return amounts;
  };
  const due = new Map<string, string>();
  for (const row of await rowsOf('贫困人口台账.xlsx', '贫困人口台账')) {
    const number = cell(row, '户编号');
    const town = towns.get(cell(row, '乡镇')) ?? '';
    const isDue = cell(row, '脱贫属性') === '未脱贫' && cell(row, '计划脱贫年度') === '2017';
    if (isDue && !due.has(number)) {
      due.set(number, town);
      at(town).households += 1;
    }
    if (due.has(number)) at(town).persons += 1;
  }
  for (const row of await rowsOf('贫困村台账.xlsx', '贫困村'))
    if (cell(row, '计划退出年度') === '2017') at(cell(row, '村编码').slice(0, 9)).villages += 1;
  return found;
}

/** The divisions of the county, and the figures of its towns as the consumers make them of the rosters. */
async function seedCounty(tables: Tables): Promise<void> {
  const lines = readFileSync('sample/divisions.csv', 'utf8').trim().split('\n').slice(1);
  const steps = lines.map((line) => {
    const [code = '', name = ''] = line.trim().split(',');
    return { before: null, after: newDivision(code, name, null) };
  });
  const at = '2017-10-23T00:00:00.000Z';
  const occasion = { actor: 'test', at, heldOn: SAMPLE_DAY, reason: 'test', source: 'test' };
  const [rosters, profiles] = await Promise.all([
    sampleRosters(),
    sampleProfiles(),
    saveDivisions(tables.area, steps, occasion),
  ]);
  const villages = [...new Set([...rosters.keys(), ...profiles.keys()])];
  for (const [town, inside] of Map.groupBy(villages, (village) => village.slice(0, 9))) {
    const tallies = inside.map((village) =>
      countVillage(rosters.get(village) ?? [], profiles.get(village), SAMPLE_DAY),
    );
    const row = { area: town, day: SAMPLE_DAY, ...addTallies(tallies) };
    expect(await putRow(tables.summary, undefined, row)).toBe(true);
  }
}

type Handler = Parameters<typeof callOf>[0];
let planned: ReadonlyMap<string, Amounts>;
let writer: Handler;
let reader: Handler;
let boards: Handler;

const call = { by: office, params };
const board = async () => {
  const asked = { by: office, params: { code: SAMPLE_COUNTY } };
  return (await callOf(boards, { ...asked, route: 'GET /areas/{code}/board' })).body;
};
const proposal = () =>
  callOf(reader, { ...call, route: 'GET /areas/{code}/targets/{year}/proposal' });

beforeAll(async () => {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${SAMPLE_DAY}T01:00:00Z`) - Date.now());
  await seedCounty(await freshTables());
  planned = await plannedByTown();
  ({ handler: writer } = await import('../../functions/target/handler.ts'));
  ({ handler: reader } = await import('../../functions/target/reader.ts'));
  ({ handler: boards } = await import('../../functions/board/handler.ts'));
});

describe('the sample county in 2017', () => {
  it('is proposed 159 households, 487 persons and 50 villages, split to its 22 towns as the ledgers plan', async () => {
    const { body } = await proposal();
    expect(body).toMatchObject({ households: 159, persons: 487, villages: 50 });
    expect(body).toMatchObject({
      exited: { households: 0, persons: 0, villages: 0 },
      unplanned: { households: 0, persons: 0 },
    });
    expect(body.parts).toHaveLength(22);
    const split = body.parts.map(
      ({ name: _, code, ...amounts }: { name: string; code: string }) => [code, amounts],
    );
    expect(new Map(split)).toEqual(planned);
  });

  it('takes the proposal as its target and its split, and the board shows 0 of 159: those of 2016 do not count', async () => {
    const { parts, ...whole } = (await proposal()).body;
    const { households, persons, villages } = whole;
    const first = { households, persons, villages, reason: '2017 年度脱贫任务' };
    const set = { ...call, route: 'PUT /areas/{code}/targets/{year}', ifMatch: 0, body: first };
    expect((await callOf(writer, set)).status).toBe(200);
    const given = parts.map(({ name: _, ...part }: { name: string }) => part);
    const split = { ...call, route: 'PUT /areas/{code}/targets/{year}/parts', ifMatch: 1 };
    const body = { parts: given, reason: '分解到乡镇' };
    expect((await callOf(writer, { ...split, body })).status).toBe(200);

    const { targets, children, byExitYear } = await board();
    expect(byExitYear['2016']).toMatchObject({ households: 586, persons: 1865 });
    expect(targets).toMatchObject({
      year: 2017,
      target: { households: 159, persons: 487, villages: 50 },
      exited: { households: 0, persons: 0, villages: 0 },
      remaining: { households: 159, persons: 487, villages: 50 },
      percent: { households: 0, persons: 0, villages: 0 },
      planned: { households: 159, persons: 487, villages: 50 },
      forecast: { pace: { households: 0, persons: 0, villages: 0 }, onCourse: { households: 0 } },
      unsplit: { households: 0, persons: 0, villages: 0 },
    });
    const byTown = new Map(
      children.map((child: { area: { code: string }; targets: { target: Amounts } }) => [
        child.area.code,
        child.targets.target,
      ]),
    );
    expect(byTown).toEqual(planned);
  });

  it('targets cost the board one query and one look-up, a unit and a half at most', async () => {
    const meter = new Meter(dynamo(), await testClient());
    await board();
    const { read } = await meter.of(() => board());
    const own = meter.spent('target').read;
    expect(own).toBeLessThanOrEqual(1.5);
    expect(own).toBeLessThan(read / 4);
  });
});
