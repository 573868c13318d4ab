import { App, type AppProps } from 'aws-cdk-lib';
import { catalogue as county } from '../functions/catalogue.ts';
import type { CapabilitySpec } from '../functions/core/spec.ts';
import { ApiStack } from './api-stack.ts';
import { bundle } from './bundle.ts';
import { contradictions } from './check.ts';
import { DataStack } from './data-stack.ts';
import { functionsOf, JobsStack } from './jobs-stack.ts';
import { readSettings } from './settings.ts';
import { WatchStack } from './watch-stack.ts';

/** What another stack uses cannot be taken away: for tables and keys that is what we want. */
const flags = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

/**
 * Builds the app of one deployment from the catalogue; what differs between deployments is CDK context (settings.ts).
 * @throws Error naming declarations that contradict each other or context that is not understood
 */
export async function buildApp(
  props: AppProps = {},
  catalogue: readonly CapabilitySpec[] = county,
): Promise<App> {
  const app = new App({ ...props, analyticsReporting: false, postCliContext: flags });
  const settings = readSettings(app);
  const wrong = contradictions(catalogue);
  if (wrong.length > 0) throw new Error(wrong.join(' '));
  const functions = functionsOf(catalogue);
  const bundles = await bundle(functions, `${app.outdir}/bundle`);
  const data = new DataStack(app, settings, catalogue);
  const { tables, bucket, atRest, dataKey } = data;
  const base = { settings, tables, bucket, atRest, dataKey, bundles };
  const jobs = new JobsStack(app, base, catalogue);
  const served = functions.filter(({ routes }) => routes);
  const { api } = new ApiStack(app, { ...base, queues: jobs.queues }, served);
  new WatchStack(app, { settings, catalogue, api, tables, atRest });
  return app;
}

if (process.argv[1] === import.meta.filename) (await buildApp()).synth();
