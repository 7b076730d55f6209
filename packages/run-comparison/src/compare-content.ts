import { learnByteMask } from './bytes/byte-mask.js';
import { firstDifference } from './bytes/first-difference.js';
import type { Content } from './run-outcome.js';
import { isReordered } from './text/line-chance.js';
import { learnTextMask, type TextMismatch, type TextVariation } from './text/text-mask.js';

/** Larger contents are no text: they vary by bytes. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024;

/**
 * In what contents vary that are no text.
 *
 * | variation | contents have |
 * | --- | --- |
 * | `bytes` | the same bytes, but for some at the same places |
 * | `content` | no more in common than that they vary: they are not compared |
 */
export type BinaryVariation = 'bytes' | 'content';

export interface ContentComparison {
  /** Absent: the content may be so. */
  readonly mismatch?: TextMismatch;
  /** Whether the mismatch is one that a further sample may explain. */
  readonly isLikeNoise: boolean;
  readonly variation?: TextVariation | BinaryVariation;
}

export interface Evidence {
  /** At least one. */
  readonly samples: readonly Content[];
  /** Of further runs of the result. */
  readonly others: readonly Content[];
}

/**
 * Hold a content against those of the samples.
 *
 * @param withoutIgnored  takes out of a text what the user does not want compared
 */
export async function compareContent(
  { samples, others }: Evidence,
  result: Content,
  withoutIgnored: (text: string) => string = (text) => text,
): Promise<ContentComparison> {
  const [first = result] = samples;
  const varies = samples.some(({ sha256 }) => sha256 !== first.sha256);
  if (!varies && result.sha256 === first.sha256) return { isLikeNoise: false };
  const texts = await readTexts([...samples, result]);
  if (texts === undefined) {
    return varies
      ? await compareVarying(samples, result)
      : { ...(await mismatchOf(first, result)), isLikeNoise: false };
  }
  const compared = texts.map(withoutIgnored);
  const text = compared.pop() as string;
  const mask = learnTextMask(compared);
  const mismatch = mask.mismatch(text);
  const isSteady =
    samples.length > 1 &&
    !varies &&
    others.length > 0 &&
    others.every(({ sha256 }) => sha256 === result.sha256);
  return {
    ...(mismatch !== undefined && { mismatch }),
    // Runs of both that were the same each time explain numbers that differ: they are no chance. The order of lines and of
    // words is another matter, since a tracer, or a cache, moves it.
    isLikeNoise:
      mismatch !== undefined && (isSteady ? isReordered(compared[0] as string, text) : mask.mayBeNoise(text)),
    ...(mask.variation !== 'none' && { variation: mask.variation }),
  };
}

/** From so many on, what is the same in all samples is no chance. */
const BYTE_SAMPLES_ENOUGH = 4;

async function compareVarying(samples: readonly Content[], result: Content): Promise<ContentComparison> {
  const [first] = samples as [Content];
  const mask = await learnByteMask(samples);
  if (mask === undefined) return { isLikeNoise: false, variation: 'content' };
  const found = await mismatchOf(first, result, mask.mayVary);
  return {
    ...found,
    isLikeNoise: found.mismatch !== undefined && samples.length < BYTE_SAMPLES_ENOUGH,
    variation: 'bytes',
  };
}

async function mismatchOf(
  source: Content,
  result: Content,
  mayVary?: (offset: number) => boolean,
): Promise<Pick<ContentComparison, 'mismatch'>> {
  const mismatch = await firstDifference(source.read(), result.read(), mayVary);
  return mismatch === undefined ? {} : { mismatch };
}

/** Control characters but for those that move the cursor or change colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant.
const NO_TEXT = /[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]/;

/** As byte strings; undefined when one of them is too large or no text. */
async function readTexts(contents: readonly Content[]): Promise<string[] | undefined> {
  if (contents.some(({ sizeBytes }) => sizeBytes > TEXT_BYTES_MAX)) return undefined;
  const known = new Map<string, string>();
  for (const content of contents) {
    if (known.has(content.sha256)) continue;
    const text = Buffer.concat(await Array.fromAsync(content.read())).toString('latin1');
    if (NO_TEXT.test(text)) return undefined;
    known.set(content.sha256, text);
  }
  return contents.map(({ sha256 }) => known.get(sha256) as string);
}
