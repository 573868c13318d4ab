import { type Actor, mayEnter } from '../core/access.ts';
import { maskPhone, readPhone } from '../core/contact.ts';
import { readCreditCode } from '../core/credit-code.ts';
import { levelOf } from '../core/division.ts';
import { isOpen, placementRefusal } from '../core/division-register.ts';
import { stated } from '../core/fact-history.ts';
import type { Helper, HelperDetails } from '../core/helper.ts';
import { changeHelper, endHelper, registerHelper } from '../core/helper-change.ts';
import { contextAt } from '../core/household-event.ts';
import { isCurrent } from '../core/pairing.ts';
import type { HelperFile } from '../core/pairing-change.ts';
import { helpHousehold } from '../core/pairing-household.ts';
import type * as input from '../core/pairing-input.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';

import {
  type Asking,
  contextOf,
  type Decision,
  type HouseholdPart,
  keptHelper,
  type Ports,
  refuseKeeping,
} from './ports.ts';

interface Contact {
  readonly phone?: string | null;
  readonly phoneMasked?: string | null;
}

function contactOf(phone: string | null | undefined): Decided<Contact> {
  if (phone === undefined) return { ok: {} };
  if (phone === null) return { ok: { phone, phoneMasked: null } };
  const read = readPhone(phone);
  return isRefused(read) ? read : { ok: { phone: read.ok, phoneMasked: maskPhone(read.ok) } };
}

async function detailsOf(
  ports: Ports,
  details: HelperDetails | undefined,
): Promise<Decided<HelperDetails>> {
  const village = details?.village;
  const outside =
    village === undefined
      ? undefined
      : placementRefusal(
          village,
          levelOf(village) === 'village' ? await ports.division(village) : undefined,
        );
  if (outside) return outside;
  if (details?.creditCode === undefined) return { ok: details ?? {} };
  const code = readCreditCode(details.creditCode);
  return isRefused(code) ? code : { ok: { ...details, creditCode: code.ok } };
}

/** A helper is kept by a place that is there. Refusals: area-unknown, area-closed. */
async function refuseArea(ports: Ports, area: string): Promise<Refusal | undefined> {
  const division = await ports.division(area);
  if (!division) return refuse('area-unknown', { area });
  return isOpen(division)
    ? undefined
    : refuse('area-closed', { area, successors: division.successors.join('、') });
}

/** Enters a helper. Refusals: not-found, helper-above-right, phone-invalid, credit-code-invalid, value-missing, area-unknown, area-closed. */
export async function register(
  ports: Ports,
  actor: Actor,
  body: input.NewHelper,
): Promise<Decided<Decision>> {
  if (!mayEnter(actor, body.area)) return refuse('not-found');
  const refused =
    refuseKeeping(ports, actor, { kind: body.kind, place: body.area }) ??
    (await refuseArea(ports, body.area));
  if (refused) return refused;
  const contact = contactOf(body.phone);
  if (isRefused(contact)) return contact;
  const details = await detailsOf(ports, body.details);
  if (isRefused(details)) return details;
  const { phone = null, phoneMasked = null } = contact.ok;
  const { kind, area, name, organisation = null, post = null, sub = null } = body;
  const wanted = { kind, area, name, organisation, post, contact: body.contact ?? null };
  const decided = registerHelper(
    { ...wanted, phoneMasked, sub, details: details.ok },
    contextOf(ports, actor),
  );
  if (isRefused(decided)) return decided;
  return { ok: { changes: [{ change: decided.ok, phone, sealed: null }], households: [] } };
}

/** Households whose files one change of a token's subject may touch: their actions go in one transaction. */
const MOST_FILES = 10;

/** The households of a helper whose token becomes another one: who may read them changes with it. */
async function resubbed(
  ports: Ports,
  { helper, pairings }: HelperFile,
  about: { readonly actor: Actor; readonly next: Helper; readonly reason: string | null },
): Promise<Decided<readonly HouseholdPart[]>> {
  const { actor, next, reason } = about;
  const current = pairings.filter(isCurrent).map(({ subject }) => subject);
  const ids = current.flatMap((one) => (one.type === 'household' ? [one.id] : []));
  if (ids.length > MOST_FILES)
    return refuse('helper-many-households', { count: ids.length, most: MOST_FILES });
  const parts: HouseholdPart[] = [];
  for (const id of ids) {
    const file = await ports.household(id);
    if (!file) continue;
    const known = (await ports.helping(id)).filter(({ pairing }) => isCurrent(pairing));
    const renewed = known.map((one) =>
      one.helper.id === helper.id ? { ...one, helper: next } : one,
    );
    const context = contextAt(actor, ports.now(), ports.newId);
    const help = { known: renewed, begins: [], ends: [], heldOn: context.today, reason };
    const changed = helpHousehold(file, help, context);
    if (isRefused(changed)) return changed;
    if (changed.ok) parts.push({ ...changed.ok, before: file });
  }
  return { ok: parts };
}

/** Changes what is known of a helper; undefined when nothing is new. */
export async function change(
  ports: Ports,
  asking: Asking,
  body: input.HelperChanges,
): Promise<Decided<Decision | undefined>> {
  const found = await keptHelper(ports, asking);
  if (isRefused(found)) return found;
  const { phone: given, details: wanted, reason = null, ...others } = body;
  const contact = contactOf(given);
  if (isRefused(contact)) return contact;
  const details = await detailsOf(ports, wanted);
  if (isRefused(details)) return details;
  const { phone, phoneMasked } = contact.ok;
  const patch = { ...stated({ ...others, phoneMasked }), details: details.ok, reason };
  const isPhoneNew = phone !== undefined;
  const context = contextOf(ports, asking.actor);
  const decided = changeHelper(found.ok.helper, { ...patch, isPhoneNew }, context);
  if (isRefused(decided) || !decided.ok) return isRefused(decided) ? decided : { ok: undefined };
  const { helper: next } = decided.ok;
  const isSame = next.sub === found.ok.helper.sub;
  const about = { actor: asking.actor, next, reason };
  const households = isSame ? { ok: [] } : await resubbed(ports, found.ok, about);
  if (isRefused(households)) return households;
  const own = { change: decided.ok, sealed: found.ok.sealed, ...(isPhoneNew && { phone }) };
  return { ok: { changes: [own], households: households.ok } };
}

/** A helper helps nobody any more. */
export async function end(
  ports: Ports,
  asking: Asking,
  { on, reason }: input.Ending,
): Promise<Decided<Decision>> {
  const found = await keptHelper(ports, asking);
  if (isRefused(found)) return found;
  const context = contextOf(ports, asking.actor);
  const ended = endHelper(found.ok.helper, { on: on ?? context.today, reason }, context);
  if (isRefused(ended)) return ended;
  return { ok: { changes: [{ change: ended.ok, sealed: found.ok.sealed }], households: [] } };
}
