import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import { type Role, roles } from '../../functions/core/access.ts';
import { type Level, levelOf, levels } from '../../functions/core/division.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import type { FunctionSpec, Route } from '../../functions/core/spec.ts';
import { MOST_LEFT, numbersLeft } from '../support/rebuild.ts';
import { type Expected, expected, type Target } from './expected.ts';
import {
  type Asker,
  closedTown,
  mixedAreas,
  ownArea,
  pairedHelper,
  places,
  type Relation,
  relations,
  seedWorld,
  villages,
  type World,
} from './world.ts';

interface Served {
  readonly route: Route;
  readonly spec: FunctionSpec;
  /** The past day it is asked about. */
  readonly asOf?: string;
}
const served: readonly Served[] = catalogue
  .flatMap((capability) => capability.functions)
  .flatMap((spec) => (spec.routes ?? []).map((route) => ({ route, spec })));

/** Static pages are built into their bundle and need no rights; they are called in the local run. */
const bundled = new Set(['page', 'openapi']);
const called = served.filter(({ spec }) => !bundled.has(spec.id));
/** What may be asked about a past day: rights are the same then, by where households are now. */
const past = called
  .filter(({ route }) => 'asOf' in (route.query?.shape ?? {}))
  .map((one) => ({ ...one, asOf: '2016-06-01' }));

let world: World;
const handlers = new Map<string, unknown>();

beforeAll(async () => {
  world = await seedWorld();
  for (const { spec } of called) {
    const file = join(import.meta.dirname, '../../functions', spec.entry);
    expect(existsSync(file)).toBe(true);
    handlers.set(spec.id, (await import(file)).handler);
  }
});

afterAll(() => world.close());

interface Reply {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

let requests = 0;

/** Calls a function as the API does: a version 2.0 event with the claims of a checked token. */
async function call(one: Served, target: Target, asker: Asker | 'nobody'): Promise<Reply> {
  const { path, query: asked, body, stale } = expectedOf(one).ask(target);
  const query = one.asOf === undefined ? asked : { ...asked, asOf: one.asOf };
  requests += 1;
  const { sub, role, areas } = asker === 'nobody' ? { sub: '', role: '', areas: '' } : asker;
  const event = {
    version: '2.0',
    routeKey: `${one.route.method} ${one.route.path}`,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `key-${requests}`,
      ...(stale && { 'if-match': '"999"' }),
    },
    ...(path && { pathParameters: path }),
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    requestContext: {
      requestId: `r${requests}`,
      ...(asker !== 'nobody' && { authorizer: { jwt: { claims: { sub, role, areas } } } }),
    },
    isBase64Encoded: false,
  };
  const handler = handlers.get(one.spec.id);
  if (typeof handler !== 'function') throw new Error(`${one.spec.id} has no handler`);
  const answer = await Promise.resolve(Reflect.apply(handler, undefined, [event, {}]));
  const text = String(answer.body);
  const json = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: answer.statusCode, code: json.code, text };
}

function expectedOf({ route }: Served): Expected {
  const found = expected[route.id];
  if (!found) throw new Error(`${route.id} is missing from the table of rights`);
  return found;
}

function asker(role: Role, level: Level, sub: string = `${role}-${level}`): Asker {
  return { role, level, sub, areas: ownArea[level] };
}

/** The place, and the household and person that live there, in that relation to an actor of a level. */
function targetFor(about: Expected['about'], level: Level, relation: Relation): Target | undefined {
  const village = villages[level][relation];
  const place = about === 'household' ? village : places[level][relation];
  if (place === undefined) return undefined;
  return targetAt(place, world.households.get(village ?? ''));
}

/** The same with the household that was struck off there. */
function closedTargetFor(level: Level, relation: Relation): Target | undefined {
  const village = villages[level][relation];
  return village === undefined ? undefined : targetAt(village, world.closed.get(village));
}

function targetAt(place: string, file: HouseholdFile | undefined): Target {
  const [identity = ''] = Object.values(file?.secrets.identities ?? {});
  return {
    place,
    identity,
    household: file?.household.id ?? '',
    person: file?.household.members[0]?.id ?? '',
    world,
  };
}

type Outcome = 'granted' | 'above' | 'forbidden' | 'outside';

