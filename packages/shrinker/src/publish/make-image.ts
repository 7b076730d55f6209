import type { Engine } from '@keepset/docker-engine';
import { buildImage } from '@keepset/image-builder';
import type { GeneratedEntry, Inventory, MetadataPolicy } from '@keepset/inventory';
import type { KeepPlan } from '@keepset/keep-planner';
import { type Manifest, type ManifestRun, NOT_VERIFIED } from '@keepset/manifest';
import type { Progress, StageSeconds } from '../progress.js';
import type { ReadSource } from '../source/open-source.js';
import { describeBuilt } from './build-result.js';
import { keptBytes } from './kept-bytes.js';
import { megabytes } from './megabytes.js';
import {
  digestOfPushed,
  imageFacts,
  layerFileOf,
  type Maker,
  type Publication,
  type Published,
  publishResult,
  pushNames,
} from './publish-result.js';
import { warnOfGrowth } from './warn-of-growth.js';

/** An image that was made without a run. */
export interface MadeImage {
  readonly id: string;
  /** sha256:… by which a registry knows it, when it went out as an OCI image. */
  readonly manifestDigest: string | undefined;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  /** Of the source, that are in it. */
  readonly entries: number;
  /** In it besides: what tells scanners of its packages. */
  readonly generatedEntries: number;
  readonly stages: readonly StageSeconds[];
  /** As that of a shrink; not verified, since nothing was run. */
  readonly manifest: Manifest;
}

/** Which files of a source go into an image. */
export interface MakeRequest {
  readonly maker: Maker;
  readonly plan: KeepPlan;
  /** What goes in besides. Default nothing. */
  readonly generated?: readonly GeneratedEntry[];
  /** For the manifest: the runs for which it was made. Default none. */
  readonly runs?: readonly ManifestRun[];
  /** What became of the package databases. */
  readonly metadata: MetadataPolicy;
  /** Whose the files are, for the manifest. Default: it does not tell, nor what is in them. */
  readonly inventory?: Inventory | undefined;
}

/**
 * Build an image of files of the source, and give it its names and its places.
 *
 * @param engine  undefined: it goes to its outputs alone
 * @throws BuildError, EngineError  nothing is left behind
 */
export async function makeImage(
  engine: Engine | undefined,
  source: Pick<ReadSource, 'image' | 'content' | 'tree' | 'reference'>,
  publication: Publication,
  request: MakeRequest,
  { folder, progress }: { readonly folder: string; readonly progress: Progress },
): Promise<MadeImage> {
  const { maker, plan, generated = [], inventory } = request;
  const { image } = source;
  const kept = [...plan.kept.values()];
  const digests = new Map<string, string>();
  const built = await progress.stage('build', `${kept.length} entries`, async () => {
    const built = await buildImage(engine, await source.content(), {
      ...imageFacts(publication, image, maker),
      ...layerFileOf(folder, publication, image),
      layersByDiffId: image.layersByDiffId,
      paths: kept.map(({ path }) => path),
      generated,
      stubs: new Set(kept.flatMap(({ path, stub }) => (stub ? [path] : []))),
      ...(inventory !== undefined && {
        onFile: (path: string, sha256: string) => void digests.set(path, sha256),
      }),
      onBytes: (sizeBytes) => progress.report('build', megabytes(sizeBytes)),
    });
    return [built, describeBuilt(built, { plan, generated })] as const;
  });
  let published: Published;
  let resultBytes: number;
  try {
    const sizeBytes = (await engine?.inspectImage(built.id))?.sizeBytes;
    resultBytes = sizeBytes ?? keptBytes(plan, generated, await source.tree());
    warnOfGrowth(progress, image.sizeBytes, sizeBytes);
    published = await publishResult(engine, built, publication, { source: image, maker, progress });
  } catch (error) {
    if (!built.existed) await engine?.removeImage(built.id);
    throw error;
  }
  const pushed = [...(await pushNames(engine, published.image, publication, progress)), ...published.pushed];
  return {
    id: published.image.id,
    manifestDigest: digestOfPushed(pushed) ?? published.manifestDigest,
    sourceBytes: image.sizeBytes,
    resultBytes,
    entries: kept.length,
    generatedEntries: generated.length,
    stages: progress.stages,
    manifest: {
      tool: { name: 'keepset', version: publication.version },
      platform: { os: image.os, architecture: image.architecture },
      source: {
        reference: source.reference,
        id: image.id,
        repositoryDigests: image.repositoryDigests,
        sizeBytes: image.sizeBytes,
      },
      result: {
        reference: publication.tags[0],
        id: published.image.id,
        ...(pushed.length > 0 && { repositoryDigests: pushed }),
        ...(published.manifestDigest !== undefined && { manifestDigest: published.manifestDigest }),
        sizeBytes: resultBytes,
      },
      runs: request.runs ?? [],
      verified: false,
      verification: NOT_VERIFIED,
      plan,
      metadata: request.metadata,
      generated,
      tree: await source.tree(),
      digests,
      ...(inventory !== undefined && { inventory }),
    },
  };
}
