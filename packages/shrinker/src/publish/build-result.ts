import type { Engine, ImageDetails } from '@keepset/docker-engine';
import {
  type BuildRequest,
  type BuiltImage,
  buildByRemoval,
  buildImage,
  buildLayered,
  sumLayers,
} from '@keepset/image-builder';
import type { GeneratedEntry, Inventory, InventoryWarning, MetadataPolicy } from '@keepset/inventory';
import type { KeepPlan } from '@keepset/keep-planner';
import type { SharedLayers } from '@keepset/manifest';
import type { Progress } from '../progress.js';
import { ShrinkError } from '../shrink-error.js';
import { inventoryImage } from '../source/inventory-image.js';
import type { ReadSource, Source } from '../source/open-source.js';
import { type FurnishedPlan, furnishPlan } from './furnish-plan.js';
import { layersByPackage } from './layers-by-package.js';
import { layersByPlan } from './layers-by-plan.js';
import { megabytes } from './megabytes.js';
import { imageFacts, layerFileOf } from './publish-result.js';
import type { ShrunkPublication } from './publish-shrunk.js';

/** How the image of a plan is made. */
export interface BuildOptions {
  /**
   * How the result is made: of the kept files alone, or by a Dockerfile that removes the others, flattened. Both make
   * the same image; the second works on any engine that builds, and costs more. Default direct.
   */
  readonly builder?: 'direct' | 'dockerfile';
  /** One layer, or one for each of the larger packages, which images of one source can share. Default one. */
  readonly layers?: 'one' | 'by-package';
  /** Which layers it shares with other results, whose sources may be others: in the place of `layers`. Default none. */
  readonly sharedLayers?: SharedLayers;
  /** What becomes of the package databases, by which scanners know what is in an image. Default used. */
  readonly metadata?: MetadataPolicy;
  /** Find whose each file of the source is, and the sha256 of each kept one, for the manifest. Default false. */
  readonly inventory?: boolean;
  /** What is dropped besides: patterns of what goes, unless a run opened it. */
  readonly keep?: { readonly drop?: readonly string[] };
}

/** An image of a plan that has no name yet, and what is in it. */
export interface BuiltResult {
  readonly image: BuiltImage;
  /** With what is kept for scanners alone. */
  readonly plan: KeepPlan;
  /** Not the source's: package databases of what is left. */
  readonly generated: readonly GeneratedEntry[];
  readonly warnings: readonly InventoryWarning[];
  /** sha256 of kept files, as far as somebody wanted them. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Makes results of plans, one after another. */
export interface ResultBuilder {
  build(plan: KeepPlan): Promise<BuiltResult>;
  /** As the engine has it. */
  inspect(result: BuiltResult): Promise<ImageDetails | undefined>;
  /** Remove it, unless it was there before. */
  discard(result: BuiltResult): Promise<void>;
}

export interface ResultBuilderParts {
  /** Whose the files are; undefined where no database is written and nobody asks. */
  readonly inventory: Promise<Inventory> | undefined;
  /** On this machine. */
  readonly folder: string;
  readonly progress: Progress;
}

/** @throws BuildError, EngineError  from `build` */
export function createResultBuilder(
  engine: Engine | undefined,
  source: ReadSource | Source,
  options: BuildOptions & ShrunkPublication,
  { inventory, folder, progress }: ResultBuilderParts,
): ResultBuilder {
  const furnish = async (plan: KeepPlan) => {
    const owners = await inventory;
    if (owners === undefined) return { plan, generated: [], warnings: [] };
    return await furnishPlan(source, plan, owners, {
      policy: options.metadata ?? 'used',
      drop: options.keep?.drop ?? [],
    });
  };
  return {
    async build(plan) {
      const furnished = await furnish(plan);
      const kept = [...furnished.plan.kept.values()];
      const digests = new Map<string, string>();
      const image = await progress.stage('build', `${kept.length} entries`, async () => {
        const built = await buildWanted(engine, source, options, folder, {
          paths: kept.map(({ path }) => path),
          generated: furnished.generated,
          stubs: new Set(kept.flatMap(({ path, stub }) => (stub ? [path] : []))),
          ...imageFacts(options, source.image, 'shrink'),
          ...layerFileOf(folder, options, source.image, options.remainder !== undefined),
          // For the manifest alone: it costs the time of a second hash.
          ...(options.inventory && {
            onFile: (path: string, sha256: string) => void digests.set(path, sha256),
          }),
          onBytes: (sizeBytes: number) => progress.report('build', megabytes(sizeBytes)),
        });
        return [built, describeBuilt(built, furnished)] as const;
      });
      return { image, ...furnished, digests };
    },
    inspect: async ({ image }) => engine?.inspectImage(image.id),
    async discard({ image }) {
      if (!image.existed) await engine?.removeImage(image.id);
    },
  };
}

/** The counts of the manifest: what is kept of the source, and what was written for scanners. */
export function describeBuilt(
  { layers }: Pick<BuiltImage, 'layers'>,
  { plan, generated }: Pick<FurnishedPlan, 'plan' | 'generated'>,
): string {
  const written = generated.length === 0 ? '' : `, and ${generated.length} for scanners`;
  return `${plan.kept.size} entries${written}; ${megabytes(sumLayers(layers))} as a layer`;
}

async function buildWanted(
  engine: Engine | undefined,
  source: ReadSource | Source,
  { builder, layers, sharedLayers }: BuildOptions,
  folder: string,
  request: BuildRequest,
): Promise<BuiltImage> {
  const { image } = source;
  if (builder === 'dockerfile' && layers !== 'by-package' && sharedLayers === undefined) {
    if (engine === undefined || !('toolbox' in source)) throw notBuilt(source);
    return await buildByRemoval(engine, await source.reader(), {
      ...request,
      source: image,
      toolbox: source.toolbox,
    });
  }
  const content = await source.content();
  if (sharedLayers !== undefined) {
    const { paths, stubs = [], generated = [] } = request;
    const groups = layersByPlan(paths, {
      tree: await source.tree(),
      source: image.id,
      shared: sharedLayers,
      others: new Set([...stubs, ...generated.map(({ path }) => path)]),
    });
    return await buildLayered(engine, content, { ...request, layers: groups, folder });
  }
  if (layers === 'by-package') {
    const tree = await source.tree();
    const groups = layersByPackage(request.paths, tree, await inventoryImage(tree, await source.heads()));
    return await buildLayered(engine, content, { ...request, layers: groups, folder });
  }
  return await buildImage(engine, content, { ...request, layersByDiffId: image.layersByDiffId });
}

function notBuilt({ reference }: ReadSource): ShrinkError {
  return new ShrinkError('NO_ENGINE', `a Dockerfile is built by an engine, and none has '${reference}'`, {
    facts: { wanted: 'dockerfile' },
    hint: 'Build it directly: the image is the same.',
  });
}
