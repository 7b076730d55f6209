import { type Engine, parseTagReference } from '@keepset/docker-engine';
import { buildImage } from '@keepset/image-builder';
import { openImageReader, provideToolbox, type ToolboxOptions } from '@keepset/toolbox';
import {
  checkPublication,
  imageFacts,
  layerFileOf,
  type Publication,
  type Published,
  publishResult,
  pushNames,
} from './publish-result.js';
import { findSource, readTree } from './source-image.js';
import type { StageSeconds } from './stages.js';
import { tellGrowth } from './tell-growth.js';
import { beginWork, type ShrinkStreams } from './work.js';

export interface FlattenRequest extends Publication {
  /** Reference or id. */
  readonly image: string;
  readonly platform?: string;
  readonly toolbox?: ToolboxOptions;
}

export interface FlattenResult {
  readonly id: string;
  /** sha256:… by which a registry knows it, when it went out as an OCI image. */
  readonly manifestDigest: string | undefined;
  readonly sourceBytes: number;
  readonly resultBytes: number;
  readonly entries: number;
  readonly stages: readonly StageSeconds[];
}

/**
 * Make an image of one layer that holds all that the source holds, and nothing of what its layers hid; the
 * configuration stays.
 *
 * @throws EngineError, ToolboxError, BuildError, ShrinkError WRONG_ARCHITECTURE
 */
export async function flatten(
  engine: Engine,
  request: FlattenRequest,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<FlattenResult> {
  const names = request.tags.map(parseTagReference);
  checkPublication(request);
  const run = { image: request.image, command: [], run: {} };
  await using work = await beginWork(engine, run, { onEvent, onOutput() {} });
  const { stages } = work;
  const { image, toolbox } = await stages.run('inspect', request.image, async () => {
    const image = await findSource(engine, request.image, request.platform, () =>
      onEvent({ kind: 'note', message: `the engine has no image '${request.image}': pulling it` }),
    );
    const { architecture } = engine.details;
    const toolbox = await provideToolbox(engine, image.id, architecture, request.toolbox);
    return [{ image, toolbox }, image.id.slice('sha256:'.length, 19)] as const;
  });
  await using reader = await openImageReader(engine, image, toolbox);
  const paths = await stages.run('keep', '', async () => {
    const tree = await readTree(reader);
    return [Array.from(tree.entries(), ({ path }) => path), `${tree.size} entries`] as const;
  });
  const built = await stages.run('build', `${paths.length} entries`, async () => {
    const built = await buildImage(engine, reader, {
      ...imageFacts(request, image, 'flatten'),
      ...layerFileOf(work, request, image),
      paths,
      onBytes: (sizeBytes) =>
        onEvent({ kind: 'stage-progress', stage: 'build', detail: `${(sizeBytes / 1e6).toFixed(1)} MB` }),
    });
    return [built, `${(built.layer.sizeBytes / 1e6).toFixed(1)} MB`] as const;
  });
  let published: Published;
  let resultBytes: number;
  try {
    resultBytes = (await engine.inspectImage(built.id))?.sizeBytes ?? built.layer.sizeBytes;
    tellGrowth(work, image.sizeBytes, resultBytes);
    published = await publishResult(work, request, image, 'flatten', built, names);
  } catch (error) {
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
  const pushedDigest = await pushNames(work, request, names);
  return {
    id: published.image.id,
    manifestDigest: pushedDigest ?? published.manifestDigest,
    sourceBytes: image.sizeBytes,
    resultBytes,
    entries: paths.length,
    stages: stages.seconds,
  };
}
