import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { AccessLine } from '../../functions/core/access-log.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { moveHousehold, strikeOff } from '../../functions/core/household-close.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import { addMember, endMember } from '../../functions/core/member.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { LeftItem } from '../../functions/household/item.ts';
import {
  allEvents,
  commit,
  findNumbers,
  findPersons,
  householdsIn,
  loadFile,
  loadForChange,
  readEvents,
  readFile,
  readStored,
  type Store,
  wroteEvent,
} from '../../functions/household/table.ts';
import { dynamo, getItem } from '../../functions/lib/dynamo.ts';
import {
  family,
  granted,
  identityOf,
  TODAY,
  VILLAGE,
  wantedHousehold,
  wantedMember,
} from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';
import { getRoster, listRosters } from '../support/stored-roster.ts';

let tables: Tables;
let store: Store;
beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
});

let numbers = 0;
/** Number and members that no other test uses. */
function fresh(relations: readonly string[] = ['head']) {
  numbers += 1;
  const born = (place: number) =>
    `19${String(50 + (numbers % 40))}-0${1 + (place % 9)}-1${numbers % 9}`;
  return {
    number: `35012299${String(numbers).padStart(4, '0')}`,
    members: relations.map((relation, place) =>
      wantedMember({
        relation,
        birth: born(place),
        identity: identityOf(born(place), 100 + numbers * 7 + place),
        name: `样${numbers}${place}`,
      }),
    ),
  };
}

const change = (file: HouseholdFile, facts: object, heldFrom = '2017-06-01') =>
  granted(
    changeHousehold(
      file,
      { heldFrom, heldTo: null, reason: '核实', facts, cleared: [], contact: {}, members: [] },
      doing(),
    ),
  );

async function reload(id: string): Promise<HouseholdFile> {
  const file = await loadFile(store, id);
  if (!file) throw new Error('no such household');
  return file;
}

const office = (area: string) => ({ sub: 'clerk', role: 'office', areas: [area] }) as const;

