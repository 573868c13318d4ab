import type { CountedItem, Finding, Found } from './coverage.ts';
import {
  type AnswerOf,
  type AnswerPlaces,
  type AskedFacts,
  answerPlaces,
  askedFacts,
  factsThatDiffer,
  type Kept,
  keptAnswer,
  packAnswers,
  packFacts,
} from './coverage-kept.ts';
import { addDays, type Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { type Entitlement, entitlementsOf, ruleOf, servedRuleOf } from './entitlement.ts';
import { timesInYear } from './entitlement-period.ts';
import { earliest, NEVER } from './figure.ts';
import { type BenefitPeriod, benefitPeriods, type PolicyItem } from './policy.ts';
import type { Program } from './policy-compile.ts';
import type { PolicyGround } from './policy-ground.ts';
import type { Answer, LineValues } from './policy-interpret.ts';
import { periodOf, type Receipt } from './receipt.ts';

/** What an area's households are evaluated by on a day. */
export interface CoverageRules {
  readonly area: AreaCode;
  readonly day: Day;
  /** In force on the day, one version each. */
  readonly items: readonly PolicyItem[];
  readonly lines: LineValues;
  readonly program: Program;
  /** Tells these rules from any others. */
  readonly mark: string;
  /** First day on which other rules are in force. */
  readonly until: Day;
  readonly asked: AskedFacts;
  readonly places: AnswerPlaces;
  /** First day of the next period, by kind. */
  readonly periodEnds: Readonly<Record<BenefitPeriod, Day>>;
  /** First day on which another of two items that exclude each other may be the larger of its year. */
  readonly choiceEnds: Day;
}

/** Longest period there is, in days: beyond it nothing is looked for. */
const LONGEST = 400;

function endOf(period: BenefitPeriod, day: Day, area: AreaCode): Day {
  if (period === 'once') return NEVER;
  const now = periodOf(day, period, area);
  let next = addDays(day, 1);
  for (let at = 1; at < LONGEST && periodOf(next, period, area) === now; at += 1)
    next = addDays(next, 1);
  return next;
}

/** An item in force for a part of this year may come to more in the next, and then take another's place. */
function choiceEndOf(items: readonly PolicyItem[], day: Day, place: AreaCode): Day {
  const next = endOf('year', day, place);
  const named = new Set(items.flatMap(({ exclusions }) => exclusions));
  const isOther = items.some((item) => {
    if (item.exclusions.length === 0 && !named.has(item.id)) return false;
    return timesInYear(item, { day, place }) !== timesInYear(item, { day: next, place });
  });
  return isOther ? next : NEVER;
}

/** Rules ready for work: with what they ask, and the days on which something of them ends. */
export function coverageRules(
  given: Omit<CoverageRules, 'asked' | 'places' | 'periodEnds' | 'choiceEnds'>,
): CoverageRules {
  const { program, day, area } = given;
  const facts = program.rules.flatMap(({ id }) => program.factsOf(id));
  const ends = benefitPeriods.map((period) => [period, endOf(period, day, area)] as const);
  return {
    ...given,
    asked: askedFacts(facts),
    choiceEnds: choiceEndOf(given.items, day, area),
    places: answerPlaces(program.rules),
    periodEnds: {
      once: NEVER,
      month: NEVER,
      term: NEVER,
      year: NEVER,
      ...Object.fromEntries(ends),
    },
  };
}

/** A household to evaluate. */
export interface Case {
  readonly ground: PolicyGround;
  readonly receipts: readonly Receipt[];
  /** When its members were born. */
  readonly births: readonly Day[];
  /** What the last evaluation kept. */
  readonly before?: Kept | undefined;
}

/** What was found of a household. */
export interface Evaluated extends Found {
  readonly kept: Kept;
  /** First day on which something of it may be different with nothing entered. */
  readonly nextOn: Day;
}

interface Task {
  readonly of: Case;
  readonly facts: string;
  /** What was kept by these very rules about these very members. */
  readonly kept: Kept | undefined;
  /** Rules whose answers may be different from those kept; all of them where nothing was. */
  readonly due: ReadonlySet<string> | undefined;
}

function isUsable(
  { rules, persons }: Kept,
  { mark }: CoverageRules,
  ground: PolicyGround,
): boolean {
  return (
    rules === mark &&
    persons.length === ground.persons.length &&
    ground.persons.every(({ id }, at) => persons[at] === id)
  );
}

function taskOf(rules: CoverageRules, of: Case): Task {
  const { asked, program } = rules;
  const facts = packFacts(of.ground, asked);
  const { before } = of;
  if (!before || !isUsable(before, rules, of.ground))
    return { of, facts, kept: undefined, due: undefined };
  const changed = factsThatDiffer(before.facts, facts, asked);
  return { of, facts, kept: before, due: program.dependents(changed) };
}

const ALL = '*';
const nothing: ReadonlySet<string> = new Set();

/** Tasks for which the engine is asked the same. */
function keyOf({ due }: Task): string {
  return due ? [...due].toSorted().join(' ') : ALL;
}

/** Answers to the tasks of one key: of those with something kept, the others were kept. */
function answering(
  { program, places }: CoverageRules,
  tasks: readonly Task[],
  key: string,
): (at: number, task: Task) => AnswerOf {
  const due = key === '' ? nothing : new Set(key.split(' '));
  const grounds = tasks.map(({ of }) => of.ground);
  const verdicts = program.evaluate(grounds, key === ALL ? undefined : due);
  return (at, { kept }) =>
    (rule, person) =>
      kept && !due.has(rule)
        ? keptAnswer(kept, places.get(rule), person)
        : verdicts.of(at, rule, person);
}

/** What is said of entitlements; nothing of a plain no. */
export function findingsOf(
  entitlements: readonly Entitlement[],
  persons: readonly string[],
): readonly Finding[] {
  return entitlements.flatMap(({ item, person, result, received, dueFen, receivedFen }) => {
    const outcome = result === 'not-eligible' && received ? 'received-not-eligible' : result;
    if (outcome === 'not-eligible') return [];
    const place = person === null ? -1 : persons.indexOf(person);
    return [{ item, person: place, outcome, dueFen, receivedFen }];
  });
}

/** Whoever was born on 29 February is a year older on 1 March. */
function nextBirthday(birth: Day, day: Day): Day {
  const [month, after] = [birth.slice(5, 7), Number(birth.slice(8)) - 1];
  const inYear = (year: number) => addDays(`${year}-${month}-01`, after);
  const year = Number(day.slice(0, 4));
  const thisYear = inYear(year);
  return thisYear > day ? thisYear : inYear(year + 1);
}

export type Dated = Pick<Receipt, 'item' | 'on'>;

/** When receipts say something else: from the day of payment on, and when the item's period is over, or the year that a receipt may be told by. */
export function changesOf(
  { items, periodEnds, day }: CoverageRules,
  receipts: readonly Dated[],
): readonly Day[] {
  const kinds = new Map(items.map(({ id, benefit }) => [id, benefit.period]));
  return receipts.flatMap(({ item, on }) => {
    const kind = kinds.get(item) ?? 'once';
    const paid = on > day ? [on] : [];
    if (kind === 'once') return paid;
    return [...paid, periodEnds[kind], periodEnds.year];
  });
}

function nextOnOf(rules: CoverageRules, { births, receipts }: Case): Day {
  const birthdays = births.map((birth) => nextBirthday(birth, rules.day));
  return earliest([rules.until, rules.choiceEnds, ...birthdays, ...changesOf(rules, receipts)]);
}

/** Answers of a rule for all it is about: the household, or each of so many persons. */
function isAny(
  answers: AnswerOf,
  rule: string,
  about: { readonly persons: number | undefined; readonly isWanted: (answer: Answer) => boolean },
): boolean {
  const { persons, isWanted } = about;
  if (persons === undefined) return isWanted(answers(rule));
  for (let person = 0; person < persons; person += 1)
    if (isWanted(answers(rule, person))) return true;
  return false;
}

const isNotNo = (answer: Answer) => answer !== 'no';
const isYes = (answer: Answer) => answer === 'yes';

/** Items of which something is to be said: all others are a plain no for everybody, take nobody's place, and are most. */
function itemsOfInterest(
  { items }: CoverageRules,
  { ground, receipts }: Case,
  answers: AnswerOf,
): readonly PolicyItem[] {
  const had = new Set(receipts.map(({ item }) => item));
  return items.filter((item) => {
    if (item.subject === 'village') return false;
    const persons = item.subject === 'person' ? ground.persons.length : undefined;
    if (had.has(item.id) || isAny(answers, ruleOf(item), { persons, isWanted: isNotNo }))
      return true;
    if (item.receivedWhen === null) return false;
    return isAny(answers, servedRuleOf(item), { persons, isWanted: isYes });
  });
}

/** What is found of a household by the answers to its rules. */
function settle(rules: CoverageRules, { of, facts }: Task, answers: AnswerOf): Evaluated {
  const { program, lines, day, mark } = rules;
  const { ground, receipts } = of;
  const items = itemsOfInterest(rules, of, answers);
  const persons = ground.persons.map(({ id }) => id);
  const entitlements = entitlementsOf({ ground, receipts, items, lines, day, answers });
  return {
    persons: persons.length,
    findings: findingsOf(entitlements, persons),
    kept: {
      rules: mark,
      persons,
      facts,
      answers: packAnswers(program.rules, persons.length, answers),
    },
    nextOn: nextOnOf(rules, of),
  };
}

/**
 * Evaluates households by their area's rules: the engine answers for many at once, and of a household evaluated before only what depends on
 * facts that have changed. The same for the queue's one household, a village of the nightly look and a shard of a province; what it needs
 * in memory are the households given.
 */
export function evaluateShard(rules: CoverageRules, cases: readonly Case[]): readonly Evaluated[] {
  const tasks = cases.map((one, place) => ({ ...taskOf(rules, one), place }));
  const found: Evaluated[] = [];
  for (const [key, same] of Map.groupBy(tasks, keyOf)) {
    const answers = answering(rules, same, key);
    for (const [at, task] of same.entries())
      found[task.place] = settle(rules, task, answers(at, task));
  }
  return found;
}

/** Items as coverage counts them. */
export function countedItems({ items }: CoverageRules): readonly CountedItem[] {
  return items.map(({ id, subject }) => ({ id, subject }));
}
