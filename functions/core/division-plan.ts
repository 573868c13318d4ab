import type { Day } from './day.ts';
import { type AreaCode, ancestorsOf, levelOf, parentOf } from './division.ts';
import type { DivisionChange, Merge, Move, Part, Rename, Split } from './division-change.ts';
import { type Division, isOpen } from './division-register.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** The divisions a change touches: those named, all inside them, and the parents of new ones. */
export interface DivisionTree {
  get(code: AreaCode): Division | undefined;
  /** Divisions directly inside, closed ones too. */
  children(code: AreaCode): readonly Division[];
}

/** Where the households of one village go: by hamlet where named, otherwise to `to` (which may be the village itself). */
export interface VillageMove {
  readonly from: AreaCode;
  readonly to: AreaCode;
  readonly hamlets: Readonly<Record<string, AreaCode>>;
}

/** What a change comes to, piece by piece; every piece can be done twice without harm. */
export interface ChangePlan {
  /** New divisions, higher ones first. */
  readonly opens: readonly { readonly code: AreaCode; readonly name: string }[];
  readonly renames: readonly { readonly code: AreaCode; readonly name: string }[];
  readonly closes: readonly { readonly code: AreaCode; readonly successors: readonly AreaCode[] }[];
  readonly moves: readonly VillageMove[];
}

/** A plan in the making; the first refusal ends it. */
class Draft {
  readonly tree: DivisionTree;
  readonly renumber: Readonly<Record<AreaCode, AreaCode>>;
  readonly opens = new Map<AreaCode, string>();
  readonly renames = new Map<AreaCode, string>();
  readonly closes = new Map<AreaCode, readonly AreaCode[]>();
  readonly moves: VillageMove[] = [];
  refusal: Refusal | undefined;

  constructor(tree: DivisionTree, renumber: Readonly<Record<AreaCode, AreaCode>>) {
    this.tree = tree;
    this.renumber = renumber;
  }

  refuse(refusal: Refusal): void {
    this.refusal ??= refusal;
  }

  /** A division that is in use and neither itself nor inside a part of another change. */
  inUse(code: AreaCode): Division | undefined {
    const division = this.tree.get(code);
    const changing = [code, ...ancestorsOf(code)].find((one) => this.tree.get(one)?.change);
    if (!division) this.refuse(refuse('area-unknown', { area: code }));
    else if (changing) this.refuse(refuse('division-change-running', { code: changing }));
    else if (!isOpen(division))
      this.refuse(
        refuse('area-closed', { area: code, successors: division.successors.join('、') }),
      );
    return division;
  }

  /** A new division under a parent that is in use or new itself. Codes once used are not used again. */
  open(code: AreaCode, name: string): void {
    const parent = parentOf(code);
    if (this.tree.get(code) || this.opens.has(code))
      this.refuse(refuse('division-exists', { code }));
    if (parent && !this.opens.has(parent)) {
      if (!this.tree.get(parent)) this.refuse(refuse('division-parent-unknown', { parent }));
      else this.inUse(parent);
    }
    this.opens.set(code, name);
  }

  sameLevel(a: AreaCode, b: AreaCode): void {
    if (levelOf(a) !== levelOf(b)) this.refuse(refuse('division-level-mismatch', { code: b }));
  }

  rename(code: AreaCode, name: string): void {
    if (this.tree.get(code)?.name !== name) this.renames.set(code, name);
  }

  /** Closes a division in favour of another that exists by then; all inside get codes under it. */
  replace(code: AreaCode, by: AreaCode): void {
    this.inUse(code);
    this.sameLevel(code, by);
    this.closes.set(code, [by]);
    if (levelOf(code) === 'village') this.moves.push({ from: code, to: by, hamlets: {} });
    for (const child of this.tree.children(code).filter(isOpen)) this.bring(child, by);
  }

  /** Brings a division with all inside under another parent. */
  bring(child: Division, parent: AreaCode): void {
    const target = this.renumber[child.code] ?? parent + child.code.slice(parent.length);
    this.sameLevel(child.code, target);
    if (parentOf(target) !== parent)
      this.refuse(refuse('division-level-mismatch', { code: target }));
    this.open(target, child.name);
    this.replace(child.code, target);
  }

  done(): Decided<ChangePlan> {
    if (this.refusal) return this.refusal;
    if (this.opens.size + this.renames.size + this.closes.size === 0)
      return refuse('division-change-nothing');
    const pairs = (map: ReadonlyMap<AreaCode, string>) =>
      [...map].map(([code, name]) => ({ code, name }));
    return {
      ok: {
        opens: pairs(this.opens).sort((a, b) => a.code.length - b.code.length),
        renames: pairs(this.renames),
        closes: [...this.closes].map(([code, successors]) => ({ code, successors })),
        moves: this.moves,
      },
    };
  }
}

function planRename(draft: Draft, change: Rename): void {
  const { code, newCode, name } = change;
  draft.inUse(code);
  if (newCode === undefined || newCode === code) {
    draft.rename(code, name);
    return;
  }
  if (parentOf(newCode) !== parentOf(code))
    draft.refuse(refuse('division-level-mismatch', { code: newCode }));
  draft.open(newCode, name);
  draft.replace(code, newCode);
}

function planMove(draft: Draft, change: Move): void {
  const division = draft.inUse(change.code);
  if (parentOf(change.newCode) !== change.parent)
    draft.refuse(refuse('division-level-mismatch', { code: change.newCode }));
  draft.open(change.newCode, division?.name ?? change.newCode);
  draft.replace(change.code, change.newCode);
}

