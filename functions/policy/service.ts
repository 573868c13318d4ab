import { type Actor, mayEnter } from '../core/access.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { type Division, isOpen } from '../core/division-register.ts';
import type { Enactment, Policies, PolicyItem, PolicyLine } from '../core/policy.ts';
import type { PolicyEvent } from '../core/policy-event.ts';
import { type LineBody, type PublishBody, publishDocument } from '../core/policy-publish.ts';
import { latestOf, nextVersion, setLine, type VersionBody } from '../core/policy-version.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { Publication } from './write.ts';

/** What publishing needs of the outside. */
export interface PolicyPorts {
  /** What an area and those above it have published. */
  known(area: AreaCode): Promise<Policies>;
  /** How often an area has published. */
  head(area: AreaCode): Promise<number>;
  division(code: AreaCode): Promise<Division | undefined>;
  /** A mark for a try. */
  newMark(): string;
}

/** Who acts for which area, and when. */
export interface Acting {
  readonly actor: Actor;
  readonly area: AreaCode;
  /** Instant of entry, ISO 8601 UTC. */
  readonly at: string;
}

type Reasons = Pick<PublishBody, 'reason' | 'order'>;

const publishing: ReadonlySet<string | undefined> = new Set(['county', 'city', 'province']);

/** The area must be the actor's to see, known and in use. Refusals: not-found, area-closed. */
export async function refuseArea(
  ports: Pick<PolicyPorts, 'division'>,
  { actor, area }: Pick<Acting, 'actor' | 'area'>,
): Promise<Refusal | undefined> {
  if (!mayEnter(actor, area)) return refuse('not-found');
  const division = await ports.division(area);
  if (!division) return refuse('not-found');
  if (isOpen(division)) return undefined;
  return refuse('area-closed', { area, successors: division.successors.join('、') });
}

/** What stands for a county is published by that county's own office, and so on up; those above may look and try. Refused: policy-level. */
function refuseLevel({ actor, area }: Acting): Refusal | undefined {
  const isOwn = actor.areas.includes(area) && publishing.has(levelOf(area));
  return isOwn ? undefined : refuse('policy-level');
}

function enactedBy({ actor, at }: Acting, { reason, order }: Reasons): Enactment {
  return { actor: actor.sub, at, reason, order };
}

function eventOf(
  acting: Acting,
  enacted: Enactment,
  what: Pick<PolicyEvent, 'kind' | 'document' | 'items' | 'line' | 'validFrom'>,
): PolicyEvent {
  const { actor, area } = acting;
  return { ...what, area, role: actor.role, ...enacted };
}

/**
 * Decides on a document with its items.
 * Refusals: not-found, area-closed, policy-document-exists, policy-invalid, policy-level.
 */
export async function decidePublication(
  ports: PolicyPorts,
  acting: Acting,
  body: PublishBody,
): Promise<Decided<Publication>> {
  const refused = await refuseArea(ports, acting);
  if (refused) return refused;
  // Read first: what is published after this fails the write.
  const head = await ports.head(acting.area);
  const known = await ports.known(acting.area);
  const enacted = enactedBy(acting, body);
  const decided = publishDocument(body, known, { enacted, publication: ports.newMark() });
  if (isRefused(decided)) return decided;
  const barred = refuseLevel(acting);
  if (barred) return barred;
  const { document, items } = decided.ok;
  const event = eventOf(acting, enacted, {
    kind: 'published',
    document: document.id,
    items: items.map(({ id, version }) => ({ id, version })),
    line: null,
    validFrom: document.validFrom,
  });
  return { ok: { document, items, event, head } };
}

/**
 * Decides on the next version of an item of an area.
 * Refusals: not-found, area-closed, version-stale, policy-version-early, policy-unchanged, policy-invalid, policy-level.
 */
export async function decideVersion(
  ports: PolicyPorts,
  acting: Acting,
  asked: { readonly id: string; readonly version: number; readonly body: VersionBody },
): Promise<Decided<{ readonly item: PolicyItem; readonly event: PolicyEvent }>> {
  const refused = await refuseArea(ports, acting);
  if (refused) return refused;
  const known = await ports.known(acting.area);
  const item = latestOf(known.items, { area: acting.area, id: asked.id });
  if (!item) return refuse('not-found');
  const enacted = enactedBy(acting, asked.body);
  const next = nextVersion(known, { ...asked, item }, { enacted });
  if (isRefused(next)) return next;
  const barred = refuseLevel(acting);
  if (barred) return barred;
  const { id, version, document, validFrom, ended } = next.ok;
  const event = eventOf(acting, enacted, {
    kind: ended ? 'ended' : 'changed',
    document,
    items: [{ id, version }],
    line: null,
    validFrom,
  });
  return { ok: { item: next.ok, event } };
}

/**
 * Decides on what a line comes to from a day.
 * Refusals: not-found, area-closed, version-stale, policy-line-reserved, policy-validity, policy-level.
 */
export async function decideLine(
  ports: PolicyPorts,
  acting: Acting,
  asked: Pick<PolicyLine, 'id' | 'validFrom'> & {
    readonly version: number;
    readonly body: LineBody;
  },
): Promise<Decided<{ readonly line: PolicyLine; readonly event: PolicyEvent }>> {
  const refused = await refuseArea(ports, acting);
  if (refused) return refused;
  const known = await ports.known(acting.area);
  const enacted = enactedBy(acting, asked.body);
  const line = setLine(known.lines, { ...asked, area: acting.area }, { enacted });
  if (isRefused(line)) return line;
  const barred = refuseLevel(acting);
  if (barred) return barred;
  const { id, validFrom, version } = line.ok;
  const event = eventOf(acting, enacted, {
    kind: 'line-set',
    document: null,
    items: [],
    line: { id, validFrom, version },
    validFrom,
  });
  return { ok: { line: line.ok, event } };
}
