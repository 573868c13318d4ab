import { blankColumn, type Column, type Filled, fill } from './policy-column.ts';
import { factsIn } from './policy-condition.ts';
import type { FactValues } from './policy-fact.ts';
import type { PolicyGround } from './policy-ground.ts';
import type { Answer, LineValues } from './policy-interpret.ts';
import { type Answers, runTest } from './policy-leaf.ts';
import {
  columnsOf,
  planOf,
  type Ref,
  type Rule,
  type Scope,
  type Step,
  stepsOf,
} from './policy-plan.ts';
import { bitsIn, intAt, WORD, wordsFor } from './policy-word.ts';

export type { Rule } from './policy-plan.ts';

/** How many answered how: persons for a rule about persons, otherwise households. */
export interface Tally {
  readonly yes: number;
  readonly no: number;
  readonly unknown: number;
}

/** Answers of an evaluation. Asking for a rule or somebody that was not evaluated is a fault. */
export interface Verdicts {
  /**
   * @param ground place of the household among the grounds given
   * @param person place of the person among those of the household, for a rule about persons
   */
  of(ground: number, rule: string, person?: number): Answer;
  tally(rule: string): Tally;
}

export interface Program {
  readonly rules: readonly Rule[];
  /** Facts a rule asks; none for a rule that is not of the program. */
  factsOf(rule: string): readonly string[];
  /** Rules that may answer otherwise when these facts change. */
  dependents(changedFacts: ReadonlySet<string>): ReadonlySet<string>;
  /** @param only rules to be answered; all where not told */
  evaluate(grounds: readonly PolicyGround[], only?: ReadonlySet<string>): Verdicts;
}

/** Answers of all steps of a scope, those of a step from `slot * words` on. */
interface Sheet {
  readonly count: number;
  readonly words: number;
  readonly yes: Int32Array;
  readonly no: Int32Array;
}

/** Who is judged: the facts of each, in the order of the answers. */
interface Judged {
  readonly rows: Readonly<Record<'person' | 'household' | 'village', readonly FactValues[]>>;
  /** Household of each person. */
  readonly homeOf: Int32Array;
  /** First person of each household, and behind the last of all. */
  readonly firstOf: Int32Array;
}

function judgedIn(grounds: readonly PolicyGround[]): Judged {
  const person: FactValues[] = [];
  const household: FactValues[] = [];
  const village: FactValues[] = [];
  const firstOf = new Int32Array(grounds.length + 1);
  for (const ground of grounds) {
    household.push(ground.household);
    village.push(ground.village);
    for (const { values } of ground.persons) person.push(values);
    firstOf[household.length] = person.length;
  }
  const homeOf = new Int32Array(person.length);
  for (let home = 0; home < grounds.length; home += 1)
    homeOf.fill(home, intAt(firstOf, home), intAt(firstOf, home + 1));
  return { rows: { person, household, village }, homeOf, firstOf };
}

function sheetFor(steps: readonly Step[], scope: Scope, count: number): Sheet {
  const slots = steps.filter((step) => step.scope === scope).length;
  const words = wordsFor(count);
  const size = slots * words;
  return { count, words, yes: new Int32Array(size), no: new Int32Array(size) };
}

const subjects = ['person', 'household', 'village'] as const;

/** Takes the steps of a plan for some subjects. */
class Run {
  readonly #sheets: Readonly<Record<Scope, Sheet>>;
  readonly #judged: Judged;
  readonly #filled = new Map<Column, Filled>();

  /**
   * @param steps of the whole plan
   * @param columns those that are asked
   */
  constructor(steps: readonly Step[], columns: readonly Column[], judged: Judged) {
    const { household, person } = judged.rows;
    this.#judged = judged;
    this.#sheets = {
      home: sheetFor(steps, 'home', household.length),
      person: sheetFor(steps, 'person', person.length),
    };
    for (const subject of subjects) {
      const own = columns.filter(({ fact }) => fact.of === subject);
      const filled = own.map((column) => this.#filledOf(column));
      fill(filled, judged.rows[subject]);
    }
  }

  answersOf({ scope, slot }: Step): Answers {
    const { yes, no, words } = this.#sheets[scope];
    return { yes, no, words, from: slot * words };
  }

  #filledOf(column: Column): Filled {
    const known = this.#filled.get(column);
    if (known) return known;
    const filled = blankColumn(column, this.#judged.rows[column.fact.of].length);
    this.#filled.set(column, filled);
    return filled;
  }

