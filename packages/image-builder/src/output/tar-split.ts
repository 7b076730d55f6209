import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import type { PackedText } from '@keepset/image-source';

/** Which of a tar's bytes are no contents, so that the tar can be made again of the files. */
export interface TarSplit extends PackedText {
  /** sha256:… of the packed text. */
  readonly digest: string;
}

/**
 * Notes a tar as it goes by: its bytes between contents, and where a content of which name stands. Only the packed text is held.
 *
 * @see vbatts/tar-split, tar/storage/entry.go, `Entry`; tar/asm/disassemble.go
 */
export class TarSplitter {
  readonly #zstd = zlib.createZstdCompress();
  readonly #packed: Buffer[] = [];
  readonly #ended: Promise<unknown>;
  #position = 0;
  #sizeBytes = 0;

  constructor() {
    this.#zstd.on('data', (chunk: Buffer) => this.#packed.push(chunk));
    this.#ended = new Promise((done, fail) => this.#zstd.on('end', done).on('error', fail));
  }

  /** Bytes that are of no content. */
  async addBytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await this.#add({ type: 2, payload: Buffer.from(bytes).toString('base64') });
  }

  /** An entry; its content, if it has one, stands here. */
  async addEntry(name: string, sizeBytes: number, checksum: Crc64 | undefined): Promise<void> {
    const payload = checksum === undefined ? null : checksum.digest().toString('base64');
    await this.#add({ type: 1, name, ...(sizeBytes > 0 && { size: sizeBytes }), payload });
  }

  async #add(entry: Readonly<Record<string, unknown>>): Promise<void> {
    const line = `${JSON.stringify({ ...entry, position: this.#position++ })}\n`;
    this.#sizeBytes += Buffer.byteLength(line);
    if (!this.#zstd.write(line)) await new Promise((done) => this.#zstd.once('drain', done));
  }

  async end(): Promise<TarSplit> {
    this.#zstd.end();
    await this.#ended;
    const packed = Buffer.concat(this.#packed);
    const digest = `sha256:${createHash('sha256').update(packed).digest('hex')}`;
    return { packed, unpackedBytes: this.#sizeBytes, digest };
  }
}

/** Of ISO 3309, its bits reversed, as two halves. */
const POLYNOMIAL_HIGH = 0xd8000000;

const [HIGH, LOW] = toTables();

function toTables(): readonly [Uint32Array, Uint32Array] {
  const [highs, lows] = [new Uint32Array(256), new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte++) {
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = low & 1;
      low = (low >>> 1) | (high << 31);
      high = (high >>> 1) ^ (isOdd ? POLYNOMIAL_HIGH : 0);
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  return [highs, lows];
}

/** The checksum by which tar-split knows a content. @see Go, hash/crc64, `ISO` */
export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  update(bytes: Uint8Array): void {
    let [high, low] = [this.#high, this.#low];
    for (let at = 0; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
      high = (high >>> 8) ^ (HIGH[index] as number);
    }
    this.#high = high;
    this.#low = low;
  }

  /** Eight bytes, the largest first. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(~this.#high >>> 0, 0);
    bytes.writeUInt32BE(~this.#low >>> 0, 4);
    return bytes;
  }
}
