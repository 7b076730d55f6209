import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, HISTORY_MARK, type ImageDetails } from '@keepset/docker-engine';
import type { ImageReader } from '@keepset/toolbox';
import { BuildError } from './build-error.js';
import { writeDockerArchive } from './docker-archive.js';
import { toImageConfig } from './image-config.js';
import { spoolLayer } from './spool-layer.js';

export interface BuildRequest {
  readonly source: ImageDetails;
  /** Byte strings, absolute, real, sorted by bytes: folders come before what they hold. */
  readonly paths: readonly string[];
  /** Those of the paths that go in as empty files, with their name, owner, mode and time. */
  readonly stubs?: ReadonlySet<string>;
  /** What stands in the history after 'keepset '. */
  readonly createdBy: string;
  readonly comment?: string;
  /** ISO 8601; default: the source's. */
  readonly created?: string;
  /** Told of the bytes spooled so far. */
  readonly onBytes?: (sizeBytes: number) => void;
}

/** An image that the engine holds under its id, without a name. */
export interface BuiltImage {
  readonly id: string;
  /** The engine had it before, so it is not this build's to remove. */
  readonly existed: boolean;
  readonly diffId: string;
  readonly layerBytes: number;
}

/**
 * Build an image of the given paths of the source, in one layer, with the source's configuration.
 *
 * The files come from the source image through `reader`; only what is kept passes, through a temporary file.
 *
 * @throws BuildError, EngineError  nothing is left behind
 */
export async function buildImage(
  engine: Engine,
  reader: Pick<ImageReader, 'readArchive'>,
  request: BuildRequest,
): Promise<BuiltImage> {
  const { source, paths, stubs, createdBy, comment, created = source.created, onBytes } = request;
  if (paths.length === 0)
    throw new BuildError('BUILD_NOTHING_KEPT', 'there is nothing to keep: the image would be empty');
  const folder = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const layer = await spoolLayer(
      reader.readArchive(paths, stubs && { stubs }),
      join(folder, 'layer.tar'),
      onBytes,
    );
    const config = toImageConfig(source, {
      diffId: layer.diffId,
      created,
      createdBy: `${HISTORY_MARK}${createdBy}`,
      ...(comment !== undefined && { comment }),
    });
    const facts = { diffId: layer.diffId, layerBytes: layer.sizeBytes };
    const expectedId = `sha256:${createHash('sha256').update(config).digest('hex')}`;
    // The same source and the same list give the same image: it may be there, under a name of the user's.
    if ((await engine.inspectImage(expectedId)) !== undefined)
      return { id: expectedId, existed: true, ...facts };
    try {
      return { id: await engine.loadImage(writeDockerArchive(config, layer)), existed: false, ...facts };
    } catch (error) {
      // An interrupted load may have been finished by the engine all the same.
      await engine.removeImage(expectedId);
      throw error;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
