import * as z from 'zod';
import { areaResolver, childrenOf, getDivisions } from '../area/table.ts';
import { pastOf } from '../core/as-of.ts';
import { isOpen } from '../core/division-register.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { asOfPorts, villagesOn } from '../household/as-of.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { countiesIn, placePorts } from '../snapshot/port.ts';
import { targetsOf } from '../target/table.ts';
import { type FrozenBoardPorts, listFrozenVillages, showFrozenBoard } from './frozen.ts';
import { listPastVillages, type PastPorts, showPastBoard } from './past.ts';
import { listVillages, showBoard } from './service.ts';
import { listVillagesRoute, showBoardRoute } from './spec.ts';
import { getRow, getRows } from './table.ts';

const { SUMMARY_TABLE, AREA_TABLE, HOUSEHOLD_TABLE, TARGET_TABLE, JOB_TABLE } = env({
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  TARGET_TABLE: z.string(),
  JOB_TABLE: z.string(),
});

const resolve = areaResolver(AREA_TABLE);
const frozen: FrozenBoardPorts = {
  ...placePorts({ area: AREA_TABLE, summary: SUMMARY_TABLE, job: JOB_TABLE }, resolve),
  divisions: (codes) => getDivisions(AREA_TABLE, codes),
  counties: (area) => countiesIn(AREA_TABLE, area, isOpen),
  resolve,
};
const past = asOfPorts({ household: HOUSEHOLD_TABLE, area: AREA_TABLE });
const ports: PastPorts = {
  rows: (area) => getRows(SUMMARY_TABLE, area),
  row: (area) => getRow(SUMMARY_TABLE, area, false),
  divisions: (codes) => getDivisions(AREA_TABLE, codes),
  children: (code) => childrenOf(AREA_TABLE, code),
  targets: (code, year) => targetsOf(TARGET_TABLE, { code, year }),
  villages: async (county) => (await past.villages(county)).present,
  villagesOn: (villages, day) => villagesOn(past, villages, day),
};

async function show({
  params,
  query,
  actor,
}: Request<typeof showBoardRoute>): Promise<Answer | Refusal> {
  const { code } = params;
  const when = pastOf(query, today());
  if (isRefused(when)) return when;
  const { asOf: day, snapshot: year } = when.ok;
  const board =
    year !== undefined
      ? await showFrozenBoard(frozen, { area: code, actor, year })
      : day === undefined
        ? await showBoard(ports, { code, actor, today: today() })
        : await showPastBoard(ports, { area: code, actor, day });
  return 'refused' in board ? board : { body: board };
}

async function list({
  query,
  actor,
}: Request<typeof listVillagesRoute>): Promise<Answer | Refusal> {
  const { area } = query;
  const when = pastOf(query, today());
  if (isRefused(when)) return when;
  const { asOf: day, snapshot: year } = when.ok;
  const villages =
    year !== undefined
      ? await listFrozenVillages(frozen, query, { area, actor, year })
      : day === undefined
        ? await listVillages(ports, query, today())
        : await listPastVillages(ports, query, { area, actor, day });
  return 'refused' in villages ? villages : { body: villages };
}

export const handler = api([endpoint(showBoardRoute, show), endpoint(listVillagesRoute, list)], {
  resolve,
});
