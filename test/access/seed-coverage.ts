import { addUp } from '../../functions/coverage/area.ts';
import { ruleBook, sumPorts, villagePorts } from '../../functions/coverage/port.ts';
import { bringUp } from '../../functions/coverage/village.ts';
import { today } from '../../functions/lib/clock.ts';
import { published } from '../coverage/ground.ts';
import { policyItem } from '../coverage/item.ts';
import type { Tables } from '../support/database.ts';

/** An item in force in every province of the world. */
export const worldItem = 'world-grant';

/** An item for everybody, published by each province, and every household evaluated. */
export async function seedCoverage(tables: Tables, areas: readonly string[]): Promise<void> {
  const everybody = { fact: 'person.age', op: 'above', value: 0 } as const;
  for (const area of areas.filter((one) => one.length === 2))
    await published(tables, [policyItem({ id: worldItem, area, condition: everybody })]);
  const ports = villagePorts(tables, ruleBook(tables));
  for (const village of areas.filter((one) => one.length === 12)) await bringUp(ports, { village });
  const above = areas.filter((one) => one.length < 12);
  await addUp(sumPorts(tables), above, today());
}
