import { type Actor, mayEnter } from '../core/access.ts';
import { dayOf } from '../core/day.ts';
import {
  areaOfUpload,
  decide,
  type Import,
  type ImportKind,
  mayInspect,
  type Outcome,
} from '../core/import.ts';
import type { PlannedEntry } from '../core/import-entry.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import type { Phase } from './table.ts';

/** What the import routes need to be carried out. */
export interface Ports {
  now(): Date;
  create(created: Import): Promise<boolean>;
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

/**
 * Announces an import. The id comes from the request's idempotency key, so that a retry finds the import of the first try and gets a
 * fresh address for it. Refusals: not-found (area outside), request-invalid, idempotency-key-reused.
 */
export async function announce(
  ports: Ports,
  actor: Actor,
  asked: Announced & { readonly id: string },
): Promise<Decided<Import>> {
  const { id, ...announced } = asked;
  const area = areaOfUpload(actor, announced.area);
  if (isRefused(area)) return area;
  const at = ports.now();
  if (announced.heldOn !== undefined && announced.heldOn > dayOf(at)) {
    const fault = { field: 'heldOn', code: 'date-future', values: { field: 'heldOn' } } as const;
    return { refused: 'request-invalid', faults: [fault] };
  }
  const created = newImport(id, area.ok, { actor, at, asked: announced });
  if (await ports.create(created)) return { ok: created };
  const found = await ports.load(id);
  const same =
    found &&
    (['kind', 'fileName', 'size', 'area'] as const).every((key) => found[key] === created[key]);
  return same ? { ok: found } : refuse('idempotency-key-reused');
}

/** An import the actor may see: the one for an area inside hers. */
export async function find(ports: Ports, actor: Actor, id: string): Promise<Decided<Import>> {
  const found = await ports.load(id);
  return found && mayEnter(actor, found.area) ? { ok: found } : refuse('not-found');
}

/**
 * Approves the plan that was looked at, and has it applied. Said again, it starts again whatever a lost message left undone.
 * Refusals: not-found, import-not-ready, import-plan-changed, import-same-person.
 */
export async function approve(
  ports: Ports,
  actor: Actor,
  asked: { readonly id: string; readonly plan: string },
): Promise<Decided<Import>> {
  const found = await find(ports, actor, asked.id);
  if (isRefused(found)) return found;
  const decided = decide(found.ok, actor, asked.plan);
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
  const decided = decide(found.ok, actor);
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

/** A page of the plan, entry by entry in the order of the file. Refusals: not-found, import-not-ready. */
export async function listEntries(
  ports: Ports,
  actor: Actor,
  asked: RowsAsked,
): Promise<Decided<{ rows: readonly PlannedEntry[]; next?: string }>> {
  const found = await find(ports, actor, asked.id);
  const ready = isRefused(found) ? found : mayInspect(found.ok);
  if (isRefused(ready)) return ready;
  const [chunk = 0, from = 0] = (asked.cursor ?? '0.0').split('.').map(Number);
  const rows: PlannedEntry[] = [];
  for (let at = chunk; at < chunk + CHUNKS_A_PAGE; at += 1) {
    const plan = await ports.entries(ready.ok, at, asked.outcome);
    if (!plan) return { ok: { rows } };
    const wanted = matching(plan, at === chunk ? from : 0, asked.outcome);
    const room = asked.limit - rows.length;
    rows.push(...wanted.slice(0, room).map(([, entry]) => entry));
    const more = wanted[room];
    if (more) return { ok: { rows, next: `${at}.${more[0]}` } };
  }
  return { ok: { rows, next: `${chunk + CHUNKS_A_PAGE}.0` } };
}
