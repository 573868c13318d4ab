import { LocalError } from './fault.ts';

/** Runs a command of the local run; what it cannot do is one sentence on the error output and exit code 1. */
export async function command(work: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(`${await work()}\n`);
  } catch (fault) {
    if (!(fault instanceof LocalError)) throw fault;
    process.stderr.write(`${fault.message}\n`);
    process.exitCode = 1;
  }
}

/** Folder that keeps the local run's data between starts. */
export const defaultDataDir = '.local';
