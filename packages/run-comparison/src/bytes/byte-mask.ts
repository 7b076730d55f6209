import { ByteRanges } from './byte-ranges.js';
import { Cursor } from './cursor.js';
import type { Content } from '../run-outcome.js';

/** Which bytes of a content that is no text are to be relied on. */
export interface ByteMask {
  /** Whether a byte may be another. */
  mayVary(offset: number): boolean;
}

/** Of more than this, little is left that could be held against anybody; and no date or identifier is so long. */
const VARYING_SHARE_MAX = 0.5;
const VARYING_BYTES_MAX = 256 * 1024;

/**
 * Learn from contents that should be the same, and are not, which of their bytes vary: a date in a PDF or an archive, an
 * identifier in a program. In constant memory.
 *
 * From three on, each must be what the others let it be: if one is not, the next need not be so either.
 *
 * @param samples  at least two
 * @returns undefined: they vary too much, or in ways of which some examples do not tell all
 */
export async function learnByteMask(samples: readonly Content[]): Promise<ByteMask | undefined> {
  const [first] = samples;
  if (first === undefined || samples.some(({ sizeBytes }) => sizeBytes !== first.sizeBytes)) return undefined;
  const varyingMax = Math.min(VARYING_SHARE_MAX * first.sizeBytes, VARYING_BYTES_MAX);
  const varying = new ByteRanges();
  /** Of each: where the others vary among themselves, and where it alone is another. */
  const views = samples.map(() => ({ others: new ByteRanges(), alone: new ByteRanges() }));
  for await (const { offset, bytes } of differing(samples)) {
    varying.add(offset);
    for (const [place, { others, alone }] of views.entries()) {
      const rest = bytes.filter((_, each) => each !== place);
      if (rest.some((byte) => byte !== rest[0])) others.add(offset);
      else alone.add(offset);
    }
    if (varying.isFull || varying.coveredBytes > varyingMax) return undefined;
  }
  const isPredictable = samples.length < 3 || views.every(({ others, alone }) => alone.isWithin(others));
  return isPredictable ? { mayVary: (offset) => varying.has(offset) } : undefined;
}

interface VaryingByte {
  readonly offset: number;
  /** Of each content. */
  readonly bytes: readonly number[];
}

/** Enough that comparing it as a whole pays. */
const BLOCK_BYTES = 4096;

/** Where contents of one size are not all the same. */
async function* differing(contents: readonly Content[]): AsyncGenerator<VaryingByte> {
  const cursors = contents.map((content) => new Cursor(content.read()));
  try {
    for (let offset = 0; ; ) {
      const pieces: Buffer[] = [];
      for (const cursor of cursors) pieces.push(await cursor.peek());
      const length = Math.min(BLOCK_BYTES, ...pieces.map((piece) => piece.length));
      if (length === 0) return;
      const [first = Buffer.alloc(0), ...others] = pieces;
      if (others.some((piece) => piece.compare(first, 0, length, 0, length) !== 0)) {
        for (let at = 0; at < length; at++)
          if (others.some((piece) => piece[at] !== first[at]))
            yield { offset: offset + at, bytes: pieces.map((piece) => piece[at] as number) };
      }
      for (const cursor of cursors) cursor.skip(length);
      offset += length;
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor[Symbol.asyncDispose]()));
  }
}
