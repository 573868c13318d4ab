import * as z from 'zod';
import { labelledLists } from '../core/code-label.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { health, readCodeLists } from './spec.ts';

const { STAGE } = env({ STAGE: z.string() });

export const handler = api([
  endpoint(health, async () => ({ body: { status: 'ok', stage: STAGE } })),
  endpoint(readCodeLists, async () => ({ body: labelledLists })),
]);
