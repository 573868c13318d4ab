/** A segment of a JPEG. */
export function segment(marker: number, text: string): Buffer {
  const body = Buffer.from(text, 'latin1');
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** What a phone writes beside a picture: which way up it is, and (where there are words) where it was taken. */
export function position(way: number, words = 'GPS 26.2,119.5'): Buffer {
  const entry = `\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(way)}\0\0`;
  return segment(0xe1, `Exif\0\0MM\0*\0\0\0\x08\0\x01${entry}\0\0\0\0${words}`);
}

export interface Jpeg {
  readonly before?: readonly Buffer[];
  readonly scan?: Buffer;
  /** Words that follow the end of the picture. */
  readonly after?: string;
}

/** A JPEG that says nothing but what is told. */
export function jpegOf({
  before = [],
  scan = Buffer.from([1, 2, 3]),
  after = '',
}: Jpeg = {}): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, 'JFIF\0\x01\x01'),
    ...before,
    segment(0xdb, 'a table'),
    segment(0xda, 'head'),
    scan,
    Buffer.from([0xff, 0xd9]),
    Buffer.from(after),
  ]);
}

/** A PNG with further chunks. */
export function pngOf(more: readonly string[]): Buffer {
  const chunk = (type: string, text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(`${type}${text}CRC.`, 'latin1')]);
  };
  const further = more.map((type) => chunk(type, 'GPS 26.2,119.5'));
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    ...[chunk('IHDR', 'size'), ...further, chunk('IDAT', 'picture'), chunk('IEND', '')],
  ]);
}

/** A WebP with further chunks and the flags that announce them. */
export function webpOf(more: readonly string[], flags: number): Buffer {
  const chunk = (type: string, text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    const pad = text.length % 2 === 1 ? '\0' : '';
    return Buffer.concat([Buffer.from(type), length, Buffer.from(text + pad, 'latin1')]);
  };
  const further = more.map((type) => chunk(type, 'GPS 26.2,119.5'));
  const chunks = [
    chunk('VP8X', `${String.fromCharCode(flags)}123456789`),
    chunk('VP8 ', 'odd'),
    ...further,
  ];
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
