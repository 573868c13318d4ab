import { type Actor, mayEnter } from '../core/access.ts';
import { beginApplication } from '../core/case-household.ts';
import type { NewCase } from '../core/case-input.ts';
import { newCase } from '../core/case-open.ts';
import type { Division } from '../core/division-register.ts';
import { placementRefusal } from '../core/division-register.ts';
import { parseHousehold } from '../core/household-parse.ts';
import { openApplication } from '../core/household-register.ts';
import { type NumberHolder, numbersOf, withKnownPersons } from '../core/known-person.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import { type CaseDecision, contextOf, type Ports, procedureFor, proposalOf } from './service.ts';

/** What an application needs besides: the register of divisions, and who holds identity numbers. */
export interface ApplicationPorts extends Ports {
  division(code: string): Promise<Division | undefined>;
  holders(identities: readonly string[]): Promise<ReadonlyMap<string, NumberHolder>>;
}

type Application = Extract<NewCase, { kind: 'identification' }>;

/**
 * A family applies: its file is kept as that of an applicant, who is not on the register, and the case that may bring it there begins.
 * Refusals: those of a registration, step-wrong-level.
 */
export async function applyForIdentification(
  ports: ApplicationPorts,
  actor: Actor,
  body: Application,
): Promise<Decided<CaseDecision>> {
  const { village } = body.application;
  if (!mayEnter(actor, village)) return refuse('village-outside');
  const barrier = placementRefusal(village, await ports.division(village));
  if (barrier) return barrier;
  const context = contextOf(ports, actor, village);
  const parsed = parseHousehold(body.application, context.today);
  if (isRefused(parsed)) return parsed;
  const holders = await ports.holders(numbersOf(parsed.ok.members));
  const wanted = { ...parsed.ok, members: withKnownPersons(parsed.ok.members, holders) };
  const proposal = proposalOf(body, ports.newId('cs'), context.today);
  const { kind, heldOn } = proposal;
  const opened = openApplication(wanted, heldOn, context);
  if (isRefused(opened)) return opened;
  const procedure = await procedureFor(ports, { kind, village, day: heldOn });
  const subject = { type: 'household', id: opened.ok.household.id } as const;
  const found = newCase(proposal, { subject, village, procedure }, context);
  if (isRefused(found)) return found;
  const begun = beginApplication(opened.ok, found.ok, context);
  if (isRefused(begun)) return begun;
  return { ok: { ...begun.ok, before: undefined, was: undefined, found: found.ok } };
}
