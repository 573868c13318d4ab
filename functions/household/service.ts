import { type Actor, mayEnter } from '../core/access.ts';
import { type Day, dayOf } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type Division, placementRefusal } from '../core/division-register.ts';
import { stated } from '../core/fact-history.ts';
import { type HouseholdFile, statusOfHousehold } from '../core/household.ts';
import { changeHousehold } from '../core/household-change.ts';
import { strikeOff } from '../core/household-close.ts';
import { contextAt, type DecisionContext, type HouseholdChange } from '../core/household-event.ts';
import type * as input from '../core/household-input.ts';
import { parseChanges, parseHousehold, parseMember } from '../core/household-parse.ts';
import { registerHousehold } from '../core/household-register.ts';
import { refuseAboveRight, refuseBypass, refuseRegistering } from '../core/household-right.ts';
import { refuseUnproven } from '../core/household-status.ts';
import type { WantedMember } from '../core/household-wanted.ts';
import { addMember, changeHead, endMember } from '../core/member.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';

/** What the use cases need of the outside. */
export interface Ports {
  now(): Date;
  newId(kind: string): string;
  /** The file the actor may change, at the version the actor has read. */
  load(
    actor: Actor,
    asked: { readonly id: string; readonly version: number },
  ): Promise<Decided<HouseholdFile>>;
  /** Persons who hold, or held, identity numbers. */
  holders(
    identities: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly person: string; readonly live: boolean }>>;
  division(code: AreaCode): Promise<Division | undefined>;
}

/** A decided change and the file it was decided on. */
export interface Decision extends HouseholdChange {
  readonly before: HouseholdFile | undefined;
}

/** Who asks for a change of which household, and the version they have read. */
export interface Asking {
  readonly actor: Actor;
  readonly id: string;
  readonly version: number;
  /** Only a request is filed: someone else decides, so the right to make the change is not asked for. */
  readonly isFiling?: true;
  /** The request that is decided on, and who filed it. */
  readonly request?: { readonly id: string; readonly requestedBy: string };
}

function contextOf(
  ports: Ports,
  { actor, request }: Pick<Asking, 'actor' | 'request'>,
): DecisionContext {
  return {
    ...contextAt(actor, ports.now(), ports.newId),
    ...(request && { source: request.id, requestedBy: request.requestedBy }),
  };
}

/** Whether the actor may place a household there, which who decides on a request has to answer, and whether anybody may. */
async function refusePlace(
  ports: Ports,
  { actor, isFiling }: Pick<Asking, 'actor' | 'isFiling'>,
  village: AreaCode,
): Promise<Refusal | undefined> {
  if (!isFiling && !mayEnter(actor, village)) return refuse('village-outside');
  return placementRefusal(village, await ports.division(village));
}

/** Persons who left another household keep the id they had. */
async function knownPersons<Wanted extends WantedMember>(
  ports: Ports,
  members: readonly Wanted[],
): Promise<readonly Wanted[]> {
  const identities = members.flatMap(({ identity }) => (identity === null ? [] : [identity]));
  const holders = await ports.holders(identities);
  return members.map((member) => {
    const holder = holders.get(member.identity ?? '');
    // A live holder is refused by the write itself, which knows what the clerk may be told.
    return holder && !holder.live ? { ...member, id: holder.person } : member;
  });
}

/** Registers a household. */
export async function register(
  ports: Ports,
  actor: Actor,
  body: input.NewHousehold,
): Promise<Decided<Decision>> {
  const context = contextOf(ports, { actor });
  const parsed = parseHousehold(body, context.today);
  if (isRefused(parsed)) return parsed;
  const barrier = await refusePlace(ports, { actor }, parsed.ok.village);
  if (barrier) return barrier;
  const above = refuseRegistering(actor, parsed.ok.village, context.today);
  if (above) return above;
  const wanted = { ...parsed.ok, members: await knownPersons(ports, parsed.ok.members) };
  const decided = registerHousehold(wanted, body.heldFrom ?? context.today, context);
  if (isRefused(decided)) return decided;
  return { ok: { ...decided.ok, before: undefined } };
}

