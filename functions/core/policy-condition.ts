import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';
import { definitionOf, type FactDefinition, type FactType, type Subject } from './policy-fact.ts';
import { type Fault, type Refusal, refuse } from './refusal.ts';

export type Op =
  | 'is'
  | 'is-not'
  | 'in'
  | 'not-in'
  | 'has'
  | 'has-not'
  | 'below'
  | 'at-most'
  | 'above'
  | 'at-least';

/** `{ line: 'dibao' }` stands for a dated line, so that a changed line can be tried without changing the condition. */
export type Value = string | number | boolean | readonly string[] | { readonly line: string };

/** A question about one fact. */
export interface Clause {
  readonly fact: string;
  readonly op: Op;
  readonly value: Value;
}

/** When an item is somebody's: answered yes, no or unknown (policy-interpret.ts). Documented in docs/conditions.md. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Clause;

/** Bounds of a condition: what a person can still read. */
export const MAX_DEPTH = 8;
export const MAX_CLAUSES = 100;

/** What may be asked of a fact of each type. */
export const opsOf: Readonly<Record<FactType, readonly Op[]>> = {
  flag: ['is', 'is-not'],
  code: ['is', 'is-not', 'in', 'not-in'],
  codes: ['has', 'has-not'],
  number: ['is', 'is-not', 'below', 'at-most', 'above', 'at-least'],
  day: ['is', 'is-not', 'below', 'at-most', 'above', 'at-least'],
};
const ops: ReadonlySet<unknown> = new Set(Object.values(opsOf).flat());

const opposites: Readonly<Record<Op, Op>> = {
  is: 'is-not',
  'is-not': 'is',
  in: 'not-in',
  'not-in': 'in',
  has: 'has-not',
  'has-not': 'has',
  below: 'at-least',
  'at-least': 'below',
  above: 'at-most',
  'at-most': 'above',
};

/** The clause that holds exactly where this one fails. */
export function negated(clause: Clause): Clause {
  return { ...clause, op: opposites[clause.op] };
}

/** Facts that an item for somebody may ask: its own, and those of what that is part of. */
const reach: Readonly<Record<Subject, readonly Subject[]>> = {
  person: ['person', 'household', 'village'],
  household: ['household', 'village'],
  village: ['village'],
};

/** How a clerk calls an item for them. */
const whose: Readonly<Record<Subject, string>> = { person: '个人', household: '户', village: '村' };

type Path = readonly (string | number)[];
type Misshape =
  | 'condition-form'
  | 'condition-op'
  | 'condition-value'
  | 'condition-deep'
  | 'condition-many';
interface Problem {
  readonly path: Path;
  readonly why: Misshape;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): boolean {
  const isText = (one: unknown) => typeof one === 'string' && one !== '' && one.length <= 40;
  return Array.isArray(value) && value.length > 0 && value.length <= 60 && value.every(isText);
}

function isValue(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= 40;
  if (typeof value === 'number') return Number.isFinite(value);
  if (isRecord(value)) return Object.keys(value).length === 1 && isTextList([value.line]);
  return typeof value === 'boolean' || isTextList(value);
}

function misshapenClause(clause: Readonly<Record<string, unknown>>, path: Path) {
  const isWhole =
    Object.keys(clause).length === 3 && typeof clause.fact === 'string' && 'op' in clause;
  if (!isWhole) return [{ path, why: 'condition-form' as const }];
  if (!ops.has(clause.op)) return [{ path: [...path, 'op'], why: 'condition-op' as const }];
  return isValue(clause.value)
    ? []
    : [{ path: [...path, 'value'], why: 'condition-value' as const }];
}

function misshapenParts(parts: unknown, path: Path): readonly Problem[] {
  if (!Array.isArray(parts) || parts.length === 0) return [{ path, why: 'condition-form' }];
  if (parts.length > MAX_CLAUSES) return [{ path, why: 'condition-many' }];
  return parts.flatMap((part: unknown, place) => misshapen(part, [...path, place]));
}

