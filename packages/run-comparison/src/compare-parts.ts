import type { CompareContent, ContentComparison } from './compare-content.js';
import { type Parts, unpack } from './packed/unpack.js';
import { HELD_BYTES_MAX } from './read-texts.js';
import { type Content, toContent } from './run-outcome.js';

/**
 * Hold what is packed in a content against what is packed in the samples.
 *
 * @param compare  two parts
 * @returns undefined: they cannot be taken apart, or have not the same parts
 */
export async function compareParts(
  samples: readonly Content[],
  result: Content,
  compare: CompareContent,
): Promise<ContentComparison | undefined> {
  const all: Parts[] = [];
  for (const sample of samples) {
    const parts = await readParts(sample);
    if (parts === undefined || !haveSameNames(parts, all[0] ?? parts)) return undefined;
    all.push(parts);
  }
  const [first] = all;
  const own = await readParts(result);
  if (first === undefined) return undefined;
  if (own === undefined || !haveSameNames(own, first))
    return { ...unlike(first, own), isLikeNoise: false, variation: 'content' };
  const found: ContentComparison[] = [];
  for (const [name, part] of own) {
    const parts = all.map((each) => toContent(each.get(name) as Uint8Array));
    found.push(await compare({ samples: parts, others: [] }, toContent(part)));
  }
  const wrong = found.filter(({ mismatch }) => mismatch !== undefined);
  const mismatch = wrong[0]?.mismatch;
  const notCompared = found.find((each) => each.notCompared !== undefined)?.notCompared;
  return {
    ...(mismatch !== undefined && { mismatch }),
    isLikeNoise: wrong.length > 0 && wrong.every(({ isLikeNoise }) => isLikeNoise),
    variation: found.find(({ variation }) => variation !== undefined)?.variation ?? 'bytes',
    ...(notCompared !== undefined && { notCompared }),
  };
}

async function readParts(content: Content): Promise<Parts | undefined> {
  if (content.sizeBytes > HELD_BYTES_MAX) return undefined;
  return unpack(Buffer.concat(await Array.fromAsync(content.read())));
}

function haveSameNames(one: Parts, other: Parts): boolean {
  return one.size === other.size && [...one.keys()].every((name) => other.has(name));
}

function unlike(source: Parts, result: Parts | undefined): Pick<ContentComparison, 'mismatch'> {
  const names = (parts: Parts | undefined, others: Parts | undefined) =>
    [...(parts?.keys() ?? [])].find((name) => !others?.has(name));
  return { mismatch: { line: 1, source: names(source, result), result: names(result, source) } };
}
