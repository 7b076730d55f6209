import type { Content } from '../run-outcome.js';
import { type ByteKind, fieldBytesMin, isOfKind, kindAt } from './byte-field.js';
import { ByteRanges } from './byte-ranges.js';
import { readTogether, type Together } from './read-together.js';

/** Which bytes of a content that is no text are to be relied on. */
export interface ByteMask {
  /** Whether there may be a byte that the first sample has not. */
  mayVary(offset: number, byte: number): boolean;
  /**
   * Whether it varies, or may have been the same by chance so far: it stands among bytes that vary, or is the next one to
   * such a byte, as the first of a number's, which seldom varies, is. In a table of numbers (a database counts what comes and
   * goes), it is near one.
   */
  isAmongVarying(offset: number): boolean;
  /** Whether so many places vary that the content is a table of numbers. */
  readonly isTable: boolean;
  /** How many bytes vary. */
  readonly varyingBytes: number;
}

/** How near a place is at which others vary: a number that is counted up carries to its next byte. */
const NEAR_BYTES = 32;
/** So many places at which bytes vary that are no letters or digits are a table of numbers. */
const TABLE_PLACES_MIN = 8;
/** A byte that is the same by chance in all samples but one makes that one surprising. */
const SURPRISING_ENOUGH = 2;

/**
 * Learn from contents of one size that should be the same, and are not, which of their bytes vary: a date in a PDF or an
 * archive, an identifier in a program. In constant memory.
 *
 * From three on, they must vary near where the others do: where they do not (a database, a cache), the next need not either.
 *
 * @param samples  at least two
 * @returns undefined: they vary in more places than are places, or elsewhere each time
 */
export async function learnByteMask(samples: readonly Content[]): Promise<ByteMask | undefined> {
  const kinds: readonly ByteKind[] = ['digits', 'hex', 'letters', 'any'];
  const byKind = new Map(kinds.map((kind) => [kind, new ByteRanges()]));
  const varying = new ByteRanges();
  /** Of them, those that are no letters or digits. */
  const numbers = new ByteRanges(1);
  /** Of each: where the others vary among themselves, and where it alone is another. */
  const views = samples.map(() => ({
    others: new ByteRanges(NEAR_BYTES),
    alone: new ByteRanges(NEAR_BYTES),
  }));
  const bytesMin = fieldBytesMin(samples[0]?.sizeBytes ?? 0);
  let count = 0;
  for await (const together of readTogether(samples, bytesMin)) {
    const { pieces, offset, from } = together;
    for (const at of differing(together)) {
      const bytes = pieces.map((piece) => piece[at] as number);
      count++;
      const kind = kindAt(pieces, at, bytesMin);
      const place = offset + at - from;
      byKind.get(kind)?.add(place);
      if (kind === 'any') numbers.add(place);
      varying.add(place, place + 1, gapOf(count, samples.length));
      for (const [own, { others, alone }] of views.entries()) {
        const rest = bytes.filter((_, each) => each !== own);
        (rest.some((byte) => byte !== rest[0]) ? others : alone).add(place);
      }
      if (varying.isFull) return undefined;
    }
  }
  const surprising = views.filter(({ others, alone }) => !alone.isWithin(others));
  if (samples.length > 2 && surprising.length >= SURPRISING_ENOUGH) return undefined;
  const isTable = numbers.count >= TABLE_PLACES_MIN;
  return {
    isTable,
    isAmongVarying: (offset) => varying.has(offset) || numbers.has(offset, isTable ? NEAR_BYTES : 1),
    varyingBytes: varying.coveredBytes,
    mayVary: (offset, byte) => kinds.some((kind) => isOfKind(kind, byte) && byKind.get(kind)?.has(offset)),
  };
}

/** Enough that comparing it as a whole pays. */
const BLOCK_BYTES = 4096;

/** Where pieces are not all the same. */
function* differing({ pieces, from, to }: Together): Generator<number> {
  const [first = Buffer.alloc(0), ...others] = pieces;
  for (let start = from; start < to; start += BLOCK_BYTES) {
    const end = Math.min(to, start + BLOCK_BYTES);
    const unlike = others.filter((piece) => piece.compare(first, start, end, start, end) !== 0);
    if (unlike.length === 0) continue;
    for (let at = start; at < end; at++) if (unlike.some((piece) => piece[at] !== first[at])) yield at;
  }
}

/** Of random bytes, one of 256 is the same in two samples: with so many of them, so many in a row are. */
function gapOf(count: number, samples: number): number {
  const expectedMax = 0.1;
  return Math.max(0, Math.ceil(Math.log(count / expectedMax) / Math.log(256) / (samples - 1)) - 1);
}
