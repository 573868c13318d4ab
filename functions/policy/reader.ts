import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { itemsInForce } from '../core/policy.ts';
import { linesInForce, lineWords } from '../core/policy-line.ts';
import { factList, itemEntry, policyFile } from '../core/policy-view.ts';
import { refuse } from '../core/refusal.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import * as spec from './spec.ts';
import { policiesNow, policyEvents } from './table.ts';

const { POLICY_TABLE, AREA_TABLE } = env({ POLICY_TABLE: z.string(), AREA_TABLE: z.string() });

const catalogue = factList();

export const handler = api(
  [
    endpoint(spec.list, async ({ query }) => {
      const { area, date = today() } = query;
      const known = await policiesNow(POLICY_TABLE, area);
      const items = itemsInForce(known.items, date, area);
      const lines = linesInForce(known.lines, date, area);
      const documents = known.documents.filter((one) =>
        items.some((item) => item.document === one.id && item.area === one.area),
      );
      const names = lineWords(known.lines, date, area);
      const shown = items.map((item) => itemEntry(item, area, names));
      return { body: { area, asOf: date, documents, items: shown, lines } };
    }),
    endpoint(spec.read, async ({ params, query }) => {
      const { area, date = today() } = query;
      const known = await policiesNow(POLICY_TABLE, area);
      const file = policyFile(known, { id: params.id, area, day: date });
      return file ? { body: file, version: file.version } : refuse('not-found');
    }),
    endpoint(spec.facts, async () => ({ body: catalogue })),
    endpoint(spec.lines, async ({ query: { area } }) => {
      const { lines } = await policiesNow(POLICY_TABLE, area);
      return { body: { area, lines } };
    }),
    endpoint(spec.events, async ({ query: { area } }) => {
      return { body: { area, events: await policyEvents(POLICY_TABLE, area) } };
    }),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
