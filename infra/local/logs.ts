/** One captured line: what a function wrote, or what the run says about it. */
export interface LogLine {
  at: string;
  /** logical id of the function, or `api` for the access log, `local` for the run itself */
  source: string;
  line: string;
}

const kept = 50_000;

/** Keeps the latest lines, for tests that look for personal data, and hands each on. */
export class Logs {
  readonly #lines: LogLine[] = [];
  readonly #forward: ((line: string) => void) | undefined;

  constructor(forward: ((line: string) => void) | undefined) {
    this.#forward = forward;
  }

  add(source: string, line: string): void {
    if (line === '') return;
    this.#lines.push({ at: new Date().toISOString(), source, line });
    if (this.#lines.length > kept * 1.1) this.#lines.splice(0, this.#lines.length - kept);
    this.#forward?.(`${source} ${line}`);
  }

  /** Takes text in pieces and adds it line by line. */
  lines(source: string): (text: string) => void {
    let rest = '';
    return (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.add(source, line);
    };
  }

  all(): LogLine[] {
    return [...this.#lines];
  }
}
