import * as z from 'zod';
import { type CodeListName, codeLists } from './code-list.ts';
import data from './policy-fact.json' with { type: 'json' };

/** Of whom a fact tells, and for whom a policy item is: each asks what is wider too, a person's item all three. */
export type Subject = 'person' | 'household' | 'village';

/** `code` one of a list, `codes` several of it, `number`, `flag` yes or no, `day`. */
export type FactType = 'code' | 'codes' | 'number' | 'flag' | 'day';

const Words = z.strictObject({ zh: z.string(), en: z.string() });

const FactShape = z.strictObject({
  /** Whose fact, and its name: `person.age`. */
  id: z.string().regex(/^(?:person|household|village)\.[A-Za-z]+$/),
  of: z.enum(['person', 'household', 'village']),
  type: z.enum(['code', 'codes', 'number', 'flag', 'day']),
  /** Codes it can have; without, division codes. */
  list: z.custom<CodeListName>((name) => Object.hasOwn(codeLists, String(name))).exactOptional(),
  /** Money is whole fen; land, roads and floors may have fractions, everything else is counted. */
  unit: z
    .enum([
      'fen',
      'years',
      'year',
      'months',
      'mu',
      'persons',
      'grade',
      'kilometres',
      'squareMetres',
      'households',
      'hamlets',
      'kinds',
    ])
    .exactOptional(),
  /** What a condition may compare it with: a grade of 5 would hold of nobody. */
  least: z.number().exactOptional(),
  most: z.number().exactOptional(),
  zh: z.string(),
  en: z.string(),
  /** How a sentence says that a flag is set, and that it is not. */
  yes: Words.exactOptional(),
  no: Words.exactOptional(),
});
export type FactDefinition = z.infer<typeof FactShape>;
export type FactUnit = NonNullable<FactDefinition['unit']>;

/** Every fact that a policy's condition may ask (policy-fact.json). Derived ones are worked out by policy-ground.ts. */
export const factCatalogue: readonly FactDefinition[] = z.array(FactShape).parse(data);

const byId = new Map(factCatalogue.map((fact) => [fact.id, fact]));

/** What the catalogue says of a fact; undefined where it knows none of that name. */
export function definitionOf(fact: string): FactDefinition | undefined {
  return byId.get(fact);
}

/** A count of members some of whom nobody knows enough about: it lies between the two, both included. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Money in fen, days as `YYYY-MM-DD`, codes as in their lists. */
export type FactValue = string | readonly string[] | number | boolean | Bounds;

/** Facts by id; one that is absent or undefined is unknown, never "no". */
export type FactValues = Readonly<Record<string, FactValue | undefined>>;

export function isBounds(value: FactValue | undefined): value is Bounds {
  return typeof value === 'object' && 'least' in value;
}

/** The bounds of a number or a count; undefined where the value is none. */
export function boundsOf(value: FactValue | undefined): Bounds | undefined {
  if (typeof value === 'number') return { least: value, most: value };
  return isBounds(value) ? value : undefined;
}