/** What a level that may call comes to where it may reach the place. */
function grantedAt({ above }: Expected, level: Level | undefined): Outcome {
  return level !== undefined && above?.levels.includes(level) ? 'above' : 'granted';
}

/** What must come of it, by the words of the roles and not by the specs. */
function outcomeFor(wanted: Expected, who: Asker, relation: Relation): Outcome {
  const { callers, about } = wanted;
  if (callers !== 'open' && !callers[who.role]?.includes(who.level)) return 'forbidden';
  if (callers === 'open' || about === 'nothing') return 'granted';
  if (wanted.ownOnly?.includes(who.role)) return 'outside';
  const isPaired = who.sub === pairedHelper && relation === 'own';
  const isInside = relation === 'own' || relation === 'child';
  const mayReach = about === 'household' && who.role === 'helper' ? isPaired : isInside;
  return mayReach ? grantedAt(wanted, who.level) : 'outside';
}

function isOutcome(reply: Reply, wanted: Expected, outcome: Outcome): boolean {
  const said = (what: number | string) =>
    typeof what === 'number' ? reply.status === what : reply.code === what;
  if (outcome === 'forbidden') return reply.status === 403 && reply.code === 'role-not-allowed';
  if (outcome === 'outside') return said(wanted.outside ?? 'not-found');
  if (outcome === 'above') return said(wanted.above?.told ?? '');
  return said(wanted.granted);
}

/** What must come of it for a token of several areas: a place is entered by the right of the area it lies in, and by no other. */
function outcomeAmong(wanted: Expected, who: Asker, place: string): Outcome {
  const { callers, about } = wanted;
  if (callers === 'open') return 'granted';
  const allowed = who.areas.split(' ').filter((area) => {
    const level = levelOf(area);
    return level !== undefined && callers[who.role]?.includes(level);
  });
  if (allowed.length === 0) return 'forbidden';
  if (about === 'nothing') return 'granted';
  const own = allowed.find((area) => place.startsWith(area));
  return own === undefined ? 'outside' : grantedAt(wanted, levelOf(own));
}

/** Every asker a route is tried with: each role at each level, and the helper who is paired. */
const askers: readonly Asker[] = [
  ...roles.flatMap((role) => levels.map((level) => asker(role, level))),
  ...levels.map((level) => asker('helper', level, pairedHelper)),
];

/** What is wrong with the answers about a place and its household, in words; one that was struck off is paired with nobody. */
async function faultsOf(one: Served, who: Asker, relation: Relation): Promise<readonly string[]> {
  const wanted = expectedOf(one);
  const target = targetFor(wanted.about, who.level, relation);
  const closed = wanted.about === 'household' ? closedTargetFor(who.level, relation) : undefined;
  const outcome = outcomeFor(wanted, who, relation);
  const unpaired = outcomeFor(wanted, { ...who, sub: 'unpaired' }, relation);
  return [
    ...(target ? await faultsIn(one, who, { relation, target, outcome }) : []),
    ...(closed ? await faultsIn(one, who, { relation, target: closed, outcome: unpaired }) : []),
  ];
}

interface Case {
  readonly relation: Relation;
  readonly target: Target;
  readonly outcome: Outcome;
}

/** What is wrong with one answer, in words. */
async function faultsIn(
  one: Served,
  who: Asker,
  { relation, target, outcome }: Case,
): Promise<readonly string[]> {
  const wanted = expectedOf(one);
  const reply = await call(one, target, who);
  const told = `${who.sub} of ${who.level} on ${relation}: ${reply.status} ${reply.code ?? ''}`;
  const strangers = world.unreachable(who).filter((id) => reply.text.includes(id));
  const shows = !wanted.discloses && world.secrets.some((secret) => reply.text.includes(secret));
  const tells =
    !wanted.discloses && world.identities.some((one) => numbersLeft(reply.text, one) < MOST_LEFT);
  return [
    ...(isOutcome(reply, wanted, outcome) ? [] : [`${told}, must be ${outcome}`]),
    ...(tells ? [`${told}, lets a number be rebuilt from birth and mask`] : []),
    ...(shows ? [`${told}, shows a full number`] : []),
    ...(strangers.length > 0 ? [`${told}, shows households out of reach`] : []),
  ];
}

