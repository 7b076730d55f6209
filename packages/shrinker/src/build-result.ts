import {
  type BuildRequest,
  type BuiltImage,
  buildByRemoval,
  buildImage,
  buildLayered,
  sumLayers,
} from '@keepset/image-builder';
import type { FurnishedPlan } from './furnish-plan.js';
import { layersByPackage } from './layers-by-package.js';
import { megabytes } from './make-image.js';
import type { Source } from './open-source.js';
import { imageFacts, layerFileOf } from './publish-result.js';
import type { ShrinkRequest } from './shrink.js';
import { inventoryImage } from './source-inventory.js';
import type { Work } from './work.js';

/**
 * Make the image of a plan, in the way and with the layers that were asked for.
 *
 * @param digests  takes the sha256 of each file, by its path, where the manifest will tell them
 * @throws BuildError, EngineError
 */
export async function buildResult(
  work: Work,
  request: ShrinkRequest,
  source: Source,
  {
    plan: { kept },
    generated,
    digests,
  }: Pick<FurnishedPlan, 'plan' | 'generated'> & { readonly digests: Map<string, string> },
): Promise<BuiltImage> {
  const { stages, streams } = work;
  return await stages.run('build', `${kept.size} entries`, async () => {
    const wanted = {
      paths: [...kept.keys()],
      generated,
      stubs: new Set([...kept.values()].flatMap(({ path, stub }) => (stub ? [path] : []))),
      ...imageFacts(request, source.image, 'shrink'),
      ...layerFileOf(work, request, source.image, request.remainder !== undefined),
      // For the manifest alone: it costs the time of a second hash.
      ...(request.inventory === true && {
        onFile: (path: string, sha256: string) => void digests.set(path, sha256),
      }),
      onBytes: (sizeBytes: number) =>
        streams.onEvent({ kind: 'stage-progress', stage: 'build', detail: megabytes(sizeBytes) }),
    };
    const built = await buildWanted(work, request, source, wanted);
    return [built, megabytes(sumLayers(built.layers))] as const;
  });
}

async function buildWanted(
  { engine, folder }: Work,
  { builder, layers }: ShrinkRequest,
  { reader, toolbox, readTree }: Source,
  wanted: BuildRequest,
): Promise<BuiltImage> {
  if (layers === 'by-package') {
    const tree = await readTree();
    const groups = layersByPackage(wanted.paths, tree, await inventoryImage(tree, reader));
    return await buildLayered(engine, reader, { ...wanted, layers: groups, folder });
  }
  return builder === 'dockerfile'
    ? await buildByRemoval(engine, reader, { ...wanted, toolbox })
    : await buildImage(engine, reader, wanted);
}
