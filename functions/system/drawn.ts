import { catalogue } from '../catalogue.ts';
import { Problem } from '../lib/problem.ts';
import { describe } from './document.ts';

/**
 * The description of the API as JSON. Bundles hold the text alone: it is drawn when they are made, since drawing it evaluates the
 * declarations of every capability.
 */
export const drawn: string = JSON.stringify(describe(catalogue, Problem));
