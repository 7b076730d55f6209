import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import {
  type BuiltImage,
  configureImage,
  type GeneratedEntry,
  type Layer,
  spoolPaths,
  sumLayers,
  whiteout,
} from '@keepset/image-builder';
import type { ImageTree } from '@keepset/image-tree';
import type { KeepPlan } from '@keepset/keep-planner';
import type { Progress } from '../progress.js';
import type { ReadSource } from '../source/open-source.js';
import { parentFolder } from '../source/parent-folder.js';
import type { BuiltResult } from './build-result.js';
import { megabytes } from './megabytes.js';
import { imageFacts, type Publication } from './publish-result.js';

/**
 * An image of all that the source shows: the layers of the result, and above them one of the rest. Who has the result
 * gets the whole back at the price of the rest.
 *
 * @param result  its layers have files here, or the engine knows layers by their diff ids
 * @throws BuildError, EngineError  nothing is left behind
 */
export async function buildRemainder(
  engine: Engine,
  source: Pick<ReadSource, 'image' | 'tree' | 'content'>,
  { image: result, plan, generated }: BuiltResult,
  publication: Publication,
  { folder, progress }: { readonly folder: string; readonly progress: Progress },
): Promise<BuiltImage> {
  return await progress.stage('remainder', '', async () => {
    const tree = await source.tree();
    const hidden = toWhiteouts(generated, tree);
    // The folders of what is hidden get their times back.
    const rest = [...planRemainder(tree, plan), ...hidden.map(({ path }) => parentFolder(path))];
    const layer: Layer | undefined =
      rest.length === 0
        ? undefined
        : await spoolPaths(await source.content(), rest, {
            file: join(folder, 'rest.tar'),
            generated: hidden,
            onBytes: (sizeBytes) => progress.report('remainder', megabytes(sizeBytes)),
          });
    const layers = [...result.layers, ...(layer === undefined ? [] : [{ ...layer, comment: 'the rest' }])];
    const built = await configureImage(engine, layers, imageFacts(publication, source.image, 'remainder'));
    return [built, megabytes(sumLayers(layers.slice(result.layers.length)))] as const;
  });
}

/** What a result lacks of its source. A file of which it has some names goes in with all, so that they stay one file. */
function planRemainder(tree: ImageTree, { kept }: Pick<KeepPlan, 'kept'>): readonly string[] {
  const rest = new Set<string>();
  for (const { path, type, linkCount } of tree.entries()) {
    if (kept.has(path) && kept.get(path)?.stub !== true) continue;
    rest.add(path);
    if (linkCount > 1 && type !== 'directory') for (const link of tree.hardLinks(path)) rest.add(link.path);
  }
  return [...rest];
}

/** What the result has and the source has not: the rest takes it away. What the source has with other content goes over it. */
function toWhiteouts(generated: readonly GeneratedEntry[], tree: ImageTree): readonly GeneratedEntry[] {
  return generated
    .filter(({ path }) => !tree.has(path) && tree.has(parentFolder(path)))
    .map((entry) => whiteout(entry));
}
