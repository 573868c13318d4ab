/** Rows of one number that are brought together, far more than a household may have; beyond them memory would have no bound. */
export const MAX_ROWS_A_GROUP = 100;

/**
 * Gives every row its group while the file passes by. A household number may stand on the head's row only; in a sheet where other rows
 * carry theirs, a row without is at fault, and that is known for sure only at the end.
 */
export class Grouping {
  readonly #groups = new Map<string, { readonly group: number; size: number }>();
  readonly #tooLarge = new Set<string>();
  #everyRow = false;
  #last = '';
  #next = 0;

  /**
   * The group of a row.
   * @param key its household number, empty where it carries none
   * @param isHead whether the row begins a household by itself
   */
  place(key: string, isHead: boolean): number {
    if (key !== '') {
      // A second row that carries the number itself: this sheet writes it on every row.
      if (key === this.#last && !isHead) this.#everyRow = true;
      this.#last = key;
      return this.#groupOf(key);
    }
    if (isHead || this.#last === '') {
      this.#last = '';
      return this.#alone();
    }
    return this.#groupOf(this.#last);
  }

  /** Whether rows without a number may take that of the row above. */
  get mayInherit(): boolean {
    return !this.#everyRow;
  }

  /** Whether so many rows carry that number that they came apart. */
  isTooLarge(key: string): boolean {
    return this.#tooLarge.has(key);
  }

  #alone(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  #groupOf(key: string): number {
    const known = this.#groups.get(key);
    if (known) {
      known.size += 1;
      if (known.size <= MAX_ROWS_A_GROUP) return known.group;
      this.#tooLarge.add(key);
    }
    const group = this.#alone();
    this.#groups.set(key, { group, size: 1 });
    return group;
  }
}

/** Other places a refusal names; further ones are counted. One number on ten thousand rows would name ten thousand on each of them. */
const NAMED = 5;

interface Met {
  /** The first places, one more than are named, since one of them may be the row that asks. */
  readonly places: string[];
  count: number;
}

/** Persons met twice in one file, by their identity numbers. A place is a row as a clerk reads it, and comes once. */
export class Twice {
  readonly #first = new Map<string, string>();
  readonly #met = new Map<string, Met>();

  meet(person: string, place: string): void {
    const first = this.#first.get(person);
    if (first === undefined) {
      this.#first.set(person, place);
      return;
    }
    const met = this.#met.get(person) ?? { places: [first], count: 1 };
    this.#met.set(person, met);
    met.count += 1;
    if (met.places.length <= NAMED) met.places.push(place);
  }

  /** The other places of that person, undefined where there is none: `5、9`, and of many the first with the count of the rest. */
  others(person: string, place: string): string | undefined {
    const met = this.#met.get(person);
    if (!met) return undefined;
    const named = met.places.filter((other) => other !== place).slice(0, NAMED);
    const left = met.count - 1 - named.length;
    return `${named.join('、')}${left > 0 ? `…+${left}` : ''}`;
  }
}
