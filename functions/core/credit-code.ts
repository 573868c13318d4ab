import { type Decided, refuse } from './refusal.ts';

/** Signs of a credit code in the order of their values: no I, O, S, V, Z (GB 32100-2015). */
const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LENGTH = 18;

/** The check sign of the first 17 signs of a credit code; undefined where one of them is none. */
export function creditCheck(body: string): string | undefined {
  let sum = 0;
  let weight = 1;
  for (const sign of body) {
    const value = SIGNS.indexOf(sign);
    if (value < 0) return undefined;
    sum += value * weight;
    weight = (weight * 3) % SIGNS.length;
  }
  return SIGNS[(SIGNS.length - (sum % SIGNS.length)) % SIGNS.length];
}

/** A unified social credit code (统一社会信用代码, GB 32100-2015), full-width and lower-case signs put right. Refusals: credit-code-invalid. */
export function readCreditCode(text: string): Decided<string> {
  const code = text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const isRight = code.length === LENGTH && creditCheck(code.slice(0, -1)) === code.at(-1);
  return isRight ? { ok: code } : refuse('credit-code-invalid');
}
