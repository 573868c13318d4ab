import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Household, isClosed, relationOf } from '../../functions/core/household.ts';
import { householdOn } from '../../functions/core/household-as-of.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { mergeHouseholds } from '../../functions/core/household-merge.ts';
import { relocate } from '../../functions/core/household-relocation.ts';
import { reinstate, statusBefore } from '../../functions/core/household-return.ts';
import { splitHousehold } from '../../functions/core/household-split.ts';
import { addMember, changeHead, endMember } from '../../functions/core/member.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import {
  allEvents,
  commitTogether,
  findPersons,
  loadFile,
  type Store,
  type Write,
} from '../../functions/household/table.ts';
import { identityOf, TODAY, VILLAGE, wantedMember } from '../support/build.ts';
import { freshTables } from '../support/database.ts';
import { runs } from '../support/seed.ts';
import { doing, settle, storeOf } from '../support/store.ts';

const villages = [VILLAGE, '350122101202', '350122102203'];
const day = (place: number) => `2017-0${1 + (place % 9)}-15`;

let store: Store;
beforeAll(async () => {
  store = storeOf(await freshTables());
});

let count = 0;
/** A family nobody else has, with identity numbers. */
function family() {
  count += 1;
  const born = ['1961-01-01', '1962-02-02', '1990-03-03'];
  return ['head', 'spouse', 'son'].map((relation, place) => {
    const birth = `19${60 + (count % 39)}${born[place]?.slice(4)}`;
    return wantedMember({
      ...{ birth, relation, name: `序${count}${place}` },
      identity: identityOf(birth, 1 + (Math.floor(count / 39) % 900)),
    });
  });
}

/** What a clerk does next: the kind, and what it is done to, drawn by lot. */
interface Deed {
  readonly kind: (typeof kinds)[number];
  readonly one: number;
  readonly other: number;
  readonly person: number;
  readonly day: number;
}
const kinds = [
  ...(['split', 'merge', 'relocate', 'strike-off', 'return'] as const),
  ...(['join', 'end', 'head', 'error'] as const),
] as const;
const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    one: fc.nat(5),
    other: fc.nat(5),
    person: fc.nat(5),
    day: fc.nat(8),
  }),
  { minLength: 6, maxLength: 16 },
);

/** The households of one story, by the order in which they came. */
class Story {
  readonly ids: string[] = [];
  readonly persons = new Set<string>();
  readonly identities = new Set<string>();

  async file(place: number) {
    const file = await loadFile(store, this.ids[place % this.ids.length] ?? '');
    if (!file) throw new Error('a household is gone');
    return file;
  }

  files() {
    return Promise.all(this.ids.map((_, place) => this.file(place)));
  }

  async register(): Promise<void> {
    const members = family();
    const { household, secrets } = await settle(store, { number: `S${count}`, members });
    this.ids.push(household.id);
    for (const { id } of household.members) this.persons.add(id);
    for (const number of Object.values(secrets.identities)) this.identities.add(number);
  }

  /** Does it, or is refused; nothing else may happen. */
  async act(deed: Deed): Promise<boolean> {
    const decided = await this.decide(deed);
    if (!decided) return false;
    const written = await commitTogether(store, decided);
    for (const { before, next } of isRefused(written) ? [] : decided) {
      if (!before) this.ids.push(next.household.id);
      for (const { id } of next.household.members) this.persons.add(id);
      for (const number of Object.values(next.secrets.identities)) this.identities.add(number);
    }
    return !isRefused(written);
  }

  private async decide(deed: Deed): Promise<readonly [Write, ...Write[]] | undefined> {
    const before = await this.file(deed.one);
    if (deed.kind === 'merge') return this.merge(deed);
    if (deed.kind === 'split') return this.split(deed);
    const decided = await this.single(deed);
    if (isRefused(decided)) return undefined;
    return [{ ...decided.ok, before }];
  }

  private async split({ one, person, day: on }: Deed) {
    const before = await this.file(one);
    const { members } = before.household;
    const leaving = members[person % Math.max(members.length, 1)];
    const isHead = leaving !== undefined && relationOf(leaving) === 'head';
    const heir = members.find(({ id }) => id !== leaving?.id)?.id;
    count += 1;
    const order = {
      persons: { [leaving?.id ?? 'per_x']: 'head' },
      number: `S${count}`,
      village: villages[person % villages.length] ?? VILLAGE,
      ...{ heldFrom: day(on), reason: 'own-household', note: null, facts: {} },
      succession: isHead && heir !== undefined ? { newHead: heir } : {},
    };
    const decided = splitHousehold(before, order, doing());
    if (isRefused(decided)) return undefined;
    const { stays, parts } = decided.ok;
    return [
      { ...stays, before },
      { ...parts, before: undefined },
    ] as const;
  }

