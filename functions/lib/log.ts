/** What a log line may carry: codes, counts, ids and durations. Never names, numbers of persons, bodies or whole objects. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

let sink = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Lets a test read the lines, or keep them out of its own output. */
export function useLog(to: (line: string) => void): void {
  sink = to;
}

function write(level: 'info' | 'warn' | 'error', code: string, fields: LogFields): void {
  sink(JSON.stringify({ level, code, ...fields }));
}

/** The only logger: one JSON line per event, a machine code instead of a sentence. */
export const log = {
  info: (code: string, fields: LogFields = {}): void => write('info', code, fields),
  warn: (code: string, fields: LogFields = {}): void => write('warn', code, fields),
  error: (code: string, fields: LogFields = {}): void => write('error', code, fields),
};

/** Name and first stack line of a fault; its message may quote data, so it is left out. */
export function faultFields(fault: unknown): LogFields {
  if (!(fault instanceof Error)) return { fault: typeof fault };
  return {
    fault: fault.name,
    where: fault.stack
      ?.split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim(),
  };
}
