import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { indexStreams, startDynamo } from '../../../infra/local/dynamo.ts';
import { listen } from '../../../infra/local/listen.ts';
import { startLocal } from '../../../infra/local/run.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { dataDir, writeAssembly } from './fixture/assembly.ts';

async function createStreamed(endpoint: string, TableName: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  client.destroy();
}

test('without Java the start is one clear sentence', async () => {
  await expect(startDynamo({ java: 'java-that-is-not-there' })).rejects.toMatchObject({
    code: 'JAVA_MISSING',
    message:
      'DynamoDB Local needs Java 17 or newer, and there is no `java-that-is-not-there` on the PATH.',
  });
});

test.each([
  ['openjdk version "11.0.2" 2019-01-15', '11'],
  ['java version "1.8.0_202"', '8'],
  ['something else', '?'],
])('with an old Java it is one too: %s', async (says, version) => {
  const java = join(dataDir(), 'java');
  writeFileSync(java, `#!/bin/sh\necho '${says}' >&2\n`);
  chmodSync(java, 0o755);
  await expect(startDynamo({ java })).rejects.toMatchObject({
    code: 'JAVA_TOO_OLD',
    message: `DynamoDB Local needs Java 17 or newer; this machine has Java ${version}.`,
  });
});

test('with a taken port it is one as well, and nothing stays behind', async () => {
  const other = await listen(0, (text) => expect.fail(text));
  const folder = dataDir();
  const starting = startLocal({ assembly: writeAssembly({}), dataDir: folder, port: other.port });
  await expect(starting).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `Port ${other.port} is taken by another program: stop it, or choose another with --port.`,
  });
  expect(readRunFile(folder)).toBeUndefined();
  await other.close();
});

test('the first record of a stream is found without reading all of them', async () => {
  const folder = dataDir();
  for (const table of ['First', 'Second']) {
    const dynamo = await startDynamo({ dataDir: folder });
    await createStreamed(dynamo.endpoint, table);
    indexStreams(folder);
    await dynamo.stop();
    const file = new DatabaseSync(join(folder, 'shared-local-instance.db'));
    const first = 'EXPLAIN QUERY PLAN SELECT MIN(SequenceNumber) FROM us WHERE StreamID = ?';
    expect(file.prepare(first).all('a')[0], table).toMatchObject({
      detail: expect.stringMatching(/^SEARCH us USING COVERING INDEX/),
    });
    file.close();
  }
});

test('Java ends with the program that started it, however that ends', async () => {
  const module = new URL('../../../infra/local/dynamo.ts', import.meta.url).href;
  const program = `const { startDynamo } = await import('${module}');
    console.log((await startDynamo()).endpoint); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const [line] = await once(child.stdout, 'data');
  const endpoint = String(line).trim();
  const alive = () =>
    fetch(endpoint).then(
      () => true,
      () => false,
    );
  expect(await alive()).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(alive, { timeout: 10_000 }).toBe(false);
});
