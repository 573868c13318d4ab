import { createHash } from 'node:crypto';
import { ageRuleOn, nextAgeRuleAfter } from '../core/age-rule.ts';
import { type CoverageRules, coverageRules } from '../core/coverage-shard.ts';
import { addDays, type Day } from '../core/day.ts';
import { type AreaCode, ancestorAt, liesWithin } from '../core/division.ts';
import { rulesOf } from '../core/entitlement.ts';
import { earliest } from '../core/figure.ts';
import { itemsInForce, type Policies, type PolicyItem } from '../core/policy.ts';
import { compileRules } from '../core/policy-compile.ts';
import { factCatalogue } from '../core/policy-fact.ts';
import type { LineValues } from '../core/policy-interpret.ts';
import { lineValues } from '../core/policy-line.ts';
import { nextLineAfter } from '../core/rule-line.ts';

/** Raised where what is kept of an evaluation means something else than before, so that everybody is evaluated anew. */
const READING = 1;

interface InForce {
  readonly items: readonly PolicyItem[];
  readonly lines: LineValues;
  /** First day on which others are in force. */
  readonly until: Day;
  readonly mark: string;
}

/** What is in force in an area on a day, and what tells it from anything else. */
export function inForce(policies: Policies, area: AreaCode, day: Day): InForce {
  const items = itemsInForce(policies.items, day, area);
  const lines = lineValues(policies.lines, day, area);
  const begins = [...policies.items, ...policies.lines]
    .filter((one) => liesWithin(area, one.area))
    .flatMap(({ validFrom, validTo }) =>
      validTo === null ? [validFrom] : [validFrom, addDays(validTo, 1)],
    );
  const others = [nextLineAfter(day), nextAgeRuleAfter(day)];
  const until = earliest([...begins.filter((first) => first > day), ...others]);
  const facts = factCatalogue.map(({ id, type }) => [id, type]);
  const text = JSON.stringify([READING, items, lines, until, facts, ageRuleOn(day, area)]);
  const mark = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  return { items, lines, until, mark };
}

/** How long the rules of a county are believed, in milliseconds. */
const BELIEVED_MS = 60_000;
/** Clocks of two machines differ by less. */
const APART_MS = 5000;
/** Counties whose rules are held ready: an instance works on one, or a few, at a time. */
const HELD = 4;

interface Held {
  readonly rules: CoverageRules;
  readonly readAt: number;
}

/** The rules of counties as an instance remembers them: read once a minute, compiled once. */
export class RuleBook {
  readonly #held = new Map<AreaCode, Held>();
  readonly #load: (county: AreaCode) => Promise<Policies>;
  readonly #clock: { now(): Date; today(): Day };

  constructor(load: (county: AreaCode) => Promise<Policies>, clock: { now(): Date; today(): Day }) {
    this.#load = load;
    this.#clock = clock;
  }

  /** Has everything read anew. */
  forget(): void {
    this.#held.clear();
  }

  /** The rules of a place today. @param since read anew where what is remembered was read before that instant of another machine's clock */
  of(place: AreaCode, since?: string): Promise<CoverageRules> {
    return this.#of(place, since === undefined ? 0 : Date.parse(since) + APART_MS);
  }

  /** The same, read anew where what is remembered was read before that instant of this machine's own clock. */
  fresh(place: AreaCode, since: Date): Promise<CoverageRules> {
    return this.#of(place, since.getTime());
  }

  async #of(place: AreaCode, needed: number): Promise<CoverageRules> {
    const county = ancestorAt(place, 'county');
    const held = this.#held.get(county);
    const now = this.#clock.now().getTime();
    const day = this.#clock.today();
    const isFresh = held && held.readAt + BELIEVED_MS > now && held.readAt >= Math.min(needed, now);
    if (isFresh && held.rules.day === day) return held.rules;
    const found = inForce(await this.#load(county), county, day);
    const isSame = held?.rules.mark === found.mark;
    const program = isSame ? held.rules.program : compileRules(rulesOf(found.items), found.lines);
    const rules = coverageRules({ area: county, day, ...found, program });
    if (this.#held.size >= HELD) this.#held.clear();
    this.#held.set(county, { rules, readAt: now });
    return rules;
  }
}