describe('a household in the store', () => {
  it('is read back as it was registered, sealed values and all', async () => {
    const contact = { phone: '10000000017', bankName: '样本信用社', bankAccount: '0000123456' };
    const wanted = fresh(['head', 'spouse', 'son']);
    const file = await settle(store, { ...wanted, contact, facts: { waterSafe: true } });
    expect(await reload(file.household.id)).toEqual(file);
  });

  it('has its roster in the village, equal to what the core computes', async () => {
    const file = await settle(store, fresh(['head', 'mother']));
    const { id } = file.household;
    expect(await getRoster(tables.household, VILLAGE, id)).toEqual(rosterOf(file.household));
    expect(await getRoster(tables.household, VILLAGE, 'hh_x')).toBeUndefined();
    const all = await listRosters(tables.household, VILLAGE);
    expect(all.map((roster) => roster.id)).toContain(id);
  });

  it('is found by its number and its persons by theirs', async () => {
    const wanted = fresh(['head', 'son']);
    const { household } = await settle(store, wanted);
    const found = await findNumbers(store, '350122', [wanted.number, 'unknown']);
    expect([...found]).toEqual([[wanted.number, household.id]]);
    const identities = wanted.members.map((member) => member.identity ?? '');
    const persons = await findPersons(store, [...identities, identityOf('1911-01-01', 1)]);
    expect(identities.map((identity) => persons.get(identity))).toMatchObject(
      household.members.map(({ id }) => ({ household: household.id, person: id, live: true })),
    );
    expect(persons.size).toBe(identities.length);
  });

  it('keeps every event, newest first, with what each put away', async () => {
    let file = await settle(store, { ...fresh(), facts: { housingGrade: 'D' } });
    const { id } = file.household;
    for (const housingGrade of ['C', 'B', 'A']) {
      const changed = change(file, { housingGrade });
      granted(await write(store, file, changed));
      file = changed?.next ?? file;
    }
    const events = await allEvents(store, id);
    expect(events.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect(
      events.flatMap(({ putAway }) => putAway.map(({ values }) => values.housingGrade)),
    ).toEqual(['B', 'C', 'D']);
    const first = await readEvents(store, id, { limit: 2 });
    const second = await readEvents(store, id, { limit: 2, before: first.next ?? 0 });
    expect([...first.events, ...second.events]).toEqual(events);
    expect((await readStored(store, id))?.events).toEqual(events);
  });

  it('with more members than a page is still read whole', async () => {
    const wanted = fresh(['head', ...Array.from({ length: 30 }, () => 'other')]);
    const small = { ...wanted, members: wanted.members.slice(0, 30) };
    let file = await settle(store, small);
    for (const member of Array.from({ length: 35 }, (_, place) =>
      wantedMember({ relation: 'other', name: `样子${place}`, identity: null }),
    )) {
      const joined = granted(
        addMember(file, { ...member, heldFrom: TODAY, joinReason: 'other' }, doing()),
      );
      granted(await write(store, file, joined));
      file = joined.next;
    }
    const stored = await readStored(store, file.household.id);
    expect(stored?.household.members).toHaveLength(65);
    expect((await reload(file.household.id)).household.members).toHaveLength(65);
  });

  it('is out of sight outside the area, and a stale version is told', async () => {
    const { household } = await settle(store, fresh());
    const { id } = household;
    expect(granted(await readFile(store, office('350122101'), id)).household).toEqual(household);
    expect(await readFile(store, office('350122102'), id)).toEqual({ refused: 'not-found' });
    expect(await loadForChange(store, office('350123'), { id, version: 1 })).toEqual({
      refused: 'not-found',
    });
    expect(await loadForChange(store, office('350122'), { id, version: 2 })).toEqual({
      refused: 'version-stale',
      values: { version: 1 },
    });
    expect(
      granted(await loadForChange(store, office('350122'), { id, version: 1 })).household,
    ).toEqual(household);
    expect(await readFile(store, office('35'), 'hh_x')).toEqual({ refused: 'not-found' });
  });
});

describe('uniqueness', () => {
  it('a person lives in one household: the clerk gets a reference, the lowest common office the line', async () => {
    const one = fresh();
    const { household } = await settle(store, one);
    const other = { ...fresh(), members: one.members, village: '350122102203' };
    const decided = registerHousehold(wantedHousehold(other), '2016-01-01', doing({ actor: 'li' }));
    const refused = await commit(store, { before: undefined, ...granted(decided) });
    expect(refused).toMatchObject({ refused: 'person-elsewhere', values: { reference: /^ref_/ } });
    expect(JSON.stringify(refused)).not.toContain(household.id);
    const lines = await dump(tables.access);
    const line = lines
      .map((item) => AccessLine.safeParse(item).data)
      .find((one) => one?.sub === 'li');
    expect(line).toMatchObject({
      kind: 'person-elsewhere',
      area: '350122',
      household: household.id,
    });
    expect((refused as { values?: object }).values).toEqual({ reference: line?.reference });
  });

  it('a household number stands for one household in its county', async () => {
    const wanted = fresh();
    await settle(store, wanted);
    const second = wantedHousehold({ ...fresh(), number: wanted.number });
    const decided = granted(registerHousehold(second, '2016-01-01', doing()));
    expect(await commit(store, { before: undefined, ...decided })).toEqual({
      refused: 'household-number-taken',
      values: { number: wanted.number },
    });
  });

  it('who left may join elsewhere under the same id, and the past stays', async () => {
    const wanted = fresh(['head', 'son']);
    const file = await settle(store, wanted);
    const [, son] = file.household.members;
    const end = { person: son?.id ?? '', heldTo: '2017-05-01', endReason: 'moved-out' };
    const left = granted(endMember(file, end, doing()));
    granted(await write(store, file, left));
    const identity = wanted.members[1]?.identity ?? '';
    expect((await findPersons(store, [identity])).get(identity)).toMatchObject({
      person: son?.id,
      live: false,
    });
    const target = await settle(store, fresh());
    const joining = {
      ...(wanted.members[1] ?? wantedMember()),
      id: son?.id ?? '',
      heldFrom: '2017-05-01',
      joinReason: 'moved-in',
    };
    const joined = granted(addMember(target, joining, doing()));
    granted(await write(store, target, joined));
    expect((await findPersons(store, [identity])).get(identity)).toMatchObject({
      household: target.household.id,
      person: son?.id,
      live: true,
    });
    expect((await reload(file.household.id)).household.past).toMatchObject([
      { id: son?.id, ...{ heldTo: '2017-05-01' } },
    ]);
  });

  it('striking off frees persons and number, and leaves the file and its roster readable', async () => {
    const wanted = fresh(['head', 'spouse']);
    const file = await settle(store, wanted);
    const order = { heldFrom: '2017-03-01', reason: 'error' };
    granted(await write(store, file, granted(strikeOff(file, order, doing()))));
    const { id } = file.household;
    expect(await getRoster(tables.household, VILLAGE, id)).toMatchObject({ status: 'struck-off' });
    expect(await householdsIn(tables.household, VILLAGE)).toContain(id);
    expect((await readStored(store, id))?.household.members).toHaveLength(2);
    const again = await settle(store, wanted);
    expect([...(await findNumbers(store, '350122', [wanted.number])).values()]).toEqual([
      again.household.id,
    ]);
  });

  it('a corrected identity number frees the wrong one and takes the right one', async () => {
    const wanted = fresh();
    const file = await settle(store, wanted);
    const person = file.household.members[0]?.id ?? '';
    const number = identityOf('1949-10-01', 7);
    const identity = { number, birth: '1949-10-01', sex: 'male', card: null } as const;
    const members = [{ person, identity, facts: {}, cleared: [] }];
    const patch = {
      heldFrom: TODAY,
      heldTo: null,
      reason: '录错',
      facts: {},
      cleared: [],
      contact: {},
      members,
    };
    granted(await write(store, file, granted(changeHousehold(file, patch, doing()))));
    const old = wanted.members[0]?.identity ?? '';
    const persons = await findPersons(store, [number, old]);
    expect(persons.get(number)).toMatchObject({ person, live: true });
    expect(persons.has(old)).toBe(false);
    const owner = await settle(store, { ...fresh(), members: wanted.members });
    const holders = await findPersons(store, [old]);
    expect(holders.get(old)?.household).toBe(owner.household.id);
    expect((await reload(file.household.id)).secrets.identities).toEqual({ [person]: number });
  });
});

describe('moving', () => {
  it('moves one roster and never a history', async () => {
    const file = await settle(store, fresh());
    const { id } = file.household;
    const move = { village: '350122101209', heldFrom: TODAY, reason: '更名' };
    const moved = granted(moveHousehold(file, move, doing()));
    granted(await write(store, file, moved));
    expect(await getRoster(tables.household, VILLAGE, id)).toBeUndefined();
    expect(await getRoster(tables.household, move.village, id)).toMatchObject({ version: 2 });
    const order = { heldFrom: TODAY, reason: 'error' };
    const closed = granted(strikeOff(moved?.next ?? file, order, doing()));
    granted(await write(store, moved?.next ?? file, closed));
    const back = granted(moveHousehold(closed.next, { ...move, village: VILLAGE }, doing()));
    granted(await write(store, closed.next, back));
    expect(await householdsIn(tables.household, move.village)).not.toContain(id);
    expect(await householdsIn(tables.household, VILLAGE)).toContain(id);
  });

  it('leaves a pointer with the day in every village it went away from, also when it comes back', async () => {
    const file = await settle(store, fresh());
    const { id } = file.household;
    const left = async (village: string) => {
      const item = await getItem(tables.household, { pk: `V#${village}`, sk: `2#${id}` });
      return item && LeftItem.parse(item).leftOn;
    };
    const [there, reason] = ['350122101209', '更名'];
    const away = { village: there, heldFrom: '2017-03-01', reason };
    const moved = granted(moveHousehold(file, away, doing()));
    granted(await write(store, file, moved));
    expect([await left(VILLAGE), await left(there)]).toEqual(['2017-03-01', undefined]);
    const home = { village: VILLAGE, heldFrom: '2017-06-01', reason };
    const back = granted(moveHousehold(moved?.next ?? file, home, doing()));
    granted(await write(store, moved?.next ?? file, back));
    expect([await left(VILLAGE), await left(there)]).toEqual(['2017-03-01', '2017-06-01']);
    expect(await householdsIn(tables.household, VILLAGE)).toContain(id);
    expect(await householdsIn(tables.household, there)).not.toContain(id);
  });
});

describe('racing', () => {
  it('of two clerks saving at once one is written, the other is told the present version', async () => {
    const file = await settle(store, fresh());
    const saved = await Promise.all(
      ['A', 'B', 'C', 'D'].map((housingGrade) =>
        write(store, file, change(file, { housingGrade })),
      ),
    );
    expect(saved.filter((one) => 'ok' in one)).toHaveLength(1);
    for (const one of saved.filter((each) => 'refused' in each))
      expect(one).toEqual({ refused: 'version-stale', values: { version: 2 } });
    expect((await reload(file.household.id)).household.version).toBe(2);
  });

  it('the same person added to many households at once ends up in one', async () => {
    const files = await Promise.all(Array.from({ length: 5 }, () => settle(store, fresh())));
    const joining = {
      ...wantedMember({
        relation: 'son',
        birth: '2001-01-01',
        identity: identityOf('2001-01-01', 3),
      }),
      heldFrom: TODAY,
      joinReason: 'moved-in',
    };
    const saved = await Promise.all(
      files.map((file) => write(store, file, granted(addMember(file, joining, doing())))),
    );
    expect(saved.filter((one) => 'ok' in one)).toHaveLength(1);
    expect(saved.filter((one) => 'refused' in one)).toMatchObject(
      Array.from({ length: 4 }, () => ({ refused: 'person-elsewhere' })),
    );
    const now = await Promise.all(files.map((file) => reload(file.household.id)));
    expect(now.flatMap(({ household }) => household.members)).toHaveLength(6);
  });
});

describe('limits', () => {
  it('a change that touches too many persons is refused by name, and nothing is written', async () => {
    const wanted = fresh(['head', ...Array.from({ length: 60 }, () => 'other')]);
    const decided = granted(registerHousehold(wantedHousehold(wanted), '2016-01-01', doing()));
    expect(await commit(store, { before: undefined, ...decided })).toMatchObject({
      refused: 'household-too-large',
    });
    expect(await readStored(store, decided.next.household.id)).toBeUndefined();
    expect(await wroteEvent(store, decided.event)).toBe(false);
  });

  it('thirty persons, all with identity numbers, go through', async () => {
    const file = await settle(store, fresh(['head', ...Array.from({ length: 29 }, () => 'other')]));
    expect((await reload(file.household.id)).household.members).toHaveLength(30);
  });
});

async function dump(table: string): Promise<readonly Record<string, unknown>[]> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: table }));
  return Items.map((item) => unmarshall(item));
}

