import * as z from 'zod';
import { roles } from './access.ts';
import { levelOf } from './division.ts';
import { freeText } from './free-text.ts';
import { FIRST_YEAR, type Snapshot } from './snapshot.ts';

/** A county, or a town or village of one: snapshots are frozen by county. */
const Area = z
  .string()
  .refine((code) => ['county', 'town', 'village'].includes(levelOf(code) ?? ''));
const year = z.coerce.number().int().min(FIRST_YEAR).max(2100);

export const SnapshotBody = z.strictObject({
  area: z.string().refine((code) => levelOf(code) === 'county'),
  year: z.int().min(FIRST_YEAR).max(2100),
  reason: freeText(200, 1),
});
export type SnapshotBody = z.infer<typeof SnapshotBody>;

export const SnapshotPath = z.object({ area: Area, year });

export const SnapshotQuery = z.object({
  area: z.string().refine((code) => levelOf(code) !== undefined),
});

export const SnapshotView = z.object({
  /** Code of the county while it was frozen. */
  county: z.string(),
  year: z.int(),
  day: z.string(),
  state: z.enum(['running', 'frozen']),
  askedBy: z.string(),
  role: z.enum(roles).nullable(),
  reason: z.string().nullable(),
  knownAt: z.string(),
  frozenAt: z.string().nullable(),
  towns: z.object({ all: z.int(), done: z.int() }),
  hash: z.string().nullable(),
});
export type SnapshotView = z.infer<typeof SnapshotView>;

export const SnapshotList = z.object({ area: z.string(), snapshots: z.array(SnapshotView) });

/** A snapshot with what was counted in one area of it; null until it is frozen. */
export const SnapshotFile = z.object({
  area: z.string(),
  snapshots: z.array(SnapshotView),
  registered: z.object({ households: z.int(), persons: z.int() }).nullable(),
  board: z.string(),
});

export const faultKinds = [
  'object-missing',
  'object-changed',
  'row-missing',
  'figures-differ',
  'parts-differ',
  'household-twice',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const SnapshotFault = z.object({ area: z.string(), fault: z.enum(faultKinds) });
export type SnapshotFault = z.infer<typeof SnapshotFault>;

/** Faults named in an answer at most; `drift` says how many there are. */
export const NAMED_FAULTS = 50;

export const SnapshotCheck = z.object({
  area: z.string(),
  year: z.int(),
  /** Areas whose frozen figures or objects are not what was frozen. */
  drift: z.int(),
  villages: z.int(),
  households: z.int(),
  persons: z.int(),
  hashes: z.array(z.object({ county: z.string(), hash: z.string().nullable() })),
  faults: z.array(SnapshotFault),
});
export type SnapshotCheck = z.infer<typeof SnapshotCheck>;

/** A snapshot for people; how far it has come is read from its chunks. */
export function snapshotView(snapshot: Snapshot, done: number): SnapshotView {
  const { county, year, day, state, actor, role, reason, knownAt, frozenAt, chunks, hash } =
    snapshot;
  const towns = { all: chunks, done: state === 'frozen' ? chunks : done };
  const view = { county, year, day, state, role, reason, knownAt, frozenAt, towns, hash };
  return { ...view, askedBy: actor };
}
