import type { Access } from '../core/access.ts';
import { AreaParams, BoardView } from '../core/board-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';
import { VillageList, VillageQuery } from '../core/village-list.ts';

/** Figures and the lists behind them: whoever may see every household of an area. */
const overseers: Access = { office: true, auditor: true };

export const showBoardRoute = {
  id: 'board.show',
  method: 'GET',
  path: '/areas/{code}/board',
  summary: {
    zh: '一个区划的看板：各项数字、名单查询与下级区划',
    en: 'The board of an area: its figures, the lists behind them, and its parts',
  },
  access: overseers,
  params: AreaParams,
  response: BoardView,
  refusals: ['not-found'],
  area: 'code',
} as const satisfies Route;

export const listVillagesRoute = {
  id: 'village.list',
  method: 'GET',
  path: '/villages',
  summary: {
    zh: '按贫困村、退出标准筛选的村名单',
    en: 'Villages of an area, by being poor and by criteria of exit',
  },
  access: overseers,
  query: VillageQuery,
  response: VillageList,
  refusals: ['not-found', 'cursor-invalid'],
  area: 'area',
} as const satisfies Route;

export const board: CapabilitySpec = {
  name: 'board',
  tables: [
    {
      name: 'summary',
      partition: 'pk',
      sort: 'sk',
      stream: [{ prefix: 'S#', to: ['summary'] }],
      patterns: [
        'the board of an area: pk = S#<area>, one row per part (S#0: provinces)',
        'the summary of an area: pk = S#<area above>, sk = <area>',
      ],
    },
  ],
  functions: [
    {
      id: 'board',
      entry: 'board/handler.ts',
      purpose: 'shows the board of any area',
      tables: { summary: 'read', area: 'read' },
      routes: [showBoardRoute, listVillagesRoute],
    },
    {
      id: 'summarise',
      entry: 'board/consumer.ts',
      purpose: 'makes summaries true after a change',
      timeoutSeconds: 60,
      tables: { household: 'read', summary: 'write' },
      consumes: { queue: 'summary', batch: 10, windowSeconds: 0, concurrency: 10 },
    },
  ],
};