describe('what a thief of the tables would see', () => {
  it('no identity number, phone or account stands in any table in the clear, replaced ones neither', async () => {
    const contact = { phone: '10000000099', bankAccount: '00009988776655' };
    const file = await settle(store, { ...fresh(['head', 'son']), members: family(), contact });
    const patch = {
      heldFrom: TODAY,
      heldTo: null,
      reason: '录错',
      facts: {},
      cleared: [],
      contact: { phone: '10000000098', bankAccount: '00001122334455' },
      members: [],
    };
    granted(await write(store, file, granted(changeHousehold(file, patch, doing()))));
    const all = await Promise.all(
      [tables.household, tables.identity, tables.access].map((table) =>
        dynamo().send(new ScanCommand({ TableName: table })),
      ),
    );
    const items = all.flatMap(({ Items = [] }) => Items);
    const readable = Buffer.concat(
      items.flatMap((item) => [
        Buffer.from(JSON.stringify(unmarshall(item))),
        ...Object.values(item).flatMap((value) => (value.B ? [Buffer.from(value.B)] : [])),
      ]),
    ).toString('latin1');
    const secrets = [
      ...family().map((member) => member.identity ?? ''),
      ...Object.values(contact),
      ...Object.values(patch.contact),
    ];
    expect(items.length).toBeGreaterThan(20);
    expect(secrets.filter((secret) => readable.includes(secret))).toEqual([]);
  });
});