/** The level below the root is 2; a path has a step for `all`, `any` or `not` and one for the place in a list. */
function depthOf(path: Path): number {
  return 1 + path.filter((step) => typeof step === 'string').length;
}

function misshapen(condition: unknown, path: Path = []): readonly Problem[] {
  if (depthOf(path) > MAX_DEPTH) return [{ path, why: 'condition-deep' }];
  if (!isRecord(condition)) return [{ path, why: 'condition-form' }];
  const [only, ...others] = Object.keys(condition);
  if (only === undefined || others.length > 0) return misshapenClause(condition, path);
  if (only === 'not') return misshapen(condition.not, [...path, 'not']);
  if (only !== 'all' && only !== 'any') return [{ path, why: 'condition-form' }];
  return misshapenParts(condition[only], [...path, only]);
}

function isCondition(value: unknown): value is Condition {
  return misshapen(value).length === 0;
}

/** What is nested in a condition that is no clause. */
function partsOf(condition: Exclude<Condition, Clause>): readonly Condition[] {
  if ('not' in condition) return [condition.not];
  return 'all' in condition ? condition.all : condition.any;
}

/** The clauses of a condition in the order in which they are read. */
export function clausesOf(condition: Condition): readonly Clause[] {
  return 'fact' in condition ? [condition] : partsOf(condition).flatMap(clausesOf);
}

/** The tree as a request or a record carries it: at most MAX_DEPTH levels and MAX_CLAUSES clauses; facts are checked by refuseCondition. */
export const ConditionShape: z.ZodType<Condition> = z
  .unknown()
  .superRefine((value, context) => {
    const problems = misshapen(value);
    for (const { path, why } of problems.slice(0, 20))
      context.addIssue({ code: 'custom', path: [...path], message: why });
    if (problems.length === 0 && isCondition(value) && clausesOf(value).length > MAX_CLAUSES)
      context.addIssue({ code: 'custom', message: 'condition-many' });
  })
  .pipe(z.custom<Condition>());

/** Facts that a condition asks, each once. */
export function factsIn(condition: Condition): readonly string[] {
  return [...new Set(clausesOf(condition).map(({ fact }) => fact))];
}

/** The line a clause compares with; undefined where it is a plain value. */
export function lineOfValue(value: Value): string | undefined {
  return typeof value === 'object' && 'line' in value ? value.line : undefined;
}

/** Lines that a condition compares with, each once. */
export function linesIn(condition: Condition): readonly string[] {
  const lines = clausesOf(condition).map(({ value }) => lineOfValue(value));
  return [...new Set(lines.filter((line) => line !== undefined))];
}

/** Whether a number can be one of the fact: counted things and fen are whole. */
function isNumberOf({ unit, least, most }: FactDefinition, value: Value): boolean {
  if (typeof value !== 'number') return false;
  const isMeasured = unit === 'mu' || unit === 'kilometres' || unit === 'squareMetres';
  if (!isMeasured && !Number.isInteger(value)) return false;
  return value >= (least ?? -Infinity) && value <= (most ?? Infinity);
}

function areCodesOf({ list }: FactDefinition, codes: readonly string[]): boolean {
  const known = list && codesOf(list);
  return codes.every((code) => (known ? known.includes(code) : levelOf(code) !== undefined));
}

/** One code, or several where the operator asks for a list; `has` takes either. */
function isCodeFor(fact: FactDefinition, { op, value }: Clause): boolean {
  const isSet = op === 'in' || op === 'not-in';
  if (typeof value === 'string') return !isSet && areCodesOf(fact, [value]);
  if (typeof value !== 'object' || 'line' in value) return false;
  return (isSet || fact.type === 'codes') && areCodesOf(fact, value);
}

