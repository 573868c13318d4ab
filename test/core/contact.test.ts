import { describe, expect, it } from 'vitest';
import {
  maskBankAccount,
  maskPhone,
  readBankAccount,
  readPhone,
} from '../../functions/core/contact.ts';

describe('phones and bank accounts', () => {
  it('a phone has eleven digits, whatever its range, and may be typed with blanks or full-width', () => {
    expect(readPhone('100 0000-0017')).toEqual({ ok: '10000000017' });
    expect(readPhone('１００００００００１７')).toEqual({ ok: '10000000017' });
    expect(readPhone('1000000001')).toEqual({ refused: 'phone-invalid' });
    expect(readPhone('+8610000000017')).toEqual({ refused: 'phone-invalid' });
  });

  it('a bank account has 8 to 30 digits and needs no check digit', () => {
    expect(readBankAccount('0000 0000')).toEqual({ ok: '00000000' });
    expect(readBankAccount('0'.repeat(30))).toEqual({ ok: '0'.repeat(30) });
    expect(readBankAccount('0'.repeat(31))).toEqual({ refused: 'bank-account-invalid' });
    expect(readBankAccount('0000000')).toEqual({ refused: 'bank-account-invalid' });
  });

  it('masks keep no more than the ends', () => {
    expect(maskPhone('10000000017')).toBe('100******17');
    expect(maskBankAccount('00001234567890')).toBe('****7890');
  });
});
