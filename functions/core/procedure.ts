import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import { type Level, levels } from './division.ts';
import { type ProcedureKind, procedureKinds, stepActs } from './procedure-kind.ts';
import rules from './procedure-rule.json' with { type: 'json' };
import { type Decided, type Fault, refuse } from './refusal.ts';

const name = z.string().trim().min(1).max(40);
const maxSteps = 20;

/** One step of a procedure: what it is, who enters it, and what it must show. */
export const ProcedureStep = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  zh: name,
  en: name,
  act: z.enum(stepActs),
  /** Levels of offices that may enter it. */
  levels: z.array(z.enum(levels)).min(1).max(5),
  /** Entered by somebody who neither proposed nor assessed in this case. */
  apart: z.boolean(),
  /** Days a notice hangs, the day of posting counted; null where nothing is posted for objections. */
  days: z.int().min(1).max(60).nullable(),
  /** Where a notice or announcement is posted. */
  place: z.enum(['village', 'town']).nullable(),
  /** Share of representatives who must be present (`at` of `of`); null where none is counted. */
  quorum: z.object({ at: z.int().positive(), of: z.int().positive() }).nullable(),
});
export type ProcedureStep = z.infer<typeof ProcedureStep>;

/** The steps of a decision, as one area set them from a day on. Version 0 is what holds where nobody set anything. */
export const Procedure = z.object({
  kind: z.enum(procedureKinds),
  version: z.int().nonnegative(),
  validFrom: z.string().refine(isDay),
  validTo: z.string().refine(isDay).nullable(),
  /** Code of the area that set it; `0` for everywhere. */
  scope: z.string(),
  /** The document it comes from. */
  source: z.string().trim().min(2).max(200),
  steps: z.array(ProcedureStep).min(3).max(maxSteps),
});
export type Procedure = z.infer<typeof Procedure>;

const defaults = z.array(Procedure).parse(rules.procedures);

/** What holds where a county has set nothing of its own (documents named in procedure-rule.json). */
export function defaultProcedure(kind: ProcedureKind): Procedure {
  const found = defaults.find((one) => one.kind === kind);
  if (!found) throw new Error(`no procedure for ${kind}`);
  return found;
}

/**
 * The procedure a case that begins on a day follows: the latest that its county published for that day, otherwise the default.
 * @param published versions of one kind in any order; the higher version wins where several hold
 */
export function procedureOn(
  kind: ProcedureKind,
  published: readonly Procedure[],
  day: Day,
): Procedure {
  const holding = published.filter(
    (one) => one.kind === kind && one.validFrom <= day && (one.validTo ?? day) >= day,
  );
  const [latest] = holding.toSorted((one, other) => other.version - one.version);
  return latest ?? defaultProcedure(kind);
}

/** What every decision must have, whoever sets its steps: proof before it, objections heard, and one decision. */
const needed: Readonly<Record<ProcedureKind, readonly ProcedureStep['act'][]>> = {
  identification: ['assess', 'notice', 'decide', 'announce', 'mark'],
  'household-exit': ['assess', 'confirm', 'notice', 'decide', 'announce', 'mark'],
  return: ['assess', 'notice', 'decide', 'mark'],
  'strike-off': ['assess', 'notice', 'decide', 'mark'],
  'village-exit': ['assess', 'notice', 'decide', 'announce', 'mark'],
};

function fault(field: string, code: Fault['code'], values: Fault['values'] = {}): Fault {
  return { field, code, values: { field, ...values } };
}

/** Levels of the offices that take steps; those above read. */
const offices: readonly Level[] = ['county', 'town', 'village'];

/** Why nobody could ever take a step. */
function unworkable({ levels: named, quorum }: ProcedureStep): readonly Fault['code'][] {
  return [
    ...(named.some((level) => offices.includes(level)) ? [] : ['procedure-no-office' as const]),
    ...(quorum && quorum.at > quorum.of ? ['procedure-quorum' as const] : []),
  ];
}

function faultsOfSteps(steps: readonly ProcedureStep[]): readonly Fault[] {
  const least = rules.leastNoticeDays.days;
  return steps.flatMap((step, at): readonly Fault[] => {
    const { id, act, days, place, apart } = step;
    const field = `steps.${at}`;
    const isTwice = steps.findIndex((one) => one.id === id) < at;
    return [
      ...unworkable(step).map((code) => fault(field, code, { step: id })),
      ...(isTwice ? [fault(field, 'procedure-step-twice', { step: id })] : []),
      ...(act === 'notice' && (days ?? 0) < least
        ? [fault(field, 'procedure-notice-short', { step: id, days: least })]
        : []),
      ...(act === 'notice' && place === null
        ? [fault(field, 'procedure-no-place', { step: id })]
        : []),
      ...(act === 'decide' && !apart ? [fault(field, 'procedure-not-apart', { step: id })] : []),
    ];
  });
}

/** The highest level that may enter a step; 0 is the province. */
function highest(step: ProcedureStep): number {
  return Math.min(...step.levels.map((level) => levels.indexOf(level)));
}

/** The order: assessments and notices before the decision, nothing but announcing and marking after it, marking last. */
function faultsOfOrder({ kind, steps }: Pick<Procedure, 'kind' | 'steps'>): readonly Fault[] {
  const acts = steps.map(({ act }) => act);
  const missing = needed[kind].filter((act) => !acts.includes(act));
  const decided = acts.indexOf('decide');
  const decision = steps[decided];
  const isLate = (act: string, at: number) =>
    at > decided ? act !== 'announce' && act !== 'mark' : act === 'announce' || act === 'mark';
  const isOnce = ['decide', 'mark'].every((act) => acts.filter((one) => one === act).length === 1);
  const isOrdered =
    isOnce && acts.at(-1) === 'mark' && !acts.some((act, at) => at !== decided && isLate(act, at));
  const assessed = steps.filter(({ act }) => act === 'assess').map(highest);
  const isBelow = decision !== undefined && highest(decision) > Math.min(...assessed);
  return [
    ...missing.map((act) => fault('steps', 'procedure-act-missing', { act })),
    ...(isOrdered ? [] : [fault('steps', 'procedure-order')]),
    ...(isBelow ? [fault('steps', 'procedure-decision-low')] : []),
  ];
}

/**
 * A procedure as a county may publish it, or everything that is wrong with it: each decision needs assessments, a notice long enough
 * for objections, and one decision by somebody who did not assess, at no lower level than those who did.
 * Refusals: request-invalid with faults procedure-….
 */
export function checkProcedure(procedure: Procedure): Decided<Procedure> {
  const faults = [...faultsOfSteps(procedure.steps), ...faultsOfOrder(procedure)];
  return faults.length > 0 ? { ...refuse('request-invalid'), faults } : { ok: procedure };
}
