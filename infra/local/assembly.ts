import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalError } from './fault.ts';
import type { Json } from './json.ts';

const json = z.json();
const block = z.record(z.string(), json).default({});

const manifestSchema = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        environment: z.string().optional(),
        properties: z
          .looseObject({
            templateFile: z.string().optional(),
            stackName: z.string().optional(),
            directoryName: z.string().optional(),
          })
          .optional(),
      }),
    )
    .default({}),
});

const templateSchema = z.looseObject({
  Parameters: z
    .record(z.string(), z.looseObject({ Type: z.string(), Default: json.optional() }))
    .default({}),
  Conditions: block,
  Mappings: block,
  Resources: z
    .record(
      z.string(),
      z.looseObject({
        Type: z.string(),
        Condition: z.string().optional(),
        Properties: z.record(z.string(), json).default({}),
      }),
    )
    .default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({
        Value: json,
        Condition: z.string().optional(),
        Export: z.looseObject({ Name: json }).optional(),
      }),
    )
    .default({}),
});

const assetsSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export type Template = z.infer<typeof templateSchema>;

export interface Stack {
  name: string;
  region: string;
  template: Template;
}

export interface Assembly {
  stacks: Stack[];
  /** object key an asset would be uploaded under -> its folder or file */
  assets: ReadonlyMap<string, string>;
}

/**
 * Reads a cloud assembly: the manifest, each stack's template, and where the assets lie.
 * @throws LocalError TEMPLATE when the folder holds none
 */
export function readAssembly(dir: string): Assembly {
  const manifestFile = join(dir, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new LocalError('TEMPLATE', `There is no cloud assembly in ${dir}: synthesise first.`);
  }
  const stacks: Stack[] = [];
  const assembly = { stacks, assets: new Map<string, string>() };
  for (const [id, artifact] of Object.entries(read(manifestFile, manifestSchema).artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') addStack(dir, { id, ...artifact }, assembly);
    const inner = artifact.properties?.directoryName;
    if (artifact.type === 'cdk:cloud-assembly' && inner !== undefined) {
      const nested = readAssembly(join(dir, inner));
      stacks.push(...nested.stacks);
      for (const [key, path] of nested.assets) assembly.assets.set(key, path);
    }
  }
  return assembly;
}

type Artifact = z.infer<typeof manifestSchema>['artifacts'][string] & { id: string };

function addStack(
  dir: string,
  { id, environment, properties }: Artifact,
  assembly: { stacks: Stack[]; assets: Map<string, string> },
): void {
  const { templateFile, stackName } = properties ?? {};
  if (templateFile === undefined) return;
  const template = read(join(dir, templateFile), templateSchema);
  assembly.stacks.push({ name: stackName ?? id, region: regionOf(environment), template });
  addAssets(dir, templateFile.replace(/\.template\.json$/, '.assets.json'), assembly.assets);
}

function addAssets(dir: string, file: string, assets: Map<string, string>): void {
  if (!existsSync(join(dir, file))) return;
  for (const asset of Object.values(read(join(dir, file), assetsSchema).files)) {
    const { path } = asset.source;
    if (path === undefined) continue;
    for (const { objectKey } of Object.values(asset.destinations)) {
      assets.set(objectKey, join(dir, path));
    }
  }
}

/** `aws://account/region`; an app that leaves the region open runs in us-east-1 here. */
function regionOf(environment: string | undefined): string {
  const region = environment?.split('/').at(-1);
  return region === undefined || region.startsWith('unknown') ? 'us-east-1' : region;
}

function read<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
  const value: Json = JSON.parse(readFileSync(file, 'utf8'));
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LocalError('TEMPLATE', `${file} is not understood: ${z.prettifyError(parsed.error)}`);
}