  #all(of: readonly Ref[], { yes, no, from, words }: Answers): void {
    yes.fill(-1, from, from + words);
    for (const { step, swapped } of of) {
      const start = step.slot * words;
      const holds = swapped ? no : yes;
      const fails = swapped ? yes : no;
      for (let word = 0; word < words; word += 1) {
        yes[from + word] = intAt(yes, from + word) & intAt(holds, start + word);
        no[from + word] = intAt(no, from + word) | intAt(fails, start + word);
      }
    }
  }

  /** Each person has the answer of its household. */
  #told(of: Answers, { yes, no, from, words }: Answers): void {
    const { homeOf } = this.#judged;
    for (let word = 0; word < words; word += 1) {
      const first = word * WORD;
      const end = Math.min(first + WORD, homeOf.length);
      let y = 0;
      let n = 0;
      for (let at = first; at < end; at += 1) {
        const home = intAt(homeOf, at);
        const source = of.from + (home >> 5);
        y |= ((intAt(of.yes, source) >>> home) & 1) << at;
        n |= ((intAt(of.no, source) >>> home) & 1) << at;
      }
      yes[from + word] = y;
      no[from + word] = n;
    }
  }

  take(step: Step): void {
    const { act } = step;
    const answers = this.answersOf(step);
    if (act.kind === 'all') this.#all(act.of, answers);
    if (act.kind === 'told') this.#told(this.answersOf(act.of), answers);
    if (act.kind === 'test') runTest(act.test, this.#filledOf(act.column), answers);
  }
}

/** Reads the answers of a run. */
class Reading implements Verdicts {
  readonly #run: Run;
  readonly #judged: Judged;
  readonly #roots: ReadonlyMap<string, Ref>;

  constructor(run: Run, judged: Judged, roots: ReadonlyMap<string, Ref>) {
    this.#run = run;
    this.#judged = judged;
    this.#roots = roots;
  }

  #root(rule: string): Ref {
    const root = this.#roots.get(rule);
    if (!root) throw new Error(`the rule ${rule} was not evaluated`);
    return root;
  }

  /** Place of a household or, for a rule about persons, of a person among the answers. */
  #placeOf(scope: Scope, ground: number, person: number | undefined): number {
    const { firstOf, rows } = this.#judged;
    const first = intAt(firstOf, ground);
    const isThere = ground >= 0 && ground < rows.household.length;
    if (scope === 'home' && isThere) return ground;
    const last = intAt(firstOf, ground + 1) - first;
    if (!isThere || person === undefined || !(person >= 0 && person < last))
      throw new Error(`nobody stands at ${ground}, ${person}`);
    return first + person;
  }

  of(ground: number, rule: string, person?: number): Answer {
    const { step, swapped } = this.#root(rule);
    const place = this.#placeOf(step.scope, ground, person);
    const { yes, no, from } = this.#run.answersOf(step);
    const word = from + (place >> 5);
    if ((intAt(swapped ? no : yes, word) >>> place) & 1) return 'yes';
    return (intAt(swapped ? yes : no, word) >>> place) & 1 ? 'no' : 'unknown';
  }

  tally(rule: string): Tally {
    const { step, swapped } = this.#root(rule);
    const { yes, no, from, words } = this.#run.answersOf(step);
    const { household, person } = this.#judged.rows;
    const holds = bitsIn(swapped ? no : yes, from, from + words);
    const fails = bitsIn(swapped ? yes : no, from, from + words);
    const { length } = step.scope === 'home' ? household : person;
    return { yes: holds, no: fails, unknown: length - holds - fails };
  }
}

/**
 * Compiles rules whose conditions refuseCondition lets pass. Answers are three-valued, two bits a subject, 32 subjects a word: a part of a
 * condition that several rules share is worked out once, for all subjects.
 * @param lines what each line comes to on the day, fen; a clause about a line without an amount is unknown
 */
export function compileRules(rules: readonly Rule[], lines: LineValues): Program {
  const plan = planOf(rules, lines);
  const facts = new Map(rules.map(({ id, condition }) => [id, factsIn(condition)]));
  const factsOf = (rule: string) => facts.get(rule) ?? [];
  return {
    rules,
    factsOf,
    dependents: (changed) => {
      const ids = rules.map(({ id }) => id);
      return new Set(ids.filter((id) => factsOf(id).some((fact) => changed.has(fact))));
    },
    evaluate: (grounds, only) => {
      const judged = judgedIn(grounds);
      const roots = only ? new Map([...plan.roots].filter(([id]) => only.has(id))) : plan.roots;
      const needed = stepsOf(roots.values());
      const run = new Run(plan.steps, columnsOf(needed), judged);
      for (const step of plan.steps) if (needed.has(step)) run.take(step);
      return new Reading(run, judged, roots);
    },
  };
}
