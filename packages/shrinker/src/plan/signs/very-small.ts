import { sumBytes } from '@keepset/image-tree';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** Of an image worth shrinking. */
const SOURCE_BYTES_MIN = 100e6;
const SHARE_MIN = 0.01;

/** Next to nothing is kept of a large image. */
export function verySmall({ tree, plan }: ShrinkFacts): OverShrinkSign | undefined {
  const entries = [...plan.kept.keys()].flatMap((path) => tree.get(path) ?? []);
  const share = sumBytes(entries) / tree.totalBytes;
  if (tree.totalBytes < SOURCE_BYTES_MIN || share >= SHARE_MIN) return undefined;
  return {
    kind: 'very-small',
    message: `only ${(100 * share).toFixed(2)} % of the image is kept`,
    cure: 'see that the command is all that people will run',
  };
}
