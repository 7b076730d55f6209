import { firstDifference } from './bytes/first-difference.js';
import { compareBytes } from './compare-bytes.js';
import { compareParts } from './compare-parts.js';
import type { NotComparedReason } from './difference.js';
import { readTexts } from './read-texts.js';
import type { Content } from './run-outcome.js';
import { isReordered } from './text/line-chance.js';
import { type HoldCounts, learnTextMask, type TextMismatch, type TextVariation } from './text/text-mask.js';

/**
 * In what contents vary that are no text.
 *
 * | variation | contents have |
 * | --- | --- |
 * | `bytes` | the same bytes, but for fields that vary |
 * | `content` | little more in common than that they vary: `NotComparedReason` says why |
 */
export type BinaryVariation = 'bytes' | 'content';

export interface ContentComparison {
  /** Absent: the content may be so. */
  readonly mismatch?: TextMismatch;
  /** Whether the mismatch is one that a further sample may explain. */
  readonly isLikeNoise: boolean;
  /** Absent: the samples are the same. */
  readonly variation?: TextVariation | BinaryVariation;
  /** Why it, or some of it, was not compared. Absent: all of it was. */
  readonly notCompared?: NotComparedReason;
  /** Of texts that vary. */
  readonly lines?: HoldCounts;
}

export interface Evidence {
  /** At least one. */
  readonly samples: readonly Content[];
  /** Of further runs of the result. They are no evidence for it: they tell only whether it is always so. */
  readonly others: readonly Content[];
}

export interface ContentOptions {
  /** Takes out of a text what the user does not want compared. Default nothing. */
  readonly withoutIgnored?: (text: string) => string;
  /** Whether anything varies between the samples. Default false. */
  readonly isChancy?: boolean;
  /** How often what is in it is taken apart: in a gzip is an archive. Default 2. */
  readonly layersMax?: number;
}

const LAYERS_MAX = 2;

export type CompareContent = (evidence: Evidence, result: Content) => Promise<ContentComparison>;

/** Hold a content against those of the samples. */
export async function compareContent(
  { samples, others }: Evidence,
  result: Content,
  options: ContentOptions = {},
): Promise<ContentComparison> {
  const [first = result] = samples;
  const varies = samples.some(({ sha256 }) => sha256 !== first.sha256);
  if (!varies && result.sha256 === first.sha256) return { isLikeNoise: false };
  const texts = await readTexts(samples);
  const text = texts && (await readTexts([result]))?.[0];
  if (texts !== undefined && text !== undefined) {
    const isSteady =
      samples.length > 1 &&
      !varies &&
      others.length > 0 &&
      others.every(({ sha256 }) => sha256 === result.sha256);
    return compareTexts(texts, text, { ...options, isSteady });
  }
  // What was a text each time is to be one.
  if (!varies || texts !== undefined) return await compareExactly(samples, result, varies);
  const compared = await compareBytes(samples, result);
  const { layersMax = LAYERS_MAX } = options;
  if (layersMax === 0) return compared;
  const compare: CompareContent = (evidence, part) =>
    compareContent(evidence, part, { ...options, layersMax: layersMax - 1 });
  const parts = await compareParts(samples, result, compare);
  // What is packed varies throughout where one date does: its bytes say little of what is in it.
  const isFine = ({ mismatch, notCompared }: ContentComparison) =>
    mismatch === undefined && notCompared === undefined;
  return parts === undefined || (isFine(compared) && parts.mismatch === undefined) ? compared : parts;
}

/** Whether runs of both were the same each time: then numbers that differ are no chance, as an order may be. */
interface Steadiness {
  readonly isSteady: boolean;
}

function compareTexts(
  samples: readonly string[],
  result: string,
  { withoutIgnored = (text) => text, isChancy = false, isSteady }: ContentOptions & Steadiness,
): ContentComparison {
  const texts = samples.map(withoutIgnored);
  const text = withoutIgnored(result);
  const mask = learnTextMask(texts);
  const mismatch = mask.mismatch(text);
  const lines = mask.countHolds(text);
  return {
    ...(mismatch !== undefined && { mismatch }),
    isLikeNoise:
      mismatch !== undefined &&
      (isSteady ? isReordered(texts[0] as string, text) : mask.mayBeNoise(text, isChancy)),
    ...(mask.variation !== 'none' && { variation: mask.variation }),
    ...(lines.notAtAll > 0 && { notCompared: 'no-form' as const }),
    lines,
  };
}

/** One byte is the same by chance in one of 256 cases. */
const SAMPLES_ENOUGH = 3;

async function compareExactly(
  samples: readonly Content[],
  result: Content,
  varies: boolean,
): Promise<ContentComparison> {
  const [first] = samples as [Content];
  const mismatch = await firstDifference(first.read(), result.read());
  const isAsLarge = !varies && first.sizeBytes === result.sizeBytes;
  return {
    ...(mismatch !== undefined && { mismatch }),
    isLikeNoise: mismatch !== undefined && isAsLarge && samples.length < SAMPLES_ENOUGH,
  };
}
