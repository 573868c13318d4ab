/** What is kept of a file: the picture and what it takes to show it. Positions, times, cameras, comments and previews stay behind. */
const keptOfPng = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD acTL fcTL fdAT'.split(' '),
);
const keptOfWebp = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

/** Application segments of a JPEG that say how its colours are meant. */
const keptOfJpeg: Readonly<Record<number, string>> = {
  224: 'JFIF\0',
  226: 'ICC_PROFILE\0',
  238: 'Adobe',
};
const EXIF = 'Exif\0\0';
const endOfJpeg = Buffer.from([0xff, 0xd9]);

function text(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('latin1', at, at + length);
}

/** Which way up a camera was held, 2 to 8; undefined where it was upright or nothing is said. */
function orientationIn(tiff: Buffer): number | undefined {
  const isLittle = text(tiff, 0, 2) === 'II';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < short(first); entry += 1) {
    const at = first + 2 + entry * 12;
    if (short(at) !== 0x0112) continue;
    const way = short(at + 8);
    return way >= 2 && way <= 8 ? way : undefined;
  }
  return undefined;
}

/** A segment that says which way up the picture is, and nothing else. */
function uprightness(segment: Buffer): readonly Buffer[] {
  if (text(segment, 4, EXIF.length) !== EXIF) return [];
  try {
    const way = orientationIn(segment.subarray(4 + EXIF.length));
    if (way === undefined) return [];
    // A big-endian directory of one entry: tag 0x0112, one short.
    const body = Buffer.from(`4d4d002a0000000800010112000300000001000${way}000000000000`, 'hex');
    const head = Buffer.from([0xff, 0xe1, 0, 2 + EXIF.length + body.length]);
    return [Buffer.concat([head, Buffer.from(EXIF, 'latin1'), body])];
  } catch (fault) {
    // Offsets that lead outside: then nobody knows which way up it is.
    if (fault instanceof RangeError) return [];
    throw fault;
  }
}

/** What is kept of a segment of a JPEG, whose marker is its second byte. */
function keptSegment(segment: Buffer): readonly Buffer[] {
  const marker = segment[1] ?? 0;
  if (marker === 0xe1) return uprightness(segment);
  if (marker === 0xfe) return [];
  if (marker < 0xe0 || marker > 0xef) return [segment];
  const { [marker]: name } = keptOfJpeg;
  return name !== undefined && text(segment, 4, name.length) === name ? [segment] : [];
}

/** Where the next marker stands that ends what a scan of a JPEG says. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length - 1; at += 1) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7))
      return at;
  }
  return bytes.length;
}

/** A segment of a JPEG, and what a scan says after it; undefined where the file is broken. */
function partOfJpeg(bytes: Buffer, at: number): readonly [Buffer, Buffer] | undefined {
  if (bytes[at] !== 0xff || at + 4 > bytes.length) return undefined;
  const end = at + 2 + bytes.readUInt16BE(at + 2);
  if (end > bytes.length || end < at + 4) return undefined;
  const to = bytes[at + 1] === 0xda ? endOfScan(bytes, end) : end;
  return [bytes.subarray(at, end), bytes.subarray(end, to)];
}

function bareJpeg(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, 2)];
  let hasScan = false;
  let at = 2;
  // What follows the end, such as a film or a second picture, stays behind.
  while (at < bytes.length && bytes[at + 1] !== 0xd9) {
    // Markers may be filled up with bytes of ones.
    while (bytes[at + 1] === 0xff) at += 1;
    const part = partOfJpeg(bytes, at);
    if (!part) return undefined;
    const [segment, data] = part;
    kept.push(...keptSegment(segment), data);
    hasScan ||= data.length > 0;
    at += segment.length + data.length;
  }
  return hasScan ? Buffer.concat([...kept, endOfJpeg]) : undefined;
}

function barePng(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, 8)];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const type = text(bytes, at + 4, 4);
    if (keptOfPng.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') return Buffer.concat(kept);
    at = end;
  }
  return undefined;
}

function bareWebp(bytes: Buffer): Buffer | undefined {
  const kept: Buffer[] = [Buffer.from('WEBP')];
  let at = 12;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    if (end > bytes.length) return undefined;
    const type = text(bytes, at, 4);
    const chunk = Buffer.from(bytes.subarray(at, end));
    // Its flags no longer promise a position or a description.
    if (type === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~0x0c;
    if (keptOfWebp.has(type)) kept.push(chunk);
    at = end;
  }
  const body = Buffer.concat(kept);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return kept.length > 1 ? Buffer.concat([head, body]) : undefined;
}

/** A picture and nothing else. */
export interface Picture {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly bytes: Uint8Array;
}

/**
 * The bare picture of a file: without the position, the time and whatever else a phone writes beside it. Undefined where it is no picture of
 * a kind that is taken.
 */
export function barePicture(file: Uint8Array): Picture | undefined {
  const bytes = Buffer.from(file);
  const of = (type: Picture['type'], bare: Buffer | undefined) =>
    bare && ({ type, bytes: bare } as const);
  if (text(bytes, 0, 2) === '\u00ff\u00d8') return of('image/jpeg', bareJpeg(bytes));
  if (text(bytes, 0, 8) === '\u0089PNG\r\n\u001a\n') return of('image/png', barePng(bytes));
  const isWebp = text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP';
  return isWebp ? of('image/webp', bareWebp(bytes)) : undefined;
}
