import { describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import type { CapabilitySpec, FunctionSpec } from '../../functions/core/spec.ts';
import { contradictions } from '../../infra/check.ts';
import { everyKind } from '../support/catalogue.ts';

const base = { entry: 'system/handler.ts', purpose: 'tries' };
const declared = (...functions: readonly FunctionSpec[]): readonly CapabilitySpec[] => [
  { name: 'tried', functions },
];
const consumes = { queue: 'job', batch: 1, windowSeconds: 0 } as const;
const schedule = { name: 'nightly', cron: '0 2 * * ? *' };
const route = everyKind.flatMap(({ functions }) => functions).flatMap(({ routes }) => routes ?? []);

describe('declarations that contradict each other are named before anything is built', () => {
  it('the county’s own do not', () => {
    expect(contradictions(catalogue)).toEqual([]);
    expect(contradictions(everyKind)).toEqual([]);
  });

  it('two consumers of one queue, which would share its messages by chance', () => {
    const two = declared({ ...base, id: 'a', consumes }, { ...base, id: 'b', consumes });
    expect(contradictions(two)).toEqual(['Two functions consume queue job.']);
  });

  it('two functions, schedules or dispatchers of one name', () => {
    const two = declared({ ...base, id: 'a', schedule }, { ...base, id: 'a', schedule });
    expect(contradictions(two)).toEqual([
      'Two functions are called a.',
      'Two schedules are called nightly.',
    ]);
    const streams = true;
    expect(
      contradictions(declared({ ...base, id: 'a', streams }, { ...base, id: 'b', streams })),
    ).toHaveLength(1);
  });

  it('two routes that answer the same requests, whatever their parameters are called', () => {
    const renamed = route.map((one) => ({
      ...one,
      id: `${one.id}.again`,
      path: one.path.replaceAll('{id}', '{household}'),
    }));
    const both = declared(
      { ...base, id: 'a', routes: route },
      { ...base, id: 'b', routes: renamed },
    );
    expect(contradictions(both)).toEqual(
      route.map(({ method, path }) => `Two routes answer ${method} ${path.replace('{id}', '{}')}.`),
    );
  });

  it('a function that answers requests and also works behind them', () => {
    const mixed = declared({ ...base, id: 'a', routes: route, schedule });
    expect(contradictions(mixed)).toEqual([
      'Function a answers requests and works behind them: make two of it.',
    ]);
  });

  it('what the services refuse only once it is deployed', () => {
    const wide = { ...consumes, batch: 50 };
    const refused = declared(
      { ...base, id: 'a', purpose: '汇总' },
      { ...base, id: 'b', consumes: wide },
      { ...base, id: 'c', routes: route, timeoutSeconds: 60 },
    );
    expect(contradictions(refused)).toEqual([
      'Function a: IAM takes a purpose of at most 200 plain letters.',
      'Function b: Lambda takes batches over 10 with a window only.',
      'Function c: the API gives up after 30 seconds.',
    ]);
  });

  it('two capabilities that declare one table', () => {
    const names = contradictions([
      ...everyKind,
      ...everyKind.map((one) => ({ ...one, functions: [] })),
    ]);
    expect(names).toContain('Two capabilities declare table household.');
  });
});
