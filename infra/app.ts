import { App, type AppProps } from 'aws-cdk-lib';
import { catalogue } from '../functions/catalogue.ts';
import { ApiStack } from './api-stack.ts';
import { bundle } from './bundle.ts';
import { DataStack } from './data-stack.ts';
import { readSettings } from './settings.ts';

/** Builds the app of one deployment from the catalogue; what differs between deployments is CDK context (settings.ts). */
export async function buildApp(props: AppProps = {}): Promise<App> {
  const app = new App({ ...props, analyticsReporting: false });
  const settings = readSettings(app);
  const functions = catalogue.flatMap((capability) => capability.functions);
  const bundles = await bundle(functions, `${app.outdir}/bundle`);
  const data = new DataStack(app, settings, catalogue);
  const { tables, bucket, atRest, dataKey } = data;
  const ground = { settings, tables, bucket, atRest, dataKey, bundles, queues: new Map() };
  new ApiStack(
    app,
    ground,
    functions.filter(({ routes }) => routes),
  );
  return app;
}

if (import.meta.main) (await buildApp()).synth();
