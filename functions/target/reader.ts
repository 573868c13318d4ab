import * as z from 'zod';
import { areaResolver, childrenOf, getDivision } from '../area/table.ts';
import { getRow, getRows } from '../board/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { proposeTarget, type ShowPorts, showTarget } from './show.ts';
import { proposalRoute, readRoute } from './spec.ts';
import { getTarget, partTargets, targetEvents } from './table.ts';

const { TARGET_TABLE, SUMMARY_TABLE, AREA_TABLE } = env({
  TARGET_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
});

const ports: ShowPorts = {
  targets: async (code, year) => {
    // Consistent, since whoever has just set a target reads its version here.
    const [own, parts] = await Promise.all([
      getTarget(TARGET_TABLE, { code, year }),
      partTargets(TARGET_TABLE, { code, year }),
    ]);
    return { own, parts };
  },
  events: (code, year) => targetEvents(TARGET_TABLE, { code, year }),
  rows: (area) => getRows(SUMMARY_TABLE, area),
  row: (area) => getRow(SUMMARY_TABLE, area, false),
  division: (code) => getDivision(AREA_TABLE, code),
  children: (code) => childrenOf(AREA_TABLE, code),
};

export const handler = api(
  [
    endpoint(readRoute, async ({ params }) => {
      const file = await showTarget(ports, params, today());
      return 'refused' in file ? file : { body: file, version: file.version };
    }),
    endpoint(proposalRoute, async ({ params }) => {
      const proposal = await proposeTarget(ports, params);
      return 'refused' in proposal ? proposal : { body: proposal };
    }),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
