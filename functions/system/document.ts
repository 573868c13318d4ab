import * as z from 'zod';
import { type RefusalCode, statusOf, wordsOf } from '../core/refusal-text.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

type Json = z.core.util.JSONType;
type JsonObject = { readonly [key: string]: Json };

const problemType = 'application/problem+json';

/**
 * The API in OpenAPI 3.1, drawn from what the capabilities declare: every route with its parameters, schemas, refusals by status, and
 * the roles that may call it (`x-access`).
 * @param problem shape of a refusal
 */
export function describe(catalogue: readonly CapabilitySpec[], problem: z.ZodType): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const { name, functions } of catalogue) {
    for (const route of functions.flatMap(({ routes }) => routes ?? [])) {
      paths[route.path] = {
        ...paths[route.path],
        [route.method.toLowerCase()]: operation(name, route),
      };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '帮扶 Bangfu',
      version: '1',
      description:
        'County registry of poor households. Money in fen, days YYYY-MM-DD of Asia/Shanghai, places as statistical division codes.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: catalogue.map(({ name }) => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Claims: sub, role, areas (1 to 20 division codes, separated by spaces).',
        },
      },
    },
  };
}

function operation(tag: string, route: Route): JsonObject {
  const { id, summary, access, body } = route;
  return {
    operationId: id,
    tags: [tag],
    summary: summary.zh,
    description: summary.en,
    security: access === 'open' ? [] : [{ token: [] }],
    'x-access': access === 'open' ? 'open' : plain(access),
    ...(route.area !== undefined && { 'x-area': route.area }),
    parameters: [
      ...fields(route.params, 'path'),
      ...fields(route.query, 'query'),
      ...headersOf(route),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body, 'input') } },
      },
    }),
    responses: { ...success(route), ...fault, ...refusals(route) },
  };
}

/** Each field of an object as a parameter of its own. */
function fields(schema: z.ZodObject | undefined, where: 'path' | 'query'): JsonObject[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const optional = z.safeParse(field, undefined).success;
    return {
      name,
      in: where,
      required: where === 'path' || !optional,
      schema: schemaOf(field, 'input'),
    };
  });
}

function headersOf(route: Route): JsonObject[] {
  const language = header('Accept-Language', false, 'zh (default) or en');
  return [
    language,
    ...(route.ifMatch ? [header('If-Match', true, 'ETag of the version this is based on')] : []),
    ...(needsKey(route)
      ? [
          header(
            'Idempotency-Key',
            true,
            '1 to 255 visible characters; a retry gets the same answer for 24 h',
          ),
        ]
      : []),
  ];
}

function header(name: string, required: boolean, description: string): JsonObject {
  return { name, in: 'header', required, description, schema: { type: 'string' } };
}

function success(route: Route): JsonObject {
  const { status = 200, response } = route;
  const headers = {
    ...(route.ifMatch && { ETag: { schema: { type: 'string' }, description: 'the new version' } }),
    ...(status >= 300 && {
      Location: { schema: { type: 'string' }, description: 'a short-lived address' },
    }),
  };
  const schema = schemaOf(response, 'output');
  const mime = schema.type === 'string' ? 'text/html' : 'application/json';
  const isEmpty = status === 204 || status >= 300;
  return {
    [status]: {
      description: route.summary.en,
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(!isEmpty && { content: { [mime]: { schema } } }),
    },
  };
}

/** What the route may refuse: its own refusals and those of the chain before every handler, grouped by status. */
function refusals(route: Route): JsonObject {
  const byStatus = Map.groupBy(new Set([...chainRefusals(route), ...route.refusals]), statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes
          .map((code) => `${code}: ${wordsOf(code, 'zh')} ${wordsOf(code, 'en')}`)
          .join('\n\n'),
        content: { [problemType]: { schema: problemWith(codes) } },
      },
    ]),
  );
}

/** Refusals that stand before the handler, by what the route declares. */
export function chainRefusals(route: Route): readonly RefusalCode[] {
  const reads = route.params ?? route.query ?? route.body;
  return [
    ...(route.access === 'open'
      ? []
      : (['unauthenticated', 'token-unusable', 'role-not-allowed'] as const)),
    ...(route.area === undefined ? [] : (['not-found'] as const)),
    ...(reads ? (['request-invalid'] as const) : []),
    ...(route.body ? (['body-not-json'] as const) : []),
    ...(route.ifMatch ? (['if-match-required'] as const) : []),
    ...(needsKey(route) ? (['idempotency-key-required', 'idempotency-key-reused'] as const) : []),
  ];
}

function needsKey({ method, access }: Route): boolean {
  return method === 'POST' && access !== 'open';
}

function problemWith(codes: readonly string[]): JsonObject {
  return {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { enum: [...codes] } } },
    ],
  };
}

/** What may come instead of any answer: the gateway's brake, and a fault of ours. */
const fault: JsonObject = {
  429: {
    description: 'Too many requests; wait and try again.',
    content: {
      'application/json': {
        schema: { type: 'object', properties: { message: { type: 'string' } } },
      },
    },
  },
  500: {
    description: 'A fault of ours; its errorId is in the log.',
    content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
  },
};

function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return plain(rest);
}

const Plain = z.record(z.string(), z.json());

/** The value as JSON would carry it. */
function plain(value: unknown): JsonObject {
  return Plain.parse(JSON.parse(JSON.stringify(value)));
}
