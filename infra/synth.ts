import { buildApp } from './app.ts';

export interface Synthesis {
  /** Folder of the cloud assembly. */
  readonly outdir: string;
  /** What `-c name=value` would say on the command line. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Synthesises the app in this process. The local run leaves out the CDK's own template validation (2 s of a start);
 * the tests and every deployment have it.
 * @returns the folder of the cloud assembly
 */
export async function synthesise({ outdir, context = {} }: Synthesis): Promise<string> {
  const app = await buildApp({
    outdir,
    context,
    builtinCloudFormationValidation: context.stage !== 'local',
  });
  return app.synth().directory;
}
