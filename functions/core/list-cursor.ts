import type { Day } from './day.ts';
import { type AreaCode, liesWithin } from './division.ts';
import { entryKey } from './list-entry.ts';
import type { Filter, ListKind } from './list-filter.ts';
import { type Decided, refuse } from './refusal.ts';

/** Where a page ended: the place of its last household and, in lists of persons, the last member shown of it. */
export interface Position {
  readonly village: AreaCode;
  readonly household: string;
  readonly member?: string;
}

/** What a list was asked; a cursor goes on with the same question only. */
export interface Question {
  readonly kind: ListKind | 'villages' | 'measures' | 'loans' | 'coverage';
  readonly area: AreaCode;
  readonly filters: readonly Filter[];
  /** The past day it is about; today without. */
  readonly asOf?: Day;
  /** The year whose snapshot it is about. */
  readonly snapshot?: number;
}

/** FNV-1a, 32 bits: tells questions apart, hides nothing and need not. */
function digestOf(question: Question): string {
  const filters = question.filters.map(entryKey).sort();
  const { kind, area, asOf, snapshot } = question;
  const text = JSON.stringify([kind, area, filters, asOf, snapshot]);
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** An opaque text for a position in the answer to a question. */
export function cursorOf(question: Question, position: Position): string {
  const parts = [
    digestOf(question),
    position.village,
    position.household,
    ...(position.member ? [position.member] : []),
  ];
  return btoa(parts.join(' ')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const FORM = /^(?<digest>[a-z\d]+) (?<village>\d{12}) (?<household>[\w-]+)(?: (?<member>[\w-]+))?$/;

function textOf(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}

/**
 * The position a cursor stands for. Refused (`cursor-invalid`) when it is no cursor, belongs to another question or points outside the area
 * asked for; the area itself has been checked against the caller's before.
 */
export function positionOf(question: Question, cursor: string): Decided<Position> {
  const match = FORM.exec(textOf(cursor));
  if (!match?.groups) return refuse('cursor-invalid');
  const { digest, village = '', household = '', member } = match.groups;
  if (digest !== digestOf(question) || !liesWithin(village, question.area))
    return refuse('cursor-invalid');
  return { ok: { village, household, ...(member !== undefined && { member }) } };
}
