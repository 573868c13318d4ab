import type { Case } from '../../functions/core/case.ts';
import { newCase } from '../../functions/core/case-open.ts';
import { type CaseContext, type StepOrder, takeStep } from '../../functions/core/case-step.ts';
import { addDays } from '../../functions/core/day.ts';
import type { Level } from '../../functions/core/division.ts';
import { defaultProcedure, type Procedure } from '../../functions/core/procedure.ts';
import type { ProcedureKind } from '../../functions/core/procedure-kind.ts';
import { context, granted, TODAY, VILLAGE } from './build.ts';

/** Somebody of an office of these levels. */
export function officeOf(level: Level, actor = `${level}-clerk`, today = TODAY): CaseContext {
  return { ...context({ actor, today }), levels: [level] };
}

/** A case that was proposed by the village on a day. */
export function proposed(
  kind: ProcedureKind = 'household-exit',
  given: { readonly openedOn?: string; readonly procedure?: Procedure; readonly id?: string } = {},
): Case {
  const { openedOn = '2017-10-01', procedure = defaultProcedure(kind), id = 'cs_1' } = given;
  const proposal = {
    ...{ id, kind, heldOn: openedOn, reason: '村里提出' },
    strikeOff: kind === 'strike-off' ? 'gone' : null,
  };
  const subject = { type: 'household', id: 'hh_1' } as const;
  return granted(
    newCase(proposal, { subject, village: VILLAGE, procedure }, officeOf('village', 'proposer')),
  );
}

/** An entry about the step that comes next. */
export function orderFor(found: Case, given: Partial<StepOrder> = {}): StepOrder {
  const step = found.steps[found.next];
  const heldOn = found.records.at(-1)?.heldOn ?? found.openedOn;
  return {
    ...{ step: step?.id ?? '', outcome: 'passed', heldOn, note: null, document: null },
    votes: step?.quorum ? { of: 30, present: 25, agreed: 20 } : null,
    confirmedBy: step?.act === 'confirm' ? 'per_1' : null,
    ...given,
  };
}

/** Takes steps, each by an office of the lowest level that may, waiting out notices, until the one named comes next. */
export function upTo(found: Case, act: string, today = TODAY): Case {
  let now = found;
  for (;;) {
    const step = now.steps[now.next];
    if (now.state !== 'open' || !step || step.act === act || step.id === act) return now;
    const [level = 'village'] = step.levels;
    const last = now.records.at(-1);
    const waited = last?.act === 'notice' ? addDays(last.heldOn, 7) : undefined;
    const order = orderFor(now, waited === undefined ? {} : { heldOn: waited });
    const by = officeOf(level, `${level} ${step.id}`, today);
    now = granted(takeStep(now, order, { context: by, sheet: null }));
  }
}
