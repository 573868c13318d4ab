import { describe } from 'vitest';
import { Measure, MeasureEvent } from '../../functions/core/measure.ts';
import { DigestItem, ModesItem, PostItem, V } from '../../functions/measure/item.ts';
import { keepsShapes, type StoredShape } from '../support/shape.ts';

/** A shape that changed needs a new version, a way to read the old one, and a new line here; a line is never edited. */
const known: Readonly<Record<string, string>> = {
  'measure 1': '4e283bb5a05c',
  'measure event 1': 'c7672f343bb1',
  'measures in short 1': '7966e234f681',
  'last post 1': '5cb38bd34595',
  'last post 2': 'bd13bd63c95d',
  'industry modes 1': '8e0476b25d94',
};

const stored: readonly StoredShape[] = [
  ['measure', V.measure, Measure],
  ['measure event', V.event, MeasureEvent],
  ['measures in short', V.digest, DigestItem],
  ['last post', V.post, PostItem],
  ['industry modes', V.modes, ModesItem],
];

describe('stored shapes of measures', () => {
  keepsShapes(known, stored);
});
