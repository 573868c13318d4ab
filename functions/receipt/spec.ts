import type { Access } from '../core/access.ts';
import {
  Correction,
  ReceiptChanged,
  ReceiptPath,
  ReceiptsPath,
  ReceiptsQuery,
  ReceiptsView,
} from '../core/receipt-view.ts';
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
  ],
};
