import type { AreaCode } from './division.ts';
import { type Amounts, addUp, eventOf, none, type Target, type TargetDecision } from './target.ts';

/** Who changes divisions, when and why. */
export interface MoveOccasion {
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
}

/**
 * What becomes of a target when its division got another code or became part of another: it goes along, and adds up with one that is there
 * already. Undefined when it went along before. One whose division was split has no single heir: it stays where it is, and the area above
 * shows what is left to be split anew.
 * @param there the target of the division that takes its place, undefined where there is none
 */
export function moveTarget(
  left: Target,
  { to, there }: { readonly to: AreaCode; readonly there: Target | undefined },
  occasion: MoveOccasion,
): TargetDecision | undefined {
  if (left.movedTo !== null) return undefined;
  const { year } = left;
  const amounts: Amounts = addUp(there ? [there, left] : [left]);
  const version = (there?.version ?? 0) + 1;
  const after = { ...(there ?? left), ...amounts, code: to, version, movedTo: null };
  const gone = { ...left, ...none, version: left.version + 1, movedTo: to };
  const steps = [
    { before: left, after: gone },
    { before: there ?? null, after },
  ];
  const { actor, at, reason } = occasion;
  const event = eventOf(steps, { kind: 'moved', year, actor, at, reason, document: null });
  return { target: after, steps, without: undefined, event };
}
