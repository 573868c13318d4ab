import { catalogue } from '../catalogue.ts';
import { api, endpoint } from '../lib/http.ts';
import { Problem } from '../lib/problem.ts';
import { describe } from './document.ts';
import { describeApi } from './spec.ts';

/** Drawn once per instance, in a function of its own: it alone carries the declarations of every capability. */
const document = JSON.stringify(describe(catalogue, Problem));
const headers = { 'cache-control': 'public, max-age=300' };

export const handler = api([endpoint(describeApi, async () => ({ body: document, headers }))]);
