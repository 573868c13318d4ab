import * as z from 'zod';
import { type AreaCode, ancestorAt } from '../core/division.ts';
import { type BatchAnswer, collapse, type QueueBatch } from '../lib/batch.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { addUp } from './area.ts';
import { sumPorts } from './port.ts';

const { POLICY_TABLE } = env({ POLICY_TABLE: z.string() });
const ports = sumPorts({ policy: POLICY_TABLE });

const Message = z.object({ area: z.string() });

interface Task {
  readonly province: AreaCode;
  readonly areas: ReadonlySet<AreaCode>;
}

/** Adds up the areas that messages name and all above them, however many name one: a province at a time, since it is above all of its own. */
export function handler(batch: QueueBatch): Promise<BatchAnswer> {
  return collapse<Task>(batch, {
    read: (body) => {
      const { area } = Message.parse(body);
      return { province: ancestorAt(area, 'province'), areas: new Set([area]) };
    },
    keyOf: ({ province }) => province,
    join: ({ province, areas }, other) => ({
      province,
      areas: new Set([...areas, ...other.areas]),
    }),
    work: ({ areas }) => addUp(ports, areas, today()),
    lanes: 1,
  });
}
