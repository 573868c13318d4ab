import { codesOf } from './code-list.ts';

/** Who says that a household is helped by a batch: people and ledgers, or a measure that is under way. */
export type BatchSource = 'stated' | 'measure';

interface Helped {
  readonly measures?: readonly string[] | undefined;
  readonly measureBatches?: readonly string[] | undefined;
}

/** The batches (五个一批) by which a household is helped, in the order of the code list, and who says so of each. */
export function batchSources(facts: Helped): Readonly<Record<string, readonly BatchSource[]>> {
  const sources = codesOf('measure').map((batch): readonly [string, readonly BatchSource[]] => [
    batch,
    [
      ...(facts.measures?.includes(batch) ? ['stated' as const] : []),
      ...(facts.measureBatches?.includes(batch) ? ['measure' as const] : []),
    ],
  ]);
  return Object.fromEntries(sources.filter(([, of]) => of.length > 0));
}

/** The batches by which a household is helped, whoever says so. */
export function batchesOf(facts: Helped): readonly string[] {
  return Object.keys(batchSources(facts));
}
