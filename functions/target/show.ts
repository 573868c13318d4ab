import type { Day } from '../core/day.ts';
import { UNKNOWN, years } from '../core/dimension.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { type Division, isOpen } from '../core/division-register.ts';
import { addTallies, type Figures, householdsIn, nothing, type Tally } from '../core/figure.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import { addUp, type Target, type TargetEvent } from '../core/target.ts';
import { type TargetsOf, targetsOn } from '../core/target-board.ts';
import { exitedIn, proposedFor } from '../core/target-progress.ts';

/** A summary of a place; figures are undefined while they wait for their recount. */
export interface Counted {
  readonly area: AreaCode;
  readonly figures: Figures | undefined;
  readonly until: Day;
}

export interface ShowPorts {
  targets(code: AreaCode, year: number): Promise<TargetsOf>;
  events(code: AreaCode, year: number): Promise<readonly TargetEvent[]>;
  rows(code: AreaCode): Promise<readonly Counted[]>;
  row(code: AreaCode): Promise<Counted | undefined>;
  division(code: AreaCode): Promise<Division | undefined>;
  children(code: AreaCode): Promise<readonly Division[]>;
}

export interface Shown {
  readonly code: AreaCode;
  readonly year: number;
}

/** Seconds after which to ask again for figures that are counted after an upgrade. */
const AGAIN = 300;

interface Part {
  readonly code: AreaCode;
  readonly name: string;
  readonly figures: Figures;
}

interface Ground {
  readonly area: { readonly code: AreaCode; readonly name: string };
  readonly figures: Figures;
  readonly parts: readonly Part[];
}

function isCounted(row: Counted): row is Counted & Tally {
  return row.figures !== undefined;
}

/** An area with its open parts and the figures of each. Refusals: not-found, figures-being-recounted. */
async function groundOf(ports: ShowPorts, code: AreaCode): Promise<Decided<Ground>> {
  const isVillage = levelOf(code) === 'village';
  const [division, rows, children] = await Promise.all([
    ports.division(code),
    isVillage ? ports.row(code).then((row) => (row ? [row] : [])) : ports.rows(code),
    isVillage ? [] : ports.children(code),
  ]);
  if (!division) return refuse('not-found');
  const counted = rows.filter(isCounted);
  if (counted.length < rows.length) return refuse('figures-being-recounted', { seconds: AGAIN });
  const byCode = new Map(counted.map((row) => [row.area, row.figures]));
  const parts = children
    .filter(isOpen)
    .map((one) => ({ code: one.code, name: one.name, figures: byCode.get(one.code) ?? nothing }));
  const area = { code, name: division.name };
  return { ok: { area, figures: addTallies(counted).figures, parts } };
}

function historyOf(code: AreaCode, events: readonly TargetEvent[]) {
  return events.flatMap(({ changes, ...event }) =>
    changes
      .filter((change) => change.code === code)
      .map(({ version, before, after }) => ({ ...event, version, before, after })),
  );
}

function settingOf(target: Target | undefined) {
  return target && target.movedTo === null ? target : null;
}

/** The target of an area in a year with its progress on a day, its open parts and its history. Refusals: not-found, figures-being-recounted. */
export async function showTarget(ports: ShowPorts, { code, year }: Shown, day: Day) {
  const [ground, targets, events] = await Promise.all([
    groundOf(ports, code),
    ports.targets(code, year),
    ports.events(code, year),
  ]);
  if (isRefused(ground)) return ground;
  const { area, figures, parts } = ground.ok;
  const told = targetsOn({ area: code, figures, year, day, children: parts }, targets);
  const versions = new Map(targets.parts.map((target) => [target.code, target.version]));
  return {
    area,
    ...told.whole,
    set: settingOf(targets.own),
    version: targets.own?.version ?? 0,
    proposal: `/areas/${code}/targets/${year}/proposal`,
    parts: parts.flatMap((part) => {
      const standing = told.parts.get(part.code);
      const version = versions.get(part.code) ?? 0;
      const { name } = part;
      const link = `/areas/${part.code}/targets/${year}`;
      return standing ? [{ code: part.code, name, ...standing, version, targets: link }] : [];
    }),
    events: historyOf(code, events),
  };
}

/**
 * What a year comes to by the plans of the households and villages, for an area and each of its open parts. The parts add up to the whole.
 * Refusals: not-found, figures-being-recounted.
 */
export async function proposeTarget(ports: ShowPorts, { code, year }: Shown) {
  const ground = await groundOf(ports, code);
  if (isRefused(ground)) return ground;
  const { area, figures } = ground.ok;
  const parts = ground.ok.parts.map((part) => ({
    code: part.code,
    name: part.name,
    ...proposedFor(part.figures, year),
  }));
  const whole = parts.length > 0 ? addUp(parts) : proposedFor(figures, year);
  const unplanned = householdsIn(figures, { id: 'planYear', values: years }, UNKNOWN);
  return { area, year, ...whole, exited: exitedIn(figures, year), unplanned, parts };
}
