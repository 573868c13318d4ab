import { dynamo } from '../../functions/lib/dynamo.ts';
import { store } from '../../functions/lib/objects.ts';

/** A process that is killed at its k-th await: whatever it calls from then on does not happen. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** Counts every call to the database, the store and the queue twice, before and after it takes effect, and kills at the k-th. */
export class Reaper {
  #steps = 0;
  #at = Number.POSITIVE_INFINITY;
  #isDead = false;

  /** Starts counting; `at` undefined kills nobody. */
  arm(at = Number.POSITIVE_INFINITY): void {
    this.#steps = 0;
    this.#at = at;
    this.#isDead = false;
  }

  /** A new process takes over and lives. */
  revive(): void {
    this.#isDead = false;
    this.#at = Number.POSITIVE_INFINITY;
  }

  get steps(): number {
    return this.#steps;
  }

  readonly tick = (): void => {
    this.#steps += 1;
    if (this.#steps === this.#at) this.#isDead = true;
    if (this.#isDead) throw new Death();
  };

  /** Stands in the way of the house's clients. */
  watch(): void {
    const around =
      <Args, Answer>(next: (args: Args) => Promise<Answer>) =>
      async (args: Args): Promise<Answer> => {
        this.tick();
        const answer = await next(args);
        this.tick();
        return answer;
      };
    const place = { step: 'initialize', priority: 'high', name: 'reaper' } as const;
    dynamo().middlewareStack.add(around, place);
    store().middlewareStack.add(around, place);
  }
}
