import { type ByteMask, learnByteMask } from './bytes/byte-mask.js';
import { firstDifference } from './bytes/first-difference.js';
import { findSameEnds, readEnd } from './bytes/same-ends.js';
import type { ContentComparison } from './compare-content.js';
import type { NotComparedReason } from './difference.js';
import type { Content } from './run-outcome.js';
import type { TextMismatch } from './text/text-mask.js';

/** From so many samples on, bytes that are the same in all of them are so by no chance, nor by the hour. */
const SAMPLES_ENOUGH = 5;
/** Of a table of numbers, which seldom are the same. */
const SAMPLES_OF_TABLE = 3;

/** Of more than this, little is left that could be held against anybody; and no date or identifier is so long. */
const VARYING_SHARE_MAX = 0.5;
const VARYING_BYTES_MAX = 256 * 1024;

/**
 * Hold a content that is no text against samples that vary.
 *
 * Of one size, it is held byte by byte, but for the fields that vary. Of several, by how it begins and ends, and by its size:
 * that may be as much more or less than ever as the samples differ.
 */
export async function compareBytes(samples: readonly Content[], result: Content): Promise<ContentComparison> {
  const sizes = samples.map(({ sizeBytes }) => sizeBytes);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const found = least === most ? await compareMasked(samples, result) : await compareEnds(samples, result);
  const spread = most - least;
  const isOfSize = result.sizeBytes >= least - spread && result.sizeBytes <= most + spread;
  const mismatch = found.mismatch ?? (isOfSize ? undefined : shownSizes(samples, result));
  return {
    ...(mismatch !== undefined && { mismatch }),
    isLikeNoise: mismatch !== undefined && samples.length < SAMPLES_ENOUGH,
    variation: found.reason === undefined ? 'bytes' : 'content',
    ...(found.reason !== undefined && { notCompared: found.reason }),
  };
}

interface Found {
  readonly mismatch?: TextMismatch | undefined;
  readonly reason?: NotComparedReason;
}

async function compareMasked(samples: readonly Content[], result: Content): Promise<Found> {
  const [first] = samples as [Content];
  const mask = await learnByteMask(samples);
  if (mask === undefined) return { reason: samples.length > 2 ? 'varies-elsewhere' : 'varies-throughout' };
  const differing = (mayVary: (offset: number, byte: number) => boolean) =>
    firstDifference(first.read(), result.read(), mayVary);
  if (isNearlyAll(mask, first))
    return { mismatch: await differing(mask.isAmongVarying), reason: 'varies-throughout' };
  const mismatch = await differing(mask.mayVary);
  const enough = mask.isTable ? SAMPLES_OF_TABLE : SAMPLES_ENOUGH;
  if (mismatch === undefined || samples.length < enough) return { mismatch };
  const other = await differing(mask.isAmongVarying);
  return other === undefined ? { reason: 'varies-elsewhere' } : { mismatch: other };
}

function isNearlyAll({ varyingBytes }: ByteMask, { sizeBytes }: Content): boolean {
  return varyingBytes > Math.min(VARYING_SHARE_MAX * sizeBytes, VARYING_BYTES_MAX);
}

async function compareEnds(samples: readonly Content[], result: Content): Promise<Found> {
  const [first] = samples as [Content];
  const { startBytes, end } = await findSameEnds(samples);
  const atStart = await firstDifference(firstBytes(first, startBytes), firstBytes(result, startBytes));
  const own = await readEnd(result, end.length);
  const mismatch = atStart ?? (own.equals(end) ? undefined : shownEnds(end, own));
  return { mismatch, reason: 'size-varies' };
}

async function* firstBytes(content: Content, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of content.read()) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

const SHOWN_BYTES = 200;

function shownEnds(source: Buffer, result: Buffer): TextMismatch {
  const shown = (end: Buffer) => end.subarray(-SHOWN_BYTES).toString('latin1');
  return { line: 1, source: shown(source), result: shown(result) };
}

function shownSizes([first]: readonly Content[], { sizeBytes }: Content): TextMismatch {
  return { line: 1, source: `${first?.sizeBytes} bytes`, result: `${sizeBytes} bytes` };
}
