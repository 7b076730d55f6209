import { join } from 'node:path';
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
import { openImageReader } from '@keepset/toolbox';
import { megabytes } from './make-image.js';
import type { Source } from './open-source.js';
import { parentFolder } from './parent-folder.js';
import { imageFacts, type Publication } from './publish-result.js';
import type { Work } from './work.js';

/**
 * An image of all that the source shows: the layers of the result, and above them one of the rest. Who has the result
 * gets the whole back at the price of the rest.
 *
 * @param result  its layers have files here, or the engine knows layers by their diff ids
 * @throws BuildError, EngineError  nothing is left behind
 */
export async function buildRemainder(
  work: Work,
  publication: Publication,
  source: Pick<Source, 'image' | 'toolbox' | 'readTree'>,
  {
    result,
    plan,
    generated = [],
  }: {
    readonly result: BuiltImage;
    readonly plan: KeepPlan;
    readonly generated?: readonly GeneratedEntry[];
  },
): Promise<BuiltImage> {
  const { engine, stages, folder, streams } = work;
  return await stages.run('remainder', '', async () => {
    const tree = await source.readTree();
    const hidden = toWhiteouts(generated, tree);
    // The folders of what is hidden get their times back.
    const rest = [...planRemainder(tree, plan), ...hidden.map(({ path }) => parentFolder(path))];
    await using reader = await openImageReader(engine, source.image, source.toolbox);
    const layer: Layer | undefined =
      rest.length === 0
        ? undefined
        : await spoolPaths(reader, rest, {
            file: join(folder, 'rest.tar'),
            generated: hidden,
            onBytes: (sizeBytes) =>
              streams.onEvent({ kind: 'stage-progress', stage: 'remainder', detail: megabytes(sizeBytes) }),
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
