import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { settleExclusions } from './entitlement-exclusion.ts';
import { dueOf } from './entitlement-money.ts';
import { isInPeriod, type Moment, timesInYear } from './entitlement-period.ts';
import type { ItemInForce, PolicyItem } from './policy.ts';
import { explain, type Reason } from './policy-explain.ts';
import type { FactValues } from './policy-fact.ts';
import type { PolicyGround } from './policy-ground.ts';
import {
  type Answer,
  type ConditionFacts,
  interpret,
  type LineValues,
} from './policy-interpret.ts';
import { periodOf, type Receipt } from './receipt.ts';

export const results = ['received', 'missed', 'not-eligible', 'unknown'] as const;
export type Result = (typeof results)[number];

/** What of a receipt an entitlement looks at. */
export type Had = Pick<Receipt, 'item' | 'person' | 'on' | 'amountFen' | 'period'>;

/**
 * What one item means for a household or a person of it on a day: `received`, entitled and given in the period that holds the day; `missed`,
 * entitled and not given; `not-eligible`, and why; `unknown`, and which facts are missing. What was received without being entitled to it
 * has `received` all the same.
 */
export interface Entitlement {
  readonly item: string;
  readonly version: number;
  readonly person: string | null;
  readonly result: Result;
  readonly eligible: Answer;
  readonly received: boolean;
  /** Fen received in the period that holds the day. */
  readonly receivedFen: number;
  /** Fen it comes to in that period; null where it is no money, or that is unknown. */
  readonly dueFen: number | null;
  /** Fen it comes to in the calendar year of the day, if what holds on the day held all year. */
  readonly yearFen: number | null;
  readonly period: string;
  /** Facts without which the amount is unknown. */
  readonly missing: readonly string[];
  /** The item that is had instead, where both exclude each other. */
  readonly excludedBy: string | null;
  /** The clauses that fail, or those whose fact is missing; only where asked for, and only where there is something to say. */
  readonly because?: readonly Reason[];
}

/** Answers of the compiled engine: to the rule of an item (`ruleOf`, `servedRuleOf`) for the household, or its person at that place. */
export type Answers = (rule: string, person: number | undefined) => Answer;

export interface Asked {
  readonly ground: PolicyGround;
  /** Items in force, one version each (`itemsInForce`). */
  readonly items: readonly ItemInForce[];
  readonly lines: LineValues;
  readonly receipts: readonly Had[];
  readonly day: Day;
  /** Where the household lives: school terms are set by place. Its town by the ground, unless told. */
  readonly place?: AreaCode;
  /** Worked out already; otherwise the conditions are read one by one. */
  readonly answers?: Answers;
  /** Reasons cost more than answers. */
  readonly explains?: boolean;
}

/** An item as the compiled engine takes it. */
export interface ItemRule {
  readonly id: string;
  readonly subject: PolicyItem['subject'];
  readonly condition: PolicyItem['condition'];
}

export function ruleOf({ id }: Pick<PolicyItem, 'id'>): string {
  return id;
}

/** The rule that tells from the facts whether an item has been served; `#` is in no item's id. */
export function servedRuleOf({ id }: Pick<PolicyItem, 'id'>): string {
  return `${id}#served`;
}

/** The rules of items for the compiled engine: the condition of each, and what says that it has been served. */
export function rulesOf(items: readonly PolicyItem[]): readonly ItemRule[] {
  return items.flatMap((item) => {
    const { subject, condition, receivedWhen } = item;
    const own = { id: ruleOf(item), subject, condition };
    return receivedWhen
      ? [own, { id: servedRuleOf(item), subject, condition: receivedWhen }]
      : [own];
  });
}

/** One for whom an item may be: the household, or the person at a place of the ground. */
interface Who {
  readonly person: string | null;
  readonly place: number | undefined;
  readonly facts: ConditionFacts;
}

/** What is asked, with what was received by item. */
interface Judging extends Omit<Asked, 'place' | 'receipts'>, Moment {
  readonly had: ReadonlyMap<string, readonly Had[]>;
}