/** Decides a change on the present file of a household: the one place where the right to it is looked at. */
async function onFile(
  ports: Ports,
  asking: Asking,
  decide: (file: HouseholdFile, context: DecisionContext) => Decided<HouseholdChange | undefined>,
): Promise<Decided<Decision | HouseholdFile>> {
  const file = await ports.load(asking.actor, asking);
  if (isRefused(file)) return file;
  const context = contextOf(ports, asking);
  const decided = decide(file.ok, context);
  if (isRefused(decided)) return decided;
  if (!decided.ok) return file;
  const decision = { ...decided.ok, before: file.ok };
  const barrier = refuseBypass(decision) ?? refuseUnfit(asking, decision, context.today);
  return barrier ?? { ok: decision };
}

function refuseUnfit(asking: Asking, decision: Decision, today: Day): Refusal | undefined {
  return asking.isFiling ? undefined : refuseAboveRight(asking.actor, [decision], today);
}

/** Whoever types in an exit is told of its procedure before being asked for its year. */
function refuseTyped(
  changed: Decided<unknown>,
  { household }: HouseholdFile,
  status: string | undefined,
): Refusal | undefined {
  if (status === undefined || !isRefused(changed)) return undefined;
  if (changed.refused !== 'exit-year-missing') return undefined;
  return refuseUnproven(statusOfHousehold(household), status);
}

/** Changes facts, status, contact and members' data; gives the file itself when nothing is new. */
export async function change(
  ports: Ports,
  asking: Asking,
  body: input.HouseholdChanges,
): Promise<Decided<Decision | HouseholdFile>> {
  const context = contextOf(ports, asking);
  const parsed = parseChanges(body, context.today);
  if (isRefused(parsed)) return parsed;
  const { village } = parsed.ok.facts;
  const decided = await onFile(ports, asking, (file) => {
    const changed = changeHousehold(file, parsed.ok, context);
    return refuseTyped(changed, file, parsed.ok.facts.status) ?? changed;
  });
  if (isRefused(decided) || village === undefined) return decided;
  return (await refusePlace(ports, asking, village)) ?? decided;
}

/** Adds a member. */
export async function join(
  ports: Ports,
  asking: Asking,
  body: input.NewMember,
): Promise<Decided<Decision | HouseholdFile>> {
  const parsed = parseMember(body, dayOf(ports.now()));
  if (isRefused(parsed)) return parsed;
  const [known] = await knownPersons(ports, [parsed.ok]);
  const member = { ...(known ?? parsed.ok) };
  return onFile(ports, asking, (file, context) => {
    const wanted = {
      ...member,
      id: member.id ?? context.newId('per'),
      ...stated({ note: body.note }),
    };
    return addMember(file, wanted, context);
  });
}

/** Ends a membership. */
export function leave(
  ports: Ports,
  asking: Asking & { readonly person: string },
  body: input.MemberEnd,
): Promise<Decided<Decision | HouseholdFile>> {
  const { reason: endReason, ...end } = body;
  const ending = { ...stated(end), person: asking.person, endReason };
  return onFile(ports, asking, (file, context) => endMember(file, ending, context));
}

/** Names a new head. */
export function head(
  ports: Ports,
  asking: Asking,
  body: input.NewHead,
): Promise<Decided<Decision | HouseholdFile>> {
  const { personId: person, reason, relations = {} } = body;
  return onFile(ports, asking, (file, context) => {
    const heldFrom = body.heldFrom ?? context.today;
    return changeHead(file, { person, heldFrom, reason, relations }, context);
  });
}

/** Strikes a household off. */
export function close(
  ports: Ports,
  asking: Asking,
  body: input.StrikingOff,
): Promise<Decided<Decision | HouseholdFile>> {
  return onFile(ports, asking, (file, context) => {
    const heldFrom = body.heldFrom ?? context.today;
    return strikeOff(file, { ...stated(body), heldFrom, reason: body.reason }, context);
  });
}
