import * as z from 'zod';
import { NAMED_SHAPE, NamedFigures } from '../../functions/core/figure-name.ts';
import { Snapshot, SnapshotChunk } from '../../functions/core/snapshot.ts';
import {
  OBJECT_SHAPE,
  ObjectAbout,
  ObjectHeader,
  RosterLine,
} from '../../functions/core/snapshot-object.ts';
import { RowItem, V } from '../../functions/snapshot/item.ts';
import { keepsShapes, type StoredShape } from '../support/shape.ts';

/** A line is never edited: what was frozen under a version stays as it is, and stays readable. */
const known: Readonly<Record<string, string>> = {
  'snapshot 1': '0cfc4dd88b53',
  'chunk 1': '5825e25da113',
  'row 1': '4fbe91d15a0b',
  'figures by name 1': 'edaa4cd0dbfd',
  'object 1': '26defb15f53e',
};

const stored: readonly StoredShape[] = [
  ['snapshot', V.snapshot, Snapshot],
  ['chunk', V.chunk, SnapshotChunk],
  ['row', V.row, RowItem],
  ['figures by name', NAMED_SHAPE, NamedFigures],
  ['object', OBJECT_SHAPE, z.tuple([ObjectHeader, ObjectAbout, RosterLine])],
];

keepsShapes(known, stored);
