import * as z from 'zod';

/** The part of JSON Schema that zod writes and the document shows. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).exactOptional(),
    description: z.string().exactOptional(),
    enum: z.array(z.unknown()).exactOptional(),
    format: z.string().exactOptional(),
    pattern: z.string().exactOptional(),
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
    minLength: z.number().exactOptional(),
    maxLength: z.number().exactOptional(),
    minItems: z.number().exactOptional(),
    maxItems: z.number().exactOptional(),
    properties: z.record(z.string(), Schema).exactOptional(),
    required: z.array(z.string()).exactOptional(),
    items: Schema.exactOptional(),
    additionalProperties: z.union([z.boolean(), Schema]).exactOptional(),
    anyOf: z.array(Schema).exactOptional(),
    oneOf: z.array(Schema).exactOptional(),
    allOf: z.array(Schema).exactOptional(),
  }),
);

/** One line of a table: a field by its path, whether it must be there, what it may be. */
export interface Field {
  readonly path: string;
  readonly isRequired: boolean;
  readonly type: string;
  readonly about: string;
}

/** The fields of a zod schema, nested ones by path, each array element as `[]`. */
export function fieldsOf(schema: z.ZodType, io: 'input' | 'output'): readonly Field[] {
  const json = Schema.parse(
    z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', cycles: 'ref' }),
  );
  return walk(json, '', true);
}

/** Deeper than this a table stops being read; the machine-readable description has the rest. */
const DEPTH = 3;

function walk(schema: Schema, path: string, isRequired: boolean): readonly Field[] {
  const inner = path.split(/[.[]/).length > DEPTH ? [] : childrenOf(schema, path);
  if (path === '') return inner.length > 0 ? inner : [];
  const own = { path, isRequired, type: typeOf(schema), about: schema.description ?? '' };
  return [own, ...inner];
}

function childrenOf(schema: Schema, path: string): readonly Field[] {
  const { properties, required = [], items } = schema;
  const variants = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (properties) {
    return Object.entries(properties).flatMap(([name, child]) =>
      walk(child, path === '' ? name : `${path}.${name}`, required.includes(name)),
    );
  }
  if (items?.properties || items?.anyOf || items?.oneOf) return childrenOf(items, `${path}[]`);
  const seen = new Set<string>();
  return variants
    .flatMap((variant) => childrenOf(variant, path))
    .filter(({ path: name }) => !seen.has(name) && seen.add(name));
}

function bounds(low: number | undefined, high: number | undefined): string {
  if (low === undefined) return high === undefined ? '' : `at most ${high}`;
  return high === undefined ? `at least ${low}` : `${low}–${high}`;
}

/** zod writes the safe integer range where a number has no bound of its own. */
const finite = (value: number | undefined) =>
  value !== undefined && Number.isSafeInteger(value) && Math.abs(value) === Number.MAX_SAFE_INTEGER
    ? undefined
    : value;

/** What a value may be, in one short phrase. */
function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(' ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(' or ');
  if (schema.items) {
    const count = bounds(schema.minItems, schema.maxItems);
    return `list of ${typeOf(schema.items)}${count && `, ${count}`}`;
  }
  const inside = schema.additionalProperties;
  if (!schema.properties && typeof inside === 'object') return `map of ${typeOf(inside)}`;
  const words = [schema.type ?? 'any'].flat().join(' or ');
  const size =
    bounds(finite(schema.minimum), finite(schema.maximum)) ||
    bounds(schema.minLength, schema.maxLength);
  return [words, schema.format, size && (schema.type === 'string' ? `${size} letters` : size)]
    .filter(Boolean)
    .join(', ');
}
