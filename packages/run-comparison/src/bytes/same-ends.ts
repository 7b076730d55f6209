import type { Content } from '../run-outcome.js';
import { readTogether } from './read-together.js';

/** How contents of several sizes begin and end. */
export interface SameEnds {
  /** How many bytes at their start are the same in all. */
  readonly startBytes: number;
  readonly end: Buffer;
}

/** So much of an end is held in memory. */
const END_BYTES_MAX = 1024 * 1024;

export async function findSameEnds(contents: readonly Content[]): Promise<SameEnds> {
  const startBytes = await sameStart(contents);
  const ends: Buffer[] = [];
  for (const content of contents) ends.push(await readEnd(content));
  // What begins and ends is not the same bytes.
  const most = Math.min(...contents.map(({ sizeBytes }) => sizeBytes)) - startBytes;
  const [first = Buffer.alloc(0), ...others] = ends;
  let length = 0;
  const isSame = (from: number) => others.every((each) => each.at(-from) === first.at(-from));
  while (length < Math.min(most, first.length) && isSame(length + 1)) length++;
  return { startBytes, end: first.subarray(first.length - length) };
}

async function sameStart(contents: readonly Content[]): Promise<number> {
  let startBytes = 0;
  for await (const { pieces, from, to } of readTogether(contents, 0)) {
    const [first = Buffer.alloc(0), ...others] = pieces;
    for (let at = from; at < to; at++, startBytes++)
      if (others.some((piece) => piece[at] !== first[at])) return startBytes;
  }
  return startBytes;
}

/** The last bytes of a content: so many, or all. */
export async function readEnd(content: Content, bytes = END_BYTES_MAX): Promise<Buffer> {
  let end = Buffer.alloc(0);
  for await (const chunk of content.read()) {
    const whole = Buffer.concat([end, chunk]);
    end = Buffer.from(whole.subarray(Math.max(0, whole.length - bytes)));
  }
  return end;
}
