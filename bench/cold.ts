import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { type FunctionSpec, queueNames, type Route } from '../functions/core/spec.ts';
import { today } from '../functions/lib/clock.ts';
import { buildBase } from './base/build.ts';
import { eventOf } from './call.ts';
import type { Ground, Tables } from './ground.ts';
import { type Figure, median } from './ratio.ts';

const ROUNDS = Number(process.env.COLD_ROUNDS ?? 25);
const script = join(import.meta.dirname, 'base/cold.mjs');
const run = promisify(execFile);
const Told = z.object({
  init: z.number(),
  total: z.number(),
  statusCode: z.number(),
  body: z.string(),
});
type Told = z.infer<typeof Told>;

/** What the paths and queries of routes ask for, as it stands in the seeded tables. */
export interface Known {
  readonly county: string;
  readonly household: string;
}

export interface ColdGround {
  readonly ground: Ground;
  readonly tables: Tables;
  /** Folder of the bundles, by function. */
  readonly bundles: string;
  readonly known: Known;
}

/** The environment of a function as the stacks give it, and what Lambda adds. The keys lie in a file, as on stage local. */
function environment({ ground, tables, known }: ColdGround): Record<string, string> {
  const named = Object.entries(tables).map(([name, table]) => [
    `${name.toUpperCase()}_TABLE`,
    table,
  ]);
  const queues = queueNames.map((name) => [
    `${name.toUpperCase()}_QUEUE`,
    `${ground.endpoint}/000000000000/${name}`,
  ]);
  return {
    ...Object.fromEntries([...named, ...queues]),
    STAGE: 'local',
    ROOT: known.county,
    BUCKET: 'bench',
    LOCAL_KEY_FILE: join(ground.folder, 'master'),
    BARE_TABLE: tables.area,
    BARE_KEY: `A#${known.county}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: ground.endpoint,
    AWS_ENDPOINT_URL_S3: ground.endpoint,
    AWS_ENDPOINT_URL_SQS: ground.endpoint,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    TZ: 'UTC',
    PATH: process.env.PATH ?? '',
  };
}

/** A GET of a route for the seeded county, with every parameter it knows a value for and must have. */
function getOf(route: Route, { county, household }: Known): string {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const params = Object.fromEntries(
    names.map((name) => [name, name === 'id' ? household : county]),
  );
  const values = Object.entries({ area: county, day: today() });
  const query = Object.fromEntries(values.filter(([name]) => route.query?.shape[name]));
  return JSON.stringify(eventOf({ route: `GET ${route.path}`, params, query, areas: county }));
}

async function start(file: string, event: string, env: Record<string, string>): Promise<Told> {
  const args = [script, pathToFileURL(file).href, event];
  const { stderr } = await run(process.execPath, args, { env, encoding: 'utf8' });
  return Told.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? ''));
}

/** The first GET of a function that the seeded county answers. */
async function answerable(
  spec: FunctionSpec,
  cold: ColdGround,
): Promise<{ route: Route; event: string } | undefined> {
  const routes = (spec.routes ?? []).filter(({ method }) => method === 'GET');
  const refused: string[] = [];
  for (const route of routes) {
    const event = getOf(route, cold.known);
    const file = join(cold.bundles, spec.id, 'index.mjs');
    const told = await start(file, event, environment(cold));
    if (told.statusCode === 200) return { route, event };
    refused.push(`${route.path}: ${told.statusCode} ${told.body}`);
  }
  if (refused.length > 0) throw new Error(`no GET of ${spec.id} succeeds: ${refused.join('; ')}`);
  return undefined;
}

async function figuresOf(spec: FunctionSpec, cold: ColdGround): Promise<readonly Figure[]> {
  const found = await answerable(spec, cold);
  if (!found) return [];
  const env = environment(cold);
  const bare = await buildBase('bare', cold.ground.folder);
  const file = join(cold.bundles, spec.id, 'index.mjs');
  const [ours, base]: [Told[], Told[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % 2 === 0;
    if (first) ours.push(await start(file, found.event, env));
    base.push(await start(bare.file, found.event, env));
    if (!first) ours.push(await start(file, found.event, env));
  }
  const side = (key: 'init' | 'total') => ({
    unit: 'ms',
    ours: median(ours.map((one) => one[key])),
    base: median(base.map((one) => one[key])),
  });
  const { path } = found.route;
  return [
    { name: `cold start ${spec.id}: init + GET ${path}`, ...side('total'), goal: 1.2 },
    { name: `cold start ${spec.id}: init alone`, ...side('init'), goal: 0.95 },
  ];
}

/** Cold start of every shipped bundle that answers a GET, one process a start, against the bare handler doing one Query. */
export async function coldFigures(
  functions: readonly FunctionSpec[],
  cold: ColdGround,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const spec of functions) figures.push(...(await figuresOf(spec, cold)));
  return figures;
}
