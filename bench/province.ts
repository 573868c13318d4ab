import * as z from 'zod';
import { codesOf } from '../functions/core/code-list.ts';
import { HouseholdFacts, PersonFacts } from '../functions/core/fact.ts';
import { stated } from '../functions/core/fact-history.ts';
import type { HouseholdOn } from '../functions/core/household-as-of.ts';
import { compileRules, type Tally } from '../functions/core/policy-compile.ts';
import { type FactDefinition, factCatalogue } from '../functions/core/policy-fact.ts';
import { groundOn } from '../functions/core/policy-ground.ts';
import type { VillageProfile } from '../functions/core/roster.ts';
import { registered } from '../test/support/build.ts';
import { profile } from '../test/support/roster.ts';
import { villagesOf } from './county.ts';
import { DAY, sampleLines, sampleRules } from './policy.ts';

/** Makes of facts that households and members of the province have. */
const MAKES = 997;
/** Of a hundred facts, so many are unknown. */
const UNKNOWN = 12;
const HOMES_PER_VILLAGE = 64;
const PERSONS = [3, 2, 4, 3, 5, 1, 3, 4] as const;

/** The same numbers on every machine. */
function chance(seed: number): () => number {
  let state = seed * 2_654_435_761 + 12_345;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 16_777_216;
  };
}

function amount({ unit, least = 0, most }: FactDefinition, next: () => number): number {
  if (unit === 'fen') return Math.floor(next() * 20_000) * 100;
  if (unit === 'year') return 2013 + Math.floor(next() * 7);
  if (unit === 'mu' || unit === 'squareMetres') return Math.floor(next() * 200) / 10;
  return least + Math.floor(next() * Math.min(13, 1 + (most ?? 13) - least));
}

function madeUp(fact: FactDefinition, next: () => number): unknown {
  if (fact.type === 'flag') return next() < 0.5;
  if (fact.type === 'number') return amount(fact, next);
  const codes = fact.list ? codesOf(fact.list) : [];
  const code = codes[Math.floor(next() * codes.length)];
  if (fact.type === 'code') return fact.id === 'person.disabilityKind' ? Number(code) : code;
  return [code];
}

/** The facts of a make: about as many are known as in a county that keeps its register well. */
function factsOf(of: 'person' | 'household', shape: object, make: number): object {
  const next = chance(make);
  const known = factCatalogue
    .map((fact) => ({ fact, field: fact.id.slice(of.length + 1) }))
    .filter(({ fact, field }) => fact.of === of && Object.hasOwn(shape, field))
    .filter(() => next() * 100 >= UNKNOWN);
  return Object.fromEntries(known.map(({ fact, field }) => [field, madeUp(fact, next)]));
}

function incomeOf(make: number): HouseholdFacts['income'] {
  const next = chance(make + MAKES);
  const fen = () => Math.floor(next() * 1_000_000);
  return {
    from: '2016-01-01',
    to: '2016-12-31',
    wagesFen: fen(),
    businessFen: fen(),
    propertyFen: 0,
    transferFen: fen(),
    businessCostFen: 0,
  };
}

const makes = Array.from({ length: MAKES }, (_, make) => ({
  household: stated(
    HouseholdFacts.partial().parse({
      ...factsOf('household', HouseholdFacts.shape, make),
      ...(make % 9 > 0 && { income: incomeOf(make) }),
    }),
  ),
  person: stated(PersonFacts.partial().parse(factsOf('person', PersonFacts.shape, make))),
  birth: `${1932 + (make % 84)}-${String((make % 12) + 1).padStart(2, '0')}-15`,
}));
const [template] = registered().household.members;

function makeAt(order: number): (typeof makes)[number] {
  const make = makes[order % MAKES];
  if (!make) throw new Error('no make');
  return make;
}

/** The household of an order in the province, as it would be known on a day. */
export function homeAt(order: number, village: string): HouseholdOn {
  if (!template) throw new Error('nobody to take after');
  const members = Array.from({ length: PERSONS[order % PERSONS.length] ?? 3 }, (_, place) => {
    const { person, birth } = makeAt(order * 7 + place * 131);
    const member = { ...template, id: `per_${order}_${place}`, birth };
    return { member, facts: person };
  });
  return { village, facts: { ...makeAt(order * 3).household, village }, members };
}

/** The households of a province village by village, made when they are asked for. */
export function* provinceVillages(persons: number): Generator<{
  readonly profile: VillageProfile;
  readonly homes: readonly HouseholdOn[];
}> {
  const villages = villagesOf('350194');
  let order = 0;
  for (let told = 0; told < persons; ) {
    const village = villages[order % villages.length] ?? '350194100200';
    const first = order;
    const homes = Array.from({ length: HOMES_PER_VILLAGE }, (_, at) => homeAt(first + at, village));
    order += HOMES_PER_VILLAGE;
    told += homes.reduce((sum, { members }) => sum + members.length, 0);
    yield { profile: profile({ village, road: order % 3 > 0, homes: 300 }), homes };
  }
}

const none: Tally = { yes: 0, no: 0, unknown: 0 };

function add(one: Tally, other: Tally): Tally {
  return {
    yes: one.yes + other.yes,
    no: one.no + other.no,
    unknown: one.unknown + other.unknown,
  };
}

/** Evaluates every rule of the sample for a province, village by village, and keeps nothing but counts. */
export function evaluateProvince(persons: number): ReadonlyMap<string, Tally> {
  const rules = sampleRules();
  const program = compileRules(rules, sampleLines());
  const tallies = new Map<string, Tally>();
  for (const { profile: village, homes } of provinceVillages(persons)) {
    const verdicts = program.evaluate(homes.map((home) => groundOn(home, village, DAY)));
    for (const { id } of rules) tallies.set(id, add(tallies.get(id) ?? none, verdicts.tally(id)));
  }
  return tallies;
}

/** What a run in a process of its own tells. */
export const ProvinceRun = z.object({
  persons: z.int(),
  seconds: z.number(),
  /** Most memory the process held, MB. */
  memoryMb: z.number(),
  yes: z.int(),
});

if (process.argv[1] === import.meta.filename) {
  const persons = Number(process.argv[2]);
  const began = performance.now();
  const tallies = evaluateProvince(persons);
  const run: z.infer<typeof ProvinceRun> = {
    persons,
    seconds: (performance.now() - began) / 1000,
    memoryMb: process.resourceUsage().maxRSS / 1024,
    yes: [...tallies.values()].reduce((sum, { yes }) => sum + yes, 0),
  };
  console.log(JSON.stringify(run));
}
