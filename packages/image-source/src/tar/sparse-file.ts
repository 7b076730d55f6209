import type { PaxRecords } from './pax-records.js';
import { TarFault } from './tar-fault.js';
import { BLOCK_BYTES } from './tar-header.js';
import type { TarInput } from './tar-input.js';

/** A file of which the archive holds only what is not zeros. @see GNU tar manual, "Storing Sparse Files" */
export interface SparseFile {
  readonly name: string | undefined;
  /** With the holes. */
  readonly sizeBytes: number;
  /** Undefined where it stands before the content. */
  readonly parts: readonly SparsePart[] | undefined;
}

interface SparsePart {
  readonly offset: number;
  readonly sizeBytes: number;
}

const PARTS_MAX = 1_000_000;
/** Of a number of a map that stands before the content. */
const DIGITS_MAX = 20;

/** @returns undefined of a file whose content stands in the archive as it is */
export function readSparse(records: PaxRecords): SparseFile | undefined {
  const sparse = new Map(records.filter(([key]) => key.startsWith('GNU.sparse.')));
  if (sparse.size === 0) return undefined;
  const recordOf = (key: string) => sparse.get(`GNU.sparse.${key}`);
  const name = recordOf('name');
  const sizeBytes = toNumber(recordOf('realsize') ?? recordOf('size') ?? '');
  if (recordOf('major') === '1') return { name, sizeBytes, parts: undefined };
  const numbers =
    recordOf('map')?.split(',') ??
    records.flatMap(([key, value]) => (/^GNU\.sparse\.(?:offset|numbytes)$/.test(key) ? [value] : []));
  return { name, sizeBytes, parts: toParts(numbers.filter(Boolean).map(toNumber), sizeBytes) };
}

/**
 * The content with its holes.
 *
 * @param storedBytes  what of it stands in the archive, its map counted in
 */
export async function* readSparseContent(
  input: TarInput,
  { sizeBytes, parts: known }: SparseFile,
  storedBytes: number,
): AsyncGenerator<Uint8Array> {
  const start = input.position;
  const parts = known ?? (await readMap(input, sizeBytes));
  const held = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (input.position - start + held !== storedBytes) throw new TarFault('a sparse file lies about its size');
  let at = 0;
  for (const part of parts) {
    yield* zeros(part.offset - at);
    yield* input.pieces(part.sizeBytes);
    at = part.offset + part.sizeBytes;
  }
  yield* zeros(sizeBytes - at);
}

/** Decimal numbers, a line each: how many parts, then offset and size of each; padded to a block. */
async function readMap(input: TarInput, sizeBytes: number): Promise<readonly SparsePart[]> {
  let text = '';
  const numbers: number[] = [];
  for (let wanted = 1; numbers.length < wanted; ) {
    const end = text.indexOf('\n');
    if (end === -1) {
      const block = await input.read(BLOCK_BYTES);
      if (block.length < BLOCK_BYTES || text.length > DIGITS_MAX)
        throw new TarFault('a sparse file has no map');
      text += block.toString('latin1');
      continue;
    }
    numbers.push(toNumber(text.slice(0, end)));
    text = text.slice(end + 1);
    if (numbers.length === 1) wanted += 2 * Math.min(numbers[0] as number, PARTS_MAX + 1);
  }
  return toParts(numbers.slice(1), sizeBytes);
}

function toParts(numbers: readonly number[], sizeBytes: number): readonly SparsePart[] {
  const parts: SparsePart[] = [];
  let end = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset = 0, size = Number.NaN] = numbers.slice(at, at + 2);
    if (!(offset >= end && offset + size <= sizeBytes) || parts.length === PARTS_MAX)
      throw new TarFault('a sparse file has a map that fits no file');
    parts.push({ offset, sizeBytes: size });
    end = offset + size;
  }
  return parts;
}

function toNumber(digits: string): number {
  const number = /^[0-9]{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new TarFault('a sparse file has a map that is none');
  return number;
}

const ZEROS = new Uint8Array(64 * 1024);

function* zeros(sizeBytes: number): Generator<Uint8Array> {
  for (let left = sizeBytes; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}
