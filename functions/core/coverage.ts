import type { Day } from './day.ts';
import { earliest, NEVER } from './figure.ts';

/** Of whom an item is: each person, the household, or the village. */
export type CoverageSubject = 'person' | 'household' | 'village';

/**
 * What comes of an item for a subject on a day. `missed`: entitled, and nothing received in the period that holds the day;
 * `received-not-eligible`: received, although what is known says no. Unknown is neither.
 */
export const outcomes = [
  'received',
  'missed',
  'not-eligible',
  'received-not-eligible',
  'unknown',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What coverage counts of an item: `entitled` is received and missed together, a household with both counted once. */
export const coverageClasses = ['entitled', ...outcomes] as const;
export type CoverageClass = (typeof coverageClasses)[number];

/** Figures of an item: for each class households (of a village's item: villages) and persons, then three sums. */
const LENGTH = 15;

/** Figures of one item in an area. */
export interface ItemFigures {
  readonly item: string;
  readonly subject: CoverageSubject;
  readonly figures: readonly number[];
}

/** What an area's households, and its villages, are entitled to, receive and miss, by item. */
export interface Coverage {
  /** By id. */
  readonly items: readonly ItemFigures[];
  /** Registered households that were evaluated, and their live members. */
  readonly households: number;
  readonly persons: number;
  /** First day on which something of it is no longer true with nothing entered. */
  readonly until: Day;
  /** Mark of the rules by which all of it was found; null where its parts go by different ones. */
  readonly rules: string | null;
}

export const noCoverage: Coverage = {
  items: [],
  households: 0,
  persons: 0,
  until: NEVER,
  rules: null,
};

/** What was found for one subject; items of which nothing was received and to which what is known says no are left out. */
export interface Finding {
  readonly item: string;
  /** Place among the members; -1 for the household or village as a whole. */
  readonly person: number;
  readonly outcome: Exclude<Outcome, 'not-eligible'>;
  /** What the item comes to in its period, fen; null where that is not known or it is no money. */
  readonly dueFen: number | null;
  readonly receivedFen: number;
}

/** A household as coverage counts it. */
export interface Found {
  readonly persons: number;
  readonly findings: readonly Finding[];
}

/** An item of the rules, as far as counting needs to know it. */
export interface CountedItem {
  readonly id: string;
  readonly subject: CoverageSubject;
}

/** Places by name; appended to, never reordered, since stored figures stand in this order. */
const PLACES = {
  entitled: 0,
  received: 2,
  missed: 4,
  'not-eligible': 6,
  'received-not-eligible': 8,
  unknown: 10,
} as const satisfies Readonly<Record<CoverageClass, number>>;
const [ENTITLED, NOT_ELIGIBLE] = [PLACES.entitled, PLACES['not-eligible']];
const [DUE, RECEIVED, MISSED] = [12, 13, 14];

function amountAt(
  figures: { readonly [place: number]: number | undefined },
  place: number,
): number {
  return figures[place] ?? 0;
}

function add(figures: { [place: number]: number }, place: number, amount: number): void {
  figures[place] = amountAt(figures, place) + amount;
}

function isEntitled(outcome: Outcome): boolean {
  return outcome === 'received' || outcome === 'missed';
}

/** Counts of one item while households are added: `whole` are those in which something else than a plain no was found for every subject. */
interface Counter {
  readonly subject: CoverageSubject;
  readonly figures: Float64Array;
  named: number;
  whole: number;
}

/**
 * Adds up households one after the other, in memory that depends on the number of items alone: what Lambda counts a village with, and what
 * counts a province.
 */
export class CoverageCount {
  readonly #counters: ReadonlyMap<string, Counter>;
  #households = 0;
  /** Households in which anybody lives. */
  #inhabited = 0;
  #persons = 0;
  readonly #villages = new Set<string>();

  constructor(items: readonly CountedItem[]) {
    this.#counters = new Map(
      items.map(({ id, subject }) => [
        id,
        { subject, figures: new Float64Array(LENGTH), named: 0, whole: 0 },
      ]),
    );
  }

  /** Adds a household. */
  add({ persons, findings }: Found): void {
    this.#households += 1;
    this.#persons += persons;
    if (persons > 0) this.#inhabited += 1;
    for (const [item, own] of Map.groupBy(findings, (one) => one.item)) {
      const counter = this.#counters.get(item);
      if (counter) addItem(counter, persons, own);
    }
  }

  /** Adds what was found for a village itself: once for each village. */
  addVillage(village: string, findings: readonly Finding[]): void {
    if (this.#villages.has(village)) return;
    this.#villages.add(village);
    for (const finding of findings) {
      const counter = this.#counters.get(finding.item);
      if (counter?.subject === 'village') addItem(counter, 0, [finding]);
    }
  }

  /** Everything that was added, which holds until that day and goes by those rules. */
  result(until: Day, rules: string | null): Coverage {
    const items = [...this.#counters].map(([item, counter]) => {
      const figures = [...counter.figures];
      this.#fillNotEligible(figures, counter);
      return { item, subject: counter.subject, figures };
    });
    return {
      items: items.toSorted((one, other) => (one.item < other.item ? -1 : 1)),
      households: this.#households,
      persons: this.#persons,
      until,
      rules,
    };
  }

  /** Who is not named in any finding of an item is not eligible. */
  #fillNotEligible(figures: number[], { subject, named, whole }: Counter): void {
    const all = {
      person: { wide: this.#inhabited, persons: this.#persons },
      household: { wide: this.#households, persons: this.#persons },
      village: { wide: this.#villages.size, persons: 0 },
    }[subject];
    figures[NOT_ELIGIBLE] = all.wide - whole;
    figures[NOT_ELIGIBLE + 1] = all.persons - named;
  }
}

function addItem(counter: Counter, persons: number, findings: readonly Finding[]): void {
  const { subject, figures } = counter;
  const each = subject === 'person' ? 1 : persons;
  const seen = new Set<number>();
  for (const { outcome, dueFen, receivedFen } of findings) {
    const place = PLACES[outcome];
    seen.add(place);
    add(figures, place + 1, each);
    add(figures, RECEIVED, receivedFen);
    counter.named += each;
    if (!isEntitled(outcome)) continue;
    seen.add(ENTITLED);
    add(figures, ENTITLED + 1, each);
    add(figures, DUE, dueFen ?? 0);
    if (outcome === 'missed') add(figures, MISSED, dueFen ?? 0);
  }
  for (const place of seen) add(figures, place, 1);
  if (subject !== 'person' || findings.length >= persons) counter.whole += 1;
}

/** Coverage of an area from that of its parts; it holds as long as all of these do. */
export function addCoverages(parts: readonly Coverage[]): Coverage {
  const sum = new Map<string, { subject: CoverageSubject; figures: number[] }>();
  for (const { items } of parts)
    for (const { item, subject, figures } of items) {
      const known = sum.get(item);
      if (known) for (const [place, amount] of figures.entries()) add(known.figures, place, amount);
      else sum.set(item, { subject, figures: [...figures] });
    }
  const marks = [...new Set(parts.map(({ rules }) => rules))];
  const [rules = null, ...others] = marks;
  return {
    items: [...sum.entries()]
      .map(([item, one]) => ({ item, ...one }))
      .toSorted((one, other) => (one.item < other.item ? -1 : 1)),
    households: parts.reduce((total, part) => total + part.households, 0),
    persons: parts.reduce((total, part) => total + part.persons, 0),
    until: earliest(parts.map(({ until }) => until)),
    rules: others.length === 0 ? rules : null,
  };
}

export interface ClassCount {
  /** Households, or villages of a village's item. */
  readonly wide: number;
  readonly persons: number;
}

export function countIn({ figures }: Pick<ItemFigures, 'figures'>, of: CoverageClass): ClassCount {
  const place = PLACES[of];
  return { wide: amountAt(figures, place), persons: amountAt(figures, place + 1) };
}

/** What the entitled come to in the period, what was received, and what those miss who received nothing, fen. */
export function fenOf({ figures }: Pick<ItemFigures, 'figures'>) {
  return {
    dueFen: amountAt(figures, DUE),
    receivedFen: amountAt(figures, RECEIVED),
    missedFen: amountAt(figures, MISSED),
  };
}

const SUBJECTS = { person: 'p', household: 'h', village: 'v' } as const;
const subjectOf: Readonly<Record<string, CoverageSubject>> = {
  p: 'person',
  h: 'household',
  v: 'village',
};
/** Numbers of a line: amounts of a province stay below 36^12. */
const RADIX = 36;

/** Figures by item as one text: a line per item with its id, subject and numbers, zeros at the end left out. */
export function packItems(items: readonly ItemFigures[]): string {
  return items
    .map(({ item, subject, figures }) => {
      const last = figures.findLastIndex((one) => one !== 0);
      const numbers = figures.slice(0, last + 1).map((one) => one.toString(RADIX));
      return [item, SUBJECTS[subject], ...numbers].join(' ');
    })
    .join('\n');
}

/** @throws Error where the text is none of ours */
export function unpackItems(text: string): readonly ItemFigures[] {
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const space = line.indexOf(' ');
    const [item, letter] = [line.slice(0, space), line.slice(space + 1, space + 2)];
    const numbers = line
      .slice(space + 3)
      .split(' ')
      .filter((one) => one !== '');
    const subject = subjectOf[letter];
    const known = numbers.map((one) => Number.parseInt(one, RADIX));
    if (!subject || numbers.length > LENGTH || !known.every(Number.isSafeInteger))
      throw new Error('coverage is stored in another shape');
    const figures = Array.from({ length: LENGTH }, (_, place) => amountAt(known, place));
    return { item, subject, figures };
  });
}
