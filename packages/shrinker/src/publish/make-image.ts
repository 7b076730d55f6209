import type { Engine } from '@keepset/docker-engine';
import { buildImage, type GeneratedEntry, sumLayers } from '@keepset/image-builder';
import type { Progress, StageSeconds } from '../progress.js';
import type { Source } from '../source/open-source.js';
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
  readonly entries: number;
  readonly stages: readonly StageSeconds[];
}

/** Which files of a source go into an image. */
export interface MakeRequest {
  readonly maker: Maker;
  readonly paths: readonly string[];
  readonly stubs?: ReadonlySet<string>;
  /** What goes in besides. Default nothing. */
  readonly generated?: readonly GeneratedEntry[];
}

/**
 * Build an image of files of the source, and give it its names and its places.
 *
 * @throws BuildError, EngineError  nothing is left behind
 */
export async function makeImage(
  engine: Engine,
  source: Pick<Source, 'image' | 'reader'>,
  publication: Publication,
  { maker, paths, stubs, generated = [] }: MakeRequest,
  { folder, progress }: { readonly folder: string; readonly progress: Progress },
): Promise<MadeImage> {
  const { image } = source;
  const built = await progress.stage('build', `${paths.length} entries`, async () => {
    const built = await buildImage(engine, await source.reader(), {
      ...imageFacts(publication, image, maker),
      ...layerFileOf(folder, publication, image),
      paths,
      generated,
      ...(stubs && { stubs }),
      onBytes: (sizeBytes) => progress.report('build', megabytes(sizeBytes)),
    });
    return [built, megabytes(sumLayers(built.layers))] as const;
  });
  let published: Published;
  let resultBytes: number;
  try {
    resultBytes = (await engine.inspectImage(built.id))?.sizeBytes ?? sumLayers(built.layers);
    warnOfGrowth(progress, image.sizeBytes, resultBytes);
    published = await publishResult(engine, built, publication, { source: image, maker, progress });
  } catch (error) {
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
  const pushed = await pushNames(engine, published.image, publication, progress);
  return {
    id: published.image.id,
    manifestDigest: digestOfPushed(pushed) ?? published.manifestDigest,
    sourceBytes: image.sizeBytes,
    resultBytes,
    entries: paths.length + generated.length,
    stages: progress.stages,
  };
}
