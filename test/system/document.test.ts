import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalogue } from '../../functions/catalogue.ts';
import { statusOf } from '../../functions/core/refusal-text.ts';
import type { CapabilitySpec } from '../../functions/core/spec.ts';
import { Problem } from '../../functions/lib/problem.ts';
import { chainRefusals, describe as described } from '../../functions/system/document.ts';
import { everyKind } from '../support/catalogue.ts';

const Parameter = z.looseObject({ name: z.string(), in: z.string(), required: z.boolean() });
const Content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.json()) }));
const Operation = z.looseObject({
  operationId: z.string(),
  security: z.array(z.json()),
  'x-access': z.json(),
  parameters: z.array(Parameter),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: Content.optional() })),
});
const Document = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

/** The real capabilities and the made-up one, so that every kind of route is described at least once. */
const all: readonly CapabilitySpec[] = [...catalogue, ...everyKind];
const document = Document.parse(described(all, Problem));
const routes = all.flatMap(({ functions }) => functions).flatMap((fn) => fn.routes ?? []);
const operationOf = (method: string, path: string) => document.paths[path]?.[method.toLowerCase()];

describe('the description of the API', () => {
  it('has every route with its id, and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { operationId }]) => `${method} ${path} ${operationId}`,
      ),
    );
    const declared = routes.map(({ id, method, path }) => `${method.toLowerCase()} ${path} ${id}`);
    expect(described.sort()).toEqual(declared.sort());
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  });

  it.each(routes)('$method $path: who may call it', ({ method, path, access }) => {
    const operation = operationOf(method, path);
    expect(operation?.['x-access']).toEqual(access);
    expect(operation?.security).toEqual(access === 'open' ? [] : [{ token: [] }]);
  });

  it.each(routes)('$method $path: what it takes', (route) => {
    const operation = operationOf(route.method, route.path);
    const names = (where: string) =>
      operation?.parameters
        .filter((one) => one.in === where)
        .map(({ name }) => name)
        .sort();
    expect(names('path')).toEqual(
      [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
    );
    expect(names('query')).toEqual(Object.keys(route.query?.shape ?? {}).sort());
    expect(names('header')?.includes('If-Match')).toBe(route.ifMatch === true);
    expect(operation?.requestBody !== undefined).toBe(route.body !== undefined);
  });

  it.each(routes)('$method $path: what it answers and refuses, by status', (route) => {
    const responses = operationOf(route.method, route.path)?.responses ?? {};
    expect(responses[route.status ?? 200]).toBeDefined();
    for (const code of [...route.refusals, ...chainRefusals(route)]) {
      const response = responses[statusOf(code)];
      const schema = response?.content?.['application/problem+json']?.schema;
      expect(JSON.stringify(schema)).toContain(`"${code}"`);
    }
    expect(responses[500]?.content).toHaveProperty(['application/problem+json']);
  });

  it('points nowhere outside itself', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
    expect(new Set([...references].map(([, target]) => target))).toEqual(
      new Set(['#/components/schemas/Problem']),
    );
  });
});
