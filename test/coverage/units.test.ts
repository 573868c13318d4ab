import { beforeAll, describe, expect, it } from 'vitest';
import { Meter, type Units } from '../../bench/meter.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { villagePorts } from '../../functions/coverage/port.ts';
import { bringUp } from '../../functions/coverage/village.ts';
import { useDynamo } from '../../functions/lib/dynamo.ts';
import { correct, home } from '../snapshot/ground.ts';
import { freshTables, type Tables, testClient } from '../support/database.ts';
import { samplePolicies } from '../support/sample-policy.ts';
import { itIs, lined, published, received } from './ground.ts';
import { policyItem } from './item.ts';
import { sampleForce } from './sample-rules.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const VILLAGE = '350122101201';
const HOUSEHOLDS = 20;
let tables: Tables;
let meter: Meter;
let entitle: Worker;
let homes: readonly HouseholdFile[] = [];
/** What it takes to read the village once: its coverage, rows of its households, their rosters, what it received. */
let once = 0;
/** What it takes to read the file of a household, without events, and what it received. */
let each = 0;
/** What it takes to put its row, and the coverage of the village. */
let row = 0;
let counted = 0;

/** Everything but the rules, which an instance reads once a minute whatever it does. */
async function unitsOf(work: () => Promise<unknown>): Promise<Units> {
  await entitle(batchOf([{ village: `${VILLAGE.slice(0, 10)}99` }]));
  return meter.of(work);
}

const ports = () => villagePorts(tables);
const read = async (work: () => Promise<unknown>) => (await meter.of(work)).read;

function batchOf(bodies: readonly object[]) {
  return {
    Records: bodies.map((body, at) => ({ messageId: `${at}`, body: JSON.stringify(body) })),
  };
}

/** A village of the sample's policy list, evaluated once. */
beforeAll(async () => {
  itIs('2017-10-23');
  tables = await freshTables();
  const client = await testClient();
  meter = new Meter(client, await testClient());
  useDynamo(client);
  ({ entitle } = await coverageWorkers());
  for (const { items } of samplePolicies)
    await published(
      tables,
      items.map((item) => policyItem({ ...item })),
    );
  for (const [id, fen = 0] of Object.entries(sampleForce.lines))
    await lined(tables, { id, area: '350122', fen, validFrom: '2016-01-01' });
  const all: HouseholdFile[] = [];
  for (let at = 0; at < HOUSEHOLDS; at += 1) all.push(await home(tables, VILLAGE));
  homes = all;
  const asked = { village: VILLAGE };
  const plain = ports();
  const whole = await unitsOf(() => entitle(batchOf([asked])));
  once = await read(async () => {
    await plain.coverage(VILLAGE);
    await plain.rows(VILLAGE);
    await plain.village(VILLAGE);
    await plain.received(VILLAGE);
  });
  const [first] = homes;
  each = await read(() =>
    plain.subject(first?.household.id ?? '', { ...asked, profile: undefined, day: '2017-10-23' }),
  );
  counted = (await unitsOf(() => entitle(batchOf([asked])))).write;
  row = (whole.write - counted) / HOUSEHOLDS;
});

describe('what keeping coverage costs in a village of twenty with 120 items', () => {
  it('rows are small: two write units at most, of a household most of which is unknown too', () => {
    expect(row).toBeLessThanOrEqual(2);
    expect(counted).toBeLessThanOrEqual(2);
    expect(once).toBeLessThan(HOUSEHOLDS);
  });

  it('one household that has changed: the village read once, its file, and two rows', async ({
    annotate,
  }) => {
    const [first] = homes;
    if (!first) throw new Error('no home');
    await correct(tables, first, { facts: { waterSafe: false }, heldFrom: '2017-01-01' });
    const message = { village: VILLAGE, household: first.household.id };
    const units = await unitsOf(() => entitle(batchOf([message, message, { village: VILLAGE }])));
    await annotate(JSON.stringify({ ...units, once, each, row, counted }));
    expect(units.read).toBeLessThanOrEqual(once + each);
    expect(units.write).toBeLessThanOrEqual(row + counted);
  });

  it('everybody evaluated anew: the village read once, and each file', async ({ annotate }) => {
    const since = new Date(Date.now() + 365 * 86_400_000).toISOString();
    const plain = ports();
    await plain.rules(VILLAGE);
    const units = await meter.of(() => bringUp(plain, { village: VILLAGE, since }));
    await annotate(JSON.stringify(units));
    expect(units.read).toBeLessThanOrEqual(once + HOUSEHOLDS * each);
    expect(units.write).toBeLessThanOrEqual(HOUSEHOLDS * row + counted);
  });

  it('two receipts of everybody in one batch: no more than that, and where each lives', async ({
    annotate,
  }) => {
    const told: object[] = [];
    for (const { household } of homes)
      for (const month of ['03', '04']) {
        const on = `2017-${month}-01`;
        const id = `rc_${household.id}_${month}`;
        await received(tables, { id, household: household.id, item: 'low-income', on });
        told.push({ pk: `R#${household.id}`, sk: `low-income#0#${on}#${id}` });
      }
    const units = await unitsOf(() => entitle(batchOf(told)));
    await annotate(JSON.stringify(units));
    const where = HOUSEHOLDS;
    expect(units.read).toBeLessThanOrEqual(once + HOUSEHOLDS * each + where);
    expect(units.write).toBeLessThanOrEqual(HOUSEHOLDS * row + counted);
  });

  it('nothing that differs: the village read once and its count put', async () => {
    const units = await unitsOf(() => entitle(batchOf([{ village: VILLAGE }])));
    expect(units.read).toBeLessThanOrEqual(once);
    expect(units.write).toBe(counted);
  });
});
