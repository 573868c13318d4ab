import * as z from 'zod';
import type { CapabilitySpec, Route } from '../core/spec.ts';

export const health = {
  id: 'system.health',
  method: 'GET',
  path: '/health',
  summary: { zh: '服务是否正常', en: 'Whether the registry is up' },
  access: 'open',
  response: z.object({ status: z.literal('ok'), stage: z.string() }),
  refusals: [],
} as const satisfies Route;

export const system: CapabilitySpec = {
  name: 'system',
  functions: [
    {
      id: 'system',
      entry: 'system/handler.ts',
      purpose: 'answers whether the registry is up',
      memoryMb: 256,
      routes: [health],
    },
  ],
};
