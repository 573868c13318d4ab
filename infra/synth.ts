import { buildApp } from './app.ts';

export interface Synthesis {
  /** Folder of the cloud assembly. */
  readonly outdir: string;
  /** What `-c name=value` would say on the command line. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Synthesises the app in this process. Returns the folder of the cloud assembly. */
export async function synthesise({ outdir, context = {} }: Synthesis): Promise<string> {
  const app = await buildApp({ outdir, context });
  return app.synth().directory;
}
