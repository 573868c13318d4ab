import type { Figures } from './figure.ts';
import { COUNTERS, isOfHouseholds, LAYOUT, sumNames } from './figure-layout.ts';

/**
 * Households take three bytes (16,777,215, five times those of a province), persons and villages four: so a row stays within three write
 * units.
 */
const widthOf = (place: number) => (isOfHouseholds(place) ? 3 : 4);
const places = Array.from({ length: COUNTERS }, (_, place) => place);
const MOST_HOUSEHOLDS = 0xff_ff_ff;
const SUMS_AT = places.reduce((bytes, place) => bytes + widthOf(place), 4);
const BYTES = SUMS_AT + sumNames.length * 8;

/** Figures as they are stored: layout, then counters, then sums as 64-bit numbers; the same length whatever they count. */
export function encodeFigures(figures: Figures): Uint8Array {
  const view = new DataView(new ArrayBuffer(BYTES));
  view.setUint32(0, LAYOUT);
  let byte = 4;
  for (const [place, amount] of figures.slice(0, COUNTERS).entries()) {
    if (isOfHouseholds(place)) setHouseholds(view, byte, amount);
    else view.setUint32(byte, amount);
    byte += widthOf(place);
  }
  for (const [sum, amount] of figures.slice(COUNTERS).entries())
    view.setFloat64(SUMS_AT + sum * 8, amount);
  return new Uint8Array(view.buffer);
}

/** More than fit would come back as few, so they are a fault. */
function setHouseholds(view: DataView, byte: number, amount: number): void {
  if (amount > MOST_HOUSEHOLDS) throw new RangeError('more households than figures hold');
  view.setUint8(byte, amount >>> 16);
  view.setUint16(byte + 1, amount & 0xff_ff);
}

/** Stored figures; undefined where they were stored in another layout and must be computed anew. */
export function decodeFigures(bytes: Uint8Array): Figures | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength !== BYTES || view.getUint32(0) !== LAYOUT) return undefined;
  const figures: number[] = [];
  let byte = 4;
  for (const place of places) {
    figures[place] = isOfHouseholds(place)
      ? view.getUint8(byte) * 0x1_00_00 + view.getUint16(byte + 1)
      : view.getUint32(byte);
    byte += widthOf(place);
  }
  for (let sum = 0; sum < sumNames.length; sum += 1)
    figures[COUNTERS + sum] = view.getFloat64(SUMS_AT + sum * 8);
  return figures;
}
