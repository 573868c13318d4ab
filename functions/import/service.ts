import { type Actor, mayEnter } from '../core/access.ts';
import { dayOf } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import {
  areaOfUpload,
  decide,
  type Import,
  type ImportKind,
  mayHandle,
  mayInspect,
  type Outcome,
} from '../core/import.ts';
import type { PlannedEntry } from '../core/import-entry.ts';
import { type Decided, type Fault, isRefused, type RefusalCode, refuse } from '../core/refusal.ts';
import type { Phase } from './table.ts';

/** What the import routes need to be carried out. */
export interface Ports {
  now(): Date;
  create(created: Import): Promise<'created' | 'exists' | 'busy'>;
  load(id: string): Promise<Import | undefined>;
  save(
    found: Import,
    changes: Partial<Import> & Pick<Import, 'state' | 'changedAt'>,
  ): Promise<Import | undefined>;
  /** Entries of one chunk of the plan as they came out; undefined past the end. */
  entries(
    found: Import,
    chunk: number,
    outcome: Outcome | undefined,
  ): Promise<{ entries: readonly PlannedEntry[] } | undefined>;
  /** Codes that act for an area today: its own, or those of its successors. */
  present(area: AreaCode): Promise<readonly AreaCode[]>;
  send(messages: readonly { import: string; phase: Phase }[]): Promise<void>;
}

/** What an uploader says of her file. */
export interface Announced {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly size: number;
  readonly heldOn?: string | undefined;
  readonly incomePeriod?: { readonly from: string; readonly to: string } | undefined;
  readonly area?: string | undefined;
}

function newImport(
  id: string,
  area: string,
  about: { actor: Actor; at: Date; asked: Announced },
): Import {
  const { actor, at, asked } = about;
  const { kind, fileName, size, heldOn, incomePeriod } = asked;
  return {
    id,
    version: 1,
    kind,
    state: 'awaiting',
    fileName,
    size,
    area,
    uploadedBy: actor.sub,
    createdAt: at.toISOString(),
    changedAt: at.toISOString(),
    heldOn: heldOn ?? dayOf(at),
    heldOnGiven: heldOn !== undefined,
    ...(incomePeriod && { incomePeriod }),
  };
}

/** What cannot be right about the days the uploader gives. */
function dayFaults({ heldOn, incomePeriod }: Announced, today: string): readonly Fault[] {
  const fault = (field: string, code: RefusalCode): Fault => ({ field, code, values: { field } });
  return [
    ...(heldOn !== undefined && heldOn > today ? [fault('heldOn', 'date-future')] : []),
    ...(incomePeriod && incomePeriod.to > today ? [fault('incomePeriod', 'date-future')] : []),
    ...(incomePeriod && incomePeriod.from > incomePeriod.to
      ? [fault('incomePeriod', 'date-order')]
      : []),
  ];
}

/** Whether two announcements give the same days; reading fills in what was not given, so only before it can they be compared. */
function givesSameDays(found: Import, created: Import): boolean {
  return (
    found.heldOnGiven === created.heldOnGiven &&
    (!created.heldOnGiven || found.heldOn === created.heldOn) &&
    found.incomePeriod?.from === created.incomePeriod?.from &&
    found.incomePeriod?.to === created.incomePeriod?.to
  );
}

/** The import of the first try. Once it is read its file is evidence, and no address is given out that could replace it. */
function announcedAgain(found: Import, created: Import): Decided<Import> {
  const fields = ['kind', 'fileName', 'size', 'area'] as const;
  if (!fields.every((key) => found[key] === created[key])) return refuse('idempotency-key-reused');
  const { state } = found;
  if (state !== 'awaiting' && state !== 'reading') return refuse('import-not-ready', { state });
  return givesSameDays(found, created) ? { ok: found } : refuse('idempotency-key-reused');
}

/**
 * Announces an import. The id comes from the request's idempotency key, so that a retry finds the import of the first try and gets a
 * fresh address for it until it is read. Refusals: role-not-allowed (a kind that is not the
 * role's), not-found (area outside), receipt-area, request-invalid, idempotency-key-reused, import-not-ready, busy.
 */
export async function announce(
  ports: Ports,
  actor: Actor,
  asked: Announced & { readonly id: string },
): Promise<Decided<Import>> {
  const { id, ...announced } = asked;
  if (!mayHandle(actor, { kind: asked.kind })) return refuse('role-not-allowed');
  const area = areaOfUpload(actor, announced.area);
  if (isRefused(area)) return area;
  if (asked.kind === 'receipts' && area.ok.length < 6) return refuse('receipt-area');
  const at = ports.now();
  const faults = dayFaults(announced, dayOf(at));
  if (faults.length > 0) return { refused: 'request-invalid', faults };
  const created = newImport(id, area.ok, { actor, at, asked: announced });
  const stored = await ports.create(created);
  if (stored === 'created') return { ok: created };
  const found = stored === 'exists' ? await ports.load(id) : undefined;
  return found ? announcedAgain(found, created) : refuse('busy');
}

