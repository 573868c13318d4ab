import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Fault } from './s3-fault.ts';

/** One PUT takes up to 5 GB on S3. */
const largestBytes = 5 * 1024 ** 3;

export interface Received {
  size: number;
  /** md5, hex */
  digest: string;
}

/**
 * Passes the body of an upload on, taking aws-chunked framing away, and checks at its end everything the request
 * promised: length, Content-MD5, SHA-256, and the checksum in a header, a query parameter or the trailer.
 * @param promise finds a promised value by its (header) name
 * @throws S3Fault when a promise is broken; what was passed on must be thrown away then
 */
export async function receiveBody(
  request: IncomingMessage,
  promise: (name: string) => string | undefined,
  write: (chunk: Buffer) => Promise<void> | void,
): Promise<Received> {
  const sums = new Sums();
  const chunked = promise('content-encoding')?.includes('aws-chunked') === true;
  const trailer = new Map<string, string>();
  const parts = chunked ? unframe(request, trailer) : plain(request);
  for await (const part of parts) {
    sums.add(part);
    if (sums.size > largestBytes) throw new S3Fault('EntityTooLarge');
    await write(part);
  }
  const length = promise(chunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (length !== undefined && Number(length) !== sums.size) throw new S3Fault('IncompleteBody');
  sums.check((name) => trailer.get(name) ?? promise(name));
  return { size: sums.size, digest: sums.md5.digest('hex') };
}

async function* plain(request: IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of request) yield Buffer.from(chunk);
}

/** Takes `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailer>\r\n\r\n` apart. */
async function* unframe(
  request: IncomingMessage,
  trailer: Map<string, string>,
): AsyncGenerator<Buffer> {
  const source = new ByteSource(plain(request));
  for (;;) {
    const size = Number.parseInt(await source.line(), 16);
    if (!(size >= 0)) throw new S3Fault('IncompleteBody');
    if (size === 0) break;
    yield* source.take(size);
    if ((await source.line()) !== '') throw new S3Fault('IncompleteBody');
  }
  for (let line = await source.line(); line !== ''; line = await source.line()) {
    const [, name = '', value = ''] = /^([^:]+):(.*)$/.exec(line) ?? [];
    trailer.set(name.toLowerCase(), value.trim());
  }
}

/** Reads lines and stretches of bytes from a stream in turn. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncGenerator<Buffer>) {
    this.#chunks = chunks;
  }

  /** The text up to the next line end; nothing at the end of the stream is taken for an empty line. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf('\r\n');
    while (end < 0) {
      if (this.#rest.length > 8192) throw new S3Fault('IncompleteBody');
      if (!(await this.#more())) return '';
      end = this.#rest.indexOf('\r\n');
    }
    const text = this.#rest.subarray(0, end).toString('latin1');
    this.#rest = this.#rest.subarray(end + 2);
    return text;
  }

  async *take(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new S3Fault('IncompleteBody');
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}

const notChecked = ['x-amz-checksum-crc32c', 'x-amz-checksum-crc64nvme'];

class Sums {
  readonly md5 = createHash('md5');
  readonly #sha256 = createHash('sha256');
  readonly #sha1 = createHash('sha1');
  #crc = 0;
  size = 0;

  add(part: Buffer): void {
    this.size += part.length;
    this.#crc = crc32(part, this.#crc);
    for (const hash of [this.md5, this.#sha256, this.#sha1]) hash.update(part);
  }

  /** @throws S3Fault when a promised sum differs, or is of a kind that is not checked here */
  check(promised: (name: string) => string | undefined): void {
    const base64 = (hash: Hash): string => hash.copy().digest('base64');
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.#crc);
    const sums: Record<string, string> = {
      'content-md5': base64(this.md5),
      'x-amz-checksum-crc32': crc.toString('base64'),
      'x-amz-checksum-sha1': base64(this.#sha1),
      'x-amz-checksum-sha256': base64(this.#sha256),
    };
    for (const [name, sum] of Object.entries(sums)) {
      const wanted = promised(name);
      if (wanted !== undefined && wanted !== sum) throw new S3Fault('BadDigest');
    }
    const hash = promised('x-amz-content-sha256');
    if (hash?.length === 64 && hash !== this.#sha256.copy().digest('hex')) {
      throw new S3Fault('XAmzContentSHA256Mismatch');
    }
    const unknown = notChecked.find((name) => promised(name) !== undefined);
    if (unknown !== undefined)
      throw new S3Fault('NotImplemented', `${unknown} is not checked here.`);
  }
}
