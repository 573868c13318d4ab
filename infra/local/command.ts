import { LocalError, messageOf, systemCode } from './fault.ts';

/** Runs a command of the local run; what it cannot do is one sentence on the error output and exit code 1. */
export async function command(work: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(`${await work()}\n`);
  } catch (fault) {
    if (!isAnswer(fault)) throw fault;
    process.stderr.write(`${messageOf(fault)}\n`);
    process.exitCode = 1;
  }
}

/** Whether what was thrown is one sentence for the person at the keyboard: ours, or of parseArgs about a flag. */
export function isAnswer(fault: unknown): boolean {
  const isFlag = systemCode(fault)?.startsWith('ERR_PARSE_ARGS_') ?? false;
  return isFlag || fault instanceof LocalError;
}

/** Folder that keeps the local run's data between starts. */
export const defaultDataDir = '.local';
