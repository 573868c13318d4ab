import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Environment } from '@marcbachmann/cel-js';
import { LogicEngine } from 'json-logic-engine';
import { Engine } from 'json-rules-engine';
import type { Household } from '../functions/core/household.ts';
import { blankColumn, fill } from '../functions/core/policy-column.ts';
import { compileRules, type Program, type Rule } from '../functions/core/policy-compile.ts';
import type { Clause, Condition, Op, Value } from '../functions/core/policy-condition.ts';
import { explain } from '../functions/core/policy-explain.ts';
import {
  type FactDefinition,
  type FactValue,
  type FactValues,
  factCatalogue,
  isBounds,
} from '../functions/core/policy-fact.ts';
import { groundOf, groundOn, type PolicyGround } from '../functions/core/policy-ground.ts';
import { columnsOf, planOf } from '../functions/core/policy-plan.ts';
import { readStored } from '../functions/household/read.ts';
import { inLanes } from '../functions/lib/lanes.ts';
import { profile } from '../test/support/roster.ts';
import type { Tables } from './ground.ts';
import { DAY, sampleLines, sampleRules } from './policy.ts';
import { ProvinceRun, provinceVillages } from './province.ts';
import { type Figure, interleaved } from './ratio.ts';

const ROUNDS = 9;
const LANES = 8;
const PERSONS = 6000;
const lines = sampleLines();
const rules = sampleRules();

/** What an engine of two values is given where nothing is known: it has no third one. */
function emptyOf({ type }: FactDefinition): FactValue {
  if (type === 'number') return 0;
  if (type === 'flag') return false;
  return type === 'codes' ? [] : '';
}

function plain(fact: FactDefinition, value: FactValue | undefined): FactValue {
  if (value === undefined) return emptyOf(fact);
  return isBounds(value) ? value.least : value;
}

const nameOf = (fact: string) => fact.slice(fact.indexOf('.') + 1);

/** Facts by their bare names, all of them known. */
function plainFacts(of: string, values: FactValues): Readonly<Record<string, FactValue>> {
  const facts = factCatalogue.filter((fact) => fact.of === of);
  return Object.fromEntries(facts.map((fact) => [nameOf(fact.id), plain(fact, values[fact.id])]));
}

/** The natural form of the others: nested objects. */
interface Nested {
  readonly person: Readonly<Record<string, FactValue>>;
  readonly household: Readonly<Record<string, FactValue>>;
  readonly village: Readonly<Record<string, FactValue>>;
}

interface Subjects {
  readonly grounds: readonly PolicyGround[];
  /** Whom each kind of rule is asked about. */
  readonly nested: Readonly<Record<Rule['subject'], readonly Nested[]>>;
}

function subjects(persons: number): Subjects {
  const villages = [...provinceVillages(persons)];
  const grounds = villages.flatMap(({ profile, homes }) =>
    homes.map((home) => groundOn(home, profile, DAY)),
  );
  const homes = grounds.map((ground) => ({
    person: {},
    household: plainFacts('household', ground.household),
    village: plainFacts('village', ground.village),
  }));
  const people = grounds.flatMap((ground, at) =>
    ground.persons.map(({ values }) => ({
      person: plainFacts('person', values),
      household: homes[at]?.household ?? {},
      village: homes[at]?.village ?? {},
    })),
  );
  return { grounds, nested: { person: people, household: homes, village: homes } };
}

const amountOf = (value: Value) =>
  typeof value === 'object' && 'line' in value ? (lines[value.line] ?? 0) : value;

const signs: Readonly<Partial<Record<Op, '<' | '<=' | '>' | '>=' | '===' | '!=='>>> = {
  below: '<',
  'at-most': '<=',
  above: '>',
  'at-least': '>=',
  is: '===',
  'is-not': '!==',
};

function logicClause({ fact, op, value }: Clause): unknown {
  const asked = { var: fact };
  const sign = signs[op];
  if (sign) return { [sign]: [asked, amountOf(value)] };
  if (op === 'in') return { in: [asked, value] };
  if (op === 'not-in') return { '!': { in: [asked, value] } };
  const hits = [value].flat().map((code) => ({ in: [code, asked] }));
  return op === 'has' ? { or: hits } : { '!': { or: hits } };
}

