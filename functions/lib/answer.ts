import * as z from 'zod';

/** What of a value may be shown; throws where it does not look as declared. */
type Show = (value: unknown) => unknown;

type Schema = z.core.$ZodType;
type Kind = z.core.$ZodTypeDef['type'];
type Of<K extends Kind> = Extract<z.core.$ZodTypes, { _zod: { def: { type: K } } }>;

/** The value is not what the short way expects: zod has to look at it. */
class Unfit extends Error {}

function is<K extends Kind>(schema: Schema, kind: K): schema is Of<K> {
  return schema._zod.def.type === kind;
}

function leaf(fits: (value: unknown) => boolean): Show {
  return (value) => {
    if (!fits(value)) throw new Unfit();
    return value;
  };
}

const leaves: Partial<Record<Kind, Show>> = {
  string: leaf((value) => typeof value === 'string'),
  number: leaf((value) => Number.isFinite(value)),
  boolean: leaf((value) => typeof value === 'boolean'),
  unknown: (value) => value,
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function showObject(shape: Readonly<Record<string, Schema>>): Show {
  const fields = Object.entries(shape).map(([name, schema]) => [name, showOf(schema)] as const);
  return (value) => {
    if (!isObject(value)) throw new Unfit();
    const shown: Record<string, unknown> = {};
    for (const [name, show] of fields) {
      const part = show(value[name]);
      if (part !== undefined) shown[name] = part;
    }
    return shown;
  };
}

function showRecord(each: Show): Show {
  return (value) => {
    if (!isObject(value)) throw new Unfit();
    const shown: Record<string, unknown> = {};
    for (const name of Object.keys(value))
      if (name !== '__proto__') shown[name] = each(value[name]);
    return shown;
  };
}

/** Undefined and null are shown where they may stand. */
function unless(nothing: undefined | null, inner: Schema): Show {
  const show = showOf(inner);
  return (value) => (value === nothing ? value : show(value));
}

function showArray(each: Show): Show {
  return (value) => {
    if (!Array.isArray(value)) throw new Unfit();
    return value.map(each);
  };
}

/** The short way through a schema; undefined for kinds that only zod knows how to read. */
function compose(schema: Schema): Show | undefined {
  if (is(schema, 'object') && !schema._zod.def.catchall) return showObject(schema._zod.def.shape);
  if (is(schema, 'array')) return showArray(showOf(schema._zod.def.element));
  if (is(schema, 'record') && is(schema._zod.def.keyType, 'string'))
    return showRecord(showOf(schema._zod.def.valueType));
  if (is(schema, 'optional')) return unless(undefined, schema._zod.def.innerType);
  if (is(schema, 'nullable')) return unless(null, schema._zod.def.innerType);
  return leaves[schema._zod.def.type];
}

const made = new WeakMap<Schema, Show>();

function showOf(schema: Schema): Show {
  const known = made.get(schema);
  if (known) return known;
  const show = compose(schema) ?? ((value) => z.parse(schema, value));
  made.set(schema, show);
  return show;
}

/**
 * What of an answer its schema declares, so that a private field cannot leak by being forgotten; throws when the answer is not as declared.
 * An answer is our own: kinds of values are looked at, not their ranges, which takes a fraction of the time zod needs for the ten thousand
 * figures of a board. Whatever is not plain (unions, code lists) or does not fit is left to zod.
 */
export function shownOf(schema: z.ZodType, answer: unknown): unknown {
  try {
    return showOf(schema)(answer);
  } catch (fault) {
    if (fault instanceof Unfit) return schema.parse(answer);
    throw fault;
  }
}
