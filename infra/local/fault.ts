/** Why the local run cannot start or go on: a stable code and one sentence for the person at the keyboard. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
  readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

export type LocalErrorCode =
  | 'JAVA_MISSING'
  | 'JAVA_TOO_OLD'
  | 'DYNAMODB_FAILED'
  | 'PORT_TAKEN'
  | 'ALREADY_RUNNING'
  | 'NOT_RUNNING'
  | 'TEMPLATE'
  | 'UNKNOWN_TYPE'
  | 'TABLE_CHANGED'
  | 'NOT_FOUND'
  | 'BAD_INPUT';

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a system error such as EADDRINUSE or ENOENT. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
