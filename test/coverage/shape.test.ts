import { expect, it } from 'vitest';
import { Evaluation, EvaluationChunk, PublicationTurn } from '../../functions/core/evaluation.ts';
import {
  CoverageItem,
  coverageRowOf,
  HouseholdItem,
  householdRowOf,
  V,
} from '../../functions/coverage/item.ts';
import { V as jobs } from '../../functions/coverage/job-table.ts';
import { keepsShapes, type StoredShape } from '../support/shape.ts';

/** A line is never edited. Results and coverage are drawn: a new shape is read as none, and everybody is evaluated anew. */
const known: Readonly<Record<string, string>> = {
  'household 1': '452a4f3fe47e',
  'household 2': '81b3ac563301',
  'coverage 1': 'd6cd1be581c8',
  'coverage 2': '88ab3d9b95cc',
  'evaluation 1': '9995283dc069',
  'chunk 1': 'a036cb48793d',
  'turn 1': '1fbd65589a09',
};

const stored: readonly StoredShape[] = [
  ['household', V.household, HouseholdItem],
  ['coverage', V.coverage, CoverageItem],
  ['evaluation', jobs.evaluation, Evaluation],
  ['chunk', jobs.chunk, EvaluationChunk],
  ['turn', jobs.turn, PublicationTurn],
];

it('a row of another shape is one that goes by no rules, and is put anew', () => {
  const key = { pk: 'V#350122101201', sk: 'hh_1', v: 0, version: 7 };
  expect(householdRowOf(key)).toMatchObject({ version: 7, kept: { rules: '' }, findings: [] });
  const area = { pk: 'G#350122', sk: '350122101', v: 0, version: 3 };
  expect(coverageRowOf(area)).toMatchObject({ version: 3, coverage: { until: '', items: [] } });
});

keepsShapes(known, stored);
