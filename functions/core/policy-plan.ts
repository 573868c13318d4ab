import { type Column, dayNumber, FIRST_NAMED, FLAG_SET } from './policy-column.ts';
import {
  type Clause,
  type Condition,
  clausesOf,
  lineOfValue,
  negated,
  type Op,
} from './policy-condition.ts';
import { definitionOf, type FactDefinition, type Subject } from './policy-fact.ts';
import { denials, type LineValues } from './policy-interpret.ts';
import { indexTest, type Test } from './policy-leaf.ts';

export interface Rule {
  readonly id: string;
  readonly subject: Subject;
  readonly condition: Condition;
}

/** Of whom a step answers: of each household (and its village), or of each person. */
export type Scope = 'home' | 'person';

/** A step, and whether its answers are taken the other way round. */
export interface Ref {
  readonly step: Step;
  readonly swapped: boolean;
}

/** A test of a column, all of several steps together, the answers of households told to their persons, or what nobody can answer. */
type Act =
  | { readonly kind: 'test'; readonly column: Column; readonly test: Test }
  | { readonly kind: 'all'; readonly of: readonly Ref[] }
  | { readonly kind: 'told'; readonly of: Step }
  | { readonly kind: 'open' };

/** One step of a program; its answers are kept at `slot` among those of its scope. */
export interface Step {
  readonly id: number;
  readonly scope: Scope;
  readonly slot: number;
  readonly act: Act;
}

/** What a set of rules comes to: steps in the order in which they are taken, and whose answers are those of each rule. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly roots: ReadonlyMap<string, Ref>;
}

/** Steps as they are found; equal ones are one. */
class Steps {
  readonly all: Step[] = [];
  readonly #known = new Map<string, Step>();
  readonly #slots = { home: 0, person: 0 };

  put(key: string, scope: Scope, act: Act): Step {
    const full = `${scope} ${key}`;
    const known = this.#known.get(full);
    if (known) return known;
    const step = { id: this.all.length, scope, slot: this.#slots[scope], act };
    this.#slots[scope] += 1;
    this.#known.set(full, step);
    this.all.push(step);
    return step;
  }

  /** The answers of a step about households, told to persons. */
  told({ step, swapped }: Ref): Ref {
    return { step: this.put(`told ${step.id}`, 'person', { kind: 'told', of: step }), swapped };
  }

  /** All of them hold. What is about households is answered for households, and told to persons once. */
  join(refs: readonly Ref[]): Ref {
    const homes = refs.filter(({ step }) => step.scope === 'home');
    const own = refs.filter(({ step }) => step.scope === 'person');
    if (own.length === 0) return this.#join(homes, 'home');
    return this.#join(
      homes.length === 0 ? own : [...own, this.told(this.#join(homes, 'home'))],
      'person',
    );
  }

  #join(refs: readonly Ref[], scope: Scope): Ref {
    const byKey = new Map(refs.map((ref) => [`${ref.step.id}${ref.swapped ? '-' : ''}`, ref]));
    const [only, ...others] = byKey.values();
    if (only && others.length === 0) return only;
    const key = `all ${[...byKey.keys()].toSorted().join(' ')}`;
    return { step: this.put(key, scope, { kind: 'all', of: [...byKey.values()] }), swapped: false };
  }
}

const swap = ({ step, swapped }: Ref): Ref => ({ step, swapped: !swapped });

/** The codes that clauses name, by fact. */
function namedCodes(clauses: readonly Clause[]): ReadonlyMap<string, ReadonlySet<string>> {
  const named = new Map<string, Set<string>>();
  for (const { fact, value } of clauses) {
    const codes = named.get(fact) ?? new Set();
    named.set(fact, codes);
    for (const code of [value].flat()) if (typeof code === 'string') codes.add(code);
  }
  return named;
}

function columnOf(fact: FactDefinition, codes: Iterable<string>): Column {
  const place = (at: number) => (fact.type === 'codes' ? 1 << at : FIRST_NAMED + at);
  return { fact, places: new Map([...codes].map((code, at) => [code, place(at)])) };
}

/** Places of the codes that a clause names. */
function wanted({ places }: Column, value: Clause['value']): readonly number[] {
  const codes = [value].flat();
  return [...places].filter(([code]) => codes.some((one) => one === code)).map(([, at]) => at);
}

const orders: Readonly<Partial<Record<Op, 'below' | 'above'>>> = { below: 'below', above: 'above' };

function numberTest(op: Op, value: Clause['value'] | undefined): Test | undefined {
  return typeof value === 'number' ? { kind: orders[op] ?? 'equal', value } : undefined;
}

/** The test a clause comes to; undefined where there is nothing to compare with: nobody can answer it. */
function testOf({ op, value }: Clause, column: Column, lines: LineValues): Test | undefined {
  const line = lineOfValue(value);
  switch (column.fact.type) {
    case 'flag':
      return indexTest([value === true ? FLAG_SET : FLAG_SET + 1], 2);
    case 'code':
      return indexTest(wanted(column, value), column.places.size);
    case 'codes':
      return { kind: 'mask', mask: wanted(column, value).reduce((all, bit) => all | bit, 0) };
    case 'number':
      return numberTest(op, line === undefined ? value : lines[line]);
    case 'day':
      return numberTest(op, dayNumber(String(value)));
  }
}

/** Turns rules into steps. */
class Planner {
  readonly #steps = new Steps();
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #lines: LineValues;

