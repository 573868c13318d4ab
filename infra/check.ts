import type { CapabilitySpec } from '../functions/core/spec.ts';

/**
 * Finds declarations that contradict each other before CloudFormation would, or worse, would not: two consumers of one queue share its
 * messages by chance.
 * @returns one sentence per contradiction
 */
export function contradictions(catalogue: readonly CapabilitySpec[]): readonly string[] {
  const functions = catalogue.flatMap((capability) => capability.functions);
  const routes = functions.flatMap((fn) => fn.routes ?? []);
  return [
    ...twice(
      'Two capabilities declare table',
      catalogue.flatMap(({ tables }) => tables ?? []).map(({ name }) => name),
    ),
    ...twice(
      'Two functions are called',
      functions.map(({ id }) => id),
    ),
    ...twice(
      'Two functions consume queue',
      functions.flatMap(({ consumes }) => consumes?.queue ?? []),
    ),
    ...twice(
      'Two schedules are called',
      functions.flatMap(({ schedule }) => schedule?.name ?? []),
    ),
    ...twice(
      'Two routes are called',
      routes.map(({ id }) => id),
    ),
    ...twice(
      'Two routes answer',
      routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
    ),
    ...twice(
      'Two dispatchers would read every stream:',
      functions.flatMap(({ streams }) => (streams ? 'streams' : [])),
    ),
    ...functions
      .filter(({ routes: own, consumes, streams, schedule, objectCreated }) =>
        Boolean(own && (consumes ?? streams ?? schedule ?? objectCreated)),
      )
      .map(({ id }) => `Function ${id} answers requests and works behind them: make two of it.`),
    ...functions
      .filter(({ purpose }) => !/^[ -~]{1,200}$/.test(purpose))
      .map(({ id }) => `Function ${id}: IAM takes a purpose of at most 200 plain letters.`),
    ...functions
      .filter(({ consumes }) => consumes && consumes.batch > 10 && consumes.windowSeconds < 1)
      .map(({ id }) => `Function ${id}: Lambda takes batches over 10 with a window only.`),
    ...functions
      .filter(({ routes: own, timeoutSeconds = 0 }) => own && timeoutSeconds > 30)
      .map(({ id }) => `Function ${id}: the API gives up after 30 seconds.`),
  ];
}

function twice(sentence: string, words: readonly string[]): readonly string[] {
  const repeated = words.filter((word, index) => words.indexOf(word) !== index);
  return [...new Set(repeated)].map((word) => `${sentence} ${word}.`);
}
