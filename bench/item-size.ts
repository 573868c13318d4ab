import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * Bytes of a number: one for each pair of decimal digits, in pairs from the point on, pairs of zeros at either end left out; one byte more,
 * one for a sign.
 */
function bytesOfNumber(text: string): number {
  const [, sign = '', whole = '', part = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:e\+?(-?\d+))?$/i.exec(text) ?? [];
  const isOdd = (Number(exponent) - part.length) % 2 !== 0;
  const digits = `${whole}${part}${isOdd ? '0' : ''}`;
  const pairs = digits.padStart(digits.length + (digits.length % 2), '0');
  return pairs.replace(/^(00)+|(00)+$/g, '').length / 2 + 1 + sign.length;
}

function bytesOfMany(values: readonly AttributeValue[]): number {
  return 3 + values.reduce((sum, value) => sum + 1 + bytesOfValue(value), 0);
}

function bytesOfValue(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return bytesOfNumber(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.L !== undefined) return bytesOfMany(value.L);
  if (value.M !== undefined) {
    const names = Object.keys(value.M).reduce((sum, name) => sum + Buffer.byteLength(name), 0);
    return names + bytesOfMany(Object.values(value.M));
  }
  throw new Error(`no size is known of ${Object.keys(value)}`);
}

/** Size of an item in bytes as DynamoDB bills it: names and values; lists and maps have three bytes and one for each element. */
export function bytesOf(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value),
    0,
  );
}

/** Units one plain write of an item of that many bytes costs: one per begun KB. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}