function judge(asked: Judging, item: ItemInForce, who: Who) {
  const { lines, answers, day, place, ground } = asked;
  const had = asked.had.get(item.id) ?? [];
  const { facts } = who;
  const ask = (rule: string, condition: PolicyItem['condition']) =>
    answers ? answers(rule, who.place) : interpret(condition, facts, lines);
  const eligible = ask(ruleOf(item), item.condition);
  const { period } = item.benefit;
  const mine = had.filter(
    (one) => one.on <= day && (item.subject === 'household' || one.person === who.person),
  );
  const inPeriod = mine.filter((one) => isInPeriod(one, period, { day, place }));
  const isServed =
    item.receivedWhen !== null && ask(servedRuleOf(item), item.receivedWhen) === 'yes';
  const due = dueOf(item, facts, ground);
  const isOver = period === 'once' && mine.some(({ on }) => on.slice(0, 4) < day.slice(0, 4));
  const times = isOver ? 0 : timesInYear(item, { day, place });
  return {
    item,
    who,
    person: who.person,
    eligible,
    received: inPeriod.length > 0 || isServed,
    receivedFen: inPeriod.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0),
    dueFen: due.fen,
    yearFen: due.fen === null ? null : due.fen * times,
    missing: due.missing,
  };
}

function resultOf(eligible: Answer, received: boolean, excludedBy: string | null): Result {
  if (eligible === 'no' || excludedBy !== null) return 'not-eligible';
  if (eligible === 'unknown') return 'unknown';
  return received ? 'received' : 'missed';
}

function becauseOf({ explains, lines }: Judging, judged: ReturnType<typeof judge>) {
  if (!explains || judged.eligible === 'yes') return {};
  return { because: explain(judged.item.condition, judged.who.facts, lines).because };
}

function whosOf({ household, village, persons }: PolicyGround) {
  const home: Who = { person: null, place: undefined, facts: { household, village } };
  const each = persons.map(({ id, values }, place): Who => {
    return { person: id, place, facts: { person: values, household, village } };
  });
  return { household: [home], person: each, village: [] } satisfies Record<
    PolicyItem['subject'],
    readonly Who[]
  >;
}

function townOf(village: FactValues): AreaCode {
  const town = village['village.town'];
  return typeof town === 'string' ? town : '';
}

function settle(asked: Judging, judged: readonly ReturnType<typeof judge>[]) {
  const excluded = settleExclusions(judged);
  return judged.map((one): Entitlement => {
    const { item, person, eligible, received, receivedFen, dueFen, yearFen, missing } = one;
    const excludedBy = excluded.get(one) ?? null;
    return {
      item: item.id,
      version: item.version,
      person,
      result: resultOf(eligible, received, excludedBy),
      ...{ eligible, received, receivedFen, dueFen, yearFen, missing, excludedBy },
      period: periodOf(asked.day, item.benefit.period, asked.place),
      ...becauseOf(asked, one),
    };
  });
}

/**
 * What every item means for a household and each of its persons on a day. Items for villages are left out (`villageEntitlementsOf`).
 * Nothing is guessed: an answer that hangs on a fact nobody recorded is `unknown`.
 */
export function entitlementsOf(given: Asked): readonly Entitlement[] {
  const { ground, items, receipts, place = townOf(ground.village) } = given;
  const asked = { ...given, place, had: Map.groupBy(receipts, ({ item }) => item) };
  const whos = whosOf(ground);
  const judged = items.flatMap((item) => whos[item.subject].map((who) => judge(asked, item, who)));
  return settle(asked, judged);
}

/** What every item for villages means for one of them on a day. @param given `receipts` are those of the village itself */
export function villageEntitlementsOf(
  given: Omit<Asked, 'ground'> & { readonly village: FactValues },
): readonly Entitlement[] {
  const { village, items, receipts, place = townOf(village) } = given;
  const ground = { household: {}, persons: [], village };
  const asked = { ...given, ground, place, had: Map.groupBy(receipts, ({ item }) => item) };
  const who: Who = { person: null, place: undefined, facts: { household: {}, village } };
  const own = items.filter(({ subject }) => subject === 'village');
  return settle(
    asked,
    own.map((item) => judge(asked, item, who)),
  );
}
