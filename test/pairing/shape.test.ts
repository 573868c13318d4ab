import { HelperEvent } from '../../functions/core/helper.ts';
import { Delivery, Pairing } from '../../functions/core/pairing.ts';
import { V } from '../../functions/pairing/item.ts';
import { HelperItem } from '../../functions/pairing/store.ts';
import { keepsShapes } from '../support/shape.ts';

/** What is stored under each version; a line is never edited. */
const known: Readonly<Record<string, string>> = {
  'helper 1': 'bfa2f3943245',
  'pairing 1': 'c7bb716a6472',
  'delivery 1': '58d6fbc05d36',
  'helper event 1': '0b41d953002c',
};

keepsShapes(known, [
  ['helper', V.helper, HelperItem],
  ['pairing', V.pairing, Pairing],
  ['delivery', V.delivery, Delivery],
  ['helper event', V.event, HelperEvent],
]);
