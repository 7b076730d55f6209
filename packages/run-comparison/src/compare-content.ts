import { firstDifference } from './first-difference.js';
import type { Content } from './run-outcome.js';
import { differsLikeNoise, learnTextMask, type TextMismatch, type TextVariation } from './text-mask.js';

/** Larger contents, and those that are no text, are not looked into: they are the same, or they vary as a whole. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024;

export interface ContentComparison {
  readonly mismatch?: TextMismatch;
  /** Whether the mismatch is one that a further sample may explain. */
  readonly isLikeNoise: boolean;
  readonly variation?: TextVariation | 'content';
}

/**
 * Hold a content against those of the samples.
 *
 * @param samples  at least one
 * @param withoutIgnored  takes out of a text what the user does not want compared
 */
export async function compareContent(
  samples: readonly Content[],
  result: Content,
  withoutIgnored: (text: string) => string = (text) => text,
): Promise<ContentComparison> {
  const [first = result] = samples;
  const varies = samples.some(({ sha256 }) => sha256 !== first.sha256);
  if (!varies && result.sha256 === first.sha256) return { isLikeNoise: false };
  const texts = await readTexts([...samples, result]);
  if (texts === undefined) {
    if (varies) return { isLikeNoise: false, variation: 'content' };
    return { isLikeNoise: false, mismatch: await firstDifference(first.read(), result.read()) };
  }
  const compared = texts.map(withoutIgnored);
  const text = compared.pop() as string;
  const mask = learnTextMask(compared);
  const mismatch = mask.mismatch(text);
  return {
    isLikeNoise: mismatch !== undefined && differsLikeNoise(compared[0] as string, text),
    ...(mismatch !== undefined && { mismatch }),
    ...(mask.variation !== 'none' && { variation: mask.variation }),
  };
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
