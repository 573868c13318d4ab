import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ItemTerms, itemsInForce, Slug } from '../../functions/core/policy.ts';
import type { ReceiptItem } from '../../functions/core/receipt-match.ts';

/** An item in force; what matters to a test is given. */
export function item(given: Partial<ReceiptItem> = {}): ReceiptItem {
  return {
    id: 'spring-gift',
    name: { zh: '春节慰问金发放', en: 'Gift at the spring festival' },
    aliases: ['春节慰问金'],
    subject: 'household',
    department: '县民政局',
    benefit: { kind: 'cash', period: 'year', amountFen: 50_000 },
    ...given,
  };
}

const folder = join(import.meta.dirname, '../../sample/policy');
const Listed = z.object({ items: z.array(z.looseObject({ id: Slug, ...ItemTerms.shape })) });

/** The items of the sample's policy list, as if its county had published them. */
export const itemsOfSample = readdirSync(folder)
  .filter((name) => /^\d/.test(name))
  .flatMap((name) => Listed.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))).items)
  .map((one) => ({ ...one, area: '350122', version: 1, ended: false }));

/** Those in force on a day. */
export const sampleItemsOn = async (county: string, day: string) =>
  itemsInForce(itemsOfSample, day, county);