  private async merge({ one, other, day: on }: Deed) {
    const [before, gone] = [await this.file(one), await this.file(other)];
    const relations = Object.fromEntries(gone.household.members.map(({ id }) => [id, 'other']));
    const order = { relations, heldFrom: day(on), reason: 'care', note: null };
    const decided = mergeHouseholds(before, gone, { order, context: doing() });
    if (isRefused(decided)) return undefined;
    return [
      { ...decided.ok.stays, before },
      { ...decided.ok.gone, before: gone },
    ] as const;
  }

  private async single({ kind, one, person, day: on }: Deed) {
    const before = await this.file(one);
    const { members } = before.household;
    const [context, heldFrom] = [doing(), day(on)];
    const who = members[person % Math.max(members.length, 1)]?.id ?? 'per_x';
    const isHead = members[0]?.id === who && members.length > 1;
    const named = isHead ? { newHead: members[1]?.id ?? '' } : {};
    switch (kind) {
      case 'relocate': {
        const village = villages[person % villages.length] ?? VILLAGE;
        return relocate(before, { village, heldFrom, reason: 'work', note: null }, context);
      }
      case 'strike-off':
        return strikeOff(before, { heldFrom, reason: person % 2 ? 'error' : 'gone' }, context);
      case 'return': {
        const was = statusBefore(await allEvents(store, before.household.id));
        const wanted = { status: was, heldFrom, reason: 'mistaken', note: null };
        const order = { ...wanted, gone: [], back: {}, succession: {} };
        return reinstate(before, { order, was }, context);
      }
      case 'join': {
        const [member] = family();
        const wanted = { ...(member ?? wantedMember()), relation: 'other', id: newPerson() };
        return addMember(before, { ...wanted, heldFrom, joinReason: 'moved-in' }, context);
      }
      case 'head':
        return changeHead(
          before,
          { person: who, heldFrom, reason: '换户主', relations: {} },
          context,
        );
      case 'error':
        return endMember(before, { person: who, endReason: 'error', ...named }, context);
      case 'split':
      case 'merge':
      case 'end': {
        const end = { person: who, heldTo: heldFrom, endReason: 'death', ...named };
        return endMember(before, end, context);
      }
    }
  }
}

let persons = 0;
function newPerson(): string {
  persons += 1;
  return `per_any${persons}`;
}

/** What must hold after any change; and what happened so far is still told. */
async function check(story: Story, told: Map<string, number>): Promise<void> {
  const files = await story.files();
  const live = files.filter(({ household }) => !isClosed(household));
  const holders = live.flatMap(({ household }) => household.members.map(({ id }) => id));
  expect(new Set(holders).size).toBe(holders.length);
  for (const { household } of live) {
    expect(household.members.filter((one) => relationOf(one) === 'head')).toHaveLength(1);
    expect(household.past.every(({ heldTo }) => heldTo !== null)).toBe(true);
  }
  const numbers = live.flatMap(({ household, secrets }) =>
    household.members.map(({ id }) => [secrets.identities[id] ?? '', household.id, id] as const),
  );
  expect(new Set(numbers.map(([number]) => number)).size).toBe(numbers.length);
  const found = await findPersons(store, [...story.identities]);
  const locked = [...found].filter(([, { live: isLive }]) => isLive);
  expect(
    locked.map(([number, { household, person }]) => [number, household, person]).sort(),
  ).toEqual(numbers.map((one) => [...one]).sort());
  for (const { household } of files) {
    const events = await allEvents(store, household.id);
    expect(events.map(({ version }) => version)).toEqual(
      Array.from({ length: household.version }, (_, place) => household.version - place),
    );
    const known = [...household.members, ...household.past].length;
    expect(known).toBeGreaterThanOrEqual(told.get(household.id) ?? 0);
    told.set(household.id, known);
  }
  const everybody = files.flatMap(({ household }) => [...household.members, ...household.past]);
  expect(new Set(everybody.map(({ id }) => id))).toEqual(story.persons);
}

/** Nobody lives in two households on a day, by what is known now about it. */
async function checkDays(households: readonly Household[]): Promise<void> {
  for (const on of [...Array.from({ length: 9 }, (_, place) => day(place)), TODAY]) {
    const seen: string[] = [];
    for (const household of households) {
      const then = householdOn(household, await allEvents(store, household.id), on);
      if (then && then.facts.status !== 'struck-off')
        seen.push(...then.members.map(({ member }) => member.id));
    }
    expect(new Set(seen).size, on).toBe(seen.length);
  }
}

describe('whatever happens to households, in any order', () => {
  it('nobody is registered twice, every household has one head, and nothing is lost', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (happens) => {
        const story = new Story();
        const told = new Map<string, number>();
        for (let place = 0; place < 3; place += 1) await story.register();
        for (const deed of happens) if (await story.act(deed)) await check(story, told);
        await checkDays((await story.files()).map(({ household }) => household));
      }),
      runs(12, 200),
    );
  });
});
