import type { Access } from '../core/access.ts';
import { AreaParams, BoardView } from '../core/board-view.ts';
import { LatestRecounts, RecountAsked, RecountBody, RecountQuery } from '../core/drift-view.ts';
import { WhenQuery } from '../core/household-path.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';
import { VillageList, VillageQuery } from '../core/village-list.ts';

/** Figures and the lists behind them: whoever may see every household of an area. */
const overseers: Access = { office: true, auditor: true };

export const showBoardRoute = {
  id: 'board.show',
  method: 'GET',
  path: '/areas/{code}/board',
  summary: {
    zh: '一个区划的看板（可指定过去某日，或定格的年度）：各项数字、名单查询与下级区划',
    en: 'The board of an area, today, on a past day, or in the snapshot of a year: its figures, the lists behind them, and its parts. A snapshot is the same for everyone: its figures also count households that lie outside the reader’s areas today, which its lists leave out and count as outOfReach',
  },
  access: overseers,
  params: AreaParams,
  query: WhenQuery,
  response: BoardView,
  refusals: [
    'not-found',
    'figures-being-recounted',
    'date-future',
    'as-of-too-wide',
    'snapshot-and-as-of',
    'snapshot-none',
    'snapshot-running',
  ],
  area: 'code',
  keepsCode: 'snapshot',
} as const satisfies Route;

export const listVillagesRoute = {
  id: 'village.list',
  method: 'GET',
  path: '/villages',
  summary: {
    zh: '按贫困村、退出标准筛选的村名单（可指定过去某日，或定格的年度）',
    en: 'Villages of an area, by being poor and by criteria of exit, today, on a past day, or in the snapshot of a year',
  },
  access: overseers,
  query: VillageQuery,
  response: VillageList,
  refusals: [
    'not-found',
    'cursor-invalid',
    'figures-being-recounted',
    'date-future',
    'as-of-too-wide',
    'snapshot-and-as-of',
    'snapshot-none',
    'snapshot-running',
  ],
  area: 'area',
  keepsCode: 'snapshot',
} as const satisfies Route;

/** Who may have an area counted again: those who report from it. */
const reporters: Access = { office: ['province', 'city', 'county'] };

export const askRecount = {
  id: 'recount.ask',
  method: 'POST',
  path: '/recounts',
  summary: {
    zh: '按台账重新核对一个区划的看板与名单（后台执行）',
    en: 'Have the boards and lists of an area recounted from the register, in the background',
  },
  access: reporters,
  body: RecountBody,
  response: RecountAsked,
  status: 202,
  refusals: ['not-found', 'idempotency-key-required', 'idempotency-key-reused'],
} as const satisfies Route;

export const readRecount = {
  id: 'recount.latest',
  method: 'GET',
  path: '/recounts/latest',
  summary: {
    zh: '最近一次核对的结果：看板与台账是否一致',
    en: 'The latest recount of an area: whether boards and lists agree with the register',
  },
  access: overseers,
  query: RecountQuery,
  response: LatestRecounts,
  refusals: ['not-found'],
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
        'frozen figures of a year, one row per part of an area: pk = Y#<year>#<area>, sk = <part>; nobody is told of them',
      ],
    },
  ],
  functions: [
    {
      id: 'board',
      entry: 'board/handler.ts',
      purpose: 'shows the board of any area, today, on a past day, or of a frozen year',
      memoryMb: 1024,
      tables: {
        summary: 'read',
        area: 'read',
        household: 'read',
        target: 'read',
        job: 'read',
      },
      routes: [showBoardRoute, listVillagesRoute],
    },
    {
      id: 'recount-ask',
      entry: 'board/ask.ts',
      purpose: 'has an area recounted on demand and says whether boards agree with the register',
      tables: { summary: 'read', area: 'read', job: 'read', access: 'write' },
      sends: ['recount'],
      routes: [askRecount, readRecount],
    },
    {
      id: 'summarise',
      entry: 'board/consumer.ts',
      purpose: 'makes summaries true after a change',
      timeoutSeconds: 60,
      tables: { household: 'read', summary: 'write' },
      consumes: { queue: 'summary', batch: 10, windowSeconds: 0, concurrency: 10 },
    },
    {
      id: 'recount',
      entry: 'board/nightly.ts',
      purpose: 'recounts every area from the register at night and has repaired what differs',
      memoryMb: 1024,
      timeoutSeconds: 600,
      tables: { household: 'read', summary: 'read', list: 'read', area: 'read', job: 'write' },
      sends: ['summary', 'listing', 'recount'],
      consumes: { queue: 'recount', batch: 1, windowSeconds: 0, concurrency: 5 },
      schedule: { name: 'recount', cron: '30 2 * * ? *' },
    },
  ],
};
