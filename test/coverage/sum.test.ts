import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { countIn } from '../../functions/core/coverage.ts';
import { addUp, type SumPorts } from '../../functions/coverage/area.ts';
import { sumPorts } from '../../functions/coverage/port.ts';
import { getCoverage } from '../../functions/coverage/table.ts';
import { home } from '../snapshot/ground.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { Death, Reaper } from '../support/death.ts';
import { Desk, itIs, published } from './ground.ts';
import { policyItem } from './item.ts';

type Worker = (event: unknown) => Promise<unknown>;
const TODAY = '2017-10-23';
const reaper = new Reaper();
let tables: Tables;
let sum: Worker;
let next = 0;

beforeAll(async () => {
  itIs(TODAY);
  tables = await freshTables();
  reaper.watch();
  sum = z.custom<Worker>().parse((await import('../../functions/coverage/sum.ts')).handler);
});
beforeEach(() => itIs(TODAY));

/** A county of two towns with a village each, evaluated; nothing above is added up. */
async function county() {
  next += 1;
  const province = `${10 + next}`;
  const code = `${province}0122`;
  const towns = [`${code}101`, `${code}102`] as const;
  await published(tables, [policyItem({ id: 'young', area: code })]);
  const desk = new Desk(tables);
  for (const town of towns) {
    await home(tables, `${town}201`);
    await desk.bringUp(`${town}201`);
  }
  return { province, code, towns, areas: [...towns, code, `${province}01`, province] };
}

async function missed(area: string): Promise<number | undefined> {
  const row = await getCoverage(tables.policy, area);
  const [item] = row?.coverage.items ?? [];
  return item && countIn(item, 'missed').wide;
}

const versionOf = async (area: string) => (await getCoverage(tables.policy, area))?.version;

function batchOf(areas: readonly string[]) {
  return { Records: areas.map((area, at) => ({ messageId: `${at}`, body: `{"area":"${area}"}` })) };
}

describe('coverage above villages', () => {
  it('is added up once for a batch, however many villages of it have told, from the towns up', async () => {
    const { towns, areas, province } = await county();
    const told = Array.from({ length: 300 }, (_, at) => towns[at % 2] ?? '');
    expect(await sum(batchOf(told))).toEqual({ batchItemFailures: [] });
    expect(await Promise.all(areas.map(versionOf))).toEqual([1, 1, 1, 1, 1]);
    expect(await missed(province)).toBe(2);
  });

  it('of a town goes on to the province, also where the town is as it was', async () => {
    const { towns, code, province } = await county();
    await sum(batchOf(towns));
    await home(tables, `${towns[0]}202`);
    await new Desk(tables).bringUp(`${towns[0]}202`);
    await addUp(killedAfter(sumPorts(tables), towns[0]), [towns[0]], TODAY).catch(() => undefined);
    expect(await missed(towns[0])).toBe(2);
    expect(await missed(code)).toBe(2);
    await sum(batchOf([towns[0]]));
    expect(await missed(province)).toBe(3);
  });

  it('one area that cannot be added up holds up no other, and its message comes again', async () => {
    const { towns, code } = await county();
    const ports = sumPorts(tables);
    const broken: SumPorts = {
      ...ports,
      coverages: (area) =>
        area === towns[0] ? Promise.reject(new Error('unreadable')) : ports.coverages(area),
    };
    await expect(addUp(broken, towns, TODAY)).rejects.toThrow('unreadable');
    expect(await missed(code)).toBe(1);
    expect(await sum({ Records: [{ messageId: 'x', body: '{"pk":"E#35","sk":"1"}' }] })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'x' }],
    });
  });

  it('killed at any await and told again, ends true', async () => {
    const { towns } = await county();
    reaper.arm();
    await addUp(sumPorts(tables), towns, TODAY);
    const { steps } = reaper;
    reaper.revive();
    expect(steps).toBeGreaterThan(10);
    for (let at = 1; at <= steps; at += process.env.SOAK ? 1 : 5) {
      const { towns: told, areas } = await county();
      reaper.arm(at);
      await addUp(sumPorts(tables), told, TODAY).catch((fault: unknown) => {
        if (!(fault instanceof Death)) throw fault;
      });
      reaper.revive();
      await addUp(sumPorts(tables), told, TODAY);
      expect(await Promise.all(areas.map(missed)), `await ${at}`).toEqual([1, 1, 2, 2, 2]);
    }
  }, 300_000);
});

/** Dies when a town is put and nothing above it is. */
function killedAfter(ports: SumPorts, town: string): SumPorts {
  return {
    ...ports,
    coverage: (area) => {
      if (area.length < town.length) throw new Error('killed');
      return ports.coverage(area);
    },
  };
}
