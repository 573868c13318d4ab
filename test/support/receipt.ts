import type { Receipt } from '../../functions/core/receipt.ts';
import type { VillageReceipt } from '../../functions/core/receipt-village.ts';

/** A receipt of a made-up household; what matters to a test is given. */
export function receipt(given: Partial<Receipt> = {}): Receipt {
  return {
    id: 'rc_1',
    version: 1,
    household: 'hh_1',
    person: null,
    payee: null,
    item: 'spring-visit',
    on: '2017-01-20',
    amountFen: 50_000,
    period: '2017',
    department: '民政局',
    reference: 'BZ00001',
    source: { import: 'imp_0', sheet: '到户补助', row: 4, allocation: null, document: null },
    withdrawn: null,
    at: '2017-10-23T02:00:00.000Z',
    actor: 'county-office',
    ...given,
  };
}

/** A receipt of a made-up village. */
export function villageReceipt(given: Partial<VillageReceipt> = {}): VillageReceipt {
  const { household: _, person: __, payee: ___, ...shared } = receipt();
  const source = { import: null, sheet: null, row: null, allocation: null, document: null };
  return { ...shared, village: '350122101201', item: 'road', source, ...given };
}
