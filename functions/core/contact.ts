import { type Decided, refuse } from './refusal.ts';

/** Digits of a phone or account: full-width to half-width, blanks and hyphens away. */
function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u200b-\u200f\ufeff-]/g, '');
}

/** A phone number of 11 digits; no number plan is consulted, ranges change too often. */
export function readPhone(text: string): Decided<string> {
  const digits = digitsOf(text);
  return /^\d{11}$/.test(digits) ? { ok: digits } : refuse('phone-invalid');
}

/** A bank account of 8 to 30 digits; passbooks of rural banks carry no Luhn digit. */
export function readBankAccount(text: string): Decided<string> {
  const digits = digitsOf(text);
  return /^\d{8,30}$/.test(digits) ? { ok: digits } : refuse('bank-account-invalid');
}

/** First three and last two digits, e.g. `100******17`. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}******${phone.slice(-2)}`;
}

/** Last four digits only, the length hidden, e.g. `****0017`. */
export function maskBankAccount(account: string): string {
  return `****${account.slice(-4)}`;
}
