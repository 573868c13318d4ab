import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { CapabilitySpec } from '../../functions/core/spec.ts';
import { buildApp } from '../../infra/app.ts';

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.json()).default({}),
  DeletionPolicy: z.string().optional(),
});
const template = z.looseObject({ Resources: z.record(z.string(), resource) });

export type Template = z.infer<typeof template>;
export interface Found {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, z.core.util.JSONType>>;
  readonly deletionPolicy: string | undefined;
}

export const concerns = ['data', 'jobs', 'api', 'watch'] as const;

export interface Synthesised {
  readonly templates: readonly (readonly [string, Template])[];
  readonly resources: readonly Found[];
}

/** Synthesises a catalogue in a folder of its own and reads the templates back. */
export async function synthesised(
  catalogue: readonly CapabilitySpec[],
  context: Readonly<Record<string, string>> = {},
): Promise<Synthesised> {
  const outdir = mkdtempSync(join(tmpdir(), 'bangfu-synth-'));
  try {
    const app = await buildApp({ outdir, context }, catalogue);
    app.synth();
    const templates = concerns.map((concern) => {
      const file = `bangfu-${context.stage ?? 'local'}-${concern}.template.json`;
      return [
        concern,
        template.parse(JSON.parse(readFileSync(join(outdir, file), 'utf8'))),
      ] as const;
    });
    return {
      templates,
      resources: templates.flatMap(([stack, { Resources }]) => listed(stack, Resources)),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function listed(stack: string, resources: Template['Resources']): Found[] {
  return Object.entries(resources).map(([id, { Type, Properties, DeletionPolicy }]) => ({
    stack,
    id,
    type: Type,
    properties: Properties,
    deletionPolicy: DeletionPolicy,
  }));
}

export function ofType({ resources }: Synthesised, type: string): readonly Found[] {
  return resources.filter((found) => found.type === type);
}

const statement = z.looseObject({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]).transform((action) => [action].flat()),
  Resource: z.json().optional(),
});
const policy = z.object({ Statement: z.array(statement) });

/** Allowing statements of a policy document. */
export function allowed(document: unknown): z.infer<typeof statement>[] {
  return policy.parse(document).Statement.filter(({ Effect }) => Effect === 'Allow');
}

/** Every text in a value with the path that leads to it. */
export function texts(
  value: unknown,
  path: readonly string[] = [],
): { path: readonly string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { path: [...path, key, '(key)'], text: key },
    ...texts(inner, [...path, key]),
  ]);
}
