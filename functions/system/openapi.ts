import { api, endpoint } from '../lib/http.ts';
import { drawn } from './drawn.ts';
import { describeApi } from './spec.ts';

const headers = { 'cache-control': 'public, max-age=300' };

export const handler = api([endpoint(describeApi, async () => ({ body: drawn, headers }))]);