function logicOf(condition: Condition): unknown {
  if ('all' in condition) return { and: condition.all.map(logicOf) };
  if ('any' in condition) return { or: condition.any.map(logicOf) };
  return 'not' in condition ? { '!': logicOf(condition.not) } : logicClause(condition);
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'number') return JSON.stringify(value);
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function celClause({ fact, op, value }: Clause): string {
  const sign = signs[op]?.slice(0, 2);
  if (sign) return `${fact} ${sign} ${literal(amountOf(value))}`;
  if (op === 'in') return `${fact} in ${literal(value)}`;
  if (op === 'not-in') return `!(${fact} in ${literal(value)})`;
  const hits = [value].flat().map((code) => `${literal(code)} in ${fact}`);
  return op === 'has' ? `(${hits.join(' || ')})` : `!(${hits.join(' || ')})`;
}

function celOf(condition: Condition): string {
  if ('all' in condition) return `(${condition.all.map(celOf).join(' && ')})`;
  if ('any' in condition) return `(${condition.any.map(celOf).join(' || ')})`;
  return 'not' in condition ? `!(${celOf(condition.not)})` : celClause(condition);
}

const ruleOps: Readonly<Record<Op, string>> = {
  is: 'equal',
  'is-not': 'notEqual',
  in: 'in',
  'not-in': 'notIn',
  has: 'contains',
  'has-not': 'doesNotContain',
  below: 'lessThan',
  'at-most': 'lessThanInclusive',
  above: 'greaterThan',
  'at-least': 'greaterThanInclusive',
};

function ruleClause({ fact, op, value }: Clause): object {
  const operator = ruleOps[op];
  if (op !== 'has' && op !== 'has-not') return { fact, operator, value: amountOf(value) };
  const hits = [value].flat().map((code) => ({ fact, operator, value: code }));
  return op === 'has' ? { any: hits } : { all: hits };
}

function ruleOf(condition: Condition): object {
  if ('all' in condition) return { all: condition.all.map(ruleOf) };
  if ('any' in condition) return { any: condition.any.map(ruleOf) };
  return 'not' in condition ? { not: ruleOf(condition.not) } : ruleClause(condition);
}

/** How many rules hold of how many, and how long it took, in milliseconds. */
interface Round {
  readonly yes: number;
  readonly ms: number;
}

type Asked = Readonly<Record<Rule['subject'], readonly ((facts: Nested) => unknown)[]>>;

/** Asks one rule after the other, which is what a compiled function likes best. */
function roundOf(asked: Asked, nested: Subjects['nested']): Round {
  const began = performance.now();
  let yes = 0;
  for (const subject of ['person', 'household', 'village'] as const)
    for (const holds of asked[subject])
      for (const facts of nested[subject]) if (holds(facts) === true) yes += 1;
  return { yes, ms: performance.now() - began };
}

function askedBy(compile: (condition: Condition) => (facts: Nested) => unknown): Asked {
  const of = (subject: Rule['subject']) =>
    rules.filter((rule) => rule.subject === subject).map(({ condition }) => compile(condition));
  return { person: of('person'), household: of('household'), village: of('village') };
}

function jsonLogic(): Asked {
  const engine = new LogicEngine();
  return askedBy((condition) => {
    const built = engine.build(logicOf(condition));
    return (facts) => built(facts);
  });
}

function cel(): Asked {
  const env = new Environment({ unlistedVariablesAreDyn: true });
  return askedBy((condition) => {
    const program = env.parse(celOf(condition));
    return (facts) => program(facts);
  });
}

/** The third engine runs all its rules at once, for one subject after the other, and answers by promises. */
async function rulesRound(
  engines: Readonly<Record<Rule['subject'], Engine>>,
  { nested }: Subjects,
) {
  const flat = (facts: Nested) =>
    Object.fromEntries(
      Object.entries(facts).flatMap(([of, values]) =>
        Object.entries(values).map(([name, value]) => [`${of}.${name}`, value]),
      ),
    );
  const all = (['person', 'household', 'village'] as const).map(
    (subject) => [engines[subject], nested[subject].map(flat)] as const,
  );
  const began = performance.now();
  let yes = 0;
  for (const [engine, facts] of all)
    for (const one of facts) yes += (await engine.run(one)).events.length;
  return { yes, ms: performance.now() - began };
}