function planMerge(draft: Draft, change: Merge): void {
  const { code, name } = change.into;
  if (draft.tree.get(code)) {
    draft.inUse(code);
    draft.rename(code, name);
  } else {
    draft.open(code, name);
  }
  for (const old of new Set(change.codes)) if (old !== code) draft.replace(old, code);
  if (draft.closes.size === 0) draft.refuse(refuse('division-change-nothing'));
}

/** Which part each named thing goes to; one named twice is refused. */
function assignment(
  draft: Draft,
  parts: readonly Part[],
  namesOf: (part: Part) => readonly string[],
): Map<string, AreaCode> {
  const assigned = new Map<string, AreaCode>();
  for (const part of parts) {
    for (const name of namesOf(part)) {
      if (assigned.has(name)) draft.refuse(refuse('division-part-twice', { name }));
      assigned.set(name, part.code);
    }
  }
  return assigned;
}

function splitVillage(draft: Draft, change: Split, rest: AreaCode | undefined): void {
  const hamlets = assignment(draft, change.parts, (part) => part.hamlets ?? []);
  if (change.parts.some((part) => part.members))
    draft.refuse(refuse('division-level-mismatch', { code: change.code }));
  // Households without a hamlet, or with one nobody listed, need a home too.
  if (rest === undefined) draft.refuse(refuse('division-part-missing', { code: change.code }));
  else draft.moves.push({ from: change.code, to: rest, hamlets: Object.fromEntries(hamlets) });
}

function splitMembers(draft: Draft, change: Split, rest: AreaCode | undefined): void {
  const members = assignment(draft, change.parts, (part) => part.members ?? []);
  if (change.parts.some((part) => part.hamlets))
    draft.refuse(refuse('division-level-mismatch', { code: change.code }));
  const children = draft.tree.children(change.code).filter(isOpen);
  const inside = new Set(children.map((child) => child.code));
  for (const code of members.keys())
    if (!inside.has(code)) draft.refuse(refuse('area-unknown', { area: code }));
  for (const child of children) {
    const part = members.get(child.code) ?? rest;
    if (part === undefined) draft.refuse(refuse('division-part-missing', { code: child.code }));
    else if (part !== change.code) draft.bring(child, part);
  }
}

function planSplit(draft: Draft, change: Split): void {
  const { code, parts } = change;
  draft.inUse(code);
  const codes = parts.map((part) => part.code);
  for (const part of parts) {
    draft.sameLevel(code, part.code);
    if (part.code === code) draft.rename(code, part.name);
    else draft.open(part.code, part.name);
  }
  const rests = parts.filter((part) => !part.hamlets && !part.members);
  const [rest, second] = rests;
  if (second) draft.refuse(refuse('division-part-missing', { code: second.code }));
  if (levelOf(code) === 'village') splitVillage(draft, change, rest?.code);
  else splitMembers(draft, change, rest?.code);
  if (!codes.includes(code)) draft.closes.set(code, codes);
}

function draftOf(change: DivisionChange, tree: DivisionTree): Draft {
  const draft = new Draft(tree, change.renumber ?? {});
  switch (change.kind) {
    case 'rename':
      planRename(draft, change);
      break;
    case 'merge':
      planMerge(draft, change);
      break;
    case 'split':
      planSplit(draft, change);
      break;
    case 'move':
      planMove(draft, change);
      break;
  }
  return draft;
}

/**
 * What a division change comes to. Pure and repeatable: the same register gives the same plan.
 * Refusals: date-future, area-unknown, area-closed, division-change-running, division-exists, division-parent-unknown,
 * division-level-mismatch, division-part-missing, division-part-twice, division-change-nothing.
 */
export function planChange(
  change: DivisionChange,
  tree: DivisionTree,
  today: Day,
): Decided<ChangePlan> {
  if (change.effective > today) return refuse('date-future', { field: 'effective' });
  return draftOf(change, tree).done();
}

/** Where a household of a moving village goes: by its hamlet (自然村) where that is named. */
export function destinationOf(move: VillageMove, hamlet: string | undefined): AreaCode {
  const name = hamlet?.trim() ?? '';
  // A hamlet may be called anything, `constructor` included.
  return (Object.hasOwn(move.hamlets, name) ? move.hamlets[name] : undefined) ?? move.to;
}

/** Every village that receives households from a move. */
export function destinationsOf(move: VillageMove): readonly AreaCode[] {
  return [...new Set([move.to, ...Object.values(move.hamlets)])];
}

/** Whether a move divides a village, so that its counts say nothing about the parts. */
export function divides(move: VillageMove): boolean {
  return destinationsOf(move).length > 1;
}

/**
 * Villages that will not be the village they were: those that are divided, and those that become one with others. What is under way for one
 * of them would end for another.
 */
export function remadeBy({
  opens,
  moves,
}: Pick<ChangePlan, 'opens' | 'moves'>): readonly AreaCode[] {
  const opened = new Set(opens.map(({ code }) => code));
  const receiving = moves.flatMap(destinationsOf);
  const isJoined = (code: AreaCode) =>
    !opened.has(code) || receiving.filter((one) => one === code).length > 1;
  const remade = moves.filter((move) => divides(move) || destinationsOf(move).some(isJoined));
  return [...new Set(remade.flatMap((move) => [move.from, ...destinationsOf(move)]))];
}
