import * as z from 'zod';
import { AccessLine } from '../core/access-log.ts';
import { isDay } from '../core/day.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

export const list = {
  id: 'access.log',
  method: 'GET',
  path: '/access-log',
  summary: {
    zh: '某地某日的查阅日志，以及“此人已在他户登记”的编号',
    en: 'Who looked at protected data of an area on a day, and references of persons registered elsewhere',
  },
  access: { office: true, auditor: true },
  query: z.object({
    area: z.string().regex(/^[1-9]\d{1,11}$/),
    day: z.string().refine(isDay).meta({ format: 'date' }),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  response: z.object({ lines: z.array(AccessLine), cursor: z.string().optional() }),
  refusals: ['request-invalid', 'not-found', 'cursor-invalid'],
  area: 'area',
  keepsCode: true,
} as const satisfies Route;

export const access: CapabilitySpec = {
  name: 'access',
  tables: [
    {
      name: 'access',
      partition: 'pk',
      sort: 'sk',
      ttl: 'expiresAt',
      patterns: [
        'lines of a county (or city, province) and day: pk = L#<code>#<day>, sk = <instant>#<id>',
        'answer of an idempotent POST: pk = X#<subject>#<route>#<key>, sk = 0; how one of many writes began: sk = 1',
        'look-ups of a subject in a window: pk = R#<subject>#lookup, sk = <window>',
      ],
    },
  ],
  functions: [
    {
      id: 'access',
      entry: 'access/handler.ts',
      purpose: 'shows who looked at protected data',
      memoryMb: 256,
      tables: { access: 'read', area: 'read' },
      routes: [list],
    },
  ],
};
