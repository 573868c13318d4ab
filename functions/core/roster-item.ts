import * as z from 'zod';
import type { Roster } from './roster.ts';
import { decodeRoster } from './roster-codec.ts';

const RosterItem = z.object({ pk: z.string(), sk: z.string(), b: z.string() });

/** A roster from its item, `V#<village>` / `1#<household>`; an item of another shape is a fault. */
export function readRoster(item: unknown): Roster {
  const { pk, sk, b } = RosterItem.parse(item);
  return decodeRoster({ village: pk.slice(2), id: sk.slice(2) }, b);
}
