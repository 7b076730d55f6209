import type { ImageConfig, ImageDetails } from '@keepset/docker-engine';
import { asEnginesShow, type ImageSource } from '@keepset/image-source';
import type { ImageTree } from '@keepset/image-tree';
import { COVERED_PATHS } from '@keepset/toolbox';
import { ShrinkError } from '../shrink-error.js';
import { headsOf } from './heads-of.js';
import { listOnce, type ReadSource } from './open-source.js';

/**
 * An image that no engine has: nothing can be run in it, and all else is as an engine would show it.
 *
 * @param image  stays the caller's
 * @throws SourceError; ShrinkError WRONG_ARCHITECTURE
 */
export async function openGivenSource(image: ImageSource, reference: string): Promise<ReadSource> {
  if (image.config.os !== 'linux')
    throw new ShrinkError(
      'WRONG_ARCHITECTURE',
      `'${reference}' is an image for ${image.config.os}, not Linux`,
    );
  const shown = asEnginesShow(image);
  const { tree, listed } = listOnce(() => shown.tree());
  return {
    reference,
    image: toDetails(image, await tree(), reference),
    coveredPaths: COVERED_PATHS,
    content: async () => shown,
    heads: async () => headsOf(shown),
    async toForeground() {},
    tree,
    listed,
    async [Symbol.asyncDispose]() {},
  };
}

function toDetails(
  { id, config, manifestDigest }: ImageSource,
  tree: ImageTree,
  reference: string,
): ImageDetails {
  const { architecture, variant, os, author, created = '', rootfs } = config;
  const osVersion = config['os.version'];
  const [, repository] = /^docker:\/\/([^@]+?)(?::[^:/@]+)?(?:@.*)?$/.exec(reference) ?? [];
  const isKnown = repository !== undefined && manifestDigest !== undefined;
  return {
    id,
    architecture,
    os,
    created,
    sizeBytes: tree.totalBytes,
    diffIds: (rootfs as { diff_ids?: readonly string[] } | undefined)?.diff_ids ?? [],
    layersByDiffId: false,
    tags: [],
    repositoryDigests: isKnown ? [`${repository}@${manifestDigest}`] : [],
    config: (config.config ?? {}) as ImageConfig,
    ...(variant !== undefined && { variant }),
    ...(typeof osVersion === 'string' && { osVersion }),
    ...(typeof author === 'string' && { author }),
  };
}
