import { beforeAll, describe, expect, it } from 'vitest';
import { identityOf } from '../support/build.ts';
import { county, FAR, NEAR, requestDesk, requestGround, town } from '../support/request-desk.ts';

beforeAll(async () => {
  await requestGround();
});

const { filed, ask, decide, shown, households } = requestDesk();

let count = 0;
async function couple(given: object = {}) {
  count += 1;
  const members = ['1961-01-01', '1962-02-02'].map((birth, place) => ({
    name: `请${count}${place}`,
    relation: place === 0 ? 'head' : 'spouse',
    identityNumber: identityOf(birth, 500 + count),
  }));
  const id = await households.registered({ members, ...given });
  const [head = '', spouse = ''] = (await households.shown(id, county)).members.map(
    (member) => member.id,
  );
  return { id, head, spouse };
}

describe('what is above a clerk’s right is asked for', () => {
  it('a split is shown with both households, and made by the town that approves it', async () => {
    const one = await couple();
    const split = {
      kind: 'split',
      persons: { [one.spouse]: 'head' },
      number: `R${count}`,
      heldFrom: '2017-06-01',
      reason: 'divorce',
    };
    const request = await filed(one.id, split);
    const { level, parts } = await shown(request);
    expect(level).toBe('town');
    const [stays, leaves] = parts;
    expect(stays?.changes.map(({ field }) => field)).toContain('splitInto');
    expect(leaves).toMatchObject({ version: 0, changes: [{ field: 'splitFrom', after: one.id }] });
    expect((await households.shown(one.id)).members).toHaveLength(2);
    expect((await decide(request, 'approval')).status).toBe(200);
    expect(await households.shown(one.id)).toMatchObject({
      members: [{ id: one.head }],
      events: [{ kind: 'split', source: request, requestedBy: 'village', actor: 'town' }, {}],
    });
    const parted = await households.shown(leaves?.household ?? '');
    expect(parted.members).toMatchObject([{ id: one.spouse }]);
  });

  it('a merger of households of different status is for the county; it lapses when the other has changed', async () => {
    const [one, other] = [
      await couple(),
      await couple({ facts: { status: 'exited', exitYear: 2016 } }),
    ];
    const relations = { [other.head]: 'sibling', [other.spouse]: 'other' };
    const merger = { kind: 'merger', household: other.id, version: 1, relations, reason: 'care' };
    const request = await filed(one.id, merger);
    expect((await shown(request)).level).toBe('county');
    expect((await decide(request, 'approval', { by: town })).body.code).toBe('above-right');
    expect((await decide(request, 'approval', { by: county })).status).toBe(200);
    expect((await households.shown(one.id)).members).toHaveLength(4);
    const [two, late] = [await couple(), await couple()];
    const again = { [late.head]: 'sibling', [late.spouse]: 'other' };
    const asked = { ...merger, household: late.id, relations: again };
    const lapsing = await filed(two.id, asked);
    const facts = { facts: { food: true } };
    const patch = { route: 'PATCH /households/{id}', params: { id: late.id }, ifMatch: 1 };
    expect((await households.call({ ...patch, body: facts })).status).toBe(200);
    expect((await decide(lapsing, 'approval')).body.code).toBe('request-stale');
  });

  it('a move and a return are asked for by a village', async () => {
    const one = await couple();
    const move = { kind: 'relocation', reason: 'relocation', heldFrom: '2017-06-01' };
    const near = await filed(one.id, { ...move, village: NEAR });
    expect((await shown(near)).level).toBe('town');
    expect((await decide(near, 'approval')).status).toBe(200);
    expect(await households.shown(one.id)).toMatchObject({ village: NEAR });
    const two = await couple();
    expect((await shown(await filed(two.id, { ...move, village: FAR }))).level).toBe('county');
    const route = 'POST /households/{id}/striking-off';
    const off = { route, params: { id: two.id }, body: { reason: 'error' }, ifMatch: 1 };
    expect((await households.call(off)).status).toBe(200);
    const back = { kind: 'reinstatement', status: 'unexited', reason: 'mistaken' };
    const request = await filed(two.id, back, 2);
    expect((await shown(request)).level).toBe('county');
    expect((await decide(request, 'approval', { by: county })).status).toBe(200);
    expect(await households.shown(two.id)).toMatchObject({ status: 'unexited' });
  });

  it('a member entered by mistake is void from the first day, whenever that is approved', async () => {
    const one = await couple();
    const end = { kind: 'member-end', personId: one.spouse, reason: 'error' };
    expect((await ask(one.id, end)).body.code).toBe('request-not-needed');
    const alone = await couple();
    const death = { reason: 'death', heldTo: '2017-03-01' };
    const route = 'POST /households/{id}/members/{personId}/end';
    const params = { id: alone.id, personId: alone.spouse };
    expect((await households.call({ route, params, body: death, ifMatch: 1 })).status).toBe(200);
    const last = { ...end, personId: alone.head };
    const request = await filed(alone.id, last, 2);
    expect((await decide(request, 'approval', { by: county })).status).toBe(200);
    expect((await households.shown(alone.id)).past.map(({ heldTo }) => heldTo).sort()).toEqual([
      '2016-01-01',
      '2017-03-01',
    ]);
  });
});
