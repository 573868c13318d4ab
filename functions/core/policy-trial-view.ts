import * as z from 'zod';
import type { Household } from './household.ts';
import type { HouseholdOn } from './household-as-of.ts';
import { changeKinds, type Standing, type TrialChange, type TrialOutcome } from './policy-trial.ts';

const Fen = z.int();
const Many = z.object({ households: z.int(), persons: z.int(), fen: Fen });

const Side = z.object({
  households: z.int().describe('with at least one of the items looked at'),
  persons: z.int(),
  fen: Fen.describe('of the year, if what holds on the day held all year'),
  unpricedHouseholds: z
    .int()
    .describe('entitled to something whose amount hangs on a fact nobody recorded: 0 fen here'),
  unknownHouseholds: z.int().describe('for whom at least one of the items cannot be told'),
  unknownPersons: z.int(),
});
type Side = z.infer<typeof Side>;

/** What a change would do, without doing it. */
export const TrialResult = z.object({
  area: z.string(),
  asOf: z.string(),
  basis: z.enum(['current', 'known-now']),
  item: z.string(),
  items: z
    .array(z.string())
    .describe('items looked at: the changed one, those that name the line, and those they exclude'),
  looked: z.int().describe('households looked at'),
  outOfReach: z.int().describe('of that day, but outside the reader’s areas today: left out'),
  receiptsUnread: z
    .int()
    .describe(
      'households whose outcome may hang on receipts, and of which coverage says that nothing was received: it follows payments within minutes. 0: no receipt that may decide was left unread',
    ),
  before: Side,
  after: Side,
  gained: Many.describe('households and persons that get something they have not, or more of it'),
  lost: Many.describe('households and persons that lose something, or get less; fen as a loss'),
  unchanged: z.object({ households: z.int(), persons: z.int() }),
  fen: Fen.describe('after less before'),
  who: z.array(
    z.object({
      household: z.string(),
      href: z.string(),
      number: z.string(),
      headName: z.string(),
      village: z.string(),
      fen: Fen,
      changes: z.array(
        z.object({
          item: z.string(),
          person: z.object({ id: z.string(), name: z.string() }).nullable(),
          kind: z.enum(changeKinds),
          beforeFen: Fen,
          afterFen: Fen,
        }),
      ),
    }),
  ),
  cursor: z.string().optional(),
});
export type TrialResult = z.infer<typeof TrialResult>;

/** One household of a trial. */
export interface Tried {
  readonly household: Household;
  readonly on: HouseholdOn;
  readonly outcome: TrialOutcome;
}

const better: ReadonlySet<string> = new Set(['gained', 'raised', 'settled']);
const gains = ({ kind }: TrialChange) => better.has(kind);
const loses = ({ kind }: TrialChange) => !better.has(kind);

/** Persons behind entitlements: those named, and everybody where the household has one as a whole. */
function personsIn(
  { on }: Pick<Tried, 'on'>,
  all: readonly { readonly person: string | null }[],
): number {
  if (all.some(({ person }) => person === null)) return on.members.length;
  return new Set(all.map(({ person }) => person)).size;
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

function isUnpriced({ missing }: Standing['entitled'][number]): boolean {
  return missing.length > 0;
}

function sideOf(tried: readonly Tried[], of: (outcome: TrialOutcome) => Standing): Side {
  const standings = tried.map((one) => ({ one, ...of(one.outcome) }));
  return {
    households: standings.filter(({ entitled }) => entitled.length > 0).length,
    persons: sum(standings.map(({ one, entitled }) => personsIn(one, entitled))),
    fen: sum(standings.map(({ fen }) => fen)),
    unpricedHouseholds: standings.filter(({ entitled }) => entitled.some(isUnpriced)).length,
    unknownHouseholds: standings.filter(({ unknown }) => unknown.length > 0).length,
    unknownPersons: sum(standings.map(({ one, unknown }) => personsIn(one, unknown))),
  };
}

function manyOf(tried: readonly Tried[], counts: (change: TrialChange) => boolean) {
  const found = tried
    .map((one) => ({ one, changes: one.outcome.changes.filter(counts) }))
    .filter(({ changes }) => changes.length > 0);
  const fen = sum(
    found.flatMap(({ changes }) =>
      changes.map(({ beforeFen, afterFen }) => Math.abs(afterFen - beforeFen)),
    ),
  );
  return {
    households: found.length,
    persons: sum(found.map(({ one, changes }) => personsIn(one, changes))),
    fen,
  };
}

function rowOf({ household, on, outcome }: Tried): TrialResult['who'][number] {
  const persons = on.members.map(({ member: { id, name } }) => ({ id, name }));
  const head = on.members.find(({ facts }) => facts.relation === 'head');
  return {
    household: household.id,
    href: `/households/${household.id}/entitlements`,
    number: household.number,
    headName: head?.member.name ?? '',
    village: on.village,
    fen: outcome.after.fen - outcome.before.fen,
    changes: outcome.changes.map(({ person, ...change }) => ({
      ...change,
      person: persons.find(({ id }) => id === person) ?? null,
    })),
  };
}

/** Where a page of a trial ended: village and household. */
export function trialCursor({ household, on }: Pick<Tried, 'household' | 'on'>): string {
  return `${on.village}.${household.id}`;
}

/** Village by village, household by household. */
export function inOrder(one: Tried, other: Tried): number {
  return trialCursor(one) < trialCursor(other) ? -1 : 1;
}

/**
 * The counts of a trial, and a page of those for whom something changes.
 * @param tried every household of the area, in order
 */
export function trialResult(
  tried: readonly Tried[],
  page: { readonly limit: number; readonly after: string | undefined },
): Omit<
  TrialResult,
  'area' | 'asOf' | 'basis' | 'item' | 'items' | 'outOfReach' | 'receiptsUnread'
> {
  const changed = tried.filter(({ outcome }) => outcome.changes.length > 0);
  const { limit, after = '' } = page;
  const rest = changed.filter((one) => trialCursor(one) > after);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const before = sideOf(tried, (outcome) => outcome.before);
  const afterwards = sideOf(tried, (outcome) => outcome.after);
  const still = tried.filter(({ outcome }) => outcome.changes.length === 0);
  return {
    looked: tried.length,
    before,
    after: afterwards,
    gained: manyOf(tried, gains),
    lost: manyOf(tried, loses),
    unchanged: {
      households: still.length,
      persons: sum(still.map(({ on }) => on.members.length)),
    },
    fen: afterwards.fen - before.fen,
    who: shown.map(rowOf),
    ...(rest.length > limit && last && { cursor: trialCursor(last) }),
  };
}
