import * as z from 'zod';
import type { CapabilitySpec, FunctionSpec } from '../../functions/core/spec.ts';

const small: Pick<FunctionSpec, 'entry' | 'memoryMb'> = {
  entry: 'system/handler.ts',
  memoryMb: 256,
};

/** A made-up catalogue that uses everything a spec can declare once, so that infra is tested without the county's own. */
export const everyKind: readonly CapabilitySpec[] = [
  {
    name: 'every-kind',
    tables: [
      {
        name: 'household',
        partition: 'pk',
        sort: 'sk',
        stream: [{ prefix: 'V#', to: ['summary', 'listing'] }],
        patterns: [],
      },
      {
        name: 'summary',
        partition: 'pk',
        sort: 'sk',
        stream: [{ prefix: 'S#', to: ['summary'] }],
        patterns: [],
      },
      { name: 'access', partition: 'pk', sort: 'sk', ttl: 'expiresAt', patterns: [] },
    ],
    objects: [{ prefix: 'uploads/', days: 90 }],
    functions: [
      {
        ...small,
        id: 'serve',
        purpose: 'answers requests',
        tables: { household: 'write', access: 'write', summary: 'read' },
        bucket: { writes: ['uploads/'] },
        sends: ['import'],
        dataKeys: true,
        routes: [
          {
            id: 'serve.open',
            method: 'GET',
            path: '/open',
            summary: { zh: '开放', en: 'Open' },
            access: 'open',
            response: z.object({}),
            refusals: [],
          },
          {
            id: 'serve.guarded',
            method: 'PATCH',
            path: '/guarded/{id}',
            summary: { zh: '受控', en: 'Guarded' },
            access: { office: ['county'] },
            params: z.object({ id: z.string() }),
            query: z.object({ limit: z.coerce.number().default(20), area: z.string() }),
            body: z.object({ note: z.string().optional() }),
            ifMatch: true,
            area: 'area',
            response: z.object({}),
            refusals: ['not-found'],
          },
        ],
      },
      { ...small, id: 'dispatch', purpose: 'passes changes on', streams: true },
      {
        ...small,
        id: 'summarise',
        purpose: 'recomputes figures',
        timeoutSeconds: 60,
        tables: { household: 'read', summary: 'write' },
        consumes: { queue: 'summary', batch: 50, windowSeconds: 1, concurrency: 4 },
      },
      {
        ...small,
        id: 'list',
        purpose: 'keeps lists',
        tables: { household: 'read' },
        consumes: { queue: 'listing', batch: 10, windowSeconds: 1 },
      },
      {
        ...small,
        id: 'read-sheet',
        purpose: 'reads ledgers',
        temporaryMb: 1024,
        bucket: { writes: [] },
        sends: ['import'],
        objectCreated: { prefix: 'uploads/', suffix: '/source' },
      },
      {
        ...small,
        id: 'apply',
        purpose: 'applies plans',
        consumes: { queue: 'import', batch: 1, windowSeconds: 0 },
      },
      {
        ...small,
        id: 'recount',
        purpose: 'recounts at night',
        timeoutSeconds: 300,
        tables: { household: 'read' },
        schedule: { name: 'recount', cron: '30 1 * * ? *' },
      },
      {
        ...small,
        id: 'put-back',
        purpose: 'puts rows of a recovered table back',
        tables: { household: 'write' },
        restores: true,
      },
    ],
  },
];
