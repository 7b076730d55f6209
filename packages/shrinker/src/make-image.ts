import type { ImageDetails, ImageReference } from '@keepset/docker-engine';
import { buildImage, type GeneratedEntry, sumLayers } from '@keepset/image-builder';
import type { ImageReader } from '@keepset/toolbox';
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
import type { StageSeconds } from './stages.js';
import { tellGrowth } from './tell-growth.js';
import type { Work } from './work.js';

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

/** What is made of a source, and of which of its files. */
export interface MakeRequest {
  readonly maker: Maker;
  readonly source: ImageDetails;
  readonly reader: ImageReader;
  readonly paths: readonly string[];
  readonly stubs?: ReadonlySet<string>;
  /** What goes in besides. Default nothing. */
  readonly generated?: readonly GeneratedEntry[];
  readonly names: readonly Required<Omit<ImageReference, 'digest'>>[];
}

/**
 * Build an image of files of the source, and give it its names and its places.
 *
 * @throws BuildError, EngineError  nothing is left behind
 */
export async function makeImage(
  work: Work,
  publication: Publication,
  { maker, source, reader, paths, stubs, generated = [], names }: MakeRequest,
): Promise<MadeImage> {
  const { engine, stages, streams } = work;
  const built = await stages.run('build', `${paths.length} entries`, async () => {
    const built = await buildImage(engine, reader, {
      ...imageFacts(publication, source, maker),
      ...layerFileOf(work, publication, source),
      paths,
      generated,
      ...(stubs && { stubs }),
      onBytes: (sizeBytes) =>
        streams.onEvent({ kind: 'stage-progress', stage: 'build', detail: megabytes(sizeBytes) }),
    });
    return [built, megabytes(sumLayers(built.layers))] as const;
  });
  let published: Published;
  let resultBytes: number;
  try {
    resultBytes = (await engine.inspectImage(built.id))?.sizeBytes ?? sumLayers(built.layers);
    tellGrowth(work, source.sizeBytes, resultBytes);
    published = await publishResult(work, publication, source, maker, built, names);
  } catch (error) {
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
  const pushed = await pushNames(work, publication, names, published.image);
  return {
    id: published.image.id,
    manifestDigest: digestOfPushed(pushed) ?? published.manifestDigest,
    sourceBytes: source.sizeBytes,
    resultBytes,
    entries: paths.length + generated.length,
    stages: stages.seconds,
  };
}

/** For people. */
export function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