  constructor(rules: readonly Rule[], lines: LineValues) {
    const named = namedCodes(rules.flatMap(({ condition }) => clausesOf(condition)));
    const columns = [...named].flatMap(([id, codes]) => {
      const fact = definitionOf(id);
      return fact ? [[id, columnOf(fact, codes)] as const] : [];
    });
    this.#columns = new Map(columns);
    this.#lines = lines;
  }

  #clause(clause: Clause): Ref {
    if (denials.has(clause.op)) return swap(this.#clause(negated(clause)));
    const { fact, op, value } = clause;
    const column = this.#columns.get(fact);
    const test = column && testOf(clause, column, this.#lines);
    if (!column || !test)
      return { step: this.#steps.put('open', 'home', { kind: 'open' }), swapped: false };
    const scope = column.fact.of === 'person' ? 'person' : 'home';
    const key = `${fact} ${op} ${JSON.stringify(value)}`;
    return { step: this.#steps.put(key, scope, { kind: 'test', column, test }), swapped: false };
  }

  /** Any of several is: not all of them the other way round (De Morgan; it holds under three values too). */
  #condition(condition: Condition): Ref {
    if ('all' in condition)
      return this.#steps.join(condition.all.map((one) => this.#condition(one)));
    if ('any' in condition)
      return swap(this.#steps.join(condition.any.map((one) => swap(this.#condition(one)))));
    return 'not' in condition ? swap(this.#condition(condition.not)) : this.#clause(condition);
  }

  plan(rules: readonly Rule[]): Plan {
    const roots = rules.map(({ id, subject, condition }) => {
      const root = this.#condition(condition);
      const isTold = subject === 'person' && root.step.scope === 'home';
      return [id, isTold ? this.#steps.told(root) : root] as const;
    });
    return { steps: this.#steps.all, roots: new Map(roots) };
  }
}

/**
 * The steps of a set of rules: equal clauses are one test, equal parts of conditions one step, whatever rule they stand in.
 * @param lines what lines come to; a clause about another is open
 */
export function planOf(rules: readonly Rule[], lines: LineValues): Plan {
  return new Planner(rules, lines).plan(rules);
}

/** The steps that answers rest on, themselves included. */
export function stepsOf(roots: Iterable<Ref>): ReadonlySet<Step> {
  const needed = new Set<Step>();
  const add = (step: Step): void => {
    if (needed.has(step)) return;
    needed.add(step);
    if (step.act.kind === 'told') add(step.act.of);
    if (step.act.kind === 'all') for (const ref of step.act.of) add(ref.step);
  };
  for (const { step } of roots) add(step);
  return needed;
}

/** Columns that some steps test. */
export function columnsOf(steps: Iterable<Step>): readonly Column[] {
  const columns = new Set<Column>();
  for (const { act } of steps) if (act.kind === 'test') columns.add(act.column);
  return [...columns];
}
