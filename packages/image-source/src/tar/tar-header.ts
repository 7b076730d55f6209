import { TarFault } from './tar-fault.js';

export const BLOCK_BYTES = 512;

/** What the block before an entry says; names are byte strings. */
export interface TarHeader {
  /** One character. @see tar(5) */
  readonly type: string;
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeSeconds: number;
  readonly device: readonly [major: number, minor: number];
}

/**
 * @returns undefined for a block of zeros, two of which end an archive
 * @throws TarFault  it is no header
 * @see tar(5), "POSIX ustar Archives", "GNU tar archives"
 */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (readNumber(block, 148, 8) !== sumOf(block)) throw new TarFault('a header has a wrong checksum');
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] || 0x30),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textAt(block, 157, 100),
    mode: readNumber(block, 100, 8),
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    sizeBytes: requireSize(readNumber(block, 124, 12)),
    mtimeSeconds: readNumber(block, 136, 12),
    device: [readNumber(block, 329, 8), readNumber(block, 337, 8)],
  };
}

/** @throws TarFault  it is none */
export function requireSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new TarFault(`a header says a size of ${size} bytes`);
  return size;
}

function sumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK_BYTES; at++) if (at < 148 || at >= 156) sum += block[at] as number;
  return sum;
}

function textAt(block: Buffer, start: number, length: number): string {
  const text = block.toString('latin1', start, start + length);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** Octal digits, or base 256 where the first bit is set. @see tar(5), "Numeric Extensions" */
function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] as number;
  if (first >= 0x80) {
    const bits = BigInt(`0x${block.toString('hex', start, start + length)}`);
    // Two's complement, but for the first bit.
    return Number(BigInt.asIntN(length * 8 - 1, bits));
  }
  const digits = textAt(block, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new TarFault('a header has a number that is none');
  return Number.parseInt(digits || '0', 8);
}