/** An import the actor may see: the one for an area inside hers, by its code or by those that took its place. */
export async function find(ports: Ports, actor: Actor, id: string): Promise<Decided<Import>> {
  const found = await ports.load(id);
  const codes = found ? await ports.present(found.area) : [];
  const isInside = codes.length > 0 && codes.every((code) => mayEnter(actor, code));
  if (!found || !mayHandle(actor, found)) return refuse('not-found');
  return isInside || mayEnter(actor, found.area) ? { ok: found } : refuse('not-found');
}

/**
 * Approves the plan that was looked at, and has it applied. Said again, it starts again whatever a lost message left undone.
 * Refusals: not-found, import-not-ready, import-expired, import-plan-changed, import-same-person.
 */
export async function approve(
  ports: Ports,
  actor: Actor,
  asked: { readonly id: string; readonly plan: string },
): Promise<Decided<Import>> {
  const found = await find(ports, actor, asked.id);
  if (isRefused(found)) return found;
  const decided = decide(found.ok, actor, { now: ports.now(), plan: asked.plan });
  if (isRefused(decided)) return decided;
  const at = ports.now().toISOString();
  const approved =
    decided.ok === 'decided'
      ? found.ok
      : await ports.save(found.ok, {
          state: 'applying',
          changedAt: at,
          decidedAt: at,
          decidedBy: actor.sub,
        });
  // Someone else decided in the same moment: what is said of it now is the answer.
  if (!approved) return approve(ports, actor, asked);
  if (approved.state === 'applying') await ports.send([{ import: asked.id, phase: 'apply' }]);
  return { ok: approved };
}

/** Rejects a plan with a reason. Refusals: not-found, import-not-ready. */
export async function reject(
  ports: Ports,
  actor: Actor,
  asked: { readonly id: string; readonly reason: string },
): Promise<Decided<Import>> {
  const found = await find(ports, actor, asked.id);
  if (isRefused(found)) return found;
  const decided = decide(found.ok, actor, { now: ports.now() });
  if (isRefused(decided)) return decided;
  if (decided.ok === 'decided') return found;
  const at = ports.now().toISOString();
  const rejected = await ports.save(found.ok, {
    state: 'rejected',
    changedAt: at,
    decidedAt: at,
    decidedBy: actor.sub,
    reason: asked.reason,
  });
  return rejected ? { ok: rejected } : reject(ports, actor, asked);
}

export interface RowsAsked {
  readonly id: string;
  readonly outcome?: Outcome | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Chunks a page looks through for a rare outcome before it hands over an empty page with a cursor. */
const CHUNKS_A_PAGE = 25;

/** Entries of a chunk asked for, from a place on, with their places. */
function matching(
  plan: { readonly entries: readonly PlannedEntry[] },
  from: number,
  outcome: Outcome | undefined,
): readonly (readonly [number, PlannedEntry])[] {
  return [...plan.entries.entries()].filter(
    ([place, entry]) => place >= from && (outcome === undefined || entry.outcome === outcome),
  );
}

/** A page of the plan, entry by entry in the order of the file. Refusals: not-found, import-not-ready, import-expired, cursor-invalid. */
export async function listEntries(
  ports: Ports,
  actor: Actor,
  asked: RowsAsked,
): Promise<Decided<{ rows: readonly PlannedEntry[]; cursor?: string }>> {
  const found = await find(ports, actor, asked.id);
  const ready = isRefused(found) ? found : mayInspect(found.ok, ports.now());
  if (isRefused(ready)) return ready;
  const { cursor = '0.0' } = asked;
  if (!/^\d{1,6}\.\d{1,6}$/.test(cursor)) return refuse('cursor-invalid');
  const [chunk = 0, from = 0] = cursor.split('.').map(Number);
  const rows: PlannedEntry[] = [];
  for (let at = chunk; at < chunk + CHUNKS_A_PAGE; at += 1) {
    const plan = await ports.entries(ready.ok, at, asked.outcome);
    if (!plan) return { ok: { rows } };
    const wanted = matching(plan, at === chunk ? from : 0, asked.outcome);
    const room = asked.limit - rows.length;
    rows.push(...wanted.slice(0, room).map(([, entry]) => entry));
    const more = wanted[room];
    if (more) return { ok: { rows, cursor: `${at}.${more[0]}` } };
  }
  return { ok: { rows, cursor: `${chunk + CHUNKS_A_PAGE}.0` } };
}
