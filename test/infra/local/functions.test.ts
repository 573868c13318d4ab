import { afterAll, describe, expect, test } from 'vitest';
import { readAssembly } from '../../../infra/local/assembly.ts';
import { type LocalFunction, startFunctions } from '../../../infra/local/functions.ts';
import { Logs } from '../../../infra/local/logs.ts';
import { readResources } from '../../../infra/local/resources.ts';
import { lambda, writeAssembly } from './fixture/assembly.ts';

const probe = `
let calls = 0;
globalThis.marker = (globalThis.marker ?? 0) + 1;
export async function handler(event, context) {
  calls += 1;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  if (event.do === 'env') return { ...process.env };
  if (event.do === 'context') return { id: context.awsRequestId, left: context.getRemainingTimeInMillis(), arn: context.invokedFunctionArn };
  if (event.do === 'wait') { await wait(event.ms); return { calls }; }
  if (event.do === 'throw') throw new RangeError('out of ' + event.what);
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'hoard') { const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length)); }
  if (event.do === 'answer') return 'x'.repeat(event.bytes);
  if (event.do === 'say') { console.log('spoken'); console.error('complained'); }
  if (event.do === 'nothing') return undefined;
  return { calls, marker: globalThis.marker };
}`;

const broken = `throw new Error('no start');`;

let offset = 86_400_000;
let running = 0;
const logs = new Logs(undefined);

function functions(): ReadonlyMap<string, LocalFunction> {
  const assembly = readAssembly(
    writeAssembly(
      {
        S: {
          resources: {
            Probe: lambda('probe', {
              Timeout: 1,
              MemorySize: 64,
              Environment: {
                Variables: {
                  STAGE: 'local',
                  WORD: { 'Fn::Join': ['', [{ Ref: 'AWS::Region' }, '!']] },
                },
              },
            }),
            Deployed: lambda('probe', { Environment: { Variables: { STAGE: 'prod' } } }),
            Single: lambda('probe', { ReservedConcurrentExecutions: 1, Timeout: 5 }),
            Broken: lambda('broken'),
          },
        },
      },
      { probe, broken },
    ),
  );
  return startFunctions(readResources(assembly, { api: 'http://api', sqs: 'http://sqs' }), {
    assets: assembly.assets,
    region: 'us-east-1',
    env: { AWS_ENDPOINT_URL_DYNAMODB: 'http://there' },
    localEnv: { LOCAL_KEY_FILE: '/key' },
    clockOffset: () => offset,
    logs,
    activity: (by) => {
      running += by;
    },
  });
}

describe('a function', () => {
  const all = functions();
  const named = (id: string): LocalFunction => {
    const fn = all.get(`S-${id}`);
    if (fn === undefined) throw new Error(id);
    return fn;
  };
  const ask = async (event: object, id = 'Probe'): Promise<Record<string, unknown>> => {
    const outcome = await named(id).invoke(JSON.stringify(event));
    if (!outcome.ok) return { ...outcome };
    return outcome.payload === undefined ? {} : { ...JSON.parse(outcome.payload) };
  };
  afterAll(() => Promise.all([...all.values()].map((fn) => fn.stop())));

  test('has the environment of the template and of Lambda, and nothing of the machine it runs on', async () => {
    process.env.SECRET_OF_THE_MACHINE = 'yes';
    const env = await ask({ do: 'env' });
    expect(env).toMatchObject({
      WORD: 'us-east-1!',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'S-Probe',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '64',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://there',
      TZ: 'UTC',
    });
    expect(env).not.toHaveProperty('SECRET_OF_THE_MACHINE');
    expect(env).not.toHaveProperty('HOME');
  });

  test('learns the moved clock and the key file on stage local alone', async () => {
    expect(await ask({ do: 'env' })).toMatchObject({
      CLOCK_OFFSET_MS: '86400000',
      LOCAL_KEY_FILE: '/key',
    });
    offset = -5;
    expect(await ask({ do: 'env' })).toMatchObject({ CLOCK_OFFSET_MS: '-5' });
    const deployed = await ask({ do: 'env' }, 'Deployed');
    expect(deployed).not.toHaveProperty('CLOCK_OFFSET_MS');
    expect(deployed).not.toHaveProperty('LOCAL_KEY_FILE');
  });

  test('stays warm between calls and shares nothing with others', async () => {
    const first = await ask({});
    const second = await ask({});
    expect(Number(second.calls)).toBe(Number(first.calls) + 1);
    expect(await ask({}, 'Deployed')).toMatchObject({ marker: 1 });
  });

  test('has a context with its request and the time left', async () => {
    const { id, left, arn } = await ask({ do: 'context' });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(left)).toBeGreaterThan(500);
    expect(Number(left)).toBeLessThanOrEqual(1000);
    expect(arn).toBe('arn:aws:lambda:us-east-1:000000000000:function:S-Probe');
  });

  test('is ended at its timeout and starts cold the next time', async () => {
    expect(await ask({ do: 'wait', ms: 5000 })).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await ask({})).toMatchObject({ calls: 1 });
  });

  test('that throws, exits or eats its memory fails that call alone', async () => {
    expect(await ask({ do: 'throw', what: 'grain' })).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'out of grain',
    });
    expect(await ask({ do: 'exit' })).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await ask({ do: 'hoard' })).toMatchObject({ ok: false });
    expect(await ask({})).toMatchObject({ calls: 1 });
  });

  test('that cannot be loaded says why, each time', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await ask({}, 'Broken')).toMatchObject({ errorMessage: 'no start' });
    }
  });

  test('takes and gives six megabytes, no more', async () => {
    const mb = 1024 * 1024;
    expect(await ask({ pad: 'x'.repeat(6 * mb) })).toMatchObject({
      errorType: 'RequestTooLargeException',
    });
    expect(await ask({ do: 'answer', bytes: 6 * mb })).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
    expect(await ask({ pad: 'x'.repeat(5 * mb) })).toHaveProperty('calls');
  });

  test('with a concurrency of one takes calls one after the other', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => ask({ do: 'wait', ms: 20 }, 'Single')));
    expect(answers.map(({ calls }) => calls)).toEqual([1, 2, 3]);
  });

  test('can lose its worker in the middle of a call', async () => {
    const calls = [ask({ do: 'wait', ms: 900 }), ask({ do: 'wait', ms: 900 })];
    await expect.poll(() => running).toBe(2);
    await new Promise((done) => setTimeout(done, 300));
    expect(await named('Probe').kill()).toBe(2);
    for (const call of calls) expect(await call).toMatchObject({ errorType: 'Runtime.ExitError' });
    named('Probe').killNext(50);
    expect(await ask({ do: 'wait', ms: 900 })).toMatchObject({ ok: false });
    expect(await ask({ do: 'wait', ms: 1 })).toMatchObject({ calls: 1 });
    expect(running).toBe(0);
  });

  test('may answer nothing, and what it writes is kept line by line', async () => {
    expect(await ask({ do: 'nothing' })).toEqual({});
    await ask({ do: 'say' });
    await expect
      .poll(() => logs.all().map(({ line }) => line))
      .toEqual(expect.arrayContaining(['spoken', 'complained']));
  });
});
