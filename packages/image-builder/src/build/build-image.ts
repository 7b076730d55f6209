import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, EngineError } from '@keepset/docker-engine';
import { type ImageSource, writeTarEntries } from '@keepset/image-source';
import { BuildError } from '../build-error.js';
import type { Layer } from '../layer/layer.js';
import { type LayerRequest, readLayerEntries } from '../layer/layer-entries.js';
import { spoolLayer } from '../layer/spool-layer.js';
import { type BuiltImage, configureImage, type ImageFacts } from './configure-image.js';
import { toKeptPaths } from './kept-paths.js';
import { requireReal } from './require-real.js';

/** What an image is to be made of. */
export interface BuildRequest extends Omit<ImageFacts, 'source'>, LayerRequest {
  /** Byte strings, absolute, real (see `completePaths`), in any order. */
  readonly paths: readonly string[];
  /** A file that is made and holds the layer afterwards, for `writeOutput` and `configureImage`; the caller's to remove. */
  readonly layerFile?: string;
  /**
   * The engine keeps layers by diff id (see `ImageDetails`): it is given the layer as it is read, and then its
   * configuration. Default false: the layer goes through a temporary file.
   */
  readonly layersByDiffId?: boolean;
  /** Called with the number of bytes read so far. */
  readonly onBytes?: (sizeBytes: number) => void;
}

/**
 * Build an image of the given paths of the source, in one layer, with the source's configuration.
 *
 * Only what is kept passes. What is `generated` goes in besides. The same source and the same request give the same id,
 * whether the source is an engine's image or lies in a file or at a registry (see `asEnginesShow`).
 *
 * @param engine  where the image goes; undefined: it is its configuration, and the layer in `layerFile`
 * @throws BuildError BUILD_NOTHING_KEPT    no path, or none but the root
 * @throws BuildError BUILD_PATHS_MISSING   the source lacks some of the paths; `paths` has them all
 * @throws BuildError BUILD_PATHS_NOT_REAL  some lead through links; `paths` has them all
 * @throws BuildError BUILD_NO_SPACE; SourceError, EngineError  nothing is left behind
 * @example
 * const paths = ['/', '/etc', '/etc/debian_version'];
 * const { id, existed } = await buildImage(engine, image, { paths, createdBy: 'an example' });
 * existed // false
 * await engine.removeImage(id);
 */
export async function buildImage(
  engine: Engine | undefined,
  source: ImageSource,
  request: BuildRequest,
): Promise<BuiltImage> {
  const wanted = { ...request, source, paths: toKeptPaths(request.paths) };
  await requireReal(source, wanted.paths);
  if (request.layerFile !== undefined) return await buildSpooled(engine, wanted, request.layerFile);
  if (engine === undefined)
    throw new BuildError(
      'BUILD_OUTPUT_FAILED',
      'the image is to go nowhere: to no engine, and into no file',
      {
        hint: 'Name an engine, or a `layerFile`.',
      },
    );
  const canImport = request.layersByDiffId === true && source.describe === undefined;
  const imported = canImport ? await buildImported(engine, wanted) : undefined;
  return imported ?? (await buildInFolder(engine, wanted));
}

type WantedImage = BuildRequest & { readonly source: ImageSource };

/**
 * The engine unpacks the layer while it is read, and then gets a configuration for it.
 *
 * @returns undefined when the engine wants the layer once more, with its configuration
 */
async function buildImported(engine: Engine, wanted: WantedImage): Promise<BuiltImage | undefined> {
  const watch = { sizeBytes: 0, failure: undefined as unknown };
  const tar = writeTarEntries(readLayerEntries(wanted.source, wanted));
  const holder = await engine
    .importLayer(watchBytes(tar, watch, wanted.onBytes))
    // Whoever takes the tar may report another reason.
    .catch((error) => Promise.reject(watch.failure ?? error));
  try {
    const [diffId] = (await engine.inspectImage(holder))?.diffIds ?? [];
    if (diffId === undefined) return undefined;
    return await configureImage(engine, [{ diffId, sizeBytes: watch.sizeBytes }], wanted);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_FAILED') return undefined;
    throw error;
  } finally {
    await engine.removeImage(holder);
  }
}

/** Let a tar through, unchanged and unheld. */
async function* watchBytes(
  tar: AsyncIterable<Uint8Array>,
  watch: { sizeBytes: number; failure: unknown },
  onBytes?: (sizeBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of tar) {
      watch.sizeBytes += chunk.length;
      onBytes?.(watch.sizeBytes);
      yield chunk;
    }
  } catch (error) {
    watch.failure = error;
    throw error;
  }
}

/** Any engine, and none. */
async function buildSpooled(
  engine: Engine | undefined,
  { source, ...wanted }: WantedImage,
  file: string,
): Promise<BuiltImage> {
  const layer = await spoolLayer(source, wanted, { file, onBytes: wanted.onBytes });
  return await configureImage(engine, [layer], { ...wanted, source });
}

/** The layer goes through a temporary file, since its digest is in what is sent before it. */
async function buildInFolder(engine: Engine, wanted: WantedImage): Promise<BuiltImage> {
  const folder = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const built = await buildSpooled(engine, wanted, join(folder, 'layer.tar'));
    return { ...built, layers: built.layers.map(withoutFile) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withoutFile({ file, ...layer }: Layer): Layer {
  return layer;
}
