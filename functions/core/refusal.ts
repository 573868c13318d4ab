import type { RefusalCode } from './refusal-text.ts';

export type { RefusalCode } from './refusal-text.ts';

/** Where in the input the reason lies, so that a clerk finds it: a field name, and a row number for sheets. */
export interface Fault {
  readonly field?: string;
  readonly row?: number;
  readonly code: RefusalCode;
  /** Values for the {placeholders} of the text; never identity numbers, phones or accounts. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A refusal is a value of the rulebook, not an exception: what was asked cannot be done, and why. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly faults?: readonly Fault[];
}

export type Decided<T> = { readonly ok: T } | Refusal;

export function isRefused<T>(decided: Decided<T>): decided is Refusal {
  return 'refused' in decided;
}

/** Shorthand for a refusal, with the values its text names. */
export function refuse(
  code: RefusalCode,
  values?: Readonly<Record<string, string | number>>,
): Refusal {
  return values ? { refused: code, values } : { refused: code };
}

/** The same refusal, saying in which field of the input its reason lies. */
export function inField(refusal: Refusal, field: string): Refusal {
  const { refused: code, values } = refusal;
  return { ...refusal, faults: [{ field, code, ...(values && { values }) }] };
}
