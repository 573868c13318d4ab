import type { TestProject } from 'vitest/node';
import { type DynamoLocal, startDynamo } from '../../infra/local/dynamo.ts';
import { type Listener, listen } from '../../infra/local/listen.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test asks for the address of the database. */
    readonly dynamoBroker: string;
  }
}

let started: Promise<DynamoLocal> | undefined;
let broker: Listener | undefined;

/**
 * One database for the whole test run, started when the first test asks for it: a run of the rulebook alone starts no Java.
 * Test files keep apart by table names of their own.
 */
export async function setup(project: TestProject): Promise<void> {
  broker = await listen(0, (text) => process.stderr.write(`${text}\n`));
  broker.serve(async (_request, response) => {
    started ??= startDynamo();
    try {
      response.end((await started).endpoint);
    } catch (fault) {
      response.writeHead(500).end(String(fault));
    }
  });
  project.provide('dynamoBroker', broker.url);
}

export async function teardown(): Promise<void> {
  await broker?.close();
  await (await started?.catch(() => undefined))?.stop();
}