function engineFor(subject: Rule['subject']): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const { id, condition } of rules.filter((rule) => rule.subject === subject)) {
    const tree = ruleOf(condition);
    const conditions = 'fact' in tree ? { all: [tree] } : tree;
    engine.addRule({ conditions, event: { type: id } } as never);
  }
  return engine;
}

/** Ours, from grounds to counts of each rule: columns are filled within the time. */
function ourRound(program: Program, grounds: readonly PolicyGround[]): Round {
  const began = performance.now();
  const verdicts = program.evaluate(grounds);
  let yes = 0;
  for (const { id } of rules) yes += verdicts.tally(id).yes;
  return { yes, ms: performance.now() - began };
}

/** What filling the columns of such a round takes, in milliseconds: ours are not kept, others might keep theirs. */
function fillingMs(grounds: readonly PolicyGround[]): number {
  const columns = columnsOf(planOf(rules, lines).steps);
  const rows = {
    person: grounds.flatMap(({ persons }) => persons.map(({ values }) => values)),
    household: grounds.map(({ household }) => household),
    village: grounds.map(({ village }) => village),
  };
  const began = performance.now();
  for (const subject of ['person', 'household', 'village'] as const) {
    const own = columns.filter(({ fact }) => fact.of === subject);
    const blank = own.map((column) => blankColumn(column, rows[subject].length));
    fill(blank, rows[subject]);
  }
  return performance.now() - began;
}

/** Evaluations that a round comes to. */
function countOf({ nested }: Pick<Subjects, 'nested'>): number {
  return rules.reduce((sum, { subject }) => sum + nested[subject].length, 0);
}

const perSecond = (count: number, { ms }: Round) => count / ms / 1000;

/** Grounds in which everything is known: there two values and three must agree. */
function allKnown({ grounds, nested }: Subjects): readonly PolicyGround[] {
  const full = (of: 'person' | 'household' | 'village', facts: Nested): FactValues =>
    Object.fromEntries(Object.entries(facts[of]).map(([name, value]) => [`${of}.${name}`, value]));
  let person = 0;
  return grounds.map((ground, at) => {
    const home = nested.household[at];
    if (!home) throw new Error('a household without facts');
    const persons = ground.persons.map(({ id }) => {
      const facts = nested.person[person];
      person += 1;
      return { id, values: facts ? full('person', facts) : {} };
    });
    return { household: full('household', home), persons, village: full('village', home) };
  });
}

function same(name: string, ours: number, theirs: number): void {
  if (ours !== theirs) throw new Error(`${name} says yes ${theirs} times, we ${ours} times`);
}

function against(
  name: string,
  { ours, base }: { readonly ours: number; readonly base: number },
  more: Partial<Figure>,
): Figure {
  return { name: `evaluations, three values, against ${name}`, unit: 'M/s', ours, base, ...more };
}

function seconds(run: () => unknown): number {
  const began = performance.now();
  run();
  return (performance.now() - began) / 1000;
}

/** Explaining every answer of the first households that is not yes, beside answering alone. */
function explained(program: Program, grounds: readonly PolicyGround[]): Figure {
  const few = grounds.slice(0, 60);
  const verdicts = program.evaluate(few);
  const ours = seconds(() => {
    for (const { id, subject, condition } of rules)
      few.forEach((ground, at) => {
        const asked = subject === 'person' ? ground.persons : [undefined];
        asked.forEach((person, place) => {
          if (verdicts.of(at, id, place) === 'yes') return;
          explain(condition, { ...ground, ...(person && { person: person.values }) }, lines);
        });
      });
  });
  const base = seconds(() => program.evaluate(few));
  const note = 'only where a person asks for one household';
  return { name: 'explaining every refusal, beside answering', unit: 's', ours, base, note };
}

