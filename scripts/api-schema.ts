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
      walk(child, inside(path, name), required.includes(name)),
    );
  }
  if (items?.properties || items?.anyOf || items?.oneOf) return childrenOf(items, `${path}[]`);
  return merged(variants, path);
}

const inside = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

const isFixed = (schema: Schema | undefined) =>
  schema?.const !== undefined || schema?.enum !== undefined;

/** The field that tells variants apart: each of them fixes its values. */
function tellerOf(variants: readonly Schema[]): string | undefined {
  const [first] = variants;
  return Object.keys(first?.properties ?? {}).find((name) => {
    const fixed = variants.flatMap(({ properties }) => properties?.[name] ?? []).filter(isFixed);
    return new Set(fixed.map(typeOf)).size === variants.length;
  });
}

const outside = (path: string) =>
  path.slice(0, Math.max(path.lastIndexOf('.'), 0)).replace(/\[\]$/, '');

interface Seen {
  readonly field: Field;
  readonly variants: Set<string>;
}

/** Fields of several shapes in one table: what any of them allows, and which of them a field belongs to. */
function merged(variants: readonly Schema[], path: string): readonly Field[] {
  const shapes = variants.filter((one) => childrenOf(one, path).length > 0);
  const teller = shapes.length > 1 ? tellerOf(shapes) : undefined;
  const seen = new Map<string, Seen>();
  for (const [at, shape] of shapes.entries()) {
    const name = teller === undefined ? String(at) : typeOf(shape.properties?.[teller] ?? {});
    for (const field of childrenOf(shape, path)) {
      const before = seen.get(field.path);
      seen.set(field.path, {
        field: before === undefined ? field : bothOf(before.field, field),
        variants: new Set([...(before?.variants ?? []), name]),
      });
    }
  }
  const all = shapes.length;
  return [...seen.values()].map(({ field, variants: names }) => {
    const parent = seen.get(outside(field.path))?.variants.size ?? all;
    if (names.size === parent || names.size === all) return field;
    if (teller === undefined) return { ...field, isRequired: false };
    const only = `only with \`${inside(path, teller)}\` ${[...names].join(' ')}`;
    return { ...field, about: field.about ? `${only}: ${field.about}` : only };
  });
}

/** What does not fit into a cell of a table with room for the longest sentence of a refusal. */
const WIDE = 160;
const OTHERS = 'what else its kind allows';

function bothOf(one: Field, other: Field): Field {
  const types = [one, other].map(({ type }) => type);
  const between = types.every((type) => type.startsWith('`') && !type.includes(' or '))
    ? ' '
    : ' or ';
  const all = [...new Set(types.flatMap((type) => type.split(between)))];
  const others = all.includes(OTHERS) || all.join(between).length > WIDE;
  return {
    path: one.path,
    isRequired: one.isRequired && other.isRequired,
    type: others ? `${all[0]}${between === ' ' ? ' or ' : between}${OTHERS}` : all.join(between),
    about: one.about || other.about,
  };
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

/** More values than these are told by number: a table is as wide as its widest cell, on every line. */
const NAMED = 9;
const FIRST = 4;

function namesOf(values: readonly unknown[]): string {
  const shown = values.length > NAMED ? values.slice(0, FIRST) : values;
  const names = shown.map((one) => `\`${String(one)}\``).join(' ');
  const others = values.length - shown.length;
  return others > 0
    ? `${names} and ${others} more, see the code lists or \`/openapi.json\``
    : names;
}

/** What a value may be, in one short phrase. */
function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return namesOf(schema.enum);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(' or ');
  if (schema.items) {
    const count = bounds(schema.minItems, schema.maxItems);
    return `list of ${typeOf(schema.items)}${count && `, ${count}`}`;
  }
  const others = schema.additionalProperties;
  if (!schema.properties && typeof others === 'object') return `map of ${typeOf(others)}`;
  const words = [schema.type ?? 'any'].flat().join(' or ');
  const size =
    bounds(finite(schema.minimum), finite(schema.maximum)) ||
    bounds(schema.minLength, schema.maxLength);
  return [words, schema.format, size && (schema.type === 'string' ? `${size} letters` : size)]
    .filter(Boolean)
    .join(', ');
}
