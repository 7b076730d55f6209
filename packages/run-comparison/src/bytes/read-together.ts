import type { Content } from '../run-outcome.js';
import { Cursor } from './cursor.js';

/** The same piece of several contents, with what is beside it. */
export interface Together {
  /** Of the first byte that was not read before. */
  readonly offset: number;
  /** Of each content; bytes before `from` and from `to` on are there to be looked at. */
  readonly pieces: readonly Buffer[];
  readonly from: number;
  readonly to: number;
}

/** Enough that reading it as a whole pays. */
const BLOCK_BYTES = 64 * 1024;

/**
 * Read contents side by side, in constant memory, until one of them ends.
 *
 * @param beside  how many bytes around a piece are to be looked at
 */
export async function* readTogether(contents: readonly Content[], beside: number): AsyncGenerator<Together> {
  const cursors = contents.map((content) => new Cursor(content.read()));
  let before = contents.map(() => Buffer.alloc(0));
  try {
    for (let offset = 0; ; ) {
      const ahead: Buffer[] = [];
      for (const cursor of cursors) ahead.push(await cursor.take(BLOCK_BYTES + beside));
      const length = Math.min(BLOCK_BYTES, ...ahead.map((piece) => piece.length));
      if (length === 0) return;
      const from = before[0]?.length ?? 0;
      const pieces = ahead.map((piece, at) => Buffer.concat([before[at] as Buffer, piece]));
      yield { offset, pieces, from, to: from + length };
      before = pieces.map((piece) =>
        Buffer.from(piece.subarray(Math.max(0, from + length - beside), from + length)),
      );
      for (const cursor of cursors) cursor.skip(length);
      offset += length;
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor[Symbol.asyncDispose]()));
  }
}
