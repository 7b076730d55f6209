import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, EngineError, HISTORY_MARK, type ImageDetails } from '@keepset/docker-engine';
import type { ImageReader } from '@keepset/toolbox';
import { applyChanges } from './apply-changes.js';
import { packParts } from './archive-parts.js';
import { BuildError } from './build-error.js';
import { toDockerArchive } from './docker-archive.js';
import { type GeneratedEntry, packGenerated } from './generated-entry.js';
import { hashEntries, type OnFile } from './hash-entries.js';
import { toImageConfig } from './image-config.js';
import type { Layer } from './layer.js';
import { explainReadFailure } from './missing-paths.js';
import { spoolLayer } from './spool-layer.js';
import { type TarWatch, watchTar } from './watch-tar.js';

/** What is said of a result beside its files. */
export interface ImageFacts {
  /** Whose configuration it gets. */
  readonly source: ImageDetails;
  /** What stands in the history after 'keepset '. */
  readonly createdBy: string;
  readonly comment?: string;
  /** ISO 8601; default: the source's. */
  readonly created?: string;
  /** Dockerfile instructions that change the configuration, as `applyChanges` takes them. */
  readonly changes?: readonly string[];
}

export interface BuildRequest extends ImageFacts {
  /** Byte strings, absolute, real, in any order. */
  readonly paths: readonly string[];
  /** Those of the paths that go in as empty files, with their name, owner, mode and time. */
  readonly stubs?: ReadonlySet<string>;
  /** What goes in besides, and is not the source's. Default nothing. */
  readonly generated?: readonly GeneratedEntry[];
  /** A file that is made and holds the layer afterwards, for `writeOutput` and `configureImage`; the caller's to remove. */
  readonly layerFile?: string;
  /** Told of the bytes read so far. */
  readonly onBytes?: (sizeBytes: number) => void;
  /** Told of the files that were read; see `hashEntries` for those that it is not. Hashing them costs time. */
  readonly onFile?: OnFile;
}

/** An image that the engine holds under its id, without a name. */
export interface BuiltImage {
  readonly id: string;
  /** The engine had it before, so it is not this build's to remove. */
  readonly existed: boolean;
  /** JSON; its sha256 is the image id. */
  readonly config: string;
  /** The lowest first. */
  readonly layers: readonly Layer[];
}

/**
 * Build an image of the given paths of the source, in one layer, with the source's configuration.
 *
 * The files come from the source image through `reader`; only what is kept passes. What is `generated` goes in besides.
 *
 * @throws BuildError BUILD_NOTHING_KEPT   no path, or none but the root
 * @throws BuildError BUILD_PATHS_MISSING  the source lacks some of the paths; `paths` has them all
 * @throws BuildError BUILD_TRUNCATED, BUILD_NO_SPACE; EngineError  nothing is left behind
 */
export async function buildImage(
  engine: Engine,
  reader: Pick<ImageReader, 'readArchive' | 'readLinks'>,
  request: BuildRequest,
): Promise<BuiltImage> {
  const paths = toKeptPaths(request.paths);
  try {
    return await buildFrom(engine, () => readHashed(reader, paths, request), request);
  } catch (error) {
    throw await explainReadFailure(error, reader, paths);
  }
}

/**
 * By bytes, each once: the same image each time, and folders before what they hold.
 *
 * @throws BuildError BUILD_NOTHING_KEPT
 */
export function toKeptPaths(paths: readonly string[]): readonly string[] {
  if (paths.every((path) => path === '/'))
    throw new BuildError('BUILD_NOTHING_KEPT', 'there is nothing to keep: the image would be empty');
  return [...new Set(paths)].sort();
}

/** The archive of the paths and of what goes in besides, told of on the way as it was asked for. */
export function readHashed(
  reader: Pick<ImageReader, 'readArchive'>,
  paths: readonly string[],
  { stubs, onFile, generated = [] }: Pick<BuildRequest, 'stubs' | 'onFile' | 'generated'>,
): AsyncIterable<Uint8Array> {
  const source = reader.readArchive(paths, stubs && { stubs });
  const archive = generated.length === 0 ? source : withGenerated(generated, source);
  return onFile === undefined ? archive : hashEntries(archive, onFile);
}

/** First, since whatever reads the source's tar looks for the end mark behind it. */
async function* withGenerated(
  generated: readonly GeneratedEntry[],
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield await packGenerated(generated);
  yield* source;
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

/**
 * Make an image of layers.
 *
 * @param layers  the lowest first; with their files, unless the engine has them, and knows layers by their diff ids
 * @throws BuildError BUILD_BAD_CHANGE; EngineError  nothing is left behind
 */
export async function configureImage(
  engine: Engine,
  layers: readonly Layer[],
  facts: ImageFacts,
): Promise<BuiltImage> {
  const { source, createdBy, comment, created = source.created, changes = [] } = facts;
  const configured = { ...source, config: applyChanges(source.config, changes) };
  const config = toImageConfig(configured, {
    layers,
    created,
    createdBy: `${HISTORY_MARK}${createdBy}`,
    ...(comment !== undefined && { comment }),
  });
  const id = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  // The same source and the same list give the same image: it may be there, under a name of the user's.
  if ((await engine.inspectImage(id)) !== undefined) return { id, existed: true, config, layers };
  try {
    const loaded = await engine.loadImage(packParts(toDockerArchive(config, layers)));
    return { id: loaded, existed: false, config, layers };
  } catch (error) {
    // An interrupted load may have been finished by the engine all the same.
    await engine.removeImage(id);
    throw error;
  }
}
