import * as z from 'zod';
import { isRefusalCode, wordsOf } from './refusal-text.ts';

/** Why a row, or the whole entry or file where no row is named, is not taken. Never holds an identity number, phone or account. */
export const ImportFault = z.object({
  sheet: z.string().optional(),
  row: z.int().optional(),
  field: z.string().optional(),
  code: z.string().refine(isRefusalCode),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ImportFault = z.infer<typeof ImportFault>;

/** The reason in both languages. */
export function reasonOf(fault: Pick<ImportFault, 'code' | 'values'>): { zh: string; en: string } {
  const { code, values } = fault;
  return { zh: wordsOf(code, 'zh', values), en: wordsOf(code, 'en', values) };
}