/** The heap of a function of 256 MB: with room to spare Node would put off clearing up, and memory would tell of that. */
const small = ['--max-old-space-size=128', '--max-semi-space-size=8'];

function provinceFigures(): readonly Figure[] {
  const script = join(import.meta.dirname, 'province.ts');
  const run = (persons: number) => {
    const told = execFileSync(process.execPath, [...small, script, `${persons}`]);
    return ProvinceRun.parse(JSON.parse(told.toString()));
  };
  const few = run(100_000);
  const many = run(10_000_000);
  return [
    {
      name: 'memory of a province of ten million, beside a hundred thousand',
      unit: 'MB',
      ours: many.memoryMb,
      base: few.memoryMb,
      goal: 1.2,
      note: `${Math.round(many.seconds)} s for ${many.persons} persons, grounds made and evaluated`,
    },
  ];
}

/** Reads and evaluates a county that is registered in the tables, whole files as the registry keeps them. */
export async function countyFigure(
  { household }: Pick<Tables, 'household'>,
  ids: readonly string[],
): Promise<Figure> {
  const program = compileRules(rules, lines);
  const files = new Map<string, Household>();
  const read = async () => {
    const began = performance.now();
    await inLanes(ids, LANES, async (id) => {
      const file = await readStored({ tables: { household } }, id);
      if (file) files.set(id, file.household);
    });
    return (performance.now() - began) / 1000;
  };
  const evaluate = async () =>
    seconds(() => {
      const homes = [...files.values()];
      const village = profile();
      const grounds = homes.map((home) => groundOf({ household: home, village }, DAY));
      const verdicts = program.evaluate(grounds);
      return rules.map(({ id }) => verdicts.tally(id));
    });
  await read();
  if (files.size !== ids.length) throw new Error('households are missing');
  return {
    name: 'evaluating a county, beside reading it',
    unit: 's',
    ...(await interleaved(5, { ours: evaluate, base: read })),
    goal: 0.2,
    note: `${ids.length} households, ${rules.length} items; grounds made within the time`,
  };
}

/** The rule engine on the sample's conditions, against others on the same conditions and households. */
export async function engineFigures(): Promise<readonly Figure[]> {
  const many = subjects(PERSONS);
  const count = countOf(many);
  const program = compileRules(rules, lines);
  const known = ourRound(program, allKnown(many)).yes;
  const logic = jsonLogic();
  const expressions = cel();
  same('json-logic-engine', known, roundOf(logic, many.nested).yes);
  same('cel-js', known, roundOf(expressions, many.nested).yes);
  const few = subjects(60);
  const engines = {
    person: engineFor('person'),
    household: engineFor('household'),
    village: engineFor('village'),
  };
  const slow = await rulesRound(engines, few);
  same('json-rules-engine', ourRound(program, allKnown(few)).yes, slow.yes);
  const ours = async () => perSecond(count, ourRound(program, many.grounds));
  const note = `${rules.length} conditions, ${many.nested.person.length} persons; from grounds to counts`;
  return [
    against(
      'json-logic-engine compiled',
      await interleaved(ROUNDS, {
        ours,
        base: async () => perSecond(count, roundOf(logic, many.nested)),
      }),
      { goal: 1, atLeast: true, note },
    ),
    against(
      'json-logic-engine compiled, columns filled beforehand',
      await interleaved(ROUNDS, {
        ours: async () => {
          const round = ourRound(program, many.grounds);
          return perSecond(count, { ...round, ms: round.ms - fillingMs(many.grounds) });
        },
        base: async () => perSecond(count, roundOf(logic, many.nested)),
      }),
      { note: 'the filling is timed alone and taken off' },
    ),
    against(
      'cel-js',
      await interleaved(3, {
        ours,
        base: async () => perSecond(count, roundOf(expressions, many.nested)),
      }),
      {},
    ),
    against(
      'json-rules-engine',
      { ours: await ours(), base: perSecond(countOf(few), slow) },
      { note: 'its rules run together for one subject after the other' },
    ),
    explained(program, many.grounds),
    ...provinceFigures(),
  ];
}
