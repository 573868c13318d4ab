import * as z from 'zod';
import { areaResolver, childrenOf, getDivisions } from '../area/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { targetsOf } from '../target/table.ts';
import { type BoardPorts, listVillages, showBoard } from './service.ts';
import { listVillagesRoute, showBoardRoute } from './spec.ts';
import { getRow, getRows } from './table.ts';

const { SUMMARY_TABLE, AREA_TABLE, TARGET_TABLE } = env({
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  TARGET_TABLE: z.string(),
});

const ports: BoardPorts = {
  rows: (area) => getRows(SUMMARY_TABLE, area),
  row: (area) => getRow(SUMMARY_TABLE, area, false),
  divisions: (codes) => getDivisions(AREA_TABLE, codes),
  children: (code) => childrenOf(AREA_TABLE, code),
  targets: (code, year) => targetsOf(TARGET_TABLE, { code, year }),
};

export const handler = api(
  [
    endpoint(showBoardRoute, async ({ params: { code }, actor }) => {
      const board = await showBoard(ports, { code, actor, today: today() });
      return 'refused' in board ? board : { body: board };
    }),
    endpoint(listVillagesRoute, async ({ query }) => {
      const villages = await listVillages(ports, query);
      return 'refused' in villages ? villages : { body: villages };
    }),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
