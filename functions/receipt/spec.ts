import type { Access } from '../core/access.ts';
import { VillagePath } from '../core/pairing-input.ts';
import {
  Correction,
  ReceiptChanged,
  ReceiptPath,
  ReceiptsPath,
  ReceiptsQuery,
  ReceiptsView,
} from '../core/receipt-view.ts';
import {
  NewVillageReceipt,
  VillageReceiptPath,
  VillageReceiptsView,
} from '../core/receipt-village-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Whoever reads the household's file reads what it received. */
const readers: Access = { office: true, auditor: true, helper: true };

export const listRoute = {
  id: 'receipt.list',
  method: 'GET',
  path: '/households/{id}/receipts',
  summary: {
    zh: '一户收到的补助和服务（含已撤销的）及更正记录',
    en: 'What a household received, withdrawn entries included, and what was corrected',
  },
  access: readers,
  params: ReceiptsPath,
  query: ReceiptsQuery,
  response: ReceiptsView,
  refusals: ['not-found'],
} as const satisfies Route;

export const correctRoute = {
  id: 'receipt.correct',
  method: 'PATCH',
  path: '/households/{id}/receipts/{receiptId}',
  summary: {
    zh: '更正一笔补助的金额，或撤销、恢复（写明原因）',
    en: 'Correct the amount of a receipt, withdraw it or bring it back, with the reason',
  },
  access: { office: ['county'] },
  params: ReceiptPath,
  body: Correction,
  response: ReceiptChanged,
  ifMatch: true,
  refusals: ['not-found', 'version-stale', 'receipt-nothing', 'receipt-amount-large'],
} as const satisfies Route;

export const villageListRoute = {
  id: 'receipt.village-list',
  method: 'GET',
  path: '/villages/{code}/receipts',
  summary: {
    zh: '一个村（整村推进等以村为对象的项目）收到的项目、资金和服务（含已撤销的）及更正记录',
    en: 'What a village itself received of items that are of villages, withdrawn entries included, and what was corrected',
  },
  access: { office: true, auditor: true },
  params: VillagePath,
  query: ReceiptsQuery,
  response: VillageReceiptsView,
  refusals: ['not-found', 'area-closed'],
  area: 'code',
} as const satisfies Route;

export const villageEnterRoute = {
  id: 'receipt.village-enter',
  method: 'POST',
  path: '/villages/{code}/receipts',
  summary: {
    zh: '登记一个村落实的项目、资金或服务',
    en: 'Enter what a village received of an item that is of villages',
  },
  access: { office: ['county'] },
  params: VillagePath,
  body: NewVillageReceipt,
  response: ReceiptChanged,
  status: 201,
  refusals: [
    'not-found',
    'area-unknown',
    'area-closed',
    'date-future',
    'idempotency-key-required',
    'idempotency-key-reused',
    'receipt-item-unknown',
    'receipt-item-ambiguous',
    'receipt-item-household',
    'receipt-amount-missing',
    'receipt-amount-large',
    'receipt-period',
    'receipt-known',
  ],
  area: 'code',
} as const satisfies Route;

export const villageCorrectRoute = {
  id: 'receipt.village-correct',
  method: 'PATCH',
  path: '/villages/{code}/receipts/{receiptId}',
  summary: {
    zh: '更正一个村的一笔金额，或撤销、恢复（写明原因）',
    en: 'Correct the amount of a village’s receipt, withdraw it or bring it back, with the reason',
  },
  access: { office: ['county'] },
  params: VillageReceiptPath,
  body: Correction,
  response: ReceiptChanged,
  ifMatch: true,
  refusals: [
    'not-found',
    'area-closed',
    'version-stale',
    'receipt-nothing',
    'receipt-amount-large',
  ],
  area: 'code',
} as const satisfies Route;

export const receipt: CapabilitySpec = {
  name: 'receipt',
  functions: [
    {
      id: 'receipt',
      entry: 'receipt/handler.ts',
      purpose: 'corrects and withdraws what departments said they paid',
      tables: { policy: 'write', household: 'read', area: 'read' },
      routes: [correctRoute],
    },
    {
      id: 'receipt-read',
      entry: 'receipt/reader.ts',
      purpose: 'shows what a household received',
      tables: { policy: 'read', household: 'read', area: 'read' },
      routes: [listRoute],
    },
    {
      id: 'receipt-village',
      entry: 'receipt/village.ts',
      purpose: 'enters, shows and corrects what villages themselves received',
      tables: { policy: 'write', area: 'read', access: 'write' },
      routes: [villageListRoute, villageEnterRoute, villageCorrectRoute],
    },
  ],
};
