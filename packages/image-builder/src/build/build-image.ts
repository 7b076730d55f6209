import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, EngineError } from '@keepset/docker-engine';
import type { ImageReader } from '@keepset/toolbox';
import { type LayerContent, readLayer } from '../layer/read-layer.js';
import { spoolLayer } from '../layer/spool-layer.js';
import { type TarWatch, watchTar } from '../layer/watch-tar.js';
import { type BuiltImage, configureImage, type ImageFacts } from './configure-image.js';
import { toKeptPaths } from './kept-paths.js';
import { explainReadFailure } from './missing-paths.js';

/** What an image is to be made of. */
export interface BuildRequest extends ImageFacts, LayerContent {
  /** Byte strings, absolute, real, in any order. */
  readonly paths: readonly string[];
  /** A file that is made and holds the layer afterwards, for `writeOutput` and `configureImage`; the caller's to remove. */
  readonly layerFile?: string;
  /** Called with the number of bytes read so far. */
  readonly onBytes?: (sizeBytes: number) => void;
}

/**
 * Build an image of the given paths of the source, in one layer, with the source's configuration.
 *
 * The files come from the source image through `reader`; only what is kept passes. What is `generated` goes in besides.
 *
 * @throws BuildError BUILD_NOTHING_KEPT   no path, or none but the root
 * @throws BuildError BUILD_PATHS_MISSING  the source lacks some of the paths; `paths` has them all
 * @throws BuildError BUILD_TRUNCATED, BUILD_NO_SPACE; EngineError  nothing is left behind
 * @example
 * const paths = ['/', '/etc', '/etc/debian_version'];
 * const { id, existed } = await buildImage(engine, reader, { source, paths, createdBy: 'an example' });
 * existed // false
 * await engine.removeImage(id);
 */
export async function buildImage(
  engine: Engine,
  reader: Pick<ImageReader, 'readArchive' | 'readLinks'>,
  request: BuildRequest,
): Promise<BuiltImage> {
  const paths = toKeptPaths(request.paths);
  try {
    return await buildFrom(engine, () => readLayer(reader, paths, request), request);
  } catch (error) {
    throw await explainReadFailure(error, reader, paths);
  }
}

async function buildFrom(
  engine: Engine,
  readLayer: () => AsyncIterable<Uint8Array>,
  request: BuildRequest,
): Promise<BuiltImage> {
  if (request.layerFile !== undefined) {
    const layer = await spoolLayer(readLayer(), request.layerFile, request.onBytes);
    return await configureImage(engine, [layer], request);
  }
  const imported = request.source.layersByDiffId
    ? await buildImported(engine, readLayer(), request)
    : undefined;
  return imported ?? (await buildSpooled(engine, readLayer(), request));
}

/**
 * The engine unpacks the layer while it is read, and then gets a configuration for it.
 *
 * @returns undefined when the engine wants the layer once more, with its configuration
 */
async function buildImported(
  engine: Engine,
  tar: AsyncIterable<Uint8Array>,
  request: BuildRequest,
): Promise<BuiltImage | undefined> {
  const watch: TarWatch = { sizeBytes: 0 };
  const holder = await engine
    .importLayer(watchTar(tar, watch, request.onBytes))
    .catch((error) => Promise.reject(watch.failure ?? error));
  try {
    const [diffId] = (await engine.inspectImage(holder))?.diffIds ?? [];
    if (diffId === undefined) return undefined;
    return await configureImage(engine, [{ diffId, sizeBytes: watch.sizeBytes }], request);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_FAILED') return undefined;
    throw error;
  } finally {
    await engine.removeImage(holder);
  }
}

/** Any engine: the layer goes through a temporary file, since its digest is in what is sent before it. */
async function buildSpooled(
  engine: Engine,
  tar: AsyncIterable<Uint8Array>,
  request: BuildRequest,
): Promise<BuiltImage> {
  const folder = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const { file, ...layer } = await spoolLayer(tar, join(folder, 'layer.tar'), request.onBytes);
    return { ...(await configureImage(engine, [{ ...layer, file }], request)), layers: [layer] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
