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

const Code = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  also: z.array(z.string()).optional().describe('other labels that ledgers use for it'),
});

export const readCodeLists = {
  id: 'system.code-lists',
  method: 'GET',
  path: '/code-lists',
  summary: {
    zh: '全部代码表：代码、中文、英文及台账中的其他写法',
    en: 'All code lists: codes, words and the other labels ledgers use',
  },
  access: {
    office: true,
    helper: true,
    department: true,
    auditor: true,
    evaluator: true,
    admin: true,
  },
  response: z.record(z.string(), z.array(Code)),
  refusals: [],
} as const satisfies Route;

export const describeApi = {
  id: 'system.openapi',
  method: 'GET',
  path: '/openapi.json',
  summary: { zh: '接口说明（OpenAPI 3.1）', en: 'Description of this API (OpenAPI 3.1)' },
  access: 'open',
  response: z.looseObject({ openapi: z.string() }),
  refusals: [],
} as const satisfies Route;

export const system: CapabilitySpec = {
  name: 'system',
  functions: [
    {
      id: 'system',
      entry: 'system/handler.ts',
      purpose: 'says whether the registry is up and serves its code lists',
      memoryMb: 256,
      routes: [health, readCodeLists],
    },
    {
      id: 'openapi',
      entry: 'system/openapi.ts',
      purpose: 'serves the description of the API',
      routes: [describeApi],
    },
  ],
};
