import type { Actor } from '../core/access.ts';
import type { BulkAct, BulkRow } from '../core/case-bulk.ts';
import { type HouseholdFile, headOf, villageOf } from '../core/household.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { type CaseDecision, contextOf, openOn, type Ports, reaches, stepOn } from './service.ts';

/** What one row of a bulk action needs. Its ids are those of the request and the household, so that a repetition knows its own work. */
export interface RowPorts extends Ports {
  /** The request has come before: what it did then is looked for before anything is decided. */
  readonly isAgain: boolean;
  /** The case this row has acted on already, whatever happened since; undefined before it did. */
  done(household: string): Promise<string | undefined>;
  commit(decision: CaseDecision): Promise<Decided<'written' | 'repeated'>>;
}

/** How often a household is read again that others change at the same time. */
const TURNS = 4;

async function decide(
  ports: RowPorts,
  { actor, file }: { readonly actor: Actor; readonly file: HouseholdFile },
  act: BulkAct,
): Promise<Decided<CaseDecision>> {
  const { household } = file;
  const { procedure, kind, ...given } = act;
  if (kind === 'propose') {
    const { heldOn, reason = '' } = { reason: '', ...given };
    return openOn(
      ports,
      { actor, file },
      { kind: procedure, household: household.id, heldOn, reason },
    );
  }
  const found =
    household.openCase?.kind === procedure ? await ports.found(household.openCase.id) : undefined;
  if (!found) return refuse('case-none', { kind: procedure });
  const { confirmedBy, ...step } = act;
  const head = confirmedBy && headOf(household)?.id;
  const context = contextOf(ports, actor, villageOf(household));
  return stepOn(ports, { found, file, context }, { ...step, ...(head && { confirmedBy: head }) });
}

type Tried = { readonly number: string | null; readonly decided: Decided<string> };

async function tryOnce(
  ports: RowPorts,
  asked: { readonly actor: Actor; readonly household: string; readonly act: BulkAct },
): Promise<Tried | 'again'> {
  const { actor, household, act } = asked;
  const file = await ports.file(household);
  if (!file || !reaches(actor, file)) return { number: null, decided: refuse('not-found') };
  const { number } = file.household;
  const before = ports.isAgain ? await ports.done(household) : undefined;
  if (before !== undefined) return { number, decided: { ok: before } };
  const decided = await decide(ports, { actor, file }, act);
  if (isRefused(decided)) {
    // Refused because another try of this very request, still under way, has done it.
    const done = await ports.done(household);
    return { number, decided: done === undefined ? decided : { ok: done } };
  }
  const written = await ports.commit(decided.ok);
  if (!isRefused(written) && written.ok === 'written')
    return { number, decided: { ok: decided.ok.found.id } };
  return isRefused(written) && written.refused !== 'version-stale'
    ? { number, decided: written }
    : 'again';
}

/** Does one row: all of it or nothing, whatever becomes of the others. */
export async function bulkRow(
  ports: RowPorts,
  asked: { readonly actor: Actor; readonly household: string; readonly act: BulkAct },
  wordsOf: (refusal: Refusal) => Pick<BulkRow, 'code' | 'detail' | 'errors'>,
): Promise<BulkRow> {
  let tried: Tried | 'again' = 'again';
  for (let turn = 1; turn <= TURNS && tried === 'again'; turn += 1)
    tried = await tryOnce(ports, asked);
  const { number, decided } = tried === 'again' ? { number: null, decided: refuse('busy') } : tried;
  const { household } = asked;
  if (isRefused(decided))
    return { household, number, outcome: 'refused', case: null, ...wordsOf(decided) };
  const none = { code: null, detail: null, errors: [] };
  return { household, number, outcome: 'done', case: decided.ok, ...none };
}