/** The same for a token of several areas, asking about the places around the town. */
async function mixedFaultsOf(
  one: Served,
  who: Asker,
  relation: Relation,
): Promise<readonly string[]> {
  const wanted = expectedOf(one);
  const target = targetFor(wanted.about, 'town', relation);
  if (!target) return [];
  const home = wanted.about === 'household' ? villages.town[relation] : undefined;
  const outcome = outcomeAmong(wanted, who, home ?? target.place);
  const reply = await call(one, target, who);
  if (isOutcome(reply, wanted, outcome)) return [];
  return [
    `${one.route.id} on ${relation}: ${reply.status} ${reply.code ?? ''}, must be ${outcome}`,
  ];
}

async function wrongAnswers(one: Served): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const who of askers) {
    for (const relation of relations) wrong.push(...(await faultsOf(one, who, relation)));
  }
  return wrong;
}

function reachableIn(area: string, who: Asker): readonly string[] {
  const hidden = new Set(world.unreachable(who));
  return [...world.households]
    .filter(
      ([
        village,
        {
          household: { id },
        },
      ]) => village.startsWith(area) && !hidden.has(id),
    )
    .map(([, file]) => file.household.id);
}

describe('who may see and do what', () => {
  it('is said for every route there is', () => {
    const silent = served.map(({ route }) => route.id).filter((id) => !(id in expected));
    expect(silent).toEqual([]);
    expect(called.length).toBeGreaterThan(5);
  });

  it.each(called.map((one) => [one.route.id, one] as const))(
    '%s answers every role, level and place as its words say',
    async (_id, one) => {
      expect(await wrongAnswers(one)).toEqual([]);
    },
  );

  it.each(past.map((one) => [one.route.id, one] as const))(
    '%s answers every role, level and place about a past day as about today',
    async (_id, one) => {
      expect(await wrongAnswers(one)).toEqual([]);
    },
  );

  it.each([
    ['an office, by place', asker('office', 'county')],
    ['a helper, by pairing', asker('helper', 'county', pairedHelper)],
  ])('a list names every household in reach of %s', async (_who, who) => {
    const one = called.find(({ route }) => route.id === 'household.list');
    const target = targetFor('area', 'county', 'own');
    const inReach = reachableIn(ownArea.county, who);
    expect(inReach.length).toBeGreaterThan(0);
    if (!one || !target) throw new Error('there is no list of households');
    const { text } = await call(one, target, who);
    expect(inReach.filter((id) => !text.includes(id))).toEqual([]);
  });

  it('nothing but open routes answers without a token, or with one that names no areas', async () => {
    for (const one of called.filter(({ route }) => expected[route.id]?.callers !== 'open')) {
      const target = targetFor(expectedOf(one).about, 'county', 'own');
      if (!target) continue;
      expect([one.route.id, (await call(one, target, 'nobody')).status]).toEqual([
        one.route.id,
        401,
      ]);
      const nowhere = { ...asker('office', 'county'), areas: '' };
      expect(await call(one, target, nowhere)).toMatchObject({ code: 'token-unusable' });
    }
  });

  it('a token with the code of a closed town is as good as one with the town that took its place', async () => {
    for (const one of called) {
      const wanted = expectedOf(one);
      for (const relation of relations) {
        const target = targetFor(wanted.about, 'town', relation);
        if (!target) continue;
        const who = { ...asker('office', 'town'), areas: closedTown };
        const outcome = outcomeFor(wanted, who, relation);
        const reply = await call(one, target, who);
        expect([one.route.id, relation, reply.code, isOutcome(reply, wanted, outcome)]).toEqual([
          one.route.id,
          relation,
          reply.code,
          true,
        ]);
      }
    }
  });

  it.each(['office', 'auditor'] as const)(
    'a token of two levels acts in each of its areas by the level of that area alone (%s)',
    async (role) => {
      const who = { ...asker(role, 'town', `${role}-mixed`), areas: mixedAreas };
      const wrong: string[] = [];
      for (const one of called)
        for (const relation of relations) wrong.push(...(await mixedFaultsOf(one, who, relation)));
      expect(wrong).toEqual([]);
    },
  );
});
