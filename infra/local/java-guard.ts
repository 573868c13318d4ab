/**
 * Stands between the local run and Java: when the run goes away for whatever reason, its end of the pipe closes and
 * Java is ended. A signal handler in the run itself could not promise that (it does not run on SIGKILL).
 */
import { spawn } from 'node:child_process';

const [command = 'java', ...args] = process.argv.slice(2);
const java = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

function end(): void {
  java.kill('SIGTERM');
  setTimeout(() => java.kill('SIGKILL'), 3000).unref();
}

process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end);
process.on('SIGINT', end);
java.on('error', () => process.exit(127));
java.on('exit', (code) => process.exit(code ?? 0));
