import type { Engine } from '@keepset/docker-engine';
import {
  type CompareOptions,
  compareListings,
  type FileFacts,
  type FileListing,
  type ListingDifference,
} from '@keepset/manifest';
import type { ToolboxOptions } from '@keepset/toolbox';
import { type ListedImage, listImage } from './source/list-image.js';
import type { ShrinkStreams } from './trace-options.js';

/** How images are read and compared. */
export interface CompareImagesOptions extends CompareOptions, Pick<ShrinkStreams, 'onEvent'> {
  readonly toolbox?: ToolboxOptions;
}

/**
 * What two images do not have in common. Contents of one size are read and compared.
 *
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE; ToolboxError
 * @example
 * const { changes } = await compareImages(engine, ['debian:12', 'debian:12'], { onEvent() {} });
 * changes.size // 0
 */
export async function compareImages(
  engine: Engine,
  [before, after]: readonly [before: string, after: string],
  { toolbox, onEvent, ...options }: CompareImagesOptions,
): Promise<ListingDifference> {
  await using one = await listImage(engine, before, { toolbox, onEvent });
  await using other = await listImage(engine, after, { toolbox, onEvent });
  return await compareListed(one, other, options);
}

/**
 * What two listed images do not have in common, wherever they are. Contents of one size are read and compared.
 *
 * @throws SourceError, EngineError, ToolboxError  as the images do
 * @example
 * const one = await listSource(await openOciLayout('/tmp/layout'));
 * const { changes } = await compareListed(one, one);
 * changes.size // 0
 */
export async function compareListed(
  one: ListedImage,
  other: ListedImage,
  options: CompareOptions = {},
): Promise<ListingDifference> {
  if (one.id === other.id) return compareListings(one.listing, one.listing, options);
  const paths = equallyLarge(one.listing, other.listing);
  return compareListings(await withDigests(one, paths), await withDigests(other, paths), options);
}

/** Regular files that only their contents can tell apart. */
function equallyLarge(one: FileListing, other: FileListing): readonly string[] {
  const isFile = (facts: FileFacts | undefined) => facts?.type === 'file';
  return [...one.files].flatMap(([path, facts]) => {
    const there = other.files.get(path);
    return isFile(facts) && isFile(there) && facts.sizeBytes === there?.sizeBytes ? [path] : [];
  });
}

async function withDigests({ listing, hash }: ListedImage, paths: readonly string[]): Promise<FileListing> {
  const digests = await hash(paths);
  const files = new Map(
    [...listing.files].map(([path, facts]) => [path, { ...facts, sha256: digests.get(path) }]),
  );
  return { ...listing, files };
}