function isFit(fact: FactDefinition, clause: Clause): boolean {
  const { value } = clause;
  switch (fact.type) {
    case 'flag':
      return typeof value === 'boolean';
    case 'number':
      return isNumberOf(fact, value);
    case 'day':
      return typeof value === 'string' && isDay(value);
    case 'code':
    case 'codes':
      return isCodeFor(fact, clause);
  }
}

/** What a value of the fact can be, in words. */
function expected(fact: FactDefinition, op: Op): { readonly may: string; readonly mayEn: string } {
  const { type, list, least, most } = fact;
  if (type === 'flag') return { may: 'true、false', mayEn: 'true or false' };
  if (type === 'day') return { may: '日期，如 2017-10-23', mayEn: 'a day such as 2017-10-23' };
  if (type === 'number') {
    const range = least === undefined ? '' : ` ${least}–${most ?? ''}`;
    return { may: `数字${range}`, mayEn: `a number${range}` };
  }
  const codes = list ? codesOf(list).join(', ') : '350122101 …';
  const isSet = op === 'in' || op === 'not-in';
  return isSet
    ? { may: `列表，取自 ${codes}`, mayEn: `a list of ${codes}` }
    : { may: codes, mayEn: `one of ${codes}` };
}

function faultOfValue(fact: FactDefinition, clause: Clause, lines: ReadonlySet<string>) {
  const line = lineOfValue(clause.value);
  const values = { fact: fact.id, zh: fact.zh };
  if (line === undefined) {
    if (isFit(fact, clause)) return undefined;
    const may = expected(fact, clause.op);
    return { code: 'condition-value-unfit' as const, values: { ...values, ...may } };
  }
  if (fact.unit !== 'fen') return { code: 'condition-line-unfit' as const, values };
  return lines.has(line)
    ? undefined
    : { code: 'condition-line-unknown' as const, values: { line } };
}

interface Setting {
  readonly subject: Subject;
  readonly lines: ReadonlySet<string>;
}

function faultOf(clause: Clause, path: string, { subject, lines }: Setting): Fault | undefined {
  const { fact: id, op } = clause;
  const fact = definitionOf(id);
  if (!fact) return { field: `${path}.fact`, code: 'condition-fact-unknown', values: { fact: id } };
  const values = { fact: id, zh: fact.zh };
  if (!reach[subject].includes(fact.of))
    return {
      field: `${path}.fact`,
      code: 'condition-fact-beyond',
      values: { ...values, subject, whose: whose[subject] },
    };
  const fitting = opsOf[fact.type];
  if (!fitting.includes(op))
    return {
      field: `${path}.op`,
      code: 'condition-op-unfit',
      values: { ...values, op, ops: fitting.join(', ') },
    };
  const fault = faultOfValue(fact, clause, lines);
  return fault && { field: `${path}.value`, ...fault };
}

function faultsIn(condition: Condition, path: string, setting: Setting): readonly Fault[] {
  if ('fact' in condition)
    return [faultOf(condition, path, setting)].filter((one) => one !== undefined);
  if ('not' in condition) return faultsIn(condition.not, `${path}.not`, setting);
  const word = 'all' in condition ? 'all' : 'any';
  return partsOf(condition).flatMap((part, place) =>
    faultsIn(part, `${path}.${word}.${place}`, setting),
  );
}

/**
 * Why a condition cannot be one of an item for somebody: `condition-invalid`, each fault with its path (`condition.all.1.value`). Codes of
 * the faults: condition-fact-unknown, condition-fact-beyond (an item for a household asks about a person), condition-op-unfit,
 * condition-value-unfit, condition-line-unfit (a line is money), condition-line-unknown.
 * @param lines ids of the lines there are
 */
export function refuseCondition(
  condition: Condition,
  subject: Subject,
  lines: ReadonlySet<string>,
): Refusal | undefined {
  const faults = faultsIn(condition, 'condition', { subject, lines });
  return faults.length === 0 ? undefined : { ...refuse('condition-invalid'), faults };
}
