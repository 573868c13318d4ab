import * as z from 'zod';
import { Votes } from './case.ts';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';
import { StatedFacts } from './fact.ts';
import { freeText } from './free-text.ts';
import { NewHousehold } from './household-input.ts';
import { id } from './household-path.ts';
import { Procedure } from './procedure.ts';
import { procedureKinds } from './procedure-kind.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** Words of a clerk, without long numbers. */
export const FreeText = freeText(500);

/** What a family that applies may state: what the procedure decides is not among it. */
const Applied = z.strictObject(
  StatedFacts.omit({
    ...{ village: true, status: true, identifiedYear: true, planYear: true, exitYear: true },
  }).partial().shape,
);

const reason = FreeText;

/** A wrong entry is struck off without a procedure, and who applied in vain by the end of it. */
const strikeOff = z.enum(codesOf('strikeOffReason')).exclude(['error', 'not-identified']);
const heldOn = day.optional().describe('today unless told');

/** A proposal: one of a household, of a family that applies to be identified, or of a village. */
export const NewCase = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('identification'),
    application: NewHousehold.extend({ facts: Applied }).omit({ heldFrom: true }),
    heldOn,
    reason,
  }),
  z.strictObject({ kind: z.enum(['household-exit', 'return']), household: id, heldOn, reason }),
  z.strictObject({
    kind: z.literal('strike-off'),
    household: id,
    heldOn,
    reason,
    strikeOff,
  }),
  z.strictObject({
    kind: z.literal('village-exit'),
    village: z.string().regex(/^[1-9]\d{11}$/),
    heldOn,
    reason,
  }),
]);
export type NewCase = z.infer<typeof NewCase>;

/** One step as it is entered. */
export const CaseStep = z.strictObject({
  step: z.string().min(1).max(40),
  outcome: z.enum(['passed', 'failed']),
  heldOn,
  note: FreeText.optional(),
  document: freeText(80, 1).optional(),
  votes: Votes.optional(),
  confirmedBy: id.optional().describe('the member who confirms'),
});
export type CaseStep = z.infer<typeof CaseStep>;

export const NewObjection = z.strictObject({ raisedOn: day.optional(), note: FreeText });
export type NewObjection = z.infer<typeof NewObjection>;

export const ObjectionSettlement = z.strictObject({
  resolvedOn: day.optional(),
  upheld: z.boolean(),
  resolution: FreeText,
});
export type ObjectionSettlement = z.infer<typeof ObjectionSettlement>;

export const Withdrawal = z.strictObject({ reason: FreeText });
export type Withdrawal = z.infer<typeof Withdrawal>;

export const CasePath = z.object({ id });
export const ObjectionPath = z.object({ id, objectionId: id });

const area = z.string().refine((code) => levelOf(code) !== undefined);
export const ProcedureQuery = z.object({ area, kind: z.enum(procedureKinds) });

/** The steps an area sets for one kind of decision from a day on. */
export const NewProcedure = Procedure.omit({ version: true, scope: true, validTo: true })
  .extend({ area })
  .strict();
export type NewProcedure = z.infer<typeof NewProcedure>;
