import type { Case, Subject } from './case.ts';
import type { CaseContext } from './case-step.ts';
import type { Day } from './day.ts';
import type { Procedure } from './procedure.ts';
import type { ProcedureKind } from './procedure-kind.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** What is proposed. */
export interface Proposal {
  readonly id: string;
  readonly kind: ProcedureKind;
  readonly heldOn: Day;
  readonly reason: string;
  /** Code list `strikeOffReason`; null for other kinds. */
  readonly strikeOff: string | null;
}

/** A new case of a subject under the procedure in force. Refusals: date-future, step-wrong-level. */
export function newCase(
  proposal: Proposal,
  about: {
    readonly subject: Subject;
    readonly village: string;
    readonly procedure: Procedure;
  },
  context: CaseContext,
): Decided<Case> {
  const { id, kind, heldOn, reason, strikeOff } = proposal;
  const { subject, village, procedure } = about;
  if (heldOn > context.today) return refuse('date-future', { field: 'heldOn' });
  const refused = refuseProposer(procedure, context);
  if (refused) return refused;
  const { version, validFrom, scope, source, steps } = procedure;
  return {
    ok: {
      ...{ id, version: 1, kind, subject, village, state: 'open', reason, strikeOff },
      ...{ openedOn: heldOn, openedAt: context.at, openedBy: context.actor },
      procedure: { version, validFrom, scope, source },
      steps,
      ...{ next: 0, records: [], objections: [], sheet: null, endedOn: null },
    },
  };
}

/** Who may take the first step may propose. */
function refuseProposer({ steps }: Procedure, context: CaseContext): Refusal | undefined {
  const [first] = steps;
  if (first?.levels.some((level) => context.levels.includes(level))) return undefined;
  const { zh = '', en = '', levels = [] } = first ?? {};
  return refuse('step-wrong-level', { step: zh, en, levels: levels.join('、') });
}
