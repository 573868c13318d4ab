/** What is under way in the run. `idle` is for tests: nothing running, nothing queued, every stream read to its end. */
export class Activity {
  #running = 0;
  #changedAt = performance.now();
  readonly #sources: Source[] = [];
  readonly #sleepers: (() => void)[] = [];

  /** An invocation, or another piece of work, begins (1) or ends (-1). */
  change(by: 1 | -1): void {
    this.#running += by;
    this.#changedAt = performance.now();
    if (by < 0) for (const wake of this.#sleepers.splice(0)) wake();
  }

  /** Sleeps so long, or until an invocation ends, since that may have left something to read. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#sleepers.push(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (!signal.aborted) await promise;
    clearTimeout(timer);
    const index = this.#sleepers.indexOf(resolve);
    if (index >= 0) this.#sleepers.splice(index, 1);
  }

  /** Something that may bring work: says since when it has seen nothing. */
  watch(source: Source): void {
    this.#sources.push(source);
  }

  /** Milliseconds since something ran; 0 while something does. */
  get quietMs(): number {
    return this.#running > 0 ? 0 : performance.now() - this.#changedAt;
  }

  /**
   * Resolves when there is nothing under way.
   * @throws Error when that takes longer than the limit, saying what is still under way
   */
  async idle(timeoutMs: number): Promise<void> {
    const asked = performance.now();
    for (;;) {
      const since = Math.max(asked, this.#changedAt);
      const busy = this.#sources.find((source) => !source.quietSince(since));
      if (this.#running === 0 && busy === undefined) return;
      if (performance.now() - asked > timeoutMs) {
        throw new Error(`not idle after ${timeoutMs} ms: ${busy?.name ?? 'a function'} is busy`);
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  }
}

export interface Source {
  name: string;
  /** true when it looked after that moment (performance.now) and found nothing */
  quietSince(moment: number): boolean;
}
